import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn, traineeOf } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { patchExam } from "./draft.ts";
import { countersignExam, returnExam, signExam, submitExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let room: ClinicDevice;
let trainee: string;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  room = await clinic.device("single", "room");
  trainee = await traineeOf(clinic);
  await clinic.meet(room);
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const submit = (id: string) => room.as(trainee, submitExam, { id }) as { submissionId: string };

test("a trainee's signature makes no record: the supervisor's makes one of exactly the same bytes", async () => {
  const { id } = draftIn(room, "1958-12-03", trainee);
  const { submissionId } = submit(id);
  expect([room.rows("exam_record"), room.rows("prescription"), room.rows("handoff")]).toEqual([[], [], []]);
  room.as("CL", countersignExam, { id, submissionId });
  await clinic.meet(room);
  const [submission] = room.rows("exam_submission");
  const [record] = await clinic.rows("exam_record");
  expect(record).toMatchObject({
    content: submission?.content,
    sha256: submission?.sha256,
    prepared_by_id: trainee,
    signed_by_id: clinic.practice.people.CL,
    submission_id: submissionId,
  });
  expect(room.rows("prescription")).toMatchObject([{ prescriber: "Person CL" }]);
});

test("a trainee neither signs nor countersigns, and is told that a colleague's signature is needed", async () => {
  const { id } = draftIn(room, "1958-12-03", trainee);
  expect(codeOf(() => room.as(trainee, signExam, { id }))).toBe("NEEDS_COUNTERSIGN");
  const { submissionId } = submit(id);
  expect(codeOf(() => room.as(trainee, countersignExam, { id, submissionId }))).toBe("NEEDS_COUNTERSIGN");
  expect(room.rows("exam_record")).toEqual([]);
});

test("without any right to sign there is no talk of countersigning", async () => {
  const outsider = await traineeOf(clinic, null);
  await clinic.meet(room);
  const { id } = draftIn(room, "1958-12-03", outsider);
  expect(codeOf(() => room.as(outsider, signExam, { id }))).toBe("NO_PERMISSION");
});

test("nobody countersigns what they signed themselves", () => {
  const { id } = draftIn(room);
  const { submissionId } = room.as("CL", submitExam, { id }) as { submissionId: string };
  expect(codeOf(() => room.as("CL", countersignExam, { id, submissionId }))).toBe("OWN_SUBMISSION");
});

test("the supervisor sends it back with a note; it is changed, signed again, and the newer signature counts", async () => {
  const { id } = draftIn(room, "1958-12-03", trainee);
  const { submissionId: first } = submit(id);
  expect(codeOf(() => submit(id))).toBe("SUBMITTED");
  room.as("CL", returnExam, { id, note: "Look at the left periphery again." });
  expect(room.rows("exam_item")).toMatchObject([
    { list: "supervision", data: { note: "Look at the left periphery again.", user_id: clinic.practice.people.CL } },
  ]);
  // The note is part of the draft: what was signed before it is not what would be countersigned now.
  expect(codeOf(() => room.as("CL", countersignExam, { id, submissionId: first }))).toBe("CHANGED_SINCE");
  room.as(trainee, patchExam, { id, entries: { "posterior.periphery.l": "lattice, no break" } });
  // Two signatures of one millisecond have no order.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { submissionId: second } = submit(id);
  expect(codeOf(() => room.as("CL", countersignExam, { id, submissionId: first }))).toBe("SIGNED_ANEW");
  room.as("CL", countersignExam, { id, submissionId: second });
  expect(room.rows("exam_record")[0]?.content).toContain("lattice, no break");
});

test("what was changed after the trainee signed has to be signed again first", () => {
  const { id } = draftIn(room, "1958-12-03", trainee);
  const { submissionId } = submit(id);
  room.as("CL", patchExam, { id, fields: { advice: "Sunglasses" } });
  expect(codeOf(() => room.as("CL", countersignExam, { id, submissionId }))).toBe("CHANGED_SINCE");
  room.as("CL", patchExam, { id, fields: { advice: null } });
  expect(codeOf(() => room.as("CL", countersignExam, { id, submissionId }))).toBe("taken");
});
