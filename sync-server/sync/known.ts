/** Which groups of a device the centre has settled: asked by one that may find a copy's groups in the place of its own. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { KnownInput } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { arrayLiteral } from "../database/database.ts";
import { activeDevice, type ServerConnection } from "./connection.ts";

export async function known(centre: Centre, connection: ServerConnection, { groups }: KnownInput): Promise<Id[]> {
  const device = await activeDevice(centre.db, connection);
  const rows = await centre.db.query<{ group_id: Id }>(
    "select group_id from change_log where practice_id=$1 and device_id=$2 and group_id = any(($3::text)::uuid[])",
    [device.practice, device.device, arrayLiteral(groups)],
  );
  return rows.map((row) => row.group_id);
}
