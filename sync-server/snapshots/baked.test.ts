import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { schemaVersion } from "../../migrations/index.ts";
import { makeSealingKeys, makeSigningKeys } from "../../replica/crypto.ts";
import { openCentreDatabase } from "../../sim/clinic.ts";
import { codeAt, type FilingCentre, practiceAt, startFilingCentre, temporaryFolder } from "../../sim/filing.ts";
import type { SmallPractice } from "../../sim/practice.ts";
import type { BootstrapFile } from "../../src-shared/sync/wire.ts";
import type { Database } from "../database/database.ts";
import { enrol } from "../identity/enrol.ts";
import { type ConnectedDevice, maskOf, newConnection } from "../sync/connection.ts";
import { bootstrapFile } from "./offer.ts";

const day = 86_400_000;
let db: Database;
let centre: FilingCentre;
let practice: SmallPractice;
let folder: string;
let ahead = 0;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  ahead = 0;
  folder = temporaryFolder();
  await centre?.close();
  centre = await startFilingCentre(db, { folder, now: () => Date.now() + ahead });
  practice = await practiceAt(centre);
});
afterAll(async () => {
  await centre.close();
  await db.close();
});

async function joinAt(at: FilingCentre, code: string): Promise<ConnectedDevice> {
  const keys = makeSigningKeys();
  const own = { ed25519: keys.publicKey, x25519: makeSealingKeys().publicKey };
  const enrolled = await enrol(at.centre, { code, deviceName: "Till", ...own });
  const { practice: of, device, epoch, branch } = enrolled;
  return {
    practice: of,
    device,
    epoch,
    branch,
    profile: "till",
    mask: maskOf("till"),
    standing: "whole",
    publicKey: keys.publicKey,
  };
}
async function ready(at: FilingCentre, device: ConnectedDevice) {
  for (;;) {
    const answer: BootstrapFile = await at.files.offer(device);
    if (answer.kind === "ready") return answer;
    expect(answer).toMatchObject({ kind: "baking" });
  }
}
const bakedIn = (which: string) => readdirSync(join(which, "baked")).map((name) => name.slice(0, 32));

test("a code's file goes to whoever joins with it, sealed, and its key is forgotten", async () => {
  const code = await codeAt(centre, practice);
  await centre.files.rest();
  const text =
    "select wrapped_key is null as wrapped, sealed_key is null as sealed from baked_file where practice_id=$1";
  expect(await db.query(text, [practice.practice])).toEqual([{ wrapped: false, sealed: true }]);
  const device = await joinAt(centre, code);
  expect(await db.query(text, [practice.practice])).toEqual([{ wrapped: true, sealed: false }]);
  const offer = await centre.files.offer(device);
  expect(offer).toMatchObject({ kind: "ready", streamSet: maskOf("till"), serverEpoch: "epoch-1" });
  expect(bakedIn(folder)).toEqual([(offer as { id: string }).id]);
});

test("a device that joins while its file is made gets that one; asking twice makes no second", async () => {
  const device = await joinAt(centre, await codeAt(centre, practice));
  const offers = await Promise.all([ready(centre, device), ready(centre, device)]);
  expect(offers[0]).toEqual(offers[1]);
  expect(bakedIn(folder)).toEqual([offers[0]?.id]);
});

test("the file comes whole or from any position; what cannot be sent is said so", async () => {
  const device = await joinAt(centre, await codeAt(centre, practice));
  const { id, size, sha256 } = await ready(centre, device);
  const get = (path: string, range?: string) =>
    fetch(`${centre.url}/bootstrap/${path}`, range === undefined ? {} : { headers: { range } });
  const whole = await get(id);
  expect([whole.status, whole.headers.get("content-length")]).toEqual([200, String(size)]);
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  const rest = await get(id, "bytes=1000-");
  expect([rest.status, rest.headers.get("content-range")]).toEqual([206, `bytes 1000-${size - 1}/${size}`]);
  expect(Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1000))).toBe(true);
  const refusals = [
    [await get(id, `bytes=${size}-`), 416, "BAD_RANGE"],
    [await get("0".repeat(32)), 404, "NO_SUCH_FILE"],
    [await get("..%2Fserver-secret"), 404, "NO_SUCH_FILE"],
  ] as const;
  for (const [response, status, code] of refusals) {
    expect([response.status, await response.json()]).toEqual([status, { code }]);
  }
  ahead = 2 * day;
  const gone = await get(id);
  expect([gone.status, await gone.json()]).toEqual([410, { code: "FILE_GONE" }]);
});

test("old files are removed, and so is what a killed server left half-made", async () => {
  const device = await joinAt(centre, await codeAt(centre, practice));
  const { id } = await ready(centre, device);
  await codeAt(centre, practice);
  await centre.files.rest();
  expect(bakedIn(folder)).toHaveLength(2);
  await centre.files.sweep();
  expect(bakedIn(folder)).toHaveLength(2);
  ahead = day + 1;
  await centre.files.sweep();
  expect(bakedIn(folder)).toEqual([]);
  const again = await ready(centre, device);
  expect(again.id).not.toBe(id);
});

test("a server that has not got the file makes one of its own", async () => {
  const otherFolder = temporaryFolder();
  const other = await startFilingCentre(db, { folder: otherFolder });
  const device = await joinAt(centre, await codeAt(centre, practice));
  const here = await ready(centre, device);
  expect((await fetch(`${other.url}/bootstrap/${here.id}`)).status).toBe(404);
  const there = await ready(other, device);
  expect(there.id).not.toBe(here.id);
  expect((await fetch(`${other.url}/bootstrap/${there.id}`)).status).toBe(200);
  expect(existsSync(join(folder, "baked", `${there.id}.db`))).toBe(false);
  await other.close();
});

test("a small practice is filled by pages, and so is a device of another schema", async () => {
  const other = await startFilingCentre(db, { smallest: 3000 });
  const device = await joinAt(other, await codeAt(other, practice));
  expect(await other.files.offer(device)).toEqual({ kind: "none" });
  const connection = { ...newConnection("test"), device };
  expect(await bootstrapFile(centre.centre, connection, { schema: schemaVersion - 10 })).toEqual({ kind: "none" });
  expect(await bootstrapFile(centre.centre, connection, { schema: schemaVersion })).toMatchObject({ kind: "baking" });
  await centre.files.rest();
  await other.close();
});
