/** The live stream of one device: batches of the log after its cursor, without what it may not see (P5, P6, P11). */
import { refuse } from "../../src-shared/sync/ports.ts";
import { type Batch, batchLimits, type LogEntry, type StreamInput } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { activeDevice, type ServerConnection, stillActive } from "./connection.ts";

interface RawEntry {
  seq: number;
  device_id: string;
  device_epoch: number;
  header: string;
  sig: string;
  bodies: string;
}

export async function* stream(
  centre: Centre,
  connection: ServerConnection,
  input: StreamInput,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const device = await activeDevice(centre.db, connection);
  if (input.serverEpoch !== centre.epoch || input.streamSet !== device.mask) {
    throw refuse("CURSOR_OF_ANOTHER_EPOCH", "The cursor belongs to another state of the centre; say hello again.");
  }
  // Registered before reading, so that nothing committed in between is missed.
  const subscription = centre.hub.subscribe(device.practice);
  let cursor = input.seq;
  try {
    const [row] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
      device.practice,
    ]);
    subscription.learn(row?.seq ?? 0);
    while (!signal.aborted) {
      const head = subscription.head();
      if (head <= cursor) {
        await subscription.beyond(cursor, signal);
        continue;
      }
      const [{ groups, to }] = await Promise.all([
        readLog(centre, { ...device, whole: input.whole }, cursor, head),
        stillActive(centre.db, device),
      ]);
      yield { serverEpoch: centre.epoch, streamSet: device.mask, from: cursor, to, head: Math.max(head, to), groups };
      cursor = to;
    }
  } finally {
    subscription.end();
  }
}

async function readLog(
  centre: Centre,
  device: { practice: string; device: string; epoch: number; mask: number; whole: boolean },
  after: number,
  head: number,
): Promise<{ groups: LogEntry[]; to: number }> {
  const rows = await centre.db.query<RawEntry>(
    `select seq, device_id, device_epoch, header, sig, bodies from change_log
     where practice_id=$1 and seq > $2 and (mask & $3) <> 0 order by seq limit $4`,
    [device.practice, after, device.mask, batchLimits.groups],
  );
  const groups: LogEntry[] = [];
  let size = 0;
  for (const row of rows) {
    size += row.header.length + row.bodies.length;
    if (groups.length > 0 && size > batchLimits.bytes) break;
    groups.push(toEntry(row, device));
  }
  const last = groups[groups.length - 1]?.seq ?? after;
  // All of it read: the cursor moves over groups that hold nothing for this device.
  const complete = groups.length === rows.length && rows.length < batchLimits.groups;
  return { groups, to: complete ? Math.max(head, last) : last };
}

function toEntry(row: RawEntry, device: { device: string; epoch: number; mask: number; whole: boolean }): LogEntry {
  const own = row.device_id === device.device && row.device_epoch === device.epoch;
  const stored =
    own && !device.whole ? [] : (JSON.parse(row.bodies) as { i: number; s: number; salt: string; body: string }[]);
  return {
    seq: row.seq,
    header: row.header,
    sig: row.sig,
    bodies: stored.filter(({ s }) => (s & device.mask) !== 0).map(({ i, salt, body }) => ({ i, salt, body })),
    own,
  };
}
