/** What else the centre need not keep for ever: old rights, old codes, the bytes of groups that were decided. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Centre } from "../centre.ts";
import { logFloor, logRetention } from "./cut.ts";

/** An enrolment code is of no use after a day; for a month it still tells who was let in with it. */
const keepCodes = 30 * 86_400_000;

/**
 * Rights as they stood at an earlier version are asked when somebody's group names that version. A device that was not
 * taken out may come back after years with work made under the oldest version it said it still names, and a held group
 * may be decided at any time: what they name stays, and so does everything above the log's floor. Where a device has
 * never said, nothing is thrown away.
 */
async function pruneRights(centre: Centre, practice: Id): Promise<void> {
  const floor = await logFloor(centre.db, practice);
  const [device] = await centre.db.query<{ named: number | null; silent: number }>(
    `select min(c.authz) as named, count(*) filter (where c.device_id is null) as silent
     from device d left join device_cursor c on c.practice_id=d.practice_id and c.device_id=d.id
     where d.practice_id=$1 and d.status='active'
       and d.id not in (select device_id from centre_key where practice_id=$1)`,
    [practice],
  );
  if (device && device.silent > 0) return;
  const held = await centre.db.query<{ header: string }>(
    "select header from verdict where practice_id=$1 and code='review'",
    [practice],
  );
  const named = held.map(({ header }) => (JSON.parse(header) as { authz: number }).authz);
  const oldest = Math.min(floor, device?.named ?? floor, ...named);
  await centre.db.query(
    `delete from authz_snapshot where practice_id=$1
       and seq < (select max(seq) from authz_snapshot where practice_id=$1 and seq <= $2)`,
    [practice, oldest],
  );
}

export async function prune(centre: Centre, practice: Id): Promise<void> {
  const now = centre.now();
  await pruneRights(centre, practice);
  await centre.db.query("delete from enrolment_code where practice_id=$1 and expires_at < $2", [
    practice,
    now - keepCodes,
  ]);
  // What is still held for a decision keeps its bytes however old it is.
  await centre.db.query(
    "update verdict set bodies='[]' where practice_id=$1 and code <> 'review' and bodies <> '[]' and received_at < $2",
    [practice, now - logRetention.keepFor],
  );
}
