/** Taking files in and giving them out, with each store, by devices that do right and devices that do not. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha1, systemRandom } from "../../replica/crypto.ts";
import { openCentreDatabase } from "../../sim/clinic.ts";
import { type FilingCentre, practiceAt, startFilingCentre, temporaryFolder } from "../../sim/filing.ts";
import { type Greeted, greet } from "../../sim/greeted.ts";
import { enrolTestDevice, type SmallPractice } from "../../sim/practice.ts";
import type { BlobState } from "../../src-shared/files/wire.ts";
import type { DeviceProfile } from "../../src-shared/sync/entity.ts";
import { derivedId, newId } from "../../src-shared/sync/ids.ts";
import type { Database } from "../database/database.ts";
import { type CentreChange, writeAsCentre } from "../settle/write-as-centre.ts";
import { openFolderStore } from "./folder-store.ts";
import { type S3StandIn, startS3StandIn } from "./s3-stand-in.ts";
import { openS3Store } from "./s3-store.ts";
import { type BlobStore, blobName } from "./store.ts";
import { keepRemoved, sweepBlobs } from "./sweep.ts";

const keys = { id: "key", secret: "secret" };
const day = 86_400_000;
let db: Database;
let s3: S3StandIn;
let store: BlobStore;
let centre: FilingCentre;
let practice: SmallPractice;
let folder: string;
let ahead = 0;
const servers: FilingCentre[] = [];
beforeAll(async () => {
  db = await openCentreDatabase();
  s3 = await startS3StandIn("files", "eu-west-2", keys);
}, 60_000);
afterAll(async () => {
  await s3.close();
  await db.close();
});

const stores: [name: string, open: () => BlobStore][] = [
  ["a folder", () => openFolderStore(folder)],
  ["a bucket", () => openS3Store({ endpoint: s3.endpoint, bucket: "files", region: "eu-west-2", keys, now: Date.now })],
];

async function serve(): Promise<FilingCentre> {
  const server = await startFilingCentre(db, { blobs: store, now: () => Date.now() + ahead });
  servers.push(server);
  return server;
}

async function device(profile: DeviceProfile = "exam", of = practice, at = centre): Promise<Greeted> {
  const identity = await enrolTestDevice(
    centre.centre,
    of.practice,
    { branch: of.branches.leeds, profile, name: "PC" },
    systemRandom(),
  );
  return greet(at.centre, identity);
}

const write = (...changes: CentreChange[]) =>
  db.transaction((tx) => writeAsCentre(centre.centre.settle, tx, practice.practice, "test", changes));
const id = () => newId(Date.now() + ahead, systemRandom());

interface Sealed {
  readonly row: string;
  readonly blob: string;
  readonly bytes: Buffer;
}

/** A record that names bytes of that length; only the length matters here. */
async function named(size: number, stream = "clinical"): Promise<Sealed> {
  const bytes = randomBytes(size);
  const blob = createHash("sha256").update(bytes).digest("hex");
  const row = id();
  const of = { patient_id: null, branch_id: null, user_id: null, subject_entity: "exam", subject_id: id() };
  const said = { name: "scan", kind: "oct", eye: null, taken_at: null, note: null, mime: "image/png", at: Date.now() };
  const fields = {
    ...of,
    ...said,
    size,
    blob,
    blob_size: size,
    blob_key: randomBytes(32).toString("base64url"),
    stream,
  };
  await write({ entity: "attachment", id: row, fields });
  return { row, blob, bytes };
}

const setLimit = (key: string, value: number, op: "insert" | "patch" = "insert") =>
  write({
    entity: "setting",
    op,
    id: derivedId(sha1, practice.practice, { subject: practice.practice, reaction: `setting:${key}`, index: 0 }),
    fields: { key, value },
  });

async function put({ blob }: Sealed, ticket: string, at: number, bytes: Buffer, url = centre.url) {
  const answer = await fetch(`${url}/files/${blob}?at=${at}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${ticket}`, "content-type": "application/octet-stream" },
    body: new Uint8Array(bytes),
  });
  return { status: answer.status, ...((await answer.json()) as { received?: number; code?: string }) };
}
async function fetched({ blob }: Sealed, ticket: string, range?: string) {
  const headers = { authorization: `Bearer ${ticket}`, ...(range ? { range } : {}) };
  const answer = await fetch(`${centre.url}/files/${blob}`, { headers });
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
}
type Open = Extract<BlobState, { kind: "open" }>;
const begin = async ({ caller }: Greeted, { blob, bytes }: Sealed) =>
  (await caller.files.begin({ blob, size: bytes.length })) as Open;

/** Sends everything from where the centre stands, as a device does. */
async function send(by: Greeted, file: Sealed, bytes = file.bytes): Promise<BlobState> {
  const { ticket, part, received } = await begin(by, file);
  for (let at = received; at < bytes.length; at += part) {
    expect(await put(file, ticket, at, bytes.subarray(at, at + part))).toMatchObject({ status: 200 });
  }
  return by.caller.files.commit({ blob: file.blob });
}

describe.each(stores)("with %s", (name, open) => {
  beforeEach(async () => {
    ahead = 0;
    folder = temporaryFolder();
    store = open();
    centre = await serve();
    practice = await practiceAt(centre);
  });
  afterEach(async () => {
    for (const each of servers.splice(0)) await each.close();
  });
  const large = () => 2 * store.part + 1000;

  test("a file goes in by parts and comes out whole and by ranges", async () => {
    const [a, b] = [await device(), await device()];
    const file = await named(large());
    await expect(b.caller.files.get({ blob: file.blob })).rejects.toThrow("has not reached the centre yet");
    expect(await send(a, file)).toEqual({ kind: "whole" });
    expect(await begin(b, file)).toEqual({ kind: "whole" });
    const { size, ticket } = await b.caller.files.get({ blob: file.blob });
    expect(size).toBe(file.bytes.length);
    const all = await fetched(file, ticket);
    expect(all.status).toBe(200);
    expect(all.bytes.equals(file.bytes)).toBe(true);
    expect(all.headers.get("content-type")).toBe("application/octet-stream");
    const some = await fetched(file, ticket, "bytes=1000-");
    expect(some.status).toBe(206);
    expect(some.bytes.equals(file.bytes.subarray(1000))).toBe(true);
    expect((await fetched(file, ticket, `bytes=${size}-`)).status).toBe(416);
  });

  test("a row that names a file that is here by another length does it no harm", async () => {
    const a = await device();
    const file = await named(5000);
    expect(await send(a, file)).toEqual({ kind: "whole" });
    const [row] = await db.query<{ id: string }>("select id from attachment where practice_id=$1 and blob=$2", [
      practice.practice,
      file.blob,
    ]);
    await write({
      entity: "attachment",
      op: "patch",
      id: String(row?.id).replaceAll("-", ""),
      fields: { blob_size: 6000 },
    });
    await expect(a.caller.files.begin({ blob: file.blob, size: 6000 })).rejects.toThrow("another size");
    const { ticket } = await a.caller.files.get({ blob: file.blob });
    expect((await fetched(file, ticket)).bytes.equals(file.bytes)).toBe(true);
  });

  test("it goes on at the last part that came whole; parts that come twice, leave a gap or have another length change nothing", async () => {
    const a = await device();
    const file = await named(large());
    const { ticket, part } = await begin(a, file);
    const first = file.bytes.subarray(0, part);
    const second = file.bytes.subarray(part, 2 * part);
    expect(await put(file, ticket, part, second)).toMatchObject({ status: 409, received: 0 });
    expect(await put(file, ticket, 0, first)).toMatchObject({ status: 200, received: part });
    expect(await put(file, ticket, 0, first)).toMatchObject({ status: 200, received: part });
    expect(await put(file, ticket, part, second.subarray(0, 1000))).toMatchObject({ status: 409, received: part });
    expect((await put(file, ticket, 2 * part, second)).status).toBe(416);
    expect(await a.caller.files.commit({ blob: file.blob })).toMatchObject({ kind: "open", received: part });
    expect(await begin(await device(), file)).toMatchObject({ kind: "open", received: part });
    expect(await send(a, file)).toEqual({ kind: "whole" });
    expect(await put(file, ticket, 0, first)).toMatchObject({ status: 200, received: file.bytes.length });
  });

  test("bytes that are not what their name says are thrown away, and the right ones are taken after them", async () => {
    const a = await device();
    const file = await named(large());
    const wrong = Buffer.from(file.bytes);
    wrong[store.part + 5] = (wrong[store.part + 5] as number) ^ 1;
    await expect(send(a, file, wrong)).rejects.toThrow("not what its name says");
    expect(await store.size({ practice: practice.practice, blob: file.blob })).toBeNull();
    expect(await send(a, file)).toEqual({ kind: "whole" });
  });

  test("a device gets and sends only what a row in its streams names, and of its own practice", async () => {
    const file = await named(2000);
    const till = await device("till");
    await expect(begin(till, file)).rejects.toThrow("No record on this PC names");
    await send(await device(), file);
    await expect(till.caller.files.get({ blob: file.blob })).rejects.toThrow("No record on this PC names");
    const others = await practiceAt(centre);
    const stranger = await device("single", others);
    await expect(stranger.caller.files.get({ blob: file.blob })).rejects.toThrow("No record on this PC names");
    await expect(begin(stranger, file)).rejects.toThrow("No record on this PC names");
    await expect(begin(await device(), { ...file, bytes: Buffer.alloc(1999) })).rejects.toThrow("No record");
    const letter = await named(2000, "people");
    expect(await send(till, letter)).toEqual({ kind: "whole" });
  });

  test("a ticket is for one thing, for a while, and for a device that is still of the practice", async () => {
    const a = await device();
    const [file, other] = [await named(2000), await named(2000)];
    const { ticket } = await begin(a, file);
    await begin(a, other);
    expect((await put(other, ticket, 0, other.bytes)).status).toBe(401);
    expect((await fetched(file, ticket)).status).toBe(401);
    expect((await put(file, `${ticket}x`, 0, file.bytes)).status).toBe(401);
    expect((await put(file, "", 0, file.bytes)).status).toBe(401);
    expect((await put(file, ticket.replace(/^./, "A"), 0, file.bytes)).status).toBe(401);
    ahead = 16 * 60_000;
    expect((await put(file, ticket, 0, file.bytes)).status).toBe(401);
    ahead = 0;
    await db.query("update device set status='revoked' where practice_id=$1 and id=$2", [
      practice.practice,
      a.connection.device?.device,
    ]);
    expect((await put(file, ticket, 0, file.bytes)).status).toBe(401);
  });

  test("what is too large, or too much, is refused in words", async () => {
    const a = await device();
    await setLimit("files_one", 10_000);
    await expect(begin(a, await named(20_000))).rejects.toThrow("files of up to 10 kB");
    await setLimit("files_practice", 15_000);
    await send(a, await named(9000));
    const file = await named(9000);
    await expect(begin(a, file)).rejects.toThrow("fill the 15 kB");
    await setLimit("files_practice", 30_000, "patch");
    expect(await send(a, file)).toEqual({ kind: "whole" });
  });

  test("two servers over one store take turns with one file, and end it at the same moment", async () => {
    const a = await device();
    const other = await serve();
    const file = await named(large());
    const { ticket, part } = await begin(a, file);
    for (let at = 0; at < file.bytes.length; at += part) {
      const sent = file.bytes.subarray(at, at + part);
      const both = await Promise.all([centre, other].map(({ url }) => put(file, ticket, at, sent, url)));
      expect(both.map(({ status }) => status)).toEqual([200, 200]);
    }
    const again = await device("exam", practice, other);
    const ends = await Promise.all([a, again].map(({ caller }) => caller.files.commit({ blob: file.blob })));
    expect(ends).toEqual([{ kind: "whole" }, { kind: "whole" }]);
    const offer = await again.caller.files.get({ blob: file.blob });
    expect((await fetched(file, offer.ticket)).bytes.equals(file.bytes)).toBe(true);
  });

  test("a server that ended between two steps is taken up from where the store stands", async () => {
    const a = await device();
    const file = await named(large());
    const place = { practice: practice.practice, blob: file.blob };
    const { ticket, part } = await begin(a, file);
    // A part is in the store, and nobody was told.
    const [row] = await db.query<{ upload: string | null }>("select upload from file_blob where blob=$1", [file.blob]);
    await store.write(place, row?.upload ?? null, 0, file.bytes.subarray(0, part));
    expect(await begin(a, file)).toMatchObject({ received: 0 });
    for (let at = 0; at < file.bytes.length; at += part)
      await put(file, ticket, at, file.bytes.subarray(at, at + part));
    // The parts are together, and the row does not say so.
    await store.finish(place, row?.upload ?? null, file.bytes.length);
    expect(await begin(a, file)).toMatchObject({ received: file.bytes.length });
    expect(await a.caller.files.commit({ blob: file.blob })).toEqual({ kind: "whole" });
    // The store lost it.
    await store.remove(place, null);
    await expect(a.caller.files.get({ blob: file.blob })).rejects.toThrow("has not reached");
    expect(await send(a, file)).toEqual({ kind: "whole" });
  });

  test("what no record names goes after thirty days, not before; what is named stays", async () => {
    const a = await device();
    const [kept, removed] = [await named(3000), await named(3000)];
    await send(a, kept);
    await send(a, removed);
    ahead = 40 * day;
    await write({ entity: "attachment", id: removed.row, op: "patch", fields: { deleted: true } });
    expect(await sweepBlobs(centre.centre, practice.practice)).toBe(0);
    ahead += keepRemoved - day;
    expect(await sweepBlobs(centre.centre, practice.practice)).toBe(0);
    ahead += 2 * day;
    expect(await sweepBlobs(centre.centre, practice.practice)).toBe(1);
    expect(await sweepBlobs(centre.centre, practice.practice)).toBe(0);
    const sizes = [kept, removed].map(({ blob }) => store.size({ practice: practice.practice, blob }));
    expect(await Promise.all(sizes)).toEqual([3000, null]);
    // Taken back after all: whoever has the bytes sends them again.
    await write({ entity: "attachment", id: removed.row, op: "patch", fields: { deleted: false } });
    expect(await send(a, removed)).toEqual({ kind: "whole" });
  });

  if (name === "a folder") {
    test("a part that a power cut tore is sent again", async () => {
      const a = await device();
      const file = await named(large());
      const { ticket, part } = await begin(a, file);
      await put(file, ticket, 0, file.bytes.subarray(0, part));
      await put(file, ticket, part, file.bytes.subarray(part, 2 * part));
      const path = join(folder, `${blobName({ practice: practice.practice, blob: file.blob })}.part`);
      truncateSync(path, part + 10);
      expect(await begin(a, file)).toMatchObject({ received: part });
      rmSync(path);
      expect(await begin(a, file)).toMatchObject({ received: 0 });
      expect(await send(a, file)).toEqual({ kind: "whole" });
      expect(existsSync(path)).toBe(false);
    });
  } else {
    test("a bucket that fails now and then is asked again by the device, and loses nothing", async () => {
      const a = await device();
      const file = await named(large());
      const { ticket, part } = await begin(a, file);
      s3.fail = "503";
      expect((await put(file, ticket, 0, file.bytes.subarray(0, part))).status).toBe(503);
      expect(await begin(a, file)).toMatchObject({ received: 0 });
      for (let at = 0; at < file.bytes.length; at += part)
        await put(file, ticket, at, file.bytes.subarray(at, at + part));
      s3.fail = "late";
      await expect(a.caller.files.commit({ blob: file.blob })).rejects.toThrow();
      expect(await a.caller.files.commit({ blob: file.blob })).toEqual({ kind: "whole" });
      expect([...s3.uploads.values()].filter(({ key }) => key.endsWith(file.blob))).toEqual([]);
    });

    test("a bucket under other keys refuses", async () => {
      const wrong = openS3Store({
        ...{ endpoint: s3.endpoint, bucket: "files", region: "eu-west-2", now: Date.now },
        keys: { id: "key", secret: "another" },
      });
      await expect(wrong.begin({ practice: practice.practice, blob: "0".repeat(64) })).rejects.toMatchObject({
        status: 403,
        code: "SignatureDoesNotMatch",
      });
    });
  }
});
