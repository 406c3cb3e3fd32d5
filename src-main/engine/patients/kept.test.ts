/** Everything that is read of a person follows a merge of their records, and goes back with its undo. */
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, rx } from "../../../sim/exam-room.ts";
import { prescribe, registerPatient, sell, updatePatient } from "../../../sim/work.ts";
import { instantOf, localDate } from "../../../src-shared/calendar/index.ts";
import { sealedSize } from "../../../src-shared/files/sealed.ts";
import { profileStreams } from "../../../src-shared/sync/entity.ts";
import { centreSummary } from "../../../sync-server/api/patient-summary.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { openCase } from "../cases/commands.ts";
import { openHandoffs } from "../dispensing/handoffs.ts";
import { preview, receipt, startDispense } from "../dispensing/queries.ts";
import { addItem, discardExam, patchExam, startExam } from "../exams/draft.ts";
import { copyDrawing, drawingsOf } from "../exams/drawings.ts";
import { paperOf } from "../exams/paper-queries.ts";
import { examList, examOf } from "../exams/queries.ts";
import { recordOf } from "../exams/record-queries.ts";
import { letterOf, referralBasis } from "../exams/referral-queries.ts";
import { referPatient } from "../exams/referring.ts";
import { signExam } from "../exams/signing.ts";
import { addFile } from "../files/commands.ts";
import { filesOfPatient } from "../files/queries.ts";
import { book } from "../scheduling/booking.ts";
import { branchCalendar } from "../scheduling/hours.ts";
import { appointmentsOf, diaryDay } from "../scheduling/queries.ts";
import { bearerOf } from "../search/codes.ts";
import { addOutsidePrescription } from "./commands.ts";
import { possibleDuplicates } from "./duplicates.ts";
import { broughtOf } from "./import/brought.ts";
import { mergePatients, unmergePatients } from "./merge.ts";
import { searchPatients } from "./queries.ts";
import { patientSummary } from "./summary.ts";
import { linkPatients, recordConsent } from "./ties.ts";

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

const zone = "Europe/London";
const today = localDate(Date.now(), zone);
const people = { margaret: "Margaret", maggie: "Maggie" } as const;
const everything = { may: () => true, streams: profileStreams.single, now: 0 };

function register(givenName: string, details: Record<string, unknown> = {}): string {
  const input = { givenName, familyName: "Ellison", dateOfBirth: "1958-03-12", ...details };
  return (room.as("DO", registerPatient, input) as { id: string }).id;
}
const start = (patientId: string): string => (room.as("CL", startExam, { patientId }) as { id: string }).id;
/** A signed visit with a pressure and a drawing; the two may not fall into one millisecond. */
async function visit(patient: string, sphere: number): Promise<string> {
  const id = start(patient);
  room.as("CL", patchExam, { id, fields: { ...rx, r_sphere: sphere, r_va: "6/6" } });
  const pressure = { eye: "r", value: 160, method: "goldmann", at: 1, note: null };
  room.as("CL", addItem, { examId: id, list: "pressure", data: pressure });
  const stroke = { diagram: "posterior", eye: "r", tool: "pen", points: "10,10 20,20" };
  room.as("CL", addItem, { examId: id, list: "stroke", data: stroke });
  room.as("CL", signExam, { id });
  await new Promise((resolve) => setTimeout(resolve, 3));
  return id;
}
const letter = {
  toName: "Eye Clinic",
  toAddress: null,
  urgency: "soon",
  reason: "Cataract",
  letter: "Dear colleague,",
};
function refer(examId: string): string {
  return (room.as("CL", referPatient, { examId, ...letter }) as { id: string }).id;
}
let blobs = 0;
function file(entity: "patient" | "exam", id: string): void {
  room.as("CL", addFile, {
    subject: { entity, id },
    name: "Fundus",
    kind: "fundus",
    eye: "r",
    takenAt: null,
    note: null,
    mime: "image/png",
    size: 100,
    blob: (++blobs).toString(16).padStart(64, "0"),
    blobSize: sealedSize(100),
    key: "k".repeat(43),
  });
}
function booking(patientId: string, time: string): string {
  const startsAt = instantOf(today, time, zone);
  const place = { room: `Room ${time}`, optometristId: null, startsAt, outside: true };
  return (room.as("RC", book, { patientId, ...place, minutes: 30, kind: "sight_test" }) as { id: string }).id;
}
function sale(patient: string): string {
  const prescription = room.as("DO", prescribe, { patient });
  const lab = clinic.practice.branches.york;
  return String(room.as("DO", sell, { patient, prescription, ...clinic.practice.products, lab, paid: 44_700 }));
}

test("two records with exams: ghosts, trends, prescription, recall, drawings and the visits beside follow the merge", async () => {
  const [kept, given] = [register(people.margaret, { address: "4 Beech Grove" }), register(people.maggie)];
  const first = await visit(kept, -1000);
  const second = await visit(given, -2000);
  const draft = start(kept);
  const before = examOf(room.engine, draft, []);
  expect([before?.last?.examId, before?.series.pressure.length]).toEqual([first, 1]);

  room.as("OW", mergePatients, { keptId: kept, otherId: given });
  const now = examOf(room.engine, draft, []);
  expect(now?.last?.examId).toBe(second);
  expect(now?.series).toMatchObject({
    pressure: [{ r: 160 }, { r: 160 }],
    sphere: [{ r: -1625 }, { r: -2625 }],
    acuity: [{ r: "6/6" }, { r: "6/6" }],
  });
  expect(now).toMatchObject({ previous: { exam_id: expect.anything() }, lastRecall: { examined_on: today } });
  expect(drawingsOf(room.engine.read, draft).map(({ examId }) => examId)).toEqual([second, first]);
  expect(recordOf(room.engine, first)?.visits.next?.exam_id).toBe(second);
  expect(recordOf(room.engine, second)).toMatchObject({
    patient: { id: kept, given_name: "Margaret" },
    visits: { previous: { exam_id: first } },
  });
  const copied = room.as("CL", copyDrawing, { examId: draft, from: second, diagram: "posterior" }) as { ids: string[] };
  expect(copied.ids).toHaveLength(1);

  room.as("OW", unmergePatients, { id: given });
  const apart = examOf(room.engine, draft, []);
  expect([apart?.last?.examId, apart?.series.pressure.length]).toEqual([first, 1]);
  expect(recordOf(room.engine, second)?.patient).toMatchObject({ id: given, given_name: "Maggie" });
  expect(codeOf(() => room.as("CL", copyDrawing, { examId: draft, from: second, diagram: "posterior" }))).toBe(
    "NOT_FOUND",
  );
});

test("what is begun on the record that was given up lands on the one that is kept, and a draft is found from either", async () => {
  const [kept, given, child] = [register(people.margaret), register(people.maggie), register("Tom")];
  const [draft, visit] = [start(given), booking(given, "09:00")];
  room.as("OW", mergePatients, { keptId: kept, otherId: given });
  expect([start(given), start(kept)]).toEqual([draft, draft]);
  expect(codeOf(() => room.as("CL", startExam, { patientId: kept, appointmentId: visit }))).toBe("taken");
  room.as("CL", discardExam, { id: draft });
  const fresh = start(given);
  booking(given, "10:00");
  room.as("DO", updatePatient, { id: given, details: { occupation: "Potter" } });
  room.as("RC", recordConsent, { patientId: given, purpose: "marketing", given: true, how: "paper" });
  room.as("DO", linkPatients, { patientId: given, otherId: child, relation: "child" });
  room.as("RC", openCase, { patientId: given, subject: "Sore eye", channel: "phone" });
  const eye = { sphere: -1000 };
  const written = { issuedOn: today, expiresOn: "2030-01-01", prescriber: "Elsewhere" };
  room.as("DO", addOutsidePrescription, { patientId: given, r: eye, l: eye, ...written });
  file("patient", given);
  expect(room.rows("exam").find(({ id }) => id === fresh)?.patient_id).toBe(kept);
  const owners = (["consent", "patient_link", "case_file", "prescription", "attachment"] as const).map((name) =>
    room.rows(name).map(({ patient_id }) => patient_id),
  );
  expect(owners).toEqual([[kept], [kept], [kept], [kept], [kept]]);
  expect(room.rows("patient").find(({ id }) => id === kept)?.occupation).toBe("Potter");
});

test("papers, letters, cards, the day list and the till name the record that is kept", async () => {
  const [kept, given] = [register(people.margaret, { phone: "07700 900418" }), register(people.maggie)];
  room.as("DO", updatePatient, { id: kept, details: { address: "4 Beech Grove", postcode: "LS1 1AA" } });
  const exam = await visit(given, -2000);
  const [referral, sold] = [refer(exam), sale(given)];
  booking(given, "09:00");
  file("exam", exam);
  const given_number = room.rows("patient").find(({ id }) => id === given)?.number as string;
  room.as("OW", mergePatients, { keptId: kept, otherId: given });

  const { engine } = room;
  const calendar = branchCalendar(engine.read, clinic.practice.branches.leeds);
  const day = calendar && diaryDay(engine.read, calendar, today, { today, names: new Map() });
  const who = { given_name: "Margaret" };
  expect(day?.appointments).toMatchObject([{ ...who, patient_id: kept, phone: "07700 900418" }]);
  expect(openHandoffs(engine.read, clinic.practice.branches.leeds, today)).toMatchObject([
    { ...who, patient_id: kept },
  ]);
  expect(paperOf(engine, exam)?.patient).toMatchObject({ ...who, id: kept, address: "4 Beech Grove" });
  expect(letterOf(engine.read, referral)).toMatchObject({ patientId: kept, patientName: "Margaret Ellison" });
  expect(referralBasis(engine, exam)?.patient).toMatchObject({
    name: "Margaret Ellison",
    address: "4 Beech Grove, LS1 1AA",
  });
  expect(examList(engine, clinic.practice.people.CL).recent).toMatchObject([who]);
  expect(receipt(engine.read, room.rows("sale")[0]?.id as string)?.patient).toMatchObject({ ...who, id: kept });
  expect(sold).not.toBe("");
  for (const id of [kept, given]) {
    expect(filesOfPatient(engine.read, id)).toHaveLength(1);
    expect(appointmentsOf(engine.read, id, 0).next).not.toBeNull();
    expect(broughtOf(engine.read, id).balance).toBe(0);
    const till = startDispense(engine.read, id, today);
    expect([till?.patient.id, till?.prescriptions.length, till?.handoff?.exam_id]).toEqual([kept, 2, exam]);
  }
  const basket = { patientId: given, frameId: null, lensId: null, coatingIds: [], discount: 0, measurements: {} };
  const prescriptionId = room.rows("prescription")[0]?.id as string;
  const context = { today, user: clinic.practice.people.DO, items: [], policy: null, vertex: undefined as never };
  const rules = preview(engine.read, { ...basket, prescriptionId }, context).findings.map(({ rule }) => rule);
  expect(rules).not.toContain("other-patient");
  const scanning = { may: () => true, branch: clinic.practice.branches.leeds };
  expect(bearerOf(engine.read, given_number, scanning)).toMatchObject({ id: kept, title: "Margaret Ellison" });
});

test("who is registered again by the details of a record that was merged is told of the one that is kept", () => {
  const [kept, given] = [register(people.margaret, { phone: "07700 900418" }), register("Perpetua")];
  room.as("DO", updatePatient, { id: given, details: { familyName: "Quill", phone: "07700 900777" } });
  room.as("OW", mergePatients, { keptId: kept, otherId: given });
  const again = { given_name: "Perpetua", family_name: "Quill", date_of_birth: "1958-03-12" };
  const [found] = possibleDuplicates(room.engine.read, { ...again, phone: "07700 900777" } as never);
  expect(found).toMatchObject({ id: kept, given_name: "Margaret", found: { id: given, given_name: "Perpetua" } });
});

test("a relative whose records were merged stands in the family once, with the newest recall of both; the centre says the same", async () => {
  const [child, kept, given] = [register("Tom"), register(people.margaret), register(people.maggie)];
  await visit(given, -1000);
  room.as("DO", linkPatients, { patientId: child, otherId: kept, relation: "parent" });
  room.as("DO", linkPatients, { patientId: child, otherId: given, relation: "parent" });
  room.as("OW", mergePatients, { keptId: kept, otherId: given });
  await clinic.meet(room);
  const here = patientSummary(room.engine.read, child, everything);
  expect(here?.family).toMatchObject([{ id: kept, given_name: "Margaret", recall_on: expect.any(String) }]);
  expect(await centreSummary(db, child, { ...everything, practice: clinic.practice.practice })).toEqual(here);
  room.as("OW", unmergePatients, { id: given });
  expect(patientSummary(room.engine.read, child, everything)?.family).toHaveLength(2);
});

/** What one record shows, as far as it tells apart who is meant. */
function shown(id: string) {
  const { read } = room.engine;
  const summary = patientSummary(read, id, everything);
  return {
    summary: summary && { ...summary, changes: [], patient: { ...summary.patient } },
    files: filesOfPatient(read, id),
    visits: appointmentsOf(read, id, 0),
    till: startDispense(read, id, today),
    found: searchPatients(read, "ellison"),
  };
}

test("however records of one person were filled, after a merge each id shows the same, and an undo puts all back", async () => {
  const acts = {
    exam: visit,
    sale,
    booking,
    file,
    prescription: (id: string) => room.as("DO", prescribe, { patient: id }),
  };
  let minutes = 0;
  const what = fc.record({
    on: fc.integer({ min: 0, max: 2 }),
    act: fc.constantFrom(...(Object.keys(acts) as (keyof typeof acts)[])),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(what, { minLength: 2, maxLength: 6 }), fc.boolean(), async (work, chained) => {
      const ids = [register("Margaret"), register("Maggie"), register("Greta")] as const;
      for (const { on, act } of work) {
        const id = ids[on] as string;
        if (act === "exam") await acts.exam(id, -1000);
        else if (act === "booking")
          acts.booking(
            id,
            `${String(6 + Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes++ % 60).padStart(2, "0")}`,
          );
        else if (act === "file") acts.file("patient", id);
        else acts[act](id);
      }
      const before = ids.map(shown);
      room.as("OW", mergePatients, { keptId: ids[0], otherId: ids[1] });
      // The third into one that was merged already, or into the kept one: the same person either way.
      room.as("OW", mergePatients, { keptId: chained ? ids[1] : ids[0], otherId: ids[2] });
      const merged = ids.map(shown);
      expect(merged[1]).toEqual(merged[0]);
      expect(merged[2]).toEqual(merged[0]);
      const count = (at: (typeof before)[number] | undefined) => at?.files.length ?? 0;
      expect(count(merged[0])).toBe(before.reduce((sum, at) => sum + count(at), 0));
      expect(merged[0]?.summary?.exams.length).toBe(
        before.reduce((sum, at) => sum + (at.summary?.exams.length ?? 0), 0),
      );
      room.as("OW", unmergePatients, { id: ids[2] });
      room.as("OW", unmergePatients, { id: ids[1] });
      const apart = ids.map(shown);
      const rows = (all: typeof before) =>
        all.map(({ files, visits, summary, till }) => ({
          files,
          visits,
          exams: summary?.exams,
          prescriptions: summary?.prescriptions,
          sales: summary?.sales,
          till: till?.prescriptions,
          patient: till?.patient.given_name,
        }));
      expect(rows(apart)).toEqual(rows(before));
    }),
    { numRuns: 8 },
  );
});
