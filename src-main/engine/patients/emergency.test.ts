/** Clinical data in an emergency: what it opens, for whom, for how long, and what of it travels. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn } from "../../../sim/exam-room.ts";
import { registerPatient } from "../../../sim/work.ts";
import { permissionsOf } from "../../../src-shared/access/can.ts";
import { emergencyLasts, emergencyOpen, emergencyProblem } from "../../../src-shared/patients/emergency.ts";
import { profileStreams } from "../../../src-shared/sync/entity.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { referPatient } from "../exams/referring.ts";
import { signExam } from "../exams/signing.ts";
import { attention } from "../sync/attention/index.ts";
import { breakGlass, openedBy, readsOf, requireClinical } from "./emergency.ts";
import { mergePatients } from "./merge.ts";
import { patientSummary } from "./summary.ts";

let db: Database;
let clinic: Clinic;
let office: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  office = await clinic.device("single", "office");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const reason = "Hospital on the phone: acute glaucoma, which drops?";
function asker(person: string, { engine }: ClinicDevice = office) {
  const user = (clinic.practice.people as Record<string, string>)[person] ?? person;
  return { user, permissions: () => permissionsOf(engine.access(), user) };
}
function patientWithExam(): string {
  const { id, patient } = draftIn(office);
  const to = { toName: "Eye Clinic", toAddress: null, urgency: "soon", reason: "Cataract" };
  office.as("CL", referPatient, { examId: id, ...to, letter: "Dear colleague," });
  office.as("CL", signExam, { id });
  return patient;
}
function read(person: string, patient: string, device = office) {
  const { may } = readsOf(device.engine, asker(person, device), patient);
  const streams = profileStreams.single;
  const found = patientSummary(device.engine.read, patient, { may, streams, now: device.engine.time.now() });
  return [found?.prescriptions.length, found?.referrals.length, found?.sees.clinical, found?.sees.prescriptions];
}
const open = (person: string, patientId: string) => office.as(person, breakGlass, { patientId, reason });

test("the owner reads nothing clinical, opens one patient with a reason, and reads that one alone", () => {
  const [one, other] = [patientWithExam(), patientWithExam()];
  expect(read("OW", one)).toEqual([0, 0, false, false]);
  expect(codeOf(() => requireClinical(office.engine, asker("OW"), one))).toBe("NO_PERMISSION");
  open("OW", one);
  expect(read("OW", one)).toEqual([1, 1, true, true]);
  expect(codeOf(() => requireClinical(office.engine, asker("OW"), one))).toBe("taken");
  expect(read("OW", other)).toEqual([0, 0, false, false]);
  expect(codeOf(() => requireClinical(office.engine, asker("OW"), null))).toBe("NO_PERMISSION");
  expect(openedBy(office.engine, asker("OW"), one)).toMatchObject({ by: "Person OW", reason });
  // It opens to read. Nobody writes by it.
  expect(readsOf(office.engine, asker("OW"), one).may("patients:edit_clinical")).toBe(false);
});

test("it is of one person, on one device, and ends after a quarter of an hour", async () => {
  const one = patientWithExam();
  const till = await clinic.device("single", "till");
  open("OW", one);
  await clinic.meet(office, till);
  expect(read("OW", one, till)).toEqual([0, 0, false, false]);
  expect(read("RC", one)).toEqual([0, 0, false, false]);
  expect(read("OW", one)).toEqual([1, 1, true, true]);
  office = office.restarted({ skew: emergencyLasts + 1000, plugged: false });
  expect(read("OW", one)).toEqual([0, 0, false, false]);
});

test("a manager, a receptionist and a dispenser do not open it, nor anybody without saying why", async () => {
  const one = patientWithExam();
  const manager = await clinic.person("Manager", "PM");
  await clinic.meet(office);
  for (const person of [manager, "RC", "DO", "LT"]) expect(codeOf(() => open(person, one))).toBe("NO_PERMISSION");
  expect(codeOf(() => office.as("OW", breakGlass, { patientId: one, reason: "  why  " }))).toBe("INVALID");
  expect(office.rows("audit_entry").filter(({ action }) => action === "patients.break-glass")).toEqual([]);
});

test("opened by a record that was merged, it is open for the person", () => {
  const one = patientWithExam();
  const input = { givenName: "Maggie", familyName: "Ellison", dateOfBirth: "1958-12-03" };
  const { id: other } = office.as("RC", registerPatient, input) as { id: string };
  office.as("OW", mergePatients, { keptId: one, otherId: other });
  open("OW", other);
  expect(read("OW", one)).toEqual([1, 1, true, true]);
  expect(read("OW", other)).toEqual([1, 1, true, true]);
});

test("who opened what, when and why reaches every device with patients, as one entry", async () => {
  const one = patientWithExam();
  const [till, bench] = [await clinic.device("till", "till"), await clinic.device("lab", "bench")];
  open("OW", one);
  await clinic.meet(office, till, bench);
  const entries = (device: ClinicDevice) =>
    device.rows("audit_entry").filter(({ action }) => action === "patients.break-glass");
  expect(entries(till)).toMatchObject([
    { patient_id: one, user_id: clinic.practice.people.OW, changed: [`reason: ${reason}`] },
  ]);
  expect(entries(bench)).toEqual([]);
});

test("the centre asks again: what a device lets anybody open comes back to it, and reaches nobody", async () => {
  const one = patientWithExam();
  const till = await clinic.device("till", "till");
  await clinic.meet(office, till);
  const opened = (rows: readonly Record<string, unknown>[]) =>
    rows.filter(({ action }) => action === "patients.break-glass").map(({ user_id }) => user_id);
  const { permissions } = entityOf("audit_entry");
  Object.assign(entityOf("audit_entry"), { permissions: { insert: null } });
  office.as("RC", { ...breakGlass, permission: null }, { patientId: one, reason });
  Object.assign(entityOf("audit_entry"), { permissions });
  const { OW, RC } = clinic.practice.people;
  expect(opened(office.rows("audit_entry"))).toEqual([RC]);
  // Somebody with the right opens it in the same breath: that is taken, so the line is not what kept the other out.
  open("OW", one);
  await clinic.meet(office, till);
  expect(attention(office.engine, null)).toMatchObject([
    { kind: "rejected", code: "NO_PERMISSION", whoId: RC, args: { permission: "patients:break_glass" } },
  ]);
  for (const rows of [office.rows("audit_entry"), till.rows("audit_entry"), await clinic.rows("audit_entry")])
    expect(opened(rows)).toEqual([OW]);
});

test.each([
  ["at once", 0, true],
  ["to the last moment", emergencyLasts - 1, true],
  ["no longer", emergencyLasts, false],
  ["not where the clock was set back", -1, false],
])("open %s", (_, after, open) => {
  expect(emergencyOpen(1_000_000, 1_000_000 + after)).toBe(open);
});

test("an entry without a reason, of nobody, or of something else is none", () => {
  const row = { action: "patients.break-glass", subject_entity: "patient", subject_id: "a", patient_id: "a" };
  const whole = { ...row, user_id: "u", device_id: "d", changed: [`reason: ${reason}`] };
  expect(emergencyProblem(whole)).toBeNull();
  expect(emergencyProblem({ ...whole, changed: ["reason: no"] })?.field).toBe("changed");
  expect(emergencyProblem({ ...whole, user_id: null })?.field).toBe("user_id");
  expect(emergencyProblem({ ...whole, subject_entity: "exam" })?.field).toBe("patient_id");
  expect(emergencyProblem({ action: "patients.update" })).toBeNull();
});
