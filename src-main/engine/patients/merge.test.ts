import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { prescribe, registerPatient, sell, updatePatient } from "../../../sim/work.ts";
import { streamBits } from "../../../src-shared/sync/entity.ts";
import { Refusal } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { peopleNear } from "./duplicates.ts";
import { mergePatients, unmergePatients } from "./merge.ts";
import { searchPatients } from "./queries.ts";
import { keptRecord, patientSummary } from "./summary.ts";
import { linkPatients, recordConsent, unlinkPatients } from "./ties.ts";

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

const everything = { may: () => true, streams: Object.keys(streamBits) as never, now: 0 };
const summary = (device: ClinicDevice, id: string) => patientSummary(device.engine.read, id, everything);
function register(device: ClinicDevice, details: Record<string, unknown>): string {
  return (
    device.as("DO", registerPatient, {
      givenName: "Margaret",
      familyName: "Ellison",
      dateOfBirth: "1958-03-12",
      ...details,
    }) as { id: string }
  ).id;
}
function codeOf(work: () => unknown): string {
  try {
    work();
    return "taken";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}

test("what a field was before is kept, and nothing for what was not changed", async () => {
  const till = await clinic.device("till", "till");
  const id = register(till, { phone: "07700 900418" });
  till.as("DO", updatePatient, { id, details: { phone: "07700 900999", occupation: "", drives: true } });
  till.as("DO", updatePatient, { id, details: { phone: "07700 900999" } });
  const changes = summary(till, id)?.changes.map(({ field, before, after }) => [field, before, after]);
  expect(changes).toHaveLength(2);
  expect(changes).toEqual(
    expect.arrayContaining([
      ["phone", "07700 900418", "07700 900999"],
      ["drives", null, true],
    ]),
  );
});

test("two branches register one person offline: proposed, merged, of one screen, found by both names, and undone", async () => {
  const [leeds, york] = [await clinic.device("till", "leeds"), await clinic.device("single", "york")];
  for (const { engine } of [leeds, york]) engine.sync.setPlugged(false);
  const one = register(leeds, { phone: "07700 900418", allergies: "chloramphenicol" });
  const two = register(york, { givenName: "Maggie", familyName: "Elison", email: "maggie@example.org" });
  leeds.as("DO", prescribe, { patient: one });
  york.as("DO", prescribe, { patient: two });
  await clinic.meet(leeds, york);

  const kept = keptRecord(leeds.engine.read, one)?.kept;
  const near = kept && peopleNear(leeds.engine.read, kept, { own: [one], related: [] });
  expect(near?.same).toMatchObject([{ id: two, reasons: ["name_alike", "birthday"] }]);

  expect(codeOf(() => leeds.as("DO", mergePatients, { keptId: one, otherId: two }))).toBe("NO_PERMISSION");
  leeds.as("OW", mergePatients, { keptId: one, otherId: two, take: ["email"] });
  await clinic.meet(leeds, york);
  for (const device of [leeds, york]) {
    for (const id of [one, two]) {
      const screen = summary(device, id);
      expect(screen?.patient).toMatchObject({ id: one, email: "maggie@example.org", phone: "07700 900418" });
      expect(screen?.prescriptions).toHaveLength(2);
      expect(screen?.merged).toMatchObject([{ id: two, given_name: "Maggie" }]);
    }
    expect(searchPatients(device.engine.read, "elison mag")).toMatchObject([{ id: one, given_name: "Margaret" }]);
    expect(searchPatients(device.engine.read, "ellison marg")).toMatchObject([{ id: one, formerly: null }]);
  }
  expect(codeOf(() => york.as("OW", mergePatients, { keptId: two, otherId: one }))).toBe("SAME_RECORD");

  york.as("OW", unmergePatients, { id: two });
  await clinic.meet(leeds, york);
  expect(summary(leeds, one)).toMatchObject({ patient: { email: null }, merged: [], prescriptions: [{}] });
  expect(summary(leeds, two)).toMatchObject({ patient: { id: two, given_name: "Maggie" }, prescriptions: [{}] });
  expect(codeOf(() => leeds.as("OW", unmergePatients, { id: two }))).toBe("NOT_MERGED");
});

test("undoing leaves what was edited since the merge, and says so", async () => {
  const till = await clinic.device("till", "till");
  const one = register(till, { phone: "07700 900418" });
  const two = register(till, { phone: "07700 900999", occupation: "Welder" });
  till.as("OW", mergePatients, { keptId: one, otherId: two, take: ["phone", "occupation"] });
  till.as("DO", updatePatient, { id: one, details: { phone: "07700 900111" } });
  expect(till.as("OW", unmergePatients, { id: two })).toEqual({ id: two, edited: ["phone"] });
  expect(summary(till, one)?.patient).toMatchObject({ phone: "07700 900111", occupation: null });
});

test("merged in opposite directions offline: both end at the record that the earlier merge kept", async () => {
  const [one, two] = [await clinic.device("till", "one"), await clinic.device("till", "two")];
  const a = register(one, {});
  const b = register(one, { phone: "07700 900999" });
  await clinic.meet(one, two);
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
  one.as("OW", mergePatients, { keptId: b, otherId: a });
  // Of two in one millisecond the device decides.
  await new Promise((resolve) => setTimeout(resolve, 20));
  two.as("OW", mergePatients, { keptId: a, otherId: b });
  await clinic.meet(one, two);
  for (const device of [one, two]) {
    expect([a, b].map((id) => summary(device, id)?.patient.id)).toEqual([b, b]);
  }
});

test("who merges into a record that was merged itself merges into the one that is kept", async () => {
  const till = await clinic.device("till", "till");
  const [a, b, c] = [register(till, {}), register(till, {}), register(till, {})];
  till.as("OW", mergePatients, { keptId: a, otherId: b });
  till.as("OW", mergePatients, { keptId: b, otherId: c });
  expect(till.rows("patient").find(({ id }) => id === c)?.merged_into_id).toBe(a);
  expect(summary(till, c)?.merged.map(({ id }) => id)).toEqual(expect.arrayContaining([b, c]));
});

test("family is seen from both sides, and can be taken back and tied again", async () => {
  const till = await clinic.device("till", "till");
  const [mother, child] = [register(till, {}), register(till, { givenName: "Sophie", dateOfBirth: "2011-11-02" })];
  const { id: tie } = till.as("DO", linkPatients, { patientId: mother, otherId: child, relation: "child" });
  const relation = (of: string) => summary(till, of)?.family.map(({ given_name, relation: to }) => [given_name, to]);
  expect(relation(mother)).toEqual([["Sophie", "child"]]);
  expect(relation(child)).toEqual([["Margaret", "parent"]]);
  till.as("DO", unlinkPatients, { id: tie });
  expect(relation(mother)).toEqual([]);
  till.as("DO", linkPatients, { patientId: child, otherId: mother, relation: "cared_for" });
  expect([relation(mother), relation(child)]).toEqual([[["Sophie", "carer"]], [["Margaret", "cared_for"]]]);
});

test("the latest answer to a question of consent counts, the earlier ones stay", async () => {
  const till = await clinic.device("till", "till");
  const patientId = register(till, {});
  const answer = (given: boolean) =>
    till.as("RC", recordConsent, { patientId, purpose: "marketing", given, how: "phone" });
  answer(true);
  till.clock.skew += 1000;
  answer(false);
  expect(summary(till, patientId)?.consents.map(({ given }) => given)).toEqual([false, true]);
  expect(codeOf(() => till.as("DO", recordConsent, { patientId, purpose: "portal", given: true, how: "phone" }))).toBe(
    "NO_PERMISSION",
  );
});

test("money is left out for who may not see it, and said to be missing where it is not held", async () => {
  const till = await clinic.device("till", "till");
  const patientId = register(till, {});
  const prescription = till.as("DO", prescribe, { patient: patientId });
  const { practice } = clinic;
  const lab = practice.branches.york;
  till.as("DO", sell, { patient: patientId, prescription, ...practice.products, lab, paid: 10_000 });
  expect(summary(till, patientId)?.totals?.balance).toBeGreaterThan(0);
  const asker = (may: (permission: string) => boolean, streams: readonly string[]) =>
    patientSummary(till.engine.read, patientId, { may, streams: streams as never, now: 0 });
  expect(asker((permission) => permission !== "invoices:view", ["people", "money", "jobs"])).toMatchObject({
    sales: [],
    payments: [],
    totals: null,
    sees: { money: false },
  });
  expect(asker(() => true, ["people", "jobs"])).toMatchObject({
    sales: [],
    totals: null,
    sees: { money: true },
    holds: { money: false, cases: false, clinical: false },
  });
});
