/** Rows whose settled form is not on a device although a change of them arrived: the centre is asked for them. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { margaret } from "../../../sim/attention.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic, until } from "../../../sim/clinic.ts";
import { registerPatient, updatePatient } from "../../../sim/work.ts";
import type { Database } from "../../../sync-server/database/database.ts";

let db: Database;
let clinic: Clinic;
let till: ClinicDevice;
let office: ClinicDevice;
let patient: string;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  till = await clinic.device("till", "Till 1");
  office = await clinic.device("hq", "Office");
  patient = (office.as("OW", registerPatient, margaret) as { id: string }).id;
  await clinic.meet(till, office);
  clinic.takeAsked();
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const edit = (device: ClinicDevice, details: object) => device.as("OW", updatePatient, { id: patient, details });
/** How often the centre was asked for rows. */
const questions = { count: 0 };
async function asked(times: number): Promise<void> {
  await until(
    () => {
      questions.count += clinic.takeAsked().filter((what) => what === "rows").length;
      return questions.count >= times;
    },
    () => `asked ${questions.count} times`,
  );
}
/** What should never happen: the row is gone from the till, and only the till. */
function lose(): void {
  questions.count = 0;
  till.sqlite.pragma("foreign_keys=OFF");
  till.sqlite.exec("delete from patient");
  till.sqlite.pragma("foreign_keys=ON");
}
const present = () => till.rows("patient")[0];

test("a row that is not here when a change of it comes is fetched", async () => {
  lose();
  edit(office, { notes: "one" });
  await asked(1);
  await until(
    () => present() !== undefined,
    () => "never fetched",
  );
  await clinic.meet(till, office);
  expect(till.rows("patient")).toEqual(await clinic.rows("patient"));
});

/** The first answer is on its way while the second question was answered and the stream has brought more. */
async function slowAnswer(): Promise<() => void> {
  lose();
  const arrive = clinic.delayRows();
  edit(office, { notes: "one" });
  await asked(1);
  edit(office, { allergies: "latex" });
  await asked(2);
  await until(
    () => present() !== undefined,
    () => "never fetched",
  );
  edit(office, { notes: "two" });
  await clinic.meet(till, office);
  expect(till.rows("patient")).toEqual(await clinic.rows("patient"));
  return arrive;
}
/** Nothing that was called by now is under way any more. */
const taken = () => new Promise((resolve) => setImmediate(resolve));

test("an answer that was slow does not overwrite what came through the stream after it was given", async () => {
  const arrive = await slowAnswer();
  const before = present();
  expect(before).toMatchObject({ notes: "two", allergies: "latex" });
  arrive();
  await taken();
  expect(present()).toEqual(before);
});

test("nor what this device has typed meanwhile, nor what that rests on", async () => {
  const arrive = await slowAnswer();
  edit(till, { notes: "typed here" });
  arrive();
  await taken();
  expect(present()).toMatchObject({ notes: "typed here", allergies: "latex" });
  await clinic.meet(till, office);
  expect(till.rows("patient")).toEqual(await clinic.rows("patient"));
  expect(office.rows("patient")).toMatchObject([{ notes: "typed here", allergies: "latex" }]);
});
