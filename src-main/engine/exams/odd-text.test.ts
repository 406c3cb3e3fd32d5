/** Text as it comes from keyboards, scanners and other systems: what is signed is the same bytes everywhere. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256Hex } from "../../../replica/crypto.ts";
import { type Clinic, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { addItem, patchExam } from "./draft.ts";
import { signExam } from "./signing.ts";

let db: Database;
let clinic: Clinic;
beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
}, 60_000);
afterAll(async () => {
  await clinic.close();
  await db.close();
});

test("combining, bidirectional and broken characters settle and are signed; a NUL and ten megabytes are refused", async () => {
  const [room, other] = [await clinic.device("single", "room"), await clinic.device("single", "other")];
  const { id } = draftIn(room);
  const odd =
    "e\u0301 \u202Egnorw\u202C \u200F\u2066x\u2069 \ud83d\ude00 half \ud83d, alone \udc00\u0007 \u2028 \uFEFF end";
  room.as("CL", patchExam, { id, fields: { history: odd, outcome: "no_rx" }, entries: { "history.medication": odd } });
  room.as("CL", addItem, { examId: id, list: "diagnosis", data: { text: odd, eye: null, certain: false } });
  for (const text of ["a\0b", "x".repeat(10_000_000)]) {
    expect(codeOf(() => room.as("CL", patchExam, { id, fields: { history: text } }))).toBe("INVALID");
    expect(codeOf(() => room.as("CL", patchExam, { id, entries: { "history.medication": text } }))).not.toBe("taken");
    const data = { text, eye: null, certain: false };
    expect(codeOf(() => room.as("CL", addItem, { examId: id, list: "diagnosis", data }))).toBe("INVALID");
  }
  room.as("CL", signExam, { id });
  await clinic.meet(room, other);
  const [mine, theirs] = [room.rows("exam_record"), other.rows("exam_record")];
  expect(theirs).toEqual(mine);
  expect(mine).toHaveLength(1);
  expect(sha256Hex(mine[0]?.content ?? "")).toBe(mine[0]?.sha256);
  expect(other.rows("exam_amendment")).toEqual([]);
  expect(other.rows("exam_entry")).toEqual(room.rows("exam_entry"));
  expect(await clinic.rows("exam_item")).toEqual(room.rows("exam_item"));
});
