/**
 * After a restore, groups come back in another order than the one in which they settled: a sale may reach the centre
 * before the patient whom another device registered. While somebody may still bring it, such a group waits instead of
 * being refused: it stays with its author, who asks again (decision 0003).
 */
import type { Id } from "../../src-shared/sync/fields.ts";
import { type Header, type ParsedGroup, zeroHash } from "../../src-shared/sync/group.ts";
import { arrayLiteral, type Queryable } from "../database/database.ts";
import type { DeviceRef } from "./settle.ts";

/** A device that has not come back by then is not waited for: as long as people may work without a line. */
const longest = 14 * 86_400_000;
/** After the last device came back: time for groups that wait for groups that wait. */
const grace = 120_000;

export interface Arrivals {
  /** Whether a device may still bring what others rest on. */
  mayCome(tx: Queryable, practice: Id, now: number): Promise<boolean>;
  /** Takes note of how much a device that says hello has to offer. */
  heard(tx: Queryable, device: DeviceRef, deviceSeq: number, now: number): Promise<void>;
}

/** `since`: when this epoch of the centre began, null when no other came before it. */
export function createArrivals(epoch: string, since: number | null): Arrivals {
  const closed = new Set<Id>();
  const isOver = (now: number) => since === null || now > since + longest;
  return {
    async mayCome(tx, practice, now) {
      if (isOver(now) || closed.has(practice)) return false;
      // Heard of in this epoch, all that it had is settled or judged, and those that wait for it have asked again.
      const [missing] = await tx.query(
        `select 1 from device d left join lateral (
           select * from device_state s where s.practice_id=d.practice_id and s.device_id=d.id order by s.epoch desc limit 1
         ) s on true
         where d.practice_id=$1 and d.status='active' and not d.deleted
           and (s.claimed_epoch is distinct from $2 or s.last_seq < s.claimed_seq or s.claimed_at > $3) limit 1`,
        [practice, epoch, now - grace],
      );
      if (!missing) closed.add(practice);
      return missing !== undefined;
    },
    async heard(tx, { practice, device, epoch: deviceEpoch }, deviceSeq, now) {
      if (isOver(now) || closed.has(practice)) return;
      await tx.query(
        `insert into device_state as s
           (practice_id, device_id, epoch, last_seq, last_hash, last_seen, claimed_seq, claimed_epoch, claimed_at)
         values ($1,$2,$3,0,$7,$4,$5,$6,$4)
         on conflict (practice_id, device_id, epoch) do update set
           claimed_at = case when s.claimed_epoch = excluded.claimed_epoch then s.claimed_at else excluded.claimed_at end,
           claimed_seq = greatest(s.claimed_seq, excluded.claimed_seq), claimed_epoch = excluded.claimed_epoch`,
        [practice, device, deviceEpoch, now, deviceSeq, epoch, zeroHash],
      );
    },
  };
}

export interface Waiting {
  /** Headers of groups of this push that wait since an earlier one. */
  readonly before: ReadonlyMap<Id, string>;
  /** Whether such a group, or a new one, may wait (longer). */
  readonly allowed: boolean;
  /** All that is known to wait: these groups, and those that groups of this push name in `after`. */
  readonly groups: Set<Id>;
}

/** A header sent again as it was, while its group waits. */
export function sentAgain(waiting: Waiting, { header, wire }: ParsedGroup): boolean {
  return waiting.before.get(header.group) === wire.header;
}

/**
 * A group that has its place in its author's chain, which stands at `lastSeq`, and waits: sent again as it was, or after
 * a copy of the device sent the same group under an epoch of its own. Of two headers the later is kept, and whoever sent
 * the other asks again too: that is no reason to go on under yet another epoch.
 */
export function stillWaits(waiting: Waiting, group: ParsedGroup, lastSeq: number): boolean {
  const kept = waiting.before.get(group.header.group);
  if (kept === undefined) return false;
  if (kept === group.wire.header) return true;
  const { device, epoch } = JSON.parse(kept) as Pick<Header, "device" | "epoch">;
  return group.header.seq <= lastSeq && (device !== group.header.device || epoch !== group.header.epoch);
}

export async function readWaiting(
  tx: Queryable,
  practice: Id,
  groups: readonly ParsedGroup[],
  allowed: Promise<boolean>,
): Promise<Waiting> {
  const named = groups.flatMap(({ header }) => [header.group, ...header.after]);
  const [rows, isAllowed] = await Promise.all([
    tx.query<{ group_id: Id; header: string }>(
      "select group_id, header from verdict where practice_id=$1 and code='waiting' and group_id = any(($2::text)::uuid[])",
      [practice, arrayLiteral(named)],
    ),
    allowed,
  ]);
  const own = new Set(groups.map(({ header }) => header.group));
  return {
    before: new Map(rows.filter(({ group_id }) => own.has(group_id)).map((row) => [row.group_id, row.header])),
    allowed: isAllowed,
    groups: new Set(rows.map(({ group_id }) => group_id)),
  };
}

/** These wait no longer: they settled, or were refused. */
export async function endWaiting(tx: Queryable, practice: Id, groups: readonly Id[]): Promise<void> {
  if (groups.length === 0) return;
  await tx.query("delete from verdict where practice_id=$1 and code='waiting' and group_id = any(($2::text)::uuid[])", [
    practice,
    arrayLiteral(groups),
  ]);
}
