/** Applies batches of the settled log: rows, folds, clock and cursor in one transaction (P4 to P6). */

import { groupCrypto } from "../../../replica/crypto.ts";
import type { BrokenBaseline, Replica } from "../../../replica/replica.ts";
import { openGroup, type ParsedGroup } from "../../../src-shared/sync/group.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import type { Batch, LogEntry } from "../../../src-shared/sync/wire.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";

/** Rows of these decide what people may do; the last log position that changed one is the permission version. */
export const accessEntities = new Set(["app_user", "role", "role_permission", "user_role"]);

export class StreamGap extends Error {}
/** A group under this device's name that this copy of the device did not write: its bodies are needed. */
export class ForeignOwn extends StreamGap {}

export interface ApplyOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly identity: () => Identity;
  readonly time: EngineTime;
  readonly rules: SyncRules;
}

export function createApplier({ replica, state, identity, time, rules }: ApplyOptions) {
  const { db, store } = replica;
  const publicKey = db.prepare("select ed25519 from device_key where device_id=? and epoch=?").pluck();

  function keyOf(device: string, epoch: number): string | null {
    return (publicKey.get(Buffer.from(device, "hex"), epoch) as string | undefined) ?? null;
  }

  function parse(entry: LogEntry): ParsedGroup {
    const wire = { header: entry.header, sig: entry.sig, bodies: entry.bodies, erased: [] };
    const { device, epoch, group } = JSON.parse(entry.header) as { device: string; epoch: number; group: string };
    if (entry.own) {
      const kept = replica.ownHeader(group);
      if (kept === null && entry.bodies.length === 0) throw new ForeignOwn("a copy of this device wrote too");
      // The very bytes that this device signed: there is nothing to check.
      if (kept === entry.header) return openGroup(groupCrypto, wire, null);
    }
    // A device's own key row stands earlier in the log than anything it signed; without one the author is unknown
    // only for the centre's very first group, which brings its own key along.
    return openGroup(groupCrypto, wire, keyOf(device, epoch));
  }

  /** Takes a batch into the replica; returns the entities that changed and the rows to fetch again. */
  return function applyBatch(batch: Batch): { touched: Set<string>; broken: BrokenBaseline[] } {
    const cursor = state.cursor();
    if (!cursor || cursor.serverEpoch !== batch.serverEpoch || cursor.streamSet !== batch.streamSet) {
      throw new StreamGap("the batch belongs to another cursor");
    }
    if (rules.checkCursor && batch.from !== cursor.seq)
      throw new StreamGap(`expected ${cursor.seq}, got ${batch.from}`);
    // A cursor never runs backwards (P5), whatever the centre says.
    if (rules.checkCursor && !(Number.isSafeInteger(batch.to) && batch.to >= cursor.seq))
      throw new Error("the batch ends before it begins");
    const broken: BrokenBaseline[] = [];
    const now = time.now();
    const run = db.transaction(() => {
      let clock = state.writeState();
      for (const entry of batch.groups) {
        if (rules.checkCursor && entry.seq <= cursor.seq) continue;
        const group = parse(entry);
        clock = { ...clock, ...rules.receive(clock, group.header.hlc, now, identity().node) };
        replica.applySettled(
          {
            seq: entry.seq,
            group: group.header.group,
            hlc: group.header.hlc,
            headerHash: group.headerHash,
            bodies: group.bodies,
          },
          batch.streamSet,
          now,
          broken,
        );
        if (group.bodies.some((body) => accessEntities.has(body.entity))) state.setMeta("authz", entry.seq);
      }
      store.runFolds();
      state.saveWriteState(clock);
      state.saveCursor({ ...cursor, seq: rules.cursorAfter === "batch" ? batch.to : batch.head });
    });
    try {
      run.immediate();
    } catch (error) {
      store.takeTouched();
      store.forgetFolds();
      replica.reloadUnsettled();
      throw error;
    }
    return { touched: store.takeTouched(), broken };
  };
}
