import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { registerPatient } from "../../../sim/work.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { addItem, patchExam, removeItems, restoreItems, startExam } from "./draft.ts";
import { copyDrawing, drawingsOf } from "./drawings.ts";
import { signExam } from "./signing.ts";

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

const stroke = (points: string, more: object = {}) => ({
  diagram: "posterior",
  eye: "l",
  tool: "haemorrhage",
  points,
  note: null,
  ...more,
});
const draw = (room: ClinicDevice, examId: string, data: object) =>
  (room.as("CL", addItem, { examId, list: "stroke", data }) as { id: string }).id;
const begin = (room: ClinicDevice, patientId: string) => (room.as("CL", startExam, { patientId }) as { id: string }).id;
const patient = (room: ClinicDevice) =>
  (
    room.as("CL", registerPatient, {
      givenName: "Derek",
      familyName: "Sutcliffe",
      dateOfBirth: "1955-06-22",
      phone: null,
    }) as { id: string }
  ).id;
const copy = (room: ClinicDevice, examId: string, from: string) =>
  (room.as("CL", copyDrawing, { examId, from, diagram: "posterior" }) as { ids: string[] }).ids;
const points = (room: ClinicDevice, exam: string) =>
  room
    .rows("exam_item")
    .filter((row) => row.exam_id === exam && !row.deleted)
    .map(({ data }) => (data as { points: string }).points)
    .sort();

/** A signed visit with two strokes at the back of the left eye and one at its front. */
function signedVisit(room: ClinicDevice, who: string): string {
  const id = begin(room, who);
  draw(room, id, stroke("430,590 20,30"));
  draw(room, id, stroke("430,590 -90,110", { tool: "label", note: "Flame haemorrhage" }));
  draw(room, id, stroke("500,275", { diagram: "anterior", tool: "pigment" }));
  room.as("CL", patchExam, { id, fields: { outcome: "no_rx" } });
  room.as("CL", signExam, { id });
  return id;
}

test("the last visit's drawing is taken over as strokes of its own, once, and undone like drawn ones", async () => {
  const room = await clinic.device("single", "room");
  const who = patient(room);
  const last = signedVisit(room, who);
  const now = begin(room, who);
  draw(room, now, stroke("430,590 20,30"));
  const ids = copy(room, now, last);
  expect(ids).toHaveLength(1);
  expect(points(room, now)).toEqual(["430,590 -90,110", "430,590 20,30"]);
  expect(copy(room, now, last)).toEqual([]);
  room.as("CL", removeItems, { ids });
  expect(points(room, now)).toEqual(["430,590 20,30"]);
  room.as("CL", restoreItems, { examId: now, ids });
  expect(points(room, now)).toHaveLength(2);
  expect(points(room, last)).toHaveLength(3);
});

test("drawings over the years are those of the patient's signed visits, without the one at hand", async () => {
  const room = await clinic.device("single", "room");
  const who = patient(room);
  const last = signedVisit(room, who);
  const now = begin(room, who);
  draw(room, now, stroke("1,1"));
  expect(drawingsOf(room.engine.read, now)).toMatchObject([{ examId: last, strokes: [{}, {}, {}] }]);
  expect(drawingsOf(room.engine.read, last)).toEqual([]);
});

test("another patient's visit is nobody's last one", async () => {
  const room = await clinic.device("single", "room");
  const last = signedVisit(room, patient(room));
  const other = begin(room, patient(room));
  expect(() => copy(room, other, last)).toThrow("cannot be taken over");
});

test("of what is rubbed out together, what somebody else rubbed out before does not hold up the rest", async () => {
  const room = await clinic.device("single", "room");
  const id = begin(room, patient(room));
  const ids = [draw(room, id, stroke("1,1")), draw(room, id, stroke("2,2")), draw(room, id, stroke("3,3"))];
  room.as("CL", removeItems, { ids: ids.slice(0, 1) });
  room.as("CL", removeItems, { ids: ids.slice(0, 2) });
  expect(points(room, id)).toEqual(["3,3"]);
});

test("two devices draw on one draft at once: both strokes are on both", async () => {
  const [one, two] = [await clinic.device("single", "one"), await clinic.device("single", "two")];
  const id = begin(one, patient(one));
  await clinic.meet(one, two);
  for (const { engine } of [one, two]) engine.sync.setPlugged(false);
  draw(one, id, stroke("100,100 5,5"));
  draw(two, id, stroke("200,200 5,5"));
  for (const { engine } of [one, two]) engine.sync.setPlugged(true);
  await clinic.meet(one, two);
  for (const device of [one, two]) expect(points(device, id)).toEqual(["100,100 5,5", "200,200 5,5"]);
});
