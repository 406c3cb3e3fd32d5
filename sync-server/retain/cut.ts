/**
 * Cutting the old end off the log. The law: a device at any earlier cursor ends in the same state as one that was never
 * away. At or after the floor it gets there by replay, since every body behind its cursor is still here; before the floor
 * it is told CURSOR_TOO_OLD, pushes what waits, and is filled again from the rows, which hold what the cut bodies said.
 *
 * A cut row loses its bodies and their salts. Header, signature, group, device and sequence stay for ever: a group that
 * comes again is still known, the devices' chains and the order of the log can still be proven, and the hashes that the
 * headers hold say nothing without the salts. The floor and the cut are one transaction, so that whoever reads a row
 * without bodies also finds it behind the floor.
 */
import type { Id } from "../../src-shared/sync/fields.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../centre.ts";
import type { Queryable } from "../database/database.ts";

const day = 86_400_000;

export interface LogRetention {
  /** Milliseconds for which every row of the log is kept whole. */
  readonly keepFor: number;
  /** A device that was not seen for so many milliseconds does not hold the log back. */
  readonly liveFor: number;
  /** Rows cut in one transaction. */
  readonly rows: number;
  /** Milliseconds between two of them. */
  readonly pause: number;
}
export const logRetention: LogRetention = { keepFor: 180 * day, liveFor: 60 * day, rows: 500, pause: 50 };

/** What stands in the place of a cut row's bodies; no group's own bodies look like that. */
const cutBodies = "";

export const tooOld = () =>
  refuse("CURSOR_TOO_OLD", "This PC was away longer than the centre keeps its log; it is filled again.");

/** Throws `CURSOR_TOO_OLD` when one of the rows that were read has no bodies any more. */
export function mustBeWhole(rows: readonly { readonly bodies: string }[]): void {
  if (rows.some(({ bodies }) => bodies === cutBodies)) throw tooOld();
}

/** The highest position whose bodies are gone; 0 while the log is whole. */
export async function logFloor(db: Queryable, practice: Id): Promise<number> {
  const [row] = await db.query<{ floor: number }>(
    "select coalesce(log_floor, 0) as floor from practice_head where practice_id=$1",
    [practice],
  );
  return row?.floor ?? 0;
}

/** How far the log of a practice may be cut now: below everything young, and below every live device's cursor. */
async function reach(
  tx: Queryable,
  centre: Centre,
  practice: Id,
  floor: number,
  { keepFor, liveFor }: LogRetention,
): Promise<number> {
  const now = centre.now();
  const [young] = await tx.query<{ seq: number }>(
    "select seq from change_log where practice_id=$1 and seq > $2 and received_at >= $3 order by seq limit 1",
    [practice, floor, now - keepFor],
  );
  const [stands] = await tx.query<{ head: number; behind: number | null }>(
    `select h.seq as head, (
       select min(c.seq) from device_cursor c join device d on d.practice_id=c.practice_id and d.id=c.device_id
       where c.practice_id=h.practice_id and c.server_epoch=$2 and c.seen_at >= $3 and d.status='active') as behind
     from practice_head h where h.practice_id=$1`,
    [practice, centre.epoch, now - liveFor],
  );
  const old = young ? young.seq - 1 : (stands?.head ?? 0);
  return Math.min(old, stands?.behind ?? old);
}

/** Cuts one batch; null when nothing more may be cut, or another server is at it. */
async function cutSome(centre: Centre, practice: Id, retention: LogRetention): Promise<number | null> {
  return centre.db.transaction(async (tx) => {
    const [lock] = await tx.query<{ mine: boolean }>(
      "select pg_try_advisory_xact_lock(hashtext('horopter log'), hashtext($1)) as mine",
      [practice],
    );
    if (!lock?.mine) return null;
    const floor = await logFloor(tx, practice);
    const to = Math.min(await reach(tx, centre, practice, floor, retention), floor + retention.rows);
    if (to <= floor) return null;
    await tx.query("update change_log set bodies=$4 where practice_id=$1 and seq > $2 and seq <= $3", [
      practice,
      floor,
      to,
      cutBodies,
    ]);
    // Last of all: settling waits for this row, and only until the commit.
    await tx.query("update practice_head set log_floor=$2 where practice_id=$1", [practice, to]);
    return to;
  });
}

/** Cuts a practice's log as far as it may be, in small batches; returns how many rows lost their bodies. */
export async function cutLog(
  centre: Centre,
  practice: Id,
  retention: LogRetention = logRetention,
  stopped: () => boolean = () => false,
): Promise<number> {
  const before = await logFloor(centre.db, practice);
  // A folder that fell back to an older state has bodies below the floor again; the journal gave it the floor back.
  if (centre.db.kind === "pglite")
    await centre.db.query("update change_log set bodies=$3 where practice_id=$1 and seq <= $2 and bodies <> $3", [
      practice,
      before,
      cutBodies,
    ]);
  let floor = before;
  while (!stopped()) {
    const next = await cutSome(centre, practice, retention);
    if (next === null) break;
    floor = next;
    if (retention.pause > 0) await new Promise<void>((resolve) => void centre.after(retention.pause, resolve));
  }
  return floor - before;
}
