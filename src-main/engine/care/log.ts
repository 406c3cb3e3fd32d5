/** What happened to this device's data and its copies, kept in the replica for the panel. */
import type { EngineState } from "../state.ts";

export interface CareEvent {
  /** UTC milliseconds; tells one event from another. */
  readonly at: number;
  /** `repaired`: rebuilt after damage. `restored`: a backup was put back. `behind`: the data was older than it had been. */
  readonly kind: "repaired" | "restored" | "behind";
  /** Groups not yet at the centre that were kept. */
  readonly unsent: number;
  /** Groups of the device's sequence that could not be read. */
  readonly missing: number;
  /** The folder, in the data folder, in which the old files lie; null when nothing was moved. */
  readonly folder: string | null;
  /** Who carries on: this device as it was, under new numbers, or a new device in its place. */
  readonly goesOn: "same" | "new_numbers" | "new_device";
}

export interface CareRecord {
  /** Newest first, the last ten. */
  readonly events: readonly CareEvent[];
  /** Events up to here were acknowledged. */
  readonly seen: number;
  /** The last restore test of a backup. */
  readonly tested: {
    readonly at: number;
    readonly backup: number;
    readonly ok: boolean;
    readonly patients: number;
  } | null;
  /** When the whole replica was last read and checked. */
  readonly checked: number | null;
  /** Folders beside the data folder's own that backups were ever kept in; absent as long as there were none. */
  readonly places?: readonly string[];
}

const careKey = "care";
const nothing: CareRecord = { events: [], seen: 0, tested: null, checked: null };

export function careRecord(state: EngineState): CareRecord {
  return state.meta<CareRecord>(careKey) ?? nothing;
}
export function noteCare(state: EngineState, change: Partial<CareRecord>): void {
  state.setMeta(careKey, { ...careRecord(state), ...change });
}
export function withEvent(record: CareRecord | null, event: CareEvent): CareRecord {
  const before = record ?? nothing;
  return { ...before, events: [event, ...before.events].slice(0, 10) };
}
