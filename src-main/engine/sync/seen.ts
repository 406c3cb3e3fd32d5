/** Tells the centre now and then how far this device has come, so that it knows what of its log is still needed. */
import type { Sqlite } from "../../../replica/open.ts";
import type { Log, Timers } from "../../../src-shared/sync/ports.ts";
import type { EngineState } from "../state.ts";
import type { EngineTime } from "../time.ts";
import type { Connection } from "./upstream.ts";

/** Milliseconds after which a device says again where it stands, though it did not move. */
const sayAgain = 6 * 3_600_000;

export interface SeenOptions {
  readonly db: Sqlite;
  readonly state: EngineState;
  readonly time: EngineTime;
  readonly timers: Timers;
  readonly log: Log;
  /** Milliseconds between two words. */
  readonly every: number;
}

export function createSeen({ db, state, time, timers, log, every }: SeenOptions) {
  const namedAuthz = db
    .prepare(
      "select min(json_extract(header, '$.authz')) from sync_outbox where state in ('pending','review','reoffer')",
    )
    .pluck();
  let cancel: (() => void) | null = null;
  /** Counts what was begun, so that an answer that comes late begins nothing. */
  let round = 0;

  /** The oldest permission version that anything waiting names: the centre keeps the rights of that time. */
  function oldestAuthz(): number {
    return (namedAuthz.get() as number | null) ?? state.meta<number>("authz") ?? 0;
  }

  function later(opened: Connection, mine: number, told: { readonly seq: number; readonly at: number }): void {
    cancel = timers.after(every, () => {
      const cursor = state.cursor();
      const now = time.now();
      // Nothing new to say; now and then it is said all the same, since who is never heard counts as away.
      if (!cursor || (cursor.seq === told.seq && now - told.at < sayAgain)) {
        later(opened, mine, told);
        return;
      }
      const { serverEpoch, seq } = cursor;
      opened
        .seen({ serverEpoch, seq, authz: oldestAuthz() })
        // Not worth a connection: it is said again.
        .catch((error: Error) => log.info("position not told", { reason: error.message }))
        .finally(() => {
          if (mine === round) later(opened, mine, { seq, at: now });
        });
    });
  }

  return {
    oldestAuthz,
    /** From now on, on this connection, until it is stopped. */
    tell(opened: Connection): void {
      cancel?.();
      round += 1;
      later(opened, round, { seq: -1, at: 0 });
    },
    stop(): void {
      round += 1;
      cancel?.();
      cancel = null;
    },
  };
}
