/** The live stream of one device: batches of the log after its cursor, without what it may not see (P5, P6, P11). */
import { refuse } from "../../src-shared/sync/ports.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import type { Batch, Limits, LogEntry, StreamInput } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { mustBeWhole, tooOld } from "../retain/cut.ts";
import type { LogRow } from "../settle/log.ts";
import { activeDevice, type ConnectedDevice, requirePull, type ServerConnection, stillActive } from "./connection.ts";
import { roomOn } from "./slow-readers.ts";

/** Milliseconds that a device's own groups wait for those of others. */
const ownLater = 5;
/** Milliseconds between two batches of a stream: what comes while many work at once goes along with the next one. */
const apart = 20;
/** Groups behind the head from which on a stream counts as filling a replica, and waits its turn like pages do. */
const farBehind = 1000;

type StoredEntry = Pick<LogRow, "seq" | "device" | "epoch" | "mask" | "header" | "sig" | "bodies">;
type Reading = Pick<ConnectedDevice, "practice" | "device" | "epoch" | "mask"> & {
  readonly whole: boolean;
  readonly sends: SyncRules["sends"];
  readonly limits: Limits;
};

export async function* stream(
  centre: Centre,
  connection: ServerConnection,
  input: StreamInput,
  signal: AbortSignal,
): AsyncGenerator<Batch> {
  const device = await activeDevice(centre.db, connection);
  requirePull(device);
  if (input.serverEpoch !== centre.epoch || input.streamSet !== device.mask) {
    throw refuse("CURSOR_OF_ANOTHER_EPOCH", "The cursor belongs to another state of the centre; say hello again.");
  }
  // Registered before reading, so that nothing committed in between is missed.
  const subscription = centre.hub.subscribe(device.practice);
  let cursor = input.seq;
  let waited = false;
  let sentAt = 0;
  try {
    const [row] = await centre.db.query<{ seq: number; floor: number }>(
      "select seq, coalesce(log_floor, 0) as floor from practice_head where practice_id=$1",
      [device.practice],
    );
    subscription.learn(row?.seq ?? 0);
    if (cursor < (row?.floor ?? 0)) throw tooOld();
    if (cursor > (row?.seq ?? 0)) {
      throw refuse("CURSOR_OF_ANOTHER_EPOCH", "The cursor is ahead of the centre's log; say hello again.");
    }
    while (!signal.aborted) {
      await roomOn(connection.line, centre, signal);
      const head = subscription.head();
      if (head <= cursor) {
        await subscription.beyond(cursor, signal);
        continue;
      }
      const early = Math.min(apart, sentAt + apart - centre.now());
      if (early > 0) {
        await new Promise<void>((resolve) => void centre.after(early, resolve));
        continue;
      }
      const reading = { ...device, whole: input.whole, sends: centre.settle.rules.sends, limits: centre.batches };
      const atHand = subscription.rowsAfter(cursor);
      // Who wrote all of it has the verdict already: everybody else first.
      if (!waited && atHand?.every((row) => isOwn(row, reading))) {
        waited = true;
        await new Promise<void>((resolve) => void centre.after(ownLater, resolve));
        continue;
      }
      waited = false;
      const read = () => readLog(centre, reading, cursor, head);
      const { groups, to } = atHand
        ? take(atHand, reading, cursor, head, true)
        : await (head - cursor > farBehind ? centre.bulk.run(read) : read());
      // A device can only have been revoked by something in the log; asked after reading, so that what was read counts.
      if (!atHand || atHand.some((row) => row.devices)) {
        const mask = await stillActive(centre.db, device);
        // It is not sent for a moment longer what it may not see any more, and does not wait for what it now may.
        if (mask !== device.mask)
          throw refuse("CURSOR_OF_ANOTHER_EPOCH", "This PC is one of another kind now; say hello again.");
      }
      sentAt = centre.now();
      yield { serverEpoch: centre.epoch, streamSet: device.mask, from: cursor, to, head: Math.max(head, to), groups };
      cursor = to;
    }
  } finally {
    subscription.end();
  }
}

async function readLog(
  centre: Centre,
  reading: Reading,
  after: number,
  head: number,
): Promise<{ groups: LogEntry[]; to: number }> {
  const rows = await centre.db.query<StoredEntry>(
    `select seq, device_id as device, device_epoch as epoch, mask, header, sig, bodies from change_log
     where practice_id=$1 and seq > $2 and (mask & $3) <> 0 order by seq limit $4`,
    [reading.practice, after, reading.mask, reading.limits.groups],
  );
  // The log may have been cut since the stream began.
  mustBeWhole(rows);
  return take(rows, reading, after, head, rows.length < reading.limits.groups);
}

/** The next batch out of `rows`, and the position it reaches. `last`: no more rows follow up to `head`. */
function take(
  rows: readonly StoredEntry[],
  reading: Reading,
  after: number,
  head: number,
  last: boolean,
): { groups: LogEntry[]; to: number } {
  const groups: LogEntry[] = [];
  let size = 0;
  let to = after;
  for (const row of rows) {
    if ((row.mask & reading.mask) !== 0) {
      size += row.header.length + row.bodies.length;
      if (groups.length > 0 && (size > reading.limits.bytes || groups.length === reading.limits.groups))
        return { groups, to };
      groups.push(toEntry(row, reading));
    }
    to = row.seq;
  }
  // All of it read: the cursor moves over groups that hold nothing for this device.
  return { groups, to: last ? Math.max(head, to) : to };
}

const isOwn = (row: StoredEntry, { device, epoch }: Reading) => row.device === device && row.epoch === epoch;

interface StoredBody {
  readonly i: number;
  /** The bit of its stream. */
  readonly s: number;
  readonly salt: string;
  readonly body: string;
}
/** Rows at hand go to every stream of the practice: their bodies are taken apart once. */
const parsed = new WeakMap<StoredEntry, readonly StoredBody[]>();
function bodiesOf(row: StoredEntry): readonly StoredBody[] {
  const known = parsed.get(row);
  if (known) return known;
  const bodies = JSON.parse(row.bodies) as StoredBody[];
  parsed.set(row, bodies);
  return bodies;
}

function toEntry(row: StoredEntry, reading: Reading): LogEntry {
  const own = isOwn(row, reading);
  const stored = own && !reading.whole ? [] : bodiesOf(row);
  return {
    seq: row.seq,
    header: row.header,
    sig: row.sig,
    bodies: stored.filter(({ s }) => reading.sends(s, reading.mask)).map(({ i, salt, body }) => ({ i, salt, body })),
    own,
  };
}
