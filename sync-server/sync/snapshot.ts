/** Pages of settled rows, for filling a replica and for repairing single rows. */
import { createHash } from "node:crypto";
import { streamBits } from "../../src-shared/sync/entity.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import { type AnyEntity, findEntity, holds } from "../../src-shared/sync/registry.ts";
import type { SnapshotPage } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { arrayLiteral } from "../database/database.ts";
import { isOutrun } from "../database/migrate.ts";
import { centreColumns, columnList, rowFromCentre } from "../database/rows.ts";
import { activeDevice, type ConnectedDevice, requirePull, type ServerConnection } from "./connection.ts";

const firstKey = "0".repeat(32);

export async function snapshotPage(
  centre: Centre,
  connection: ServerConnection,
  input: { entity: string; afterKey: string | null; limit: number },
): Promise<SnapshotPage> {
  const { practice, mask } = await readingDevice(centre, connection);
  const entity = allowed(input.entity, mask);
  const raws = await centre.db.query(
    `select ${columnList(entity)} from "${entity.name}" where practice_id=$1 and id > $2 ${streamFilter(entity)} order by id limit $3`,
    [practice, input.afterKey ?? firstKey, input.limit, ...streams(entity, mask)],
  );
  return page(entity, raws, raws.length === input.limit);
}

export async function fetchRows(
  centre: Centre,
  connection: ServerConnection,
  input: { entity: string; ids: readonly string[] },
): Promise<SnapshotPage> {
  const { practice, mask } = await readingDevice(centre, connection);
  const entity = allowed(input.entity, mask);
  const raws = await centre.db.query(
    `select ${columnList(entity)} from "${entity.name}" where practice_id=$1 and id = any(($2::text)::uuid[]) and $3::int8 > 0 ${streamFilter(entity)}`,
    [practice, arrayLiteral(input.ids), 1, ...streams(entity, mask)],
  );
  return page(entity, raws, false);
}

async function readingDevice(centre: Centre, connection: ServerConnection): Promise<ConnectedDevice> {
  const device = await activeDevice(centre.db, connection);
  requirePull(device);
  await refuseIfOutrun(centre);
  return device;
}

/**
 * Rows go out with all that the database has, or not at all: a device could not tell what a server that is being
 * replaced had left out, and would miss it for good once it is upgraded itself.
 */
async function refuseIfOutrun(centre: Centre): Promise<void> {
  if (!(await isOutrun(centre.db))) return;
  throw refuse(
    "UPGRADING",
    "The centre is being upgraded. Work goes on here and everything is kept; this PC is filled as soon as that is done.",
  );
}

/** The entity of that name, if a device of these streams may hold rows of it. */
export function allowed(name: string, mask: number): AnyEntity {
  const entity = findEntity(name);
  if (!entity || !holds(entity, mask)) throw refuse("NOT_IN_STREAMS", "This device does not hold rows of that kind.");
  return entity;
}
/** The condition that keeps rows of other streams back, as the fourth parameter of a query; `streams` is its value. */
export function streamFilter(entity: AnyEntity): string {
  return entity.stream === "subject" ? "and stream = any(($4::text)::text[])" : "";
}
export function streams(entity: AnyEntity, mask: number): string[] {
  if (entity.stream !== "subject") return [];
  return [
    arrayLiteral(
      Object.entries(streamBits)
        .filter(([, bit]) => (bit & mask) !== 0)
        .map(([name]) => name),
    ),
  ];
}

function page(entity: AnyEntity, raws: readonly Record<string, unknown>[], more: boolean): SnapshotPage {
  const columns = centreColumns(entity).map(({ name }) => name);
  const rows = raws.map((raw) => {
    const row = rowFromCentre(entity, raw);
    return columns.map((column) => row[column]);
  });
  const last = raws[raws.length - 1];
  return {
    columns,
    rows,
    nextKey: more && last ? (last.id as string) : null,
    digest: createHash("sha256").update(JSON.stringify(rows)).digest("base64url"),
  };
}
