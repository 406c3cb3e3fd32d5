/** The limits that hold in this practice, for every field in which powers are typed. The frame fills them in. */
import { useSyncExternalStore } from "react";
import { builtInTables, type LimitTables } from "../../src-shared/optics/index.ts";

let held: LimitTables = builtInTables;
const watchers = new Set<() => void>();

export function holdLimits(tables: LimitTables): void {
  held = tables;
  for (const watch of watchers) watch();
}

/** As delivered until the practice's own are known. */
export function useLimits(): LimitTables {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch);
      return () => watchers.delete(watch);
    },
    () => held,
  );
}
