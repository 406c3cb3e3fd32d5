/** `sync.bootstrapFile`: a device that has to be filled asks what there is for it. */
import { schemaVersion } from "../../migrations/index.ts";
import type { BootstrapFile } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { isOutrun } from "../database/migrate.ts";
import { activeDevice, requirePull, type ServerConnection } from "../sync/connection.ts";

export async function bootstrapFile(
  centre: Centre,
  connection: ServerConnection,
  input: { schema: number },
): Promise<BootstrapFile> {
  const device = await activeDevice(centre.db, connection);
  requirePull(device);
  // Its files hold what it knows itself, which is not all any more; pages say so.
  if (await isOutrun(centre.db)) return { kind: "none" };
  if (input.schema !== schemaVersion) return { kind: "none" };
  return (await centre.files?.offer(device)) ?? { kind: "none" };
}
