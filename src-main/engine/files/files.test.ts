/** Files between workstations and a centre, over real sockets and folders. */
import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { openCentreDatabase, until } from "../../../sim/clinic.ts";
import {
  codeAt,
  type FiledWorkstation,
  type FilingCentre,
  practiceAt,
  startFiled,
  startFilingCentre,
  temporaryFolder,
} from "../../../sim/filing.ts";
import type { SmallPractice } from "../../../sim/practice.ts";
import { registerPatient } from "../../../sim/work.ts";
import { sealedSize } from "../../../src-shared/files/sealed.ts";
import type { DeviceProfile } from "../../../src-shared/sync/entity.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import type { Engine } from "../engine.ts";
import { defineCommand } from "../write/define.ts";
import { addFile, removeFile, restoreFile } from "./commands.ts";
import { pieceBytes } from "./incoming.ts";
import { type FileRow, filesOfPatient, fileWithKey } from "./queries.ts";

let db: Database;
let centre: FilingCentre;
let practice: SmallPractice;
const open: FiledWorkstation[] = [];
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  centre = await startFilingCentre(db);
  practice = await practiceAt(centre);
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await centre.close();
});
afterAll(() => db.close());

const megabyte = 1024 * 1024;
/** Three parts: two whole ones and a rest. */
const large = 9 * megabyte + 12_345;

const at = (device: FiledWorkstation): Engine => device.workstation.engine();
const files = (device: FiledWorkstation) => at(device).files as NonNullable<Engine["files"]>;
const person = () => ({ user: practice.people.DO, role: null });
const isLive = (device: FiledWorkstation) =>
  device.workstation.engineOrNull()?.ready() === true && at(device).sync.status().phase === "live";

async function start(
  profile: DeviceProfile = "till",
  options: Parameters<typeof startFiled>[1] = {},
): Promise<FiledWorkstation> {
  const device = await startFiled(centre.url, options);
  open.push(device);
  if (!device.workstation.engineOrNull()) {
    const code = await codeAt(centre, practice, profile);
    await device.workstation.join(centre.url, (connection, keys) =>
      connection.enrol({ code, deviceName: "PC", ...keys }),
    );
  }
  await until(
    () => isLive(device),
    () => "not live",
  );
  return device;
}

/** A photograph of that many bytes. */
function image(size: number): Buffer {
  const bytes = randomBytes(size);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return bytes;
}

async function handOver(device: FiledWorkstation, bytes: Buffer, window = "w"): Promise<string> {
  const { incoming } = files(device);
  const upload = await incoming.begin(window, bytes.length, 50_000_000);
  for (let from = 0; from < bytes.length; from += pieceBytes) {
    await incoming.piece(window, upload, from, bytes.subarray(from, from + pieceBytes));
  }
  return upload;
}

async function add(device: FiledWorkstation, patient: string, bytes: Buffer): Promise<string> {
  const kept = await files(device).incoming.finish("w", await handOver(device, bytes));
  const said = { name: "fundus.jpg", kind: "fundus", eye: "r", takenAt: null, note: null };
  const subject = { entity: "patient", id: patient };
  return (at(device).execute(addFile, { ...said, subject, ...kept }, person()) as { id: string }).id;
}

function patientAt(device: FiledWorkstation): string {
  const details = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  return (at(device).execute(registerPatient, details, person()) as { id: string }).id;
}
const row = (device: FiledWorkstation, patient: string) => filesOfPatient(at(device).read, patient)[0] as FileRow;
const where = (device: FiledWorkstation, { blob, blob_size }: FileRow) => files(device).where(blob, blob_size);
async function look(device: FiledWorkstation, id: string, from = 0, to = Number.MAX_SAFE_INTEGER) {
  const file = fileWithKey(at(device).read, id);
  const key = Buffer.from(file.blob_key, "base64url");
  const whole = { blob: file.blob, blobSize: file.blob_size, size: file.size, key };
  return files(device).open(whole, from, Math.min(to, file.size));
}
async function sent(device: FiledWorkstation, patient: string): Promise<void> {
  await until(
    () => where(device, row(device, patient)).atCentre === true,
    () => `not sent: ${JSON.stringify(where(device, row(device, patient)))}`,
  );
}
async function arrives(device: FiledWorkstation, patient: string): Promise<FileRow> {
  await until(
    () => filesOfPatient(at(device).read, patient).length > 0,
    () => "the row never came",
  );
  const file = row(device, patient);
  files(device).want(file.blob, file.blob_size);
  await until(
    () => where(device, file).isHere,
    () => `not fetched: ${JSON.stringify(where(device, file))}`,
  );
  return file;
}

test("a file added on one PC is seen on the other, and there without a line afterwards", async () => {
  const [a, b] = [await start(), await start()];
  const patient = patientAt(a);
  const bytes = image(large);
  await add(a, patient, bytes);
  await sent(a, patient);
  expect(a.line.putAt).toEqual([0, 4 * megabyte, 8 * megabyte]);
  const file = await arrives(b, patient);
  at(b).sync.setPlugged(false);
  const { bytes: seen, mime } = await look(b, file.id);
  expect(seen.equals(bytes)).toBe(true);
  expect(mime).toBe("image/jpeg");
  expect((await look(b, file.id, 70_000, 140_000)).bytes.equals(bytes.subarray(70_000, 140_000))).toBe(true);
  // What lies at the centre, and here, is not the image.
  const stored = join(centre.blobFolder, practice.practice, file.blob.slice(0, 2), file.blob);
  expect(readFileSync(stored).includes(bytes.subarray(0, 64))).toBe(false);
  expect(statSync(stored).size).toBe(sealedSize(large));
  const own = join(a.folder, "files", file.blob);
  expect(readFileSync(own).equals(readFileSync(stored))).toBe(true);
  if (process.platform !== "win32") expect(statSync(own).mode & 0o777).toBe(0o600);
});

test.each([
  ["in the first part", 100_000, [0, 0, 4 * megabyte, 8 * megabyte]],
  ["between two parts", 4 * megabyte, [0, 4 * megabyte, 4 * megabyte, 8 * megabyte]],
  ["in the second part", 5 * megabyte, [0, 4 * megabyte, 4 * megabyte, 8 * megabyte]],
  ["in the last part", 8 * megabyte + 10, [0, 4 * megabyte, 8 * megabyte, 8 * megabyte]],
])("an attachment cut off while syncing resumes: %s", async (_, cut, asked) => {
  const a = await start();
  const patient = patientAt(a);
  a.line.cutBlobsAfter = cut;
  await add(a, patient, image(large));
  await sent(a, patient);
  expect(a.line.putAt).toEqual(asked);
});

test("a file that is fetched goes on where the line was cut, and where the program was ended", async () => {
  const [a, b] = [await start(), await start()];
  const patient = patientAt(a);
  const bytes = image(large);
  await add(a, patient, bytes);
  await sent(a, patient);
  b.line.cutBlobsAfter = 3 * megabyte;
  const file = await arrives(b, patient);
  expect(b.line.gotFrom).toEqual([0, 3 * megabyte]);
  expect((await look(b, file.id)).bytes.equals(bytes)).toBe(true);

  const c = await start();
  await until(
    () => filesOfPatient(at(c).read, patient).length > 0,
    () => "the row never came",
  );
  writeFileSync(
    join(c.folder, "files", `${file.blob}.get`),
    readFileSync(join(a.folder, "files", file.blob)).subarray(0, megabyte),
  );
  await arrives(c, patient);
  expect(c.line.gotFrom).toEqual([megabyte]);
});

test("a program that ends in the middle of sending goes on at its next start", async () => {
  const a = await start();
  const patient = patientAt(a);
  at(a).sync.setPlugged(false);
  await add(a, patient, image(large));
  const own = { folder: a.folder, secrets: a.secrets };
  await a.close();
  const again = await start("till", own);
  await sent(again, patient);
  expect(again.line.putAt).toEqual([0, 4 * megabyte, 8 * megabyte]);
});

test("what was spoilt on the way is thrown away and fetched anew", async () => {
  const [a, b] = [await start(), await start()];
  const patient = patientAt(a);
  const bytes = image(200_000);
  await add(a, patient, bytes);
  await sent(a, patient);
  await until(
    () => filesOfPatient(at(b).read, patient).length > 0,
    () => "the row never came",
  );
  const { blob } = row(b, patient);
  writeFileSync(join(b.folder, "files", `${blob}.get`), randomBytes(1000));
  const file = await arrives(b, patient);
  expect(b.line.gotFrom).toEqual([1000, 0]);
  expect((await look(b, file.id)).bytes.equals(bytes)).toBe(true);
});

test("a file that somebody altered on the disk is not shown, and comes from the centre again", async () => {
  const a = await start();
  const patient = patientAt(a);
  const bytes = image(200_000);
  const id = await add(a, patient, bytes);
  await sent(a, patient);
  const { blob } = row(a, patient);
  const path = join(a.folder, "files", blob);
  const altered = readFileSync(path);
  altered[100_000] = (altered[100_000] as number) ^ 1;
  writeFileSync(path, altered);
  await expect(look(a, id)).rejects.toMatchObject({ code: "FILE_DAMAGED" });
  await arrives(a, patient);
  expect((await look(a, id)).bytes.equals(bytes)).toBe(true);
});

test("the file waits for its row, whose group may wait for a line", async () => {
  const a = await start();
  at(a).sync.setPlugged(false);
  const patient = patientAt(a);
  await add(a, patient, image(5000));
  const file = row(a, patient);
  expect(where(a, file)).toMatchObject({ isHere: true, atCentre: false, problem: null });
  expect(a.line.putAt).toEqual([]);
  at(a).sync.setPlugged(true);
  await sent(a, patient);
});

test("only so much is kept of what the centre has too; what it does not have never goes", async () => {
  const [a, b] = [await start(), await start()];
  const patient = patientAt(a);
  for (let n = 0; n < 3; n++) await add(a, patient, image(400_000));
  await until(
    () => filesOfPatient(at(a).read, patient).every((each) => where(a, each).atCentre),
    () => "not sent",
  );
  setLimit(b, "files_device", 1_000_000);
  await until(
    () => filesOfPatient(at(b).read, patient).length === 3,
    () => "the rows never came",
  );
  const three = filesOfPatient(at(b).read, patient);
  for (const each of three) {
    files(b).want(each.blob, each.blob_size);
    await until(
      () => where(b, each).isHere,
      () => "not fetched",
    );
  }
  expect(three.map((each) => where(b, each).isHere)).toEqual([false, true, true]);
  expect(readdirSync(join(b.folder, "files")).length).toBe(2);
  at(b).sync.setPlugged(false);
  const kept = await files(b).incoming.finish("w", await handOver(b, image(900_000)));
  at(b).execute(
    addFile,
    {
      name: "x",
      kind: "letter",
      eye: null,
      takenAt: null,
      note: null,
      subject: { entity: "patient", id: patient },
      ...kept,
    },
    person(),
  );
  setLimit(b, "files_device", 0);
  at(b).sync.setPlugged(true);
  const [first] = three as [FileRow];
  files(b).want(first.blob, first.blob_size);
  await until(
    () => where(b, first).isHere,
    () => "not fetched",
  );
  expect(existsSync(join(b.folder, "files", kept.blob))).toBe(true);
});

const settingCommand = defineCommand({
  name: "test.setting",
  permission: null,
  input: z.object({ name: z.string(), value: z.number() }),
  run(tx, { name, value }) {
    const id = tx.derive({ subject: tx.practice, reaction: `setting:${name}`, index: 0 });
    tx.insertOnce("setting", id, { key: name, value });
    tx.patch("setting", id, { value });
  },
});
function setLimit(device: FiledWorkstation, name: string, value: number): void {
  at(device).execute(settingCommand, { name, value }, { user: practice.people.OW, role: null });
}

test("the centre lost its files in a restore: whoever has them brings them again", async () => {
  const a = await start();
  const patient = patientAt(a);
  const id = await add(a, patient, image(300_000));
  await sent(a, patient);
  at(a).sync.setPlugged(false);
  const unsent = await add(a, patient, image(200_000));
  const engine = at(a);
  await centre.close();
  centre = await startFilingCentre(db, { epoch: `epoch-${Math.random()}` });
  a.line.url = centre.url;
  at(a).sync.setPlugged(true);
  const stored = () =>
    filesOfPatient(at(a).read, patient).map(({ blob }) =>
      join(centre.blobFolder, practice.practice, blob.slice(0, 2), blob),
    );
  await until(
    () => isLive(a) && stored().length === 2 && stored().every((path) => existsSync(path)),
    () => "not brought again",
  );
  // The replica was exchanged for another meanwhile.
  expect(at(a)).not.toBe(engine);
  expect((await look(a, id)).bytes.length).toBe(300_000);
  expect((await look(a, unsent)).bytes.length).toBe(200_000);
});

test("files that only this PC has lie beside its backups, and come back with one", async () => {
  const backups = temporaryFolder();
  const a = await start("till", { backups });
  const patient = patientAt(a);
  at(a).sync.setPlugged(false);
  const bytes = image(300_000);
  const id = await add(a, patient, bytes);
  await a.workstation.backUp();
  const [place = ""] = readdirSync(backups);
  expect(readdirSync(join(backups, place, "files"))).toEqual([row(a, patient).blob]);
  const backup = readdirSync(join(backups, place)).find((name) => name.endsWith(".db")) as string;
  const { secrets, folder } = a;
  await a.close();
  rmSync(join(folder, "files"), { recursive: true });
  const again = await start("till", { folder, secrets, backups, restore: join(backups, place, backup) });
  await sent(again, patient);
  expect((await look(again, id)).bytes.equals(bytes)).toBe(true);
  // The centre has it by now: nothing of it has to lie there any more.
  await again.workstation.backUp();
  expect(readdirSync(join(backups, place, "files"))).toEqual([]);
});

test("bytes whose row was never written go after a day; bytes that a row names come into the queue", async () => {
  const a = await start();
  const patient = patientAt(a);
  at(a).sync.setPlugged(false);
  const orphan = await files(a).incoming.finish("w", await handOver(a, image(5000)));
  await add(a, patient, image(6000));
  const half = await handOver(a, image(pieceBytes));
  const named = row(a, patient).blob;
  // As after a rebuild of the replica, which does not know what lies beside it.
  at(a).db.prepare("delete from file_blob").run();
  const day = 86_400;
  for (const blob of [orphan.blob, named]) {
    const path = join(a.folder, "files", blob);
    const old = statSync(path).mtimeMs / 1000 - 2 * day;
    utimesSync(path, old, old);
  }
  const own = { folder: a.folder, secrets: a.secrets };
  await a.close();
  const again = await start("till", own);
  await sent(again, patient);
  expect(readdirSync(join(again.folder, "files"))).toEqual([named]);
  await expect(files(again).incoming.finish("w", half)).rejects.toMatchObject({ code: "FILE_FORGOTTEN" });
});

test("a file that was removed can be taken back", async () => {
  const a = await start();
  const patient = patientAt(a);
  const id = await add(a, patient, image(5000));
  await sent(a, patient);
  at(a).execute(removeFile, { id }, person());
  expect(filesOfPatient(at(a).read, patient)).toEqual([]);
  at(a).execute(restoreFile, { id }, person());
  expect((await look(a, id)).bytes.length).toBe(5000);
});

test("what is handed over wrongly is refused, and nothing is kept of it", async () => {
  const a = await start();
  const { incoming } = files(a);
  const nothingKept = () => readdirSync(join(a.folder, "files"));
  await expect(incoming.begin("w", 60_000_000, 50_000_000)).rejects.toMatchObject({ code: "FILE_TOO_LARGE" });
  const page = Buffer.from(`<!doctype html><title>fundus.jpg</title>${" ".repeat(200)}`);
  const html = await incoming.begin("w", page.length, 50_000_000);
  await expect(incoming.piece("w", html, 0, page)).rejects.toMatchObject({ code: "FILE_UNKNOWN" });
  await expect(incoming.finish("w", html)).rejects.toMatchObject({ code: "FILE_FORGOTTEN" });
  await until(
    () => nothingKept().length === 0,
    () => "something was kept",
  );
  const bytes = image(3000);
  const upload = await incoming.begin("w", bytes.length, 50_000_000);
  await expect(incoming.piece("w", upload, 1000, bytes.subarray(1000))).rejects.toMatchObject({
    code: "FILE_MIXED_UP",
  });
  await expect(incoming.piece("w", upload, 0, bytes.subarray(0, 100))).rejects.toMatchObject({ code: "FILE_MIXED_UP" });
  await incoming.piece("w", upload, 0, bytes.subarray(0, 2000));
  expect(await incoming.piece("w", upload, 0, bytes.subarray(0, 2000))).toEqual({ received: 2000 });
  await expect(incoming.finish("w", upload)).rejects.toMatchObject({ code: "FILE_MIXED_UP" });
  await expect(incoming.piece("another window", upload, 2000, bytes.subarray(2000))).rejects.toMatchObject({
    code: "FILE_FORGOTTEN",
  });
  await incoming.drop("w", upload);
  expect(nothingKept()).toEqual([]);
});
