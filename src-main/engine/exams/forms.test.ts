import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn, forgeRow } from "../../../sim/exam-room.ts";
import { questionKey } from "../../../src-shared/exams/check.ts";
import { defaultForm } from "../../../src-shared/exams/form.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { roleId } from "../../../sync-server/identity/provision.ts";
import { patchExam } from "./draft.ts";
import { removeForm, removeQuestion, saveForm, saveQuestion } from "./forms.ts";
import { formFor, questionsOf } from "./queries.ts";
import { recordOf } from "./record-queries.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let office: ClinicDevice;
let room: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  [office, room] = [await clinic.device("hq", "office"), await clinic.device("single", "room")];
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const section = (name: string, more: Record<string, unknown> = {}) => ({ section: name, ...more });
const asked = {
  id: null,
  section: "history",
  label: "Hours at a screen without a break",
  kind: "number",
  options: [],
  unit: "h",
  perEye: false,
  expected: true,
  position: 0,
};
const names = (device: ClinicDevice, roles: readonly (string | null)[]) =>
  formFor(device.engine.read, roles).map(({ section: name }) => name);

test("a role has its own form, everybody else the practice's, and without either what comes with the product", async () => {
  const clinician = roleId(clinic.practice.practice, "CL");
  expect(formFor(room.engine.read, [clinician])).toEqual(defaultForm);
  office.as("OW", saveForm, {
    roleId: null,
    sections: [section("subjective"), section("own_myopia", { label: "Myopia" })],
  });
  const { id } = office.as("OW", saveForm, { roleId: clinician, sections: [section("vision")] }) as { id: string };
  await clinic.meet(office, room);
  expect(names(room, [clinician])).toEqual(["vision"]);
  expect(names(room, ["00".repeat(16)])).toEqual(["subjective", "own_myopia"]);
  office.as("OW", removeForm, { id });
  await clinic.meet(office, room);
  expect(names(room, [clinician])).toEqual(["subjective", "own_myopia"]);
  // Taken back and made anew: it is the same row.
  office.as("OW", saveForm, { roleId: clinician, sections: [section("near")] });
  await clinic.meet(office, room);
  expect(names(room, [clinician])).toEqual(["near"]);
});

test("two who save the practice's form at once leave one form, everywhere the same", async () => {
  const other = await clinic.device("hq", "other");
  const manager = await clinic.person("Manager", "PM");
  await clinic.meet(other);
  for (const { engine } of [office, other]) engine.sync.setPlugged(false);
  office.as("OW", saveForm, { roleId: null, sections: [section("vision")] });
  other.as(manager, saveForm, { roleId: null, sections: [section("pressure")] });
  await clinic.meet(office, other, room);
  expect(await clinic.rows("exam_form")).toHaveLength(1);
  expect(new Set([office, other, room].map((device) => names(device, [])[0])).size).toBe(1);
});

test("a question that is asked no more keeps its answers and its wording in the record", async () => {
  const { id: question } = office.as("OW", saveQuestion, asked) as { id: string };
  await clinic.meet(office, room);
  const { id } = draftIn(room);
  room.as("CL", patchExam, { id, entries: { [questionKey("history", question)]: 9 } });
  room.as("CL", signExam, { id });
  office.as("OW", saveQuestion, { ...asked, id: question, label: "Something else now" });
  office.as("OW", removeQuestion, { id: question });
  await clinic.meet(office, room);
  expect(questionsOf(room.engine.read)).toEqual([]);
  const record = recordOf(room.engine, id);
  expect(record?.signed.questions[question]).toEqual({ section: "history", label: asked.label, unit: "h" });
  expect(record?.signed.entries[questionKey("history", question)]).toBe(9);
});

test("a choice needs something to choose from, and a section that exists", () => {
  expect(codeOf(() => office.as("OW", saveQuestion, { ...asked, kind: "choice", options: ["only one"] }))).toBe(
    "NO_OPTIONS",
  );
  expect(() => office.as("OW", saveQuestion, { ...asked, section: "nowhere" })).toThrow();
  expect(() => office.as("OW", saveForm, { roleId: null, sections: [section("vision"), section("vision")] })).toThrow();
});

test("only who manages fields changes forms and questions, here and at the centre", async () => {
  expect(codeOf(() => office.as("CL", saveForm, { roleId: null, sections: [section("vision")] }))).toBe(
    "NO_PERMISSION",
  );
  expect(codeOf(() => office.as("RC", saveQuestion, asked))).toBe("NO_PERMISSION");
  const { id: _, perEye, ...fields } = asked;
  const forged = { entity: "exam_question", id: null, fields: { ...fields, per_eye: perEye } };
  expect(codeOf(() => office.as("RC", forgeRow, forged))).toBe("NO_PERMISSION");
  expect(office.rows("exam_question")).toEqual([]);
});
