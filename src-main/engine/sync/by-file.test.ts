import { closeSync, existsSync, openSync, writeSync } from "node:fs";
import { join as pathOf } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { rowFromSql } from "../../../replica/columns.ts";
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
import { registerPatient, updatePatient } from "../../../sim/work.ts";
import { allEntities, entityOf } from "../../../src-shared/sync/registry.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import type { Engine } from "../engine.ts";
import { searchPatients } from "../patients/queries.ts";
import { staffRouter } from "../router.ts";
import { checkFile } from "./check-file.ts";

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

const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

/** Everything settled on a device, row for row. */
function everything({ db: replica }: Engine): string {
  return JSON.stringify(
    allEntities.map(({ name }) => {
      const raws = replica.prepare(`select * from "${name}" order by id`).all() as Record<string, unknown>[];
      return [name, raws.map((raw) => rowFromSql(entityOf(name), raw))];
    }),
  );
}
const names = (device: FiledWorkstation) =>
  at(device)
    .read.sql<{ given_name: string }>("select given_name from patient order by given_name")
    .map((row) => row.given_name);
const at = (device: FiledWorkstation) => device.workstation.engine();
const isLive = (device: FiledWorkstation) => at(device).ready() && at(device).sync.status().phase === "live";
const live = (device: FiledWorkstation) =>
  until(
    () => isLive(device),
    () => `not filled: ${JSON.stringify(at(device).sync.status())}`,
  );
const as = (person: keyof SmallPractice["people"]) => ({
  user: practice.people[person],
  role: null,
});
async function join(device: FiledWorkstation, code: string): Promise<void> {
  await device.workstation.join(centre.url, (connection, keys) =>
    connection.enrol({ code, deviceName: "Till", ...keys }),
  );
}
async function start(options: Parameters<typeof startFiled>[1] = {}): Promise<FiledWorkstation> {
  const device = await startFiled(centre.url, options);
  open.push(device);
  return device;
}

test("a new device is filled by one file, finds people, and goes on from there", async () => {
  const first = await start();
  await join(first, await codeAt(centre, practice));
  await live(first);
  expect(first.line.asked).toEqual([0]);
  at(first).execute(registerPatient, margaret, as("DO"));
  await until(
    () => at(first).replica.unsettledCount() === 0,
    () => "not settled",
  );

  const code = await codeAt(centre, practice);
  await centre.files.rest();
  // Settled after the file was made: it comes by the log.
  at(first).execute(registerPatient, { ...margaret, givenName: "Late" }, as("DO"));
  const second = await start();
  await join(second, code);
  await live(second);
  await until(
    () => searchPatients(at(second).read, "ellison").length === 2,
    () => "the tail never came",
  );
  expect(second.line.asked).toEqual([0]);
  expect(everything(at(second))).toBe(everything(at(first)));
});

/** A till at work with two patients that everybody knows. */
async function tillAtWork(): Promise<FiledWorkstation> {
  const device = await start();
  await join(device, await codeAt(centre, practice));
  await live(device);
  for (const givenName of ["Ann", "Bea"]) {
    at(device).execute(registerPatient, { ...margaret, givenName }, as("DO"));
  }
  await settled(device);
  return device;
}
const settled = (device: FiledWorkstation) =>
  until(
    () => isLive(device) && at(device).replica.unsettledCount() === 0,
    () => "not settled",
  );

/** The centre comes back from a backup: under another epoch, so that every device is filled anew. */
async function restoreCentre(...devices: FiledWorkstation[]): Promise<void> {
  await centre.close();
  centre = await startFilingCentre(db, { epoch: `epoch-${Math.random()}` });
  for (const { line } of devices) line.url = centre.url;
}

/** Holds downloads until it is called. */
function holdDownload(device: FiledWorkstation): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  device.line.hold = promise;
  return () => {
    device.line.hold = null;
    resolve();
  };
}

test("a cut line goes on where it was", async () => {
  const device = await start();
  device.line.cutAfter = 200_000;
  await join(device, await codeAt(centre, practice));
  await live(device);
  expect(device.line.asked).toEqual([0, 200_000]);
});

test("a program killed in the middle of the download goes on where it was", async () => {
  const device = await start();
  device.line.cutAfter = 200_000;
  await join(device, await codeAt(centre, practice));
  await until(
    () => device.line.asked.length === 1 && device.line.cutAfter === null,
    () => "never cut",
  );
  const release = holdDownload(device);
  await until(
    () => device.line.asked.length === 2,
    () => "never asked again",
  );
  const files = { folder: device.folder, secrets: device.secrets };
  const closing = device.close();
  release();
  await closing;
  const again = await start(files);
  await live(again);
  expect(again.line.asked).toEqual([200_000]);
});

test("a file that is not what the centre sent is thrown away and fetched anew", async () => {
  const device = await start();
  device.line.spoil = true;
  await join(device, await codeAt(centre, practice));
  await live(device);
  expect(device.line.asked).toEqual([0, 0]);
});

test("a file that is nowhere to be had is replaced by pages", async () => {
  const device = await start();
  const release = holdDownload(device);
  device.line.cutAfter = 100_000;
  await join(device, await codeAt(centre, practice));
  await until(
    () => device.line.asked.length === 1,
    () => "never asked",
  );
  // Another server answers from now on, which keeps no files at all.
  await centre.close();
  centre = await startFilingCentre(db, { smallest: Number.MAX_SAFE_INTEGER });
  device.line.url = centre.url;
  release();
  await live(device);
  expect(names(device)).toEqual([]);
  expect(existsSync(pathOf(device.folder, "replica.db.part"))).toBe(false);
});

test("until all of it is here nothing is shown, nobody can sign in, and nothing is sent", async () => {
  const device = await start();
  const release = holdDownload(device);
  await join(device, await codeAt(centre, practice));
  await until(
    () => at(device).sync.status().filling?.stage === "downloading",
    () => "never began",
  );
  const caller = staffRouter.createCaller(device.workstation.context("window"));
  expect((await caller.setup.state()).stage).toBe("joining");
  expect((await caller.session.people()).people).toEqual([]);
  await expect(caller.patients.search({ text: "ellison" } as never)).rejects.toThrow(/still on its way|Sign in/);
  await expect(caller.session.signIn({ user: "do@example.org", password: "x" })).rejects.toThrow();
  expect(at(device).sync.connection()).toBeNull();
  expect((await caller.sync.status())?.progress).toBeGreaterThanOrEqual(0);
  release();
  await live(device);
  expect((await caller.setup.state()).stage).toBe("ready");
});

test("what is typed, drafted and numbered while a device is filled anew is carried over and reaches the centre", async () => {
  const device = await tillAtWork();
  await restoreCentre(device);
  const release = holdDownload(device);
  await until(
    () => at(device).sync.status().filling?.stage === "downloading",
    () => "never began",
  );
  const before = at(device);
  // Work goes on with what is here.
  const [ann] = before.read.sql<{ id: string }>("select id from patient where given_name='Ann'");
  const typed = before.execute(registerPatient, { ...margaret, givenName: "Cid" }, as("DO")) as { id: string };
  before.execute(updatePatient, { id: ann?.id, details: { phone: "07700 900999" } }, as("DO"));
  const draft = "insert into local_draft (kind, key, user_id, body, at) values ('checkout','till',x'00','{}',1)";
  before.db.exec(draft);
  const labels = before.db.prepare("select * from label_series").all();
  const { deviceSeq } = before.state.writeState();
  const windows: string[] = [];
  device.workstation.onChange((touched) => windows.push(...touched));
  release();
  await until(
    () => at(device) !== before,
    () => "never exchanged",
  );
  expect(names(device)).toEqual(["Ann", "Bea", "Cid"]);
  expect(at(device).db.prepare("select * from label_series").all()).toEqual(labels);
  expect(at(device).db.prepare("select count(*) as n from local_draft").get()).toEqual({ n: 1 });
  expect(at(device).state.writeState().deviceSeq).toBe(deviceSeq);
  expect(windows).toContain("*");
  await settled(device);
  const [row] = await db.query<{ given_name: string }>("select given_name from patient where id=$1", [typed.id]);
  expect(row?.given_name).toBe("Cid");
  const [phone] = await db.query<{ phone: string }>("select phone from patient where id=$1", [ann?.id]);
  expect(phone?.phone).toBe("07700 900999");
  // Nothing is left that the key of the old replica opens: it is forgotten.
  await until(
    () => device.secrets.size === 1,
    () => "two keys",
  );
});

test("a device whose kind changed is given a file of its new streams", async () => {
  const device = await tillAtWork();
  await db.query("update device set profile='lab' where id=$1", [at(device).identity().device]);
  at(device).sync.setPlugged(false);
  at(device).sync.setPlugged(true);
  await until(
    () => isLive(device) && at(device).state.cursor()?.streamSet === 3,
    () => "the streams are the same",
  );
  expect(names(device)).toEqual([]);
  expect(device.line.asked).toEqual([0, 0]);
  // The screens are those of its kind too.
  const session = await staffRouter.createCaller(device.workstation.context("window")).session.current();
  expect(session.device?.profile).toBe("lab");
});

test("a file taken as it came is checked to its last page, and damage is told", async () => {
  const device = await tillAtWork();
  const path = pathOf(device.folder, "replica.db");
  expect(at(device).state.meta("check_due")).toBe(true);
  // The key of the empty replica that joining made is forgotten.
  await until(
    () => device.secrets.size === 1,
    () => "two keys",
  );
  await device.close();
  const key = Buffer.from([...device.secrets.values()][0] as string, "hex");
  expect(await checkFile(path, key)).toEqual([]);
  const spoilt = openSync(path, "r+");
  writeSync(spoilt, Buffer.alloc(64, 1), 0, 64, 200_000);
  closeSync(spoilt);
  expect(await checkFile(path, key)).not.toEqual([]);
});
