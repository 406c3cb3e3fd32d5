/** What a field refuses the engine refuses, and what it takes the engine takes, by whatever limits the practice keeps. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn } from "../../../sim/exam-room.ts";
import { measured, ownRanges } from "../../../sim/measured.ts";
import { saidIn } from "../../../src-shared/exams/amended.ts";
import { readValue } from "../../../src-shared/exams/reading.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { builtInTables as delivered } from "../../../src-shared/optics/index.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { amendExam } from "./amending.ts";
import { addItem, changeItem, patchExam } from "./draft.ts";
import { saveLimits } from "./limits.ts";
import { recordOf } from "./record-queries.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
let room: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
  room = await clinic.device("single", "room");
}, 60_000);
afterAll(async () => {
  await clinic.close();
  await db.close();
});

const keep = ({ rx, measures }: { rx: object; measures: object }) => {
  room.as("OW", saveLimits, { table: "rx", value: { ...rx } });
  room.as("OW", saveLimits, { table: "measures", value: { ...measures } });
};
const said = (code: string) => (code === "taken" ? "taken" : "refused");

test("in an exam that is open: columns and entries", () => {
  const { id } = draftIn(room);
  fc.assert(
    fc.property(ownRanges, fc.array(measured, { minLength: 1, maxLength: 6 }), (own, all) => {
      keep(own);
      for (const { key, shape, value, typed } of all) {
        const field = readValue({ shape }, typed, String, own);
        if (field.ok) expect(field.value, `${key} ${typed}`).toBe(value);
        const change = key.includes(".") ? { entries: { [key]: value } } : { fields: { [key]: value } };
        expect(said(codeOf(() => room.as("CL", patchExam, { id, ...change }))), `${key} ${typed}`).toBe(
          field.ok ? "taken" : "refused",
        );
      }
    }),
    { numRuns: 100 },
  );
});

test("in an amendment: the same, and nothing of one that is refused is written", () => {
  const { id } = draftIn(room);
  keep(delivered);
  room.as("CL", signExam, { id });
  fc.assert(
    fc.property(ownRanges, measured, (own, { key, shape, value, typed }) => {
      keep(own);
      const field = readValue({ shape }, typed, String, own);
      const before = room.rows("exam_amendment").length;
      // What stands already says nothing new, whatever the limits have become since; the words besides are taken.
      const stands = saidIn(recordOf(room.engine, id)?.amended as ExamContent, key) === value;
      const amend = () =>
        room.as("CL", amendExam, { id, reason: "Typing error", content: "x", changes: [{ key, to: value }] });
      const code = codeOf(amend);
      // A whole eye is asked again before its prescription is issued anew.
      if (code === "RX_INCOMPLETE") expect(key).toMatch(/^[rl]_|^bvd$|inter_add/);
      else expect(said(code), `${key} ${typed}`).toBe(field.ok || stands ? "taken" : "refused");
      expect(room.rows("exam_amendment").length).toBe(before + (code === "taken" ? 1 : 0));
    }),
    { numRuns: 100 },
  );
});

test("an item of a list: added, changed and amended alike", () => {
  const { id } = draftIn(room);
  const signed = draftIn(room).id;
  keep(delivered);
  room.as("CL", signExam, { id: signed });
  const at = Date.UTC(2026, 10, 28);
  const first = room.as("CL", addItem, {
    examId: id,
    list: "pressure",
    data: { eye: "r", value: 150, method: "goldmann", at, note: null },
  }) as { id: string };
  const shape = { kind: "number", unit: "mmHg", min: 0, max: 800, scale: 10, quantity: "iop" } as const;
  fc.assert(
    fc.property(ownRanges, fc.integer({ min: -20, max: 820 }), (own, value) => {
      keep(own);
      const field = readValue({ shape }, (value / 10).toFixed(1), String, own).ok ? "taken" : "refused";
      const data = { eye: "r", value, method: "goldmann", at, note: null };
      const changes = [{ key: "pressure:new1", to: data }];
      const acts = [
        () => room.as("CL", addItem, { examId: id, list: "pressure", data }),
        () => room.as("CL", changeItem, { id: first.id, data: { value } }),
        () => room.as("CL", amendExam, { id: signed, reason: "Typing error", content: "", changes }),
      ];
      for (const act of acts) expect(said(codeOf(act)), String(value)).toBe(field);
    }),
    { numRuns: 100 },
  );
});
