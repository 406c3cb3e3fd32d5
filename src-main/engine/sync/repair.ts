/** Fetches rows whose settled form was missing when a change of them arrived. */
import type { BrokenBaseline, Replica } from "../../../replica/replica.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import type { EngineState } from "../state.ts";
import { pageRows } from "./bootstrap.ts";
import type { Connection } from "./upstream.ts";

/** The centre answers for at most so many rows at once. */
const rowsAtOnce = 500;

export interface RepairOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly changed: (touched: Set<string>) => void;
  /** Whether the connection that asked is gone. */
  readonly stale: () => boolean;
}

/** Asks for them and takes what the centre says; the stream goes on meanwhile, and two answers may change places. */
export async function fetchBroken(
  { replica, state, changed, stale }: RepairOptions,
  opened: Connection,
  broken: readonly BrokenBaseline[],
): Promise<void> {
  for (const [name, rows] of Map.groupBy(broken, (row) => row.entity)) {
    const entity = entityOf(name);
    const ids = [...new Set(rows.map(({ row }) => row))];
    for (let start = 0; start < ids.length; start += rowsAtOnce) {
      const page = await opened.fetchRows({ entity: name, ids: ids.slice(start, start + rowsAtOnce) });
      if (stale()) return;
      replica.db
        .transaction(() => {
          const seq = state.cursor()?.seq ?? 0;
          for (const row of pageRows(page)) replica.mergeSettled(entity, replica.newer.known(seq, entity, row));
          replica.store.runFolds();
        })
        .immediate();
      changed(replica.store.takeTouched());
    }
  }
}
