import { useSyncExternalStore } from "react";

const query = "(max-width: 1199px)";

/** Whether the context has to fold away, so that the record keeps its width. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (watch) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", watch);
      return () => list.removeEventListener("change", watch);
    },
    () => window.matchMedia(query).matches,
  );
}
