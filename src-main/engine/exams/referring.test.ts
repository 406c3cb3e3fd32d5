import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn, traineeOf } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { amendExam } from "./amending.ts";
import { discardExam, patchExam } from "./draft.ts";
import { letterOf, referralBasis } from "./referral-queries.ts";
import { referPatient } from "./referring.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let room: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  room = await clinic.device("single", "room");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const letter = {
  toName: "Eye Clinic",
  toAddress: "Leeds",
  urgency: "urgent",
  reason: "The left vision has dropped.",
  letter: "Dear colleague, please see her.",
};

test("a letter is written from a draft or a record, and is on every exam room's disk, on no till's", async () => {
  const [other, till] = [await clinic.device("exam", "other"), await clinic.device("till", "till")];
  const { id } = draftIn(room);
  const { id: sent } = room.as("CL", referPatient, { examId: id, ...letter }) as { id: string };
  room.as("CL", signExam, { id });
  room.as("CL", referPatient, { examId: id, ...letter, toName: "Dr Shah" });
  await clinic.meet(room, other, till);
  expect(letterOf(other.engine.read, sent)).toMatchObject({
    toName: "Eye Clinic",
    letter: letter.letter,
    patientName: "Margaret Ellison",
    author: "Person CL",
    registration: "01-CL",
  });
  expect([other.rows("referral").length, till.rows("referral").length]).toEqual([2, 0]);
});

test("it begins with what the exam says now: the draft as far as it is written, the record as amended", () => {
  const { id } = draftIn(room);
  const disc = () => referralBasis(room.engine, id)?.content.entries["posterior.disc.r"] ?? null;
  expect(disc()).toBeNull();
  room.as("CL", patchExam, { id, entries: { "posterior.disc.r": "pale" } });
  expect(disc()).toBe("pale");
  room.as("CL", signExam, { id });
  room.as("CL", amendExam, {
    id,
    reason: "Looked again",
    content: "",
    changes: [{ key: "posterior.disc.r", to: "cupped" }],
  });
  expect(disc()).toBe("cupped");
});

test("whom letters went to before is offered again, once each", () => {
  const { id } = draftIn(room);
  for (const toName of ["Eye Clinic", "Dr Shah", "Eye Clinic"])
    room.as("CL", referPatient, { examId: id, ...letter, toName });
  const names = referralBasis(room.engine, id)?.recipients.map(({ name }) => name);
  expect(names?.sort()).toEqual(["Dr Shah", "Eye Clinic"]);
});

test("only who may refer does, and only from an exam that stands", async () => {
  const trainee = await traineeOf(clinic);
  await clinic.meet(room);
  const { id } = draftIn(room);
  expect(codeOf(() => room.as("RC", referPatient, { examId: id, ...letter }))).toBe("NO_PERMISSION");
  expect(codeOf(() => room.as(trainee, referPatient, { examId: id, ...letter }))).toBe("taken");
  room.as("CL", discardExam, { id });
  expect(codeOf(() => room.as("CL", referPatient, { examId: id, ...letter }))).toBe("DISCARDED");
});
