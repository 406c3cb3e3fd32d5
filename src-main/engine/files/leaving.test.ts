/** A PC that is taken out hands over the bytes of its files too, over real sockets and folders. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { sha1 } from "../../../replica/crypto.ts";
import { openCentreDatabase, until } from "../../../sim/clinic.ts";
import {
  codeAt,
  type FiledWorkstation,
  type FilingCentre,
  practiceAt,
  startFiled,
  startFilingCentre,
} from "../../../sim/filing.ts";
import type { SmallPractice } from "../../../sim/practice.ts";
import { registerPatient } from "../../../sim/work.ts";
import { derivedId } from "../../../src-shared/sync/ids.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { keepRemoved, sweepBlobs } from "../../../sync-server/files/sweep.ts";
import { wakePractice } from "../../../sync-server/identity/enrol.ts";
import { type CentreChange, writeAsCentre } from "../../../sync-server/settle/write-as-centre.ts";
import type { Engine } from "../engine.ts";
import { addFile } from "./commands.ts";
import type { Files } from "./files.ts";
import { filesOfPatient } from "./queries.ts";

let db: Database;
let centre: FilingCentre;
let practice: SmallPractice;
let device: FiledWorkstation;
const megabyte = 1024 * 1024;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  centre = await startFilingCentre(db);
  practice = await practiceAt(centre);
  device = await startFiled(centre.url);
  const code = await codeAt(centre, practice);
  await device.workstation.join(centre.url, (connection, keys) =>
    connection.enrol({ code, deviceName: "PC", ...keys }),
  );
  await until(
    () => device.workstation.engineOrNull()?.ready() === true && engine().sync.status().phase === "live",
    () => "not live",
  );
});
afterEach(async () => {
  await device.close();
  await centre.close();
});
afterAll(() => db.close());

const engine = (): Engine => device.workstation.engine();
const files = () => engine().files as Files;
const storedAt = (blob: string) => join(centre.blobFolder, practice.practice, blob.slice(0, 2), blob);

async function asCentre(change: CentreChange): Promise<void> {
  await db.transaction((tx) => writeAsCentre(centre.centre.settle, tx, practice.practice, "test.change", [change]));
  await wakePractice(centre.centre, practice.practice);
}
const takeOut = () =>
  asCentre({ entity: "device", id: engine().identity().device, op: "patch", fields: { status: "revoked" } });

/** A photograph added without a line; returns the name of its blob, and what lies on the disk. */
async function addOffline(size: number): Promise<{ blob: string; sealed: Buffer }> {
  engine().sync.setPlugged(false);
  const by = { user: practice.people.DO, role: null };
  const details = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  const { id: patient } = engine().execute(registerPatient, details, by) as { id: string };
  const bytes = randomBytes(size);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  const { incoming } = files();
  const upload = await incoming.begin("w", size, 50_000_000);
  for (let at = 0; at < size; at += megabyte) await incoming.piece("w", upload, at, bytes.subarray(at, at + megabyte));
  const kept = await incoming.finish("w", upload);
  const said = { name: "fundus.jpg", kind: "fundus", eye: "r", takenAt: null, note: null };
  engine().execute(addFile, { ...said, subject: { entity: "patient", id: patient }, ...kept }, by);
  expect(filesOfPatient(engine().read, patient)).toHaveLength(1);
  return { blob: kept.blob, sealed: readFileSync(join(device.folder, "files", kept.blob)) };
}
const erased = () =>
  until(
    () => device.workstation.takenOutAt() !== null && !existsSync(join(device.folder, "files")),
    () => `not erased: ${device.workstation.engineOrNull()?.sync.status().problem}`,
  );

test("a PC that is taken out hands over files that it had not sent, also when it is cut off meanwhile", async () => {
  const { blob, sealed } = await addOffline(5 * megabyte);
  await takeOut();
  device.line.cutBlobsAfter = 4 * megabyte + 100_000;
  engine().sync.setPlugged(true);
  await erased();
  expect(readFileSync(storedAt(blob)).equals(sealed)).toBe(true);
  expect(device.line.putAt).toEqual([0, 4 * megabyte, 4 * megabyte]);
  // The row that names it waits for a person, however long that takes: until then nobody throws the bytes away.
  expect(await db.query("select 1 from attachment where practice_id=$1", [practice.practice])).toEqual([]);
  const later = { ...centre.centre, now: () => Date.now() + 2 * keepRemoved };
  expect(await sweepBlobs(later, practice.practice)).toBe(0);
  await db.query("delete from verdict where practice_id=$1", [practice.practice]);
  expect(await sweepBlobs(later, practice.practice)).toBe(1);
});

test("where the centre has no room nothing is erased before somebody leaves the file behind", async () => {
  const { blob } = await addOffline(100_000);
  const subject = { subject: practice.practice, reaction: "setting:files_practice", index: 0 };
  await asCentre({
    entity: "setting",
    id: derivedId(sha1, practice.practice, subject),
    op: "insert",
    fields: { key: "files_practice", value: 1000 },
  });
  await takeOut();
  engine().sync.setPlugged(true);
  await until(
    () => files().keptBack().length > 0,
    () => "nothing was kept back",
  );
  expect(files().keptBack()).toEqual([blob]);
  expect(files().where(blob, 100_000).problem).toContain("fill the 1 kB");
  await until(
    () => engine().sync.status().problem?.includes("a file could not be handed over") === true,
    () => `it says ${engine().sync.status().problem}`,
  );
  expect(device.workstation.takenOutAt()).toBe(null);
  files().leaveBehind(blob);
  engine().sync.tryNow();
  await erased();
  expect(existsSync(storedAt(blob))).toBe(false);
});
