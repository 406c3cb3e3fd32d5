/** What an exam that is opened knows of the visits before it: pale values by section, drawings, letters. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { rx } from "../../../sim/exam-room.ts";
import { registerPatient } from "../../../sim/work.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { amendExam } from "./amending.ts";
import { addItem, patchExam, startExam } from "./draft.ts";
import { copyDrawing } from "./drawings.ts";
import { examOf } from "./queries.ts";
import { referPatient } from "./referring.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let room: ClinicDevice;
let patientId: string;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  room = await clinic.device("single", "room");
  const born = { givenName: "Imogen", familyName: "Farrar", dateOfBirth: "1990-03-12", phone: null };
  patientId = (room.as("DO", registerPatient, born) as { id: string }).id;
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const start = (kind?: string) =>
  (room.as("CL", startExam, { patientId, ...(kind ? { kind } : {}) }) as { id: string }).id;
function signed(fields: Record<string, unknown>, entries: Record<string, unknown>, kind?: string): string {
  const id = start(kind);
  room.as("CL", patchExam, { id, fields: { outcome: "no_change", ...fields }, entries });
  room.as("CL", signExam, { id });
  return id;
}
const opened = (id: string) => {
  const found = examOf(room.engine, id, []);
  if (!found) throw new Error("not here");
  return found;
};

test("a sight test does not hide the contact lenses of the aftercare before it, nor an aftercare the refraction", () => {
  signed({}, { "contact_lenses.hours": 14, "contact_lenses.comfort": 6 }, "contact_lens_aftercare");
  const tested = signed(rx, { "vision.unaided.r": "6/24" });
  signed({}, { "contact_lenses.compliance": "good" }, "contact_lens_aftercare");
  const { earlier, last } = opened(start());
  expect(earlier.contact_lenses?.values).toEqual({ "contact_lenses.compliance": "good" });
  expect(earlier.vision?.values).toEqual({ "vision.unaided.r": "6/24" });
  expect(earlier.subjective?.values).toMatchObject({ r_sphere: rx.r_sphere });
  expect(last?.examId).not.toBe(tested);
});

test("what was corrected stands behind the field as it reads now, and so does a drawing", () => {
  const first = start();
  const stroke = { diagram: "posterior", eye: "r", tool: "pen", points: "500,500 10,10", note: null };
  room.as("CL", addItem, { examId: first, list: "stroke", data: stroke });
  room.as("CL", patchExam, { id: first, fields: { outcome: "no_change" }, entries: { "near.range": "30 to 40" } });
  room.as("CL", signExam, { id: first });
  const drawn = { ...stroke, eye: "l", points: "300,300 5,5" };
  const changes = [
    { key: "near.range", from: "30 to 40", to: "40 to 50" },
    { key: "stroke:new1", from: null, to: drawn },
  ];
  room.as("CL", amendExam, { id: first, reason: "Misread", content: "", changes });
  // A visit at which nothing was drawn hides neither.
  signed({}, { "vision.unaided.r": "6/6" });
  const id = start();
  const { earlier, drawn: before } = opened(id);
  expect(earlier.near?.values).toEqual({ "near.range": "40 to 50" });
  expect(before.posterior).toMatchObject({ examId: first, strokes: [{}, {}] });
  expect(before.anterior).toBeNull();
  const { ids } = room.as("CL", copyDrawing, { examId: id, from: first, diagram: "posterior" }) as { ids: string[] };
  expect(ids).toHaveLength(2);
});

test("a letter that was written from the exam is known when it is opened", () => {
  const id = start();
  room.as("CL", patchExam, { id, fields: { outcome: "refer" } });
  expect(opened(id).letters).toBe(0);
  const letter = { toName: "Dr Ahmed", toAddress: null, urgency: "soon", reason: "Raised pressure" };
  room.as("CL", referPatient, { examId: id, ...letter, letter: "Dear Dr Ahmed, please see Imogen." });
  expect(opened(id).letters).toBe(1);
});
