/** What a field refuses as delivered the centre refuses of a client that asks nothing, and it takes all else. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256Hex } from "../../replica/crypto.ts";
import { openCentreDatabase } from "../../sim/clinic.ts";
import { type ForgedRoom, freshId, openForgedRoom } from "../../sim/forged-room.ts";
import { type Measured, measured, ownRanges } from "../../sim/measured.ts";
import { openTestCentre } from "../../sim/practice.ts";
import { readValue } from "../../src-shared/exams/reading.ts";
import { builtInTables } from "../../src-shared/optics/index.ts";
import type { Database } from "../database/database.ts";

let db: Database;
let room: ForgedRoom;
let patientId: string;
beforeAll(async () => {
  db = await openCentreDatabase();
  room = await openForgedRoom(await openTestCentre({ db }));
  const patient = room.body("patient", {
    number: freshId(),
    given_name: "Margaret",
    family_name: "Ellison",
    date_of_birth: "1958-12-03",
    contact_by_text: true,
    contact_by_email: false,
    branch_id: room.practice.branches.leeds,
  });
  await room.push("OW", patient);
  patientId = patient.row;
}, 60_000);
afterAll(() => db.close());

const examBody = (more: Record<string, unknown> = {}) =>
  room.body("exam", {
    patient_id: patientId,
    branch_id: room.practice.branches.leeds,
    optometrist_id: room.practice.people.CL,
    started_at: 1,
    ...more,
  });
const verdictOf = async (...bodies: Parameters<ForgedRoom["push"]> extends [string, ...infer B] ? B : never) => {
  const { verdict } = await room.push("CL", ...bodies);
  return verdict === "settled" ? "taken" : "refused";
};
const fieldOf = ({ shape, typed }: Measured, limits = builtInTables as Parameters<typeof readValue>[3]) =>
  readValue({ shape }, typed, String, limits).ok ? "taken" : "refused";
const isEntry = ({ key }: Measured) => key.includes(".");

/** The content of a record with one value in it. */
function content({ key, value }: Measured): string {
  const entry = key.includes(".");
  return JSON.stringify({
    version: 2,
    patient_id: patientId,
    optometrist_id: room.practice.people.CL,
    started_at: 1,
    exam: { outcome: "no_rx", ...(entry ? {} : { [key]: value }) },
    entries: entry ? { [key]: value } : {},
    items: {},
    questions: {},
  });
}

test("in a draft, in what is signed and in what is amended", async () => {
  await fc.assert(
    fc.asyncProperty(measured, async (each) => {
      const { key, value } = each;
      const expected = fieldOf(each);
      const exam = examBody(isEntry(each) ? {} : { [key]: value });
      if (isEntry(each)) {
        await room.push("CL", exam);
        const row = room.derive(exam.row, `entry:${key}`);
        const entry = room.body("exam_entry", { exam_id: exam.row, key, value }, { row });
        expect(await verdictOf(entry), `${key} ${each.typed}`).toBe(expected);
      } else expect(await verdictOf(exam), `${key} ${each.typed}`).toBe(expected);

      const signed = examBody();
      await room.push("CL", signed);
      const common = { exam_id: signed.row, patient_id: patientId };
      const bytes = content(each);
      const record = {
        ...common,
        branch_id: room.practice.branches.leeds,
        signed_by_id: room.practice.people.CL,
        signed_at: Date.now(),
        content: bytes,
        sha256: sha256Hex(bytes),
        folded: [],
      };
      const row = room.derive(signed.row, "exam-record");
      expect(await verdictOf(room.body("exam_record", record, { row })), `${key} ${each.typed}`).toBe(expected);
      const amendment = {
        ...common,
        state: "amendment",
        reason: "Typing error",
        content: JSON.stringify({ text: "", changes: [{ key, from: null, to: value }] }),
        author_id: room.practice.people.CL,
        at: Date.now(),
      };
      expect(await verdictOf(room.body("exam_amendment", amendment)), `${key} ${each.typed}`).toBe(expected);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("items of lists: further pairs, trial lenses and pressures beyond what is possible", async () => {
  const exam = examBody();
  await room.push("CL", exam);
  const none = { sphere: null, cylinder: null, axis: null, add: null };
  const lens = { eye: "r", lens: "Biofinity", base_curve: 860, diameter: 1400, va: null, fit: null };
  const reading = { eye: "r", method: "goldmann", at: 1, note: null };
  const powers = { sphere: -3000, cylinder: -750, axis: 90 };
  const pair = (r: object) => ["specs", { use: "Reading", r: { ...none, ...r }, l: none, note: null }] as const;
  const trial = (more: object) => ["lens_trial", { ...lens, ...powers, ...more }] as const;
  const pressure = (value: number) => ["pressure", { ...reading, value }] as const;
  const items = [
    [pair(powers), "taken"],
    [pair({ ...powers, sphere: 50_000 }), "refused"],
    [pair({ ...powers, axis: null }), "refused"],
    [pair({ sphere: 1000, add: 6250 }), "refused"],
    [trial({ sphere: -40_000 }), "taken"],
    [trial({ sphere: -40_250 }), "refused"],
    [trial({ cylinder: -700 }), "refused"],
    [pressure(800), "taken"],
    [pressure(801), "refused"],
  ] as const;
  for (const [[list, data], expected] of items) {
    const item = room.body("exam_item", { exam_id: exam.row, list, data });
    expect(await verdictOf(item), JSON.stringify(data)).toBe(expected);
  }
});

test("a PC whose practice keeps narrower limits never has anything refused that its field took", () => {
  fc.assert(
    fc.property(ownRanges, measured, (own, each) => {
      if (fieldOf(each, own) === "taken") expect(fieldOf(each)).toBe("taken");
    }),
  );
});
