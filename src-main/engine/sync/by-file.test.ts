import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { rowFromSql } from "../../../replica/columns.ts";
import { type ClinicDevice, openCentreDatabase, until } from "../../../sim/clinic.ts";
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
import { registerPatient, updatePatient } from "../../../sim/work.ts";
import { allEntities, entityOf } from "../../../src-shared/sync/registry.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import type { Engine } from "../engine.ts";
import { searchPatients } from "../patients/queries.ts";
import { staffRouter } from "../router.ts";

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
function everything(engine: Engine): string {
  return JSON.stringify(
    allEntities.map(({ name }) => {
      const raws = engine.db.prepare(`select * from "${name}" order by id`).all() as Record<string, unknown>[];
      return [name, raws.map((raw) => rowFromSql(entityOf(name), raw))];
    }),
  );
}
const at = (device: FiledWorkstation) => device.workstation.engine();
const isLive = (device: FiledWorkstation) => at(device).ready() && at(device).sync.status().phase === "live";
const live = (device: FiledWorkstation) =>
  until(
    () => isLive(device),
    () => `not filled: ${JSON.stringify(at(device).sync.status())}`,
  );
const as = (device: FiledWorkstation, person: keyof SmallPractice["people"]) => ({
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
  at(first).execute(registerPatient, margaret, as(first, "DO"));
  await until(
    () => at(first).replica.unsettledCount() === 0,
    () => "not settled",
  );

  const code = await codeAt(centre, practice);
  await centre.files.rest();
  // Settled after the file was made: it comes by the log.
  at(first).execute(registerPatient, { ...margaret, givenName: "Late" }, as(first, "DO"));
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
