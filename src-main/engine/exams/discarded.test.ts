/** A draft that was discarded, and the way back to what was written in it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn } from "../../../sim/exam-room.ts";
import { registerPatient } from "../../../sim/work.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { mergePatients } from "../patients/merge.ts";
import { attention } from "../sync/attention/index.ts";
import { discardExam, takeUpExam } from "./draft.ts";
import { discardedDrafts, examList } from "./queries.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let room: ClinicDevice;
let other: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  room = await clinic.device("single", "room");
  other = await clinic.device("exam", "other");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const discardedAt = (device: ClinicDevice, patient: string | null = null) =>
  discardedDrafts(device.engine.read, patient);
const drafts = (device: ClinicDevice) => examList(device.engine, clinic.practice.people.CL).drafts.map(({ id }) => id);

test("long settled, it is on the patient's record with who discarded it, and taken up again is what it was, everywhere", async () => {
  const { id, patient } = draftIn(room);
  await clinic.meet(room, other);
  const written = other.rows("exam_entry");
  expect(written.length).toBeGreaterThan(1);
  // The draft has an outcome, a recall and a sphere for each eye besides.
  const columns = 4;
  room.as("CL", discardExam, { id });
  await clinic.meet(room, other);
  expect(drafts(other)).toEqual([]);
  for (const whose of [patient, null])
    expect(discardedAt(other, whose)).toMatchObject([
      { id, family_name: "Ellison", discarded_by: "Person CL", written: written.length + columns },
    ]);
  other.as("CL", takeUpExam, { id });
  await clinic.meet(room, other);
  for (const device of [room, other]) {
    expect(discardedAt(device)).toEqual([]);
    expect(drafts(device)).toEqual([id]);
    expect(device.rows("exam_entry")).toEqual(written);
    const audit = device.rows("audit_entry").filter(({ subject_id }) => subject_id === id);
    expect(audit.map(({ action }) => action)).toContain("exams.take-up");
  }
  room.as("CL", signExam, { id });
  expect(discardedAt(room)).toEqual([]);
});

test("is found on the record that its patient's was merged into", () => {
  const { id, patient } = draftIn(room);
  room.as("CL", discardExam, { id });
  const input = { givenName: "Maggie", familyName: "Ellison", dateOfBirth: "1958-12-03" };
  const { id: kept } = room.as("RC", registerPatient, input) as { id: string };
  room.as("OW", mergePatients, { keptId: kept, otherId: patient });
  expect(discardedAt(room, kept)).toMatchObject([{ id, given_name: "Maggie" }]);
});

test("is taken up only where it was discarded, and only by who examines: the centre asks again", async () => {
  const { id } = draftIn(room);
  expect(codeOf(() => room.as("CL", takeUpExam, { id }))).toBe("NOT_DISCARDED");
  room.as("CL", discardExam, { id });
  for (const who of ["OW", "DO", "RC"])
    expect(
      codeOf(() => room.as(who, takeUpExam, { id })),
      who,
    ).toBe("NO_PERMISSION");
  await clinic.meet(room, other);
  const { permissions } = entityOf("exam");
  Object.assign(entityOf("exam"), { permissions: { ...permissions, patch: null } });
  room.as("DO", { ...takeUpExam, permission: null }, { id });
  Object.assign(entityOf("exam"), { permissions });
  expect(discardedAt(room)).toEqual([]);
  await clinic.meet(room, other);
  expect(attention(room.engine, null)).toMatchObject([{ kind: "rejected", code: "NO_PERMISSION" }]);
  for (const device of [room, other]) expect(discardedAt(device)).toMatchObject([{ id }]);
});
