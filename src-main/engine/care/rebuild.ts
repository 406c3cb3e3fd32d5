/** A new replica from what was salvaged: the same device under the same key, with everything that only it has. */
import { migrateReplica, openReplica, type Sqlite } from "../../../replica/open.ts";
import { parseLabel } from "../../../src-shared/dispensing/label.ts";
import { zeroHash } from "../../../src-shared/sync/group.ts";
import { zeroHlc } from "../../../src-shared/sync/hlc.ts";
import { createState, type Identity } from "../state.ts";
import { type Fence, fenceKey } from "./fence.ts";
import { isBehind, type Mark } from "./mark.ts";
import type { Salvaged, SalvagedGroup } from "./salvage.ts";

/** States in which a group's work is not at the centre for good. */
const open = new Set(["pending", "review"]);
export const isOpen = ({ state }: SalvagedGroup): boolean => open.has(state);

/** What the damaged file lacks, from a backup. Drafts and verifiers are not: those may be over or withdrawn since. */
export function fillFrom(damaged: Salvaged, backup: Salvaged): Salvaged {
  const identity = damaged.identity ?? backup.identity;
  const seqs = new Set(damaged.groups.map(({ seq }) => seq));
  const decided = new Set(damaged.quarantine.map(([group]) => idOf(group)));
  const groups = [
    ...damaged.groups,
    ...backup.groups.filter(({ seq, group }) => !seqs.has(seq) && !decided.has(group)),
  ];
  return {
    ...damaged,
    identity,
    meta: { ...backup.meta, ...damaged.meta },
    // A clock of yesterday says nothing of how far this device went; what comes of it is the fence's.
    clock: damaged.clock,
    serverEpoch: damaged.serverEpoch ?? backup.serverEpoch,
    groups: groups.sort((a, b) => a.seq - b.seq),
    quarantine: [
      ...damaged.quarantine,
      ...backup.quarantine.filter(
        ([group]) => !decided.has(idOf(group)) && !groups.some((g) => g.group === idOf(group) && isOpen(g)),
      ),
    ],
  };
}

/**
 * Whether what was found may be older than what the device has used: then its sequence and numbers could be given twice.
 * Certain is only a clock that was read, that nothing of the device is ahead of, and a chain without a gap behind it.
 */
export function mayBeOlder(found: Salvaged, mark: Mark | null): boolean {
  const { identity, clock, groups, labels } = found;
  if (!identity || !clock || found.meta.fence) return true;
  if (isBehind({ device: identity.device, epoch: identity.epoch, seq: clock.seq }, mark)) return true;
  const chain = groups.filter(({ epoch }) => epoch === identity.epoch);
  const last = chain.at(-1);
  if (last && last.seq > clock.seq) return true;
  if (last?.seq === clock.seq && last.hash !== clock.prev) return true;
  // Groups that settled long ago are gone from the front; behind the first that is here none may be missing.
  if (chain.some((group, n) => n > 0 && group.prev !== chain[n - 1]?.hash)) return true;
  if (last ? last.seq !== clock.seq : clock.prev !== zeroHash && mark === null) return true;
  // Counters without a row: none was ever drawn, or their page is gone.
  if (labels.length === 0 && clock.seq > 0 && !found.whole) return true;
  return groups.some((group) => numbersOf(group).some((number) => !labels.some((row) => isCovered(number, row))));
}

/** Whether a counter stands behind a number that was drawn from it. */
function isCovered(number: string, [series, next]: readonly unknown[]): boolean {
  const label = parseLabel(number);
  return (
    !label || (series === `${label.branchCode}-${label.terminal}-${label.letter}` && (next as number) > label.counter)
  );
}
function numbersOf({ row }: SalvagedGroup): string[] {
  const bodies = JSON.parse(row[8] as string) as { body: string }[];
  return bodies
    .map(({ body }) => JSON.parse(body) as { op: string; fields: { number?: unknown } })
    .filter(({ op, fields }) => op === "insert" && typeof fields.number === "string")
    .map(({ fields }) => String(fields.number).split("/")[0] as string);
}

/** Makes the replica at `path`, where there is none; it fills itself from the centre when it meets it. */
export function buildReplica(path: string, key: Uint8Array, found: Salvaged, fence: Fence | null): void {
  const db = openReplica({ path, key });
  try {
    migrateReplica(db, path);
    db.transaction(() => {
      const state = createState(db);
      for (const [name, value] of Object.entries(found.meta))
        if (name !== fenceKey) state.setMeta(name, JSON.parse(value));
      if (fence) state.setMeta(fenceKey, fence);
      const lastGroup = found.groups.findLast(({ epoch }) => epoch === found.identity?.epoch);
      state.saveWriteState({
        last: [found.clock?.last ?? zeroHlc, ...found.groups.map(({ hlc }) => hlc)].reduce((a, b) => (b > a ? b : a)),
        high: found.clock?.high ?? zeroHlc,
        deviceSeq: Math.max(found.clock?.seq ?? 0, ...found.groups.map(({ seq }) => seq)),
        prev: found.clock?.prev ?? lastGroup?.hash ?? zeroHash,
      });
      // A cursor of no stream: the centre has the replica filled, and one that was restored meanwhile is noticed.
      if (found.serverEpoch) state.saveCursor({ serverEpoch: found.serverEpoch, streamSet: 0, seq: 0 });
      writeOwn(db, found, found.groups);
      insertAll(db, "label_series", found.labels);
      insertAll(db, "offline_verifier", found.verifiers);
    }).immediate();
    db.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}

/**
 * Gives what a lost device had not sent to the one that replaces it: its open groups wait behind a fence until they are
 * written anew under the new name, with the change ids they had; what waited for a decision waits on.
 */
export function placeLost(db: Sqlite, found: Salvaged, device: Identity, now: number): number {
  const groups = found.groups.filter(
    (group) => isOpen(group) && JSON.parse(group.row[6] as string).practice === device.practice,
  );
  writeOwn(db, found, groups);
  const state = createState(db);
  const care = found.meta.care;
  if (care) state.setMeta("care", JSON.parse(care));
  if (groups.length > 0) {
    state.setMeta(fenceKey, { reason: "adopted", since: now } satisfies Fence);
    // Above the old sequence, so that the two never meet in the outbox.
    const last = Math.max(...groups.map(({ seq }) => seq));
    state.saveWriteState({ ...state.writeState(), deviceSeq: last });
  }
  return groups.length;
}

/**
 * What the replaced replica had not sent and the restored one does not know goes along, to be written anew when the fence
 * falls; returns how many groups.
 */
export function mergeUnsent(db: Sqlite, found: Salvaged): number {
  const state = createState(db);
  const device = state.identity()?.device;
  const present = new Set(db.prepare("select lower(hex(group_id)) from sync_outbox").pluck().all() as string[]);
  const groups = found.groups.filter(
    (group) => isOpen(group) && !present.has(group.group) && (found.identity?.device ?? authorOf(group)) === device,
  );
  db.transaction(() => {
    const before = state.writeState();
    // Behind everything that the backup has: sequences are drawn anew anyway, and only the order counts.
    let seq = Math.max(
      before.deviceSeq,
      ...(db.prepare("select device_seq from sync_outbox").pluck().all() as number[]),
    );
    writeOwn(
      db,
      found,
      groups.map((group) => ({ ...group, seq: ++seq })),
    );
    state.saveWriteState({ ...before, deviceSeq: seq });
  }).immediate();
  return groups.length;
}

/** The device that signed a group. */
const authorOf = ({ row }: SalvagedGroup): string => JSON.parse(row[6] as string).device;

function writeOwn(db: Sqlite, found: Salvaged, groups: readonly SalvagedGroup[]): void {
  insertAll(
    db,
    "sync_outbox",
    groups.map(({ seq, row }) => [seq, ...row]),
  );
  insertAll(db, "sync_quarantine", found.quarantine);
  insertAll(db, "local_draft", found.drafts);
  insertAll(db, "reaction_queue", found.reactions);
}

function insertAll(db: Sqlite, table: string, rows: readonly (readonly unknown[])[]): void {
  for (const row of rows) {
    const values = row.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value));
    db.prepare(`insert or ignore into ${table} values (${values.map(() => "?").join(",")})`).run(...values);
  }
}

function idOf(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString("hex") : "";
}
