/**
 * How far each device has read, as it said itself: only what it has committed on its own disk, at hello and now and then
 * while it is connected. What the stream handed over proves nothing: it may have died on the way. Nothing rests on these
 * rows being right. One that is too low holds the log back; a device that turns out to stand lower than its row said (a
 * copy, a restored disk) is filled again.
 */
import type { SeenInput } from "../../src-shared/sync/wire.ts";
import type { Queryable } from "../database/database.ts";
import type { ConnectedDevice } from "../sync/connection.ts";

/** Takes a device's word for where it stands. `now`: UTC milliseconds. */
export async function keepCursor(
  db: Queryable,
  { practice, device }: Pick<ConnectedDevice, "practice" | "device">,
  seen: SeenInput,
  now: number,
): Promise<void> {
  await db.query(
    `insert into device_cursor (practice_id, device_id, server_epoch, seq, authz, seen_at) values ($1,$2,$3,$4,$5,$6)
     on conflict (practice_id, device_id) do update
       set server_epoch=excluded.server_epoch, seq=excluded.seq, authz=excluded.authz, seen_at=excluded.seen_at`,
    [practice, device, seen.serverEpoch, seen.seq, seen.authz, now],
  );
}
