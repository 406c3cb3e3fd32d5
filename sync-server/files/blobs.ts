/**
 * Takes files in by parts and gives them out again, to the devices whose streams hold a row that names them. The row goes
 * first: what no row names is not taken.
 */
import { createHash } from "node:crypto";
import { sha1 } from "../../replica/crypto.ts";
import { type FileLimit, limitOf, sizeText } from "../../src-shared/files/limits.ts";
import { sealedSize } from "../../src-shared/files/sealed.ts";
import type { BeginInput, BlobOffer, BlobState } from "../../src-shared/files/wire.ts";
import { streamBits } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { derivedId } from "../../src-shared/sync/ids.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../centre.ts";
import { arrayLiteral } from "../database/database.ts";
import { connectedDevice, requirePull, requirePush, type ServerConnection, stillActive } from "../sync/connection.ts";
import type { BlobPlace, BlobStore } from "./store.ts";
import { makeTicket } from "./tickets.ts";

interface BlobRow {
  readonly size: number;
  readonly received: number;
  readonly state: "open" | "whole" | "gone";
  readonly upload: string | null;
}

/** What the centre has of a blob by now; a new one is begun, one that was cut off goes on. */
export async function begin(centre: Centre, connection: ServerConnection, input: BeginInput): Promise<BlobState> {
  const store = storeOf(centre);
  const { device, place, leaving } = await asking(centre, connection, input.blob, requirePush, input.size);
  const row = await rowOf(centre, place);
  const { size } = input;
  if (row?.state === "whole") {
    if ((await store.size(place)) === row.size) {
      // Its name is its digest, so it has one size: a row that says another must not have it thrown away.
      if (row.size !== size) throw refuse("FILE_OTHER_SIZE", "The centre has this file, and it has another size.");
      return { kind: "whole" };
    }
    centre.log.warn("a blob is not in the store any more", { blob: place.blob });
  }
  const goesOn = row?.state === "open" && row.size === size;
  if (!goesOn) await requireRoom(centre, place, size);
  const stands = goesOn ? await stillThere(store, place, row) : null;
  const upload = stands === null ? await store.begin(place) : (row?.upload ?? null);
  const received = stands ?? 0;
  if (!goesOn || stands === null || stands !== row.received) {
    await centre.db.query(
      `insert into file_blob (practice_id, blob, size, received, state, upload, device_id, begun_at, committed_at)
       values ($1, $2, $3, $4, 'open', $5, $6, $7, null)
       on conflict (practice_id, blob) do update set size=excluded.size, received=excluded.received, state='open',
         upload=excluded.upload, device_id=excluded.device_id, begun_at=excluded.begun_at, committed_at=null`,
      [place.practice, place.blob, size, received, upload, device, centre.now()],
    );
  }
  const ticket = makeTicket(centre.secret, centre.now(), { verb: "put", device, size, leaving, ...place });
  return { kind: "open", received, part: store.part, ticket };
}

/** How far an upload that was begun stands in the store; null when it has to be begun anew. */
async function stillThere(store: BlobStore, place: BlobPlace, row: BlobRow): Promise<number | null> {
  if ((await store.size(place)) === row.size) return row.size;
  const stands = Math.min(row.received, await store.standing(place, row.upload, row.received).catch(() => 0));
  // A last part is short; any other bound that is no part's comes from a store of another kind.
  const whole = stands === row.size ? stands : stands - (stands % store.part);
  return whole === 0 && row.received > 0 ? null : whole;
}

/** What became of a part. */
export type PartAnswer =
  | { readonly kind: "received" | "elsewhere"; readonly received: number }
  | { readonly kind: "unknown" };

/** Keeps one part, from byte `at` on. One that is there already is not written again; one that leaves a gap is refused. */
export async function part(centre: Centre, place: BlobPlace, at: number, bytes: Buffer): Promise<PartAnswer> {
  const store = storeOf(centre);
  const row = await rowOf(centre, place);
  if (!row || row.state === "gone") return { kind: "unknown" };
  if (row.state === "whole") return { kind: "received", received: row.size };
  if (at + bytes.length <= row.received) return { kind: "received", received: row.received };
  if (at !== row.received || bytes.length !== Math.min(store.part, row.size - at)) {
    return { kind: "elsewhere", received: row.received };
  }
  await store.write(place, row.upload, at, bytes);
  const received = at + bytes.length;
  await centre.db.query(
    `update file_blob set received=$4 where practice_id=$1 and blob=$2 and state='open' and received=$3
       and upload is not distinct from $5::text`,
    [place.practice, place.blob, at, received, row.upload],
  );
  return { kind: "received", received };
}

/** All parts are here: the blob is what its name says, or it is thrown away. */
export async function commit(centre: Centre, connection: ServerConnection, blob: string): Promise<BlobState> {
  const store = storeOf(centre);
  const { device, place, leaving } = await asking(centre, connection, blob, requirePush);
  return centre.transfers.alone(`${place.practice}/${blob}`, async () => {
    const row = await rowOf(centre, place);
    if (!row || row.state === "gone") throw refuse("FILE_NOT_BEGUN", "This file was not begun here. Begin it again.");
    if (row.state === "whole") return { kind: "whole" };
    const ticket = makeTicket(centre.secret, centre.now(), { verb: "put", device, size: row.size, leaving, ...place });
    const open = (received: number): BlobState => ({ kind: "open", received, part: store.part, ticket });
    if (row.received < row.size) return open(row.received);
    await store.finish(place, row.upload, row.size);
    if ((await centre.transfers.coming.run(() => digestOf(store, place, row.size))) !== blob) {
      await store.remove(place, row.upload);
      await save(centre, place, "received=0, upload=null, state='gone'");
      throw refuse("FILE_DAMAGED", "What arrived is not what its name says. It was thrown away; it is sent again.");
    }
    await save(centre, place, "state='whole', upload=null, committed_at=$3", centre.now());
    return { kind: "whole" };
  });
}

/** A ticket to fetch a blob by. */
export async function get(centre: Centre, connection: ServerConnection, blob: string): Promise<BlobOffer> {
  const { device, place } = await asking(centre, connection, blob, requirePull);
  const row = await rowOf(centre, place);
  if (row?.state !== "whole" || (await storeOf(centre).size(place)) !== row.size) throw notThere();
  return {
    size: row.size,
    ticket: makeTicket(centre.secret, centre.now(), { verb: "get", device, size: row.size, leaving: false, ...place }),
  };
}

function notThere() {
  return refuse(
    "FILE_NOT_THERE",
    "The file has not reached the centre yet. It is safe on the PC where it was added, and comes once that PC has sent it.",
  );
}

/** The device that asks, also one that was taken out and brings what it has left, if a row that it may hold names the blob, of that size where it says one. */
async function asking(
  centre: Centre,
  connection: ServerConnection,
  blob: string,
  may: typeof requirePull,
  size?: number,
): Promise<{ device: Id; place: BlobPlace; leaving: boolean }> {
  const leaving = may === requirePush ? connection.takenOut : null;
  const connected = leaving ?? connectedDevice(connection);
  const { practice, device } = connected;
  const mask = leaving ? leaving.mask : await stillActive(centre.db, connected);
  may(connected);
  const held = leaving !== null && (await isHeld(centre, { practice, blob }, device));
  if (!held && !(await isNamed(centre, { practice, blob }, mask, size))) {
    // The same words for what is not there and for what is not this device's to see.
    throw refuse("FILE_NOT_NAMED", "No record on this PC names that file at the centre.");
  }
  return { device, place: { practice, blob }, leaving: leaving !== null };
}

/** Whether a change that a device handed over when it was taken out, and that waits for a person, names the blob. */
export async function isHeld(centre: Centre, { practice, blob }: BlobPlace, device: Id): Promise<boolean> {
  const [held] = await centre.db.query(
    "select 1 from verdict where practice_id=$1 and device_id=$2 and code='review' and strpos(bodies, $3::text) > 0 limit 1",
    [practice, device, blob],
  );
  return held !== undefined;
}

/** Whether a row in one of the streams names it. */
export async function isNamed(
  centre: Centre,
  { practice, blob }: BlobPlace,
  mask: number,
  size?: number,
): Promise<boolean> {
  const streams = Object.entries(streamBits).filter(([, bit]) => (bit & mask) !== 0);
  const [named] = await centre.db.query(
    `select 1 from attachment where practice_id=$1 and blob=$2 and not deleted and stream = any(($3::text)::text[])
       and ($4::int8 is null or blob_size=$4::int8) limit 1`,
    [practice, blob, arrayLiteral(streams.map(([name]) => name)), size ?? null],
  );
  return named !== undefined;
}

async function requireRoom(centre: Centre, place: BlobPlace, size: number): Promise<void> {
  const one = await limit(centre, place.practice, "files_one");
  if (size > sealedSize(Math.max(1, one))) {
    throw refuse(
      "FILE_TOO_LARGE",
      `The practice takes files of up to ${sizeText(one)}. This one stays on the PC where it was added.`,
    );
  }
  const all = await limit(centre, place.practice, "files_practice");
  const [sum] = await centre.db.query<{ size: number }>(
    "select coalesce(sum(size), 0)::int8 as size from file_blob where practice_id=$1 and blob<>$2 and state<>'gone'",
    [place.practice, place.blob],
  );
  if ((sum?.size ?? 0) + size > all) {
    throw refuse(
      "FILES_FULL",
      `The practice's files fill the ${sizeText(all)} that it has at the centre. The file is safe on the PC where it was added and is sent once there is room: ask head office.`,
    );
  }
}

async function limit(centre: Centre, practice: Id, name: FileLimit): Promise<number> {
  const id = derivedId(sha1, practice, { subject: practice, reaction: `setting:${name}`, index: 0 });
  const [row] = await centre.db.query<{ value: string }>(
    "select value from setting where practice_id=$1 and id=$2 and not deleted",
    [practice, id],
  );
  return limitOf(name, row ? JSON.parse(row.value) : null);
}

export async function digestOf(store: BlobStore, place: BlobPlace, size: number): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of await store.read(place, { start: 0, end: size - 1 })) hash.update(bytes);
  return hash.digest("hex");
}

export async function rowOf(centre: Centre, { practice, blob }: BlobPlace): Promise<BlobRow | null> {
  const [row] = await centre.db.query<BlobRow>(
    "select size, received, state, upload from file_blob where practice_id=$1 and blob=$2",
    [practice, blob],
  );
  return row ?? null;
}

async function save(centre: Centre, { practice, blob }: BlobPlace, what: string, ...values: unknown[]): Promise<void> {
  await centre.db.query(`update file_blob set ${what} where practice_id=$1 and blob=$2`, [practice, blob, ...values]);
}

export function storeOf(centre: Centre): BlobStore {
  if (!centre.blobs)
    throw refuse("FILES_OFF", "This centre keeps no files. They stay on the PC where they were added.");
  return centre.blobs;
}
