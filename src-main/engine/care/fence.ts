/**
 * A replica that may be older than what its device has already used (a backup put back, rows lost with a damaged page)
 * is fenced: it would give the same sequence and the same numbers a second time. It can be looked at, but nothing is
 * written and nothing is pushed until the centre has given the device a new epoch and terminal code. Nothing less will
 * do offline: which numbers stand on paper already is exactly what such a device does not know.
 */
import type { Sqlite } from "../../../replica/open.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { EngineState } from "../state.ts";

export interface Fence {
  /**
   * `restored`: from a backup, by a person. `salvaged`: after damage. `older`: the file is behind what this device is
   * known to have done. `adopted`: the device is new, what waits was written by the one it replaces.
   */
  readonly reason: "restored" | "salvaged" | "older" | "adopted";
  /** UTC milliseconds. */
  readonly since: number;
}

export const fenceKey = "fence";

export function fenceOf(state: EngineState): Fence | null {
  return state.meta<Fence>(fenceKey);
}

/** In the transaction that writes the new identity down. */
export function liftFence(db: Sqlite): void {
  db.prepare("delete from sync_meta where key=?").run(fenceKey);
}

/** @throws Refusal `FENCED` while the device has to meet the centre before it may write. */
export function refuseBehindFence(state: EngineState): void {
  if (!fenceOf(state)) return;
  throw refuse(
    "FENCED",
    "This PC goes on from saved data that may lack its last steps, so it cannot know which receipt numbers are used. " +
      "Nothing was saved now, and everything here can be looked at. Connect it to the centre: it gets numbers of its own and goes on by itself.",
  );
}
