/**
 * Digests of the settled rows of a practice, for devices that want to know whether theirs are the same. They are those of
 * one position of the log: whoever asks from another is told which it was and asks again. What was computed for a position
 * serves every device of the same streams until the next group settles, so a night costs one reading of the tables.
 */
import { schemaVersion } from "../../migrations/index.ts";
import { sha256Hex } from "../../replica/crypto.ts";
import { bucketOf, createDigest, digestText, hashDigits } from "../../src-shared/sync/digest.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import type { AnyEntity, StoredRow } from "../../src-shared/sync/registry.ts";
import type { BucketInput, BucketOutput, DigestInput, DigestOutput } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { centreColumns, rowFromCentre } from "../database/rows.ts";
import { activeDevice, type ConnectedDevice, type ServerConnection } from "./connection.ts";
import { allowed, streamFilter, streams } from "./snapshot.ts";

/** Rows read and hashed at a time: some ten milliseconds in which nobody else is served. */
const rowsAtOnce = 500;
const mostKept = 1000;
const firstKey = "0".repeat(32);

export type DigestCache = Map<string, { readonly seq: number; readonly buckets: Promise<string[] | null> }>;

export async function digest(
  centre: Centre,
  connection: ServerConnection,
  { seq, schema, entities }: DigestInput,
): Promise<DigestOutput> {
  const device = await activeDevice(centre.db, connection);
  const comparable = schema === schemaVersion && (await position(centre, device)) === seq;
  const buckets: (string[] | null)[] = [];
  for (const name of entities)
    buckets.push(comparable ? await bucketsAt(centre, device, allowed(name, device.mask), seq) : null);
  return { seq: await position(centre, device), buckets };
}

/** The rows of some buckets, each with its hash, as they stand at the position that is told with them. */
export async function bucket(
  centre: Centre,
  connection: ServerConnection,
  { entity: name, schema, buckets }: BucketInput,
): Promise<BucketOutput> {
  const device = await activeDevice(centre.db, connection);
  if (schema !== schemaVersion) throw refuse("OTHER_VERSION", "Rows of two versions cannot be compared.");
  const entity = allowed(name, device.mask);
  const wanted = new Set(buckets);
  const seq = await position(centre, device);
  const rows: [string, string][] = [];
  const whole = await eachRow(centre, device, entity, seq, (row, hash) => {
    if (wanted.has(bucketOf(row.id))) rows.push([row.id, hash()]);
  });
  return { seq: whole ? seq : null, rows };
}

const columnsOf = (entity: AnyEntity) => centreColumns(entity).map(({ name }) => name);

async function position({ db }: Centre, { practice }: ConnectedDevice): Promise<number> {
  const [head] = await db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [practice]);
  return head?.seq ?? 0;
}

/** Null when something settled while the rows were read. */
function bucketsAt(centre: Centre, device: ConnectedDevice, entity: AnyEntity, seq: number): Promise<string[] | null> {
  const key = [centre.epoch, device.practice, entity.name, entity.stream === "subject" ? device.mask : ""].join(":");
  const known = centre.digests.get(key);
  if (known?.seq === seq) return known.buckets;
  const buckets = compute(centre, device, entity, seq);
  // A cache of some kilobytes a table, however many practices one server has.
  if (centre.digests.size >= mostKept) centre.digests.clear();
  centre.digests.set(key, { seq, buckets });
  const forget = () => {
    if (centre.digests.get(key)?.buckets === buckets) centre.digests.delete(key);
  };
  buckets.then((found) => found ?? forget(), forget);
  return buckets;
}

async function compute(
  centre: Centre,
  device: ConnectedDevice,
  entity: AnyEntity,
  seq: number,
): Promise<string[] | null> {
  const made = createDigest();
  const whole = await eachRow(centre, device, entity, seq, (row, hash) => made.add(row.id, hash()));
  return whole ? made.buckets() : null;
}

/** Reads a table in steps; false as soon as the log has gone on, since what was read stands for no position of it then. */

async function eachRow(
  centre: Centre,
  device: ConnectedDevice,
  entity: AnyEntity,
  seq: number,
  take: (row: StoredRow, hash: () => string) => void,
): Promise<boolean> {
  const { practice, mask } = device;
  const columns = columnsOf(entity);
  let after = firstKey;
  for (;;) {
    const raws = await centre.db.query(
      `select * from "${entity.name}" where practice_id=$1 and id > $2 ${streamFilter(entity)} order by id limit $3`,
      [practice, after, rowsAtOnce, ...streams(entity, mask)],
    );
    for (const raw of raws) {
      const row = rowFromCentre(entity, raw);
      take(row, () => sha256Hex(digestText(columns, row)).slice(0, hashDigits));
      after = row.id;
    }
    if ((await position(centre, device)) !== seq) return false;
    if (raws.length < rowsAtOnce) return true;
  }
}
