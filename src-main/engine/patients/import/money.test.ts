import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../../sim/clinic.ts";
import { registerPatient } from "../../../../sim/work.ts";
import { writeCsv } from "../../../../src-shared/patients/import/csv.ts";
import { profileStreams } from "../../../../src-shared/sync/entity.ts";
import type { Database } from "../../../../sync-server/database/database.ts";
import { checkout } from "../../dispensing/checkout.ts";
import { payFromBefore } from "../../dispensing/from-before.ts";
import { receipt, takings } from "../../dispensing/queries.ts";
import { mergePatients } from "../merge.ts";
import { patientSummary } from "../summary.ts";
import { broughtBalance } from "./brought.ts";
import { undoImport } from "./commands.ts";
import { bringAll, choose, idle, sitAt } from "./import.fixture.ts";
import { takenOf, undoable } from "./undo.ts";

let db: Database;
let clinic: Clinic;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
});
afterEach(() => clinic.close());
afterAll(() => db.close());

/** Margaret was brought over with what she owes, or has to her credit. */
async function brought(till: ClinicDevice, balance: string): Promise<{ patient: string; run: string }> {
  const desk = sitAt(till, clinic);
  choose(
    desk,
    "patients.csv",
    writeCsv([
      ["Patient No", "Forename", "Surname", "DOB"],
      ["A-1", "Margaret", "Ellison", "1958-12-03"],
    ]),
  );
  choose(
    desk,
    "balances.csv",
    writeCsv([
      ["Patient No", "Balance"],
      ["A-1", balance],
    ]),
  );
  const run = await bringAll(till, clinic);
  return { patient: till.rows("patient")[0]?.id as string, run };
}
const tender = (name: string, amount: number) => ({ tender: name, amount, reference: null });
const day = (till: ClinicDevice) => String(till.rows("till_session")[0]?.business_date);
const owedAt = (device: ClinicDevice, patient: string) => broughtBalance(device.engine.read, patient);

test("what is owed from before is paid in parts at the till, with receipts, and counts in its day", async () => {
  const [till, office] = [await clinic.device("till", "A"), await clinic.device("hq", "B")];
  const { patient } = await brought(till, "45.00");
  const first = till.as("DO", payFromBefore, { patientId: patient, tenders: [tender("card", 2000)] });
  expect(first).toMatchObject({ paid: 2000, left: 2500, change: 0 });
  expect(owedAt(till, patient)).toBe(2500);
  const second = till.as("DO", payFromBefore, {
    patientId: patient,
    tenders: [tender("card", 500), tender("cash", 3000)],
  });
  expect(second).toMatchObject({ paid: 2500, left: 0, change: 1000 });
  expect(receipt(till.engine.read, second.saleId)).toMatchObject({
    sale: { total: 2500, paid: 2500, balance: 0, status: "paid" },
    lines: [{ description: "Balance from the system before", vat_amount: 0 }],
    patient: { family_name: "Ellison" },
  });
  const { byTender } = takings(till.engine.read, till.engine.identity().device, day(till));
  expect(byTender).toEqual([
    { tender: "card", amount: 2500, n: 2 },
    { tender: "cash", amount: 2000, n: 1 },
  ]);
  expect(() => till.as("DO", payFromBefore, { patientId: patient, tenders: [tender("card", 100)] })).toThrow(
    /Nothing is owed/,
  );
  // The centre settles it on a dispenser's rights, and everybody sees the same.
  await clinic.meet(till, office);
  expect(office.everything()).toBe(till.everything());
  const asker = { may: () => true, streams: profileStreams.single, now: Date.now() };
  expect(patientSummary(office.engine.read, patient, asker)?.totals).toMatchObject({ balance: 0, spent: 4500 });
});

test("more than is owed is refused except as change for cash, and so is paying with credit or without the right", async () => {
  const till = await clinic.device("till", "A");
  const { patient } = await brought(till, "12.50");
  const pay = (who: string, ...tenders: ReturnType<typeof tender>[]) =>
    till.as(who as "DO", payFromBefore, { patientId: patient, tenders });
  expect(() => pay("DO", tender("card", 1300))).toThrow(/more than is due/);
  expect(() => pay("DO", tender("credit", 1250))).toThrow(/cannot be paid with credit/);
  expect(() => pay("LT", tender("card", 1250))).toThrow(/role does not allow/);
  expect(till.rows("sale")).toEqual([]);
  expect(owedAt(till, patient)).toBe(1250);
});

test("two tills that take the same balance offline both keep their money; what was paid twice is credit", async () => {
  const [till, other] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const { patient } = await brought(till, "12.50");
  await clinic.meet(till, other);
  for (const each of [till, other])
    each.as("DO", payFromBefore, { patientId: patient, tenders: [tender("card", 1250)] });
  await clinic.meet(till, other);
  for (const each of [till, other]) expect(owedAt(each, patient)).toBe(-1250);
  expect(other.everything()).toBe(till.everything());
  const asked = { kind: "over_settled", subject_entity: "sale", args: { patient, amount: 1250, credit: false } };
  expect(till.rows("review_task")).toMatchObject([asked]);
});

test("a balance that one till pays to a half while another takes all of it is asked about by what is too much", async () => {
  const [till, other] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const { patient } = await brought(till, "12.50");
  await clinic.meet(till, other);
  till.as("DO", payFromBefore, { patientId: patient, tenders: [tender("card", 500)] });
  other.as("DO", payFromBefore, { patientId: patient, tenders: [tender("card", 1250)] });
  await clinic.meet(till, other);
  expect(owedAt(till, patient)).toBe(-500);
  expect(till.rows("review_task")).toMatchObject([{ kind: "over_settled", args: { amount: 500, credit: false } }]);
});

test("credit that two tills use at once pays both sales, and somebody is asked", async () => {
  const [till, other] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const { patient } = await brought(till, "20.00 CR");
  await clinic.meet(till, other);
  const [product] = till.rows("product").filter(({ kind, active }) => kind === "frame" && active);
  for (const each of [till, other]) {
    const what = { prescriptionId: null, frameId: product?.id, lensId: null, measurements: {} };
    each.as("DO", checkout, { patientId: patient, ...what, tenders: [tender("credit", 1500)] });
  }
  await clinic.meet(till, other);
  expect(owedAt(till, patient)).toBe(1000);
  expect(await clinic.rows("sale")).toHaveLength(2);
  expect(till.rows("review_task")).toMatchObject([{ kind: "over_settled", args: { amount: 1000, credit: true } }]);
});

test("credit from before pays for a sale, and no more of it than there is", async () => {
  const till = await clinic.device("till", "A");
  const { patient } = await brought(till, "20.00 CR");
  const [product] = till.rows("product").filter(({ kind, active }) => kind === "frame" && active);
  const price = product?.price as number;
  const buy = (...tenders: ReturnType<typeof tender>[]) =>
    till.as("DO", checkout, {
      patientId: patient,
      prescriptionId: null,
      frameId: product?.id,
      lensId: null,
      measurements: {},
      tenders,
    });
  expect(price).toBeGreaterThan(2000);
  expect(() => buy(tender("credit", 2001))).toThrow(/that much credit/);
  buy(tender("credit", 1500), tender("card", price - 1500));
  expect(owedAt(till, patient)).toBe(-500);
  expect(till.rows("sale")).toMatchObject([{ balance: 0, status: "paid" }]);
  expect(() => buy(tender("credit", 501))).toThrow(/that much credit/);
});

test("undone after a payment: sale and money stay, and are the patient's credit; the undo says so", async () => {
  const till = await clinic.device("till", "A");
  const { patient, run } = await brought(till, "12.50");
  till.as("DO", payFromBefore, { patientId: patient, tenders: [tender("cash", 500)] });
  expect(takenOf(till.engine.read, run)).toEqual({ payments: 1, amount: 500 });
  expect(undoable(till.engine.read, run)).toMatchObject({ patients: [], balances: { length: 1 } });
  till.as("OW", undoImport, { runId: run, role: null, total: 1 });
  till.engine.imports.start();
  await idle(till);
  expect(till.rows("patient")).toMatchObject([{ id: patient, deleted: false }]);
  expect(till.rows("sale")).toMatchObject([{ total: 500, paid: 500 }]);
  expect(owedAt(till, patient)).toBe(-500);
  expect(takenOf(till.engine.read, run)).toEqual({ payments: 1, amount: 500 });
});

test("a balance on a record that was merged away is paid like any other, and nobody is asked", async () => {
  const till = await clinic.device("till", "A");
  const { patient } = await brought(till, "12.50");
  const kept = till.as("DO", registerPatient, {
    givenName: "Maggie",
    familyName: "Ellison",
    dateOfBirth: "1958-12-03",
  }) as { id: string };
  till.as("OW", mergePatients, { keptId: kept.id, otherId: patient, take: [] });
  till.as("DO", payFromBefore, { patientId: kept.id, tenders: [tender("card", 1250)] });
  await clinic.meet(till);
  expect(owedAt(till, kept.id)).toBe(0);
  expect(till.rows("review_task")).toEqual([]);
});
