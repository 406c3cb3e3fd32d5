import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { codeOf, draftIn, forgeRow, unchecked } from "../../../sim/exam-room.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { attention } from "../sync/attention/index.ts";
import { addItem, changeItem, discardExam, patchExam, removeItems, restoreItems } from "./draft.ts";

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

const written = (device: ClinicDevice, key: string) =>
  device.rows("exam_entry").find((row) => row.key === key)?.value ?? null;

describe("two devices in one draft", () => {
  test("fill in one field for the first time: one row, one text stands everywhere, the other is kept", async () => {
    const other = await clinic.device("single", "other");
    const colleague = await clinic.person("Person CL 2", "CL");
    const { id } = draftIn(room);
    await clinic.meet(room, other);
    for (const { engine } of [room, other]) engine.sync.setPlugged(false);
    room.as("CL", patchExam, { id, entries: { "history.medication": "Latanoprost" } });
    other.as(colleague, patchExam, { id, entries: { "history.medication": "Latanoprost, both eyes at night" } });
    await clinic.meet(room);
    await clinic.meet(room, other);
    const rows = await clinic.rows("exam_entry");
    expect(rows.filter(({ key }) => key === "history.medication")).toHaveLength(1);
    // Which of the two is later is for their clocks to say, which may be a millisecond apart.
    const texts = ["Latanoprost", "Latanoprost, both eyes at night"];
    const kept = written(room, "history.medication");
    expect(texts).toContain(kept);
    expect(written(other, "history.medication")).toBe(kept);
    expect(room.rows("field_conflict")).toMatchObject([{ kept, lost: texts.find((text) => text !== kept) }]);
    expect(other.rows("field_conflict")).toEqual(room.rows("field_conflict"));
  });

  test("one discards what the other is writing in: it is a draft again on both, with all that was written", async () => {
    const other = await clinic.device("single", "other");
    const colleague = await clinic.person("Person CL 2", "CL");
    const { id } = draftIn(room);
    await clinic.meet(room, other);
    for (const { engine } of [room, other]) engine.sync.setPlugged(false);
    room.as("CL", discardExam, { id });
    other.as(colleague, patchExam, { id, entries: { "history.medication": "Latanoprost" } });
    await clinic.meet(room);
    expect(room.rows("exam")[0]?.discarded_at).not.toBeNull();
    await clinic.meet(room, other);
    for (const device of [room, other]) {
      expect(device.rows("exam")[0]?.discarded_at).toBeNull();
      expect(written(device, "history.medication")).toBe("Latanoprost");
    }
    // Who writes on where they discarded it has thrown that away as well.
    room.as("CL", discardExam, { id });
    room.as("CL", patchExam, { id, entries: { "history.medication": "Timolol" } });
    await clinic.meet(room, other);
    expect(other.rows("exam")[0]?.discarded_at).not.toBeNull();
  });

  test("fill in different fields, and both add a reading: everything is there on both", async () => {
    const other = await clinic.device("single", "other");
    const { id } = draftIn(room);
    await clinic.meet(room, other);
    for (const { engine } of [room, other]) engine.sync.setPlugged(false);
    const reading = (eye: "r" | "l", value: number) => ({
      examId: id,
      list: "pressure",
      data: { eye, value, method: "goldmann", at: 1, note: null },
    });
    room.as("CL", patchExam, { id, entries: { "posterior.disc.r": "pale" } });
    room.as("CL", addItem, reading("r", 210));
    other.as("CL", patchExam, { id, entries: { "posterior.disc.l": "healthy" } });
    other.as("CL", addItem, reading("l", 180));
    await clinic.meet(room, other);
    for (const device of [room, other]) {
      expect([written(device, "posterior.disc.r"), written(device, "posterior.disc.l")]).toEqual(["pale", "healthy"]);
      expect(device.rows("exam_item").map(({ data }) => data.value)).toEqual(expect.arrayContaining([210, 180]));
    }
  });
});

describe("what is impossible", () => {
  const impossible = [
    [{ entries: { "posterior.cd_ratio.r": 140 } }, "IMPOSSIBLE"],
    [{ entries: { "subjective.sphere.r": 120_000 } }, "IMPOSSIBLE"],
    [{ entries: { "objective.sphere.r": 120_000 } }, "IMPOSSIBLE"],
    [{ entries: { "subjective.axis.l": 0 } }, "IMPOSSIBLE"],
    [{ entries: { "posterior.cd_ratio": 40 } }, "INVALID"],
    [{ entries: { "nothing.of_the_kind": "x" } }, "INVALID"],
    [{ fields: { r_sphere: 90_000 } }, "IMPOSSIBLE"],
  ] as const;
  test.each(impossible)("%j is refused, and nothing of it is kept", (given, code) => {
    const { id } = draftIn(room);
    const before = room.everything();
    const also = { "history.medication": "none", ...("entries" in given ? given.entries : {}) };
    expect(codeOf(() => room.as("CL", patchExam, { id, ...given, entries: also }))).toBe(code);
    expect(room.everything()).toBe(before);
  });

  test("a reading without a method or beyond 80 mmHg is refused", () => {
    const { id } = draftIn(room);
    const add = (data: Record<string, unknown>) =>
      codeOf(() => room.as("CL", addItem, { examId: id, list: "pressure", data }));
    expect(add({ eye: "r", value: 180, at: 1 })).toBe("INVALID");
    expect(add({ eye: "r", value: 900, method: "goldmann", at: 1 })).toBe("IMPOSSIBLE");
    expect(add({ eye: "r", value: 180, method: "goldmann", at: 1, note: null })).toBe("taken");
  });

  test("is refused by the centre too, from a client that skips its own checks", async () => {
    const { id } = draftIn(room);
    await clinic.meet(room);
    const [entry] = room.rows("exam_entry");
    const forged = { entity: "exam_item", id: null, fields: { exam_id: id, list: "pressure", data: { eye: "r" } } };
    expect(codeOf(() => room.as("CL", forgeRow, forged))).toBe("INVALID");
    const before = JSON.stringify(await clinic.rows("exam_entry"));
    unchecked("exam_entry", () =>
      room.as("CL", forgeRow, { entity: "exam_entry", id: entry?.id ?? "", fields: { value: { no: "value" } } }),
    );
    unchecked("exam_item", () => room.as("CL", forgeRow, forged));
    await clinic.meet(room);
    expect(attention(room.engine, null).map(({ code }) => code)).toEqual(["MALFORMED", "MALFORMED"]);
    expect(JSON.stringify(await clinic.rows("exam_entry"))).toBe(before);
    expect(await clinic.rows("exam_item")).toEqual([]);
  });
});

describe("what is found is prescribed until somebody prescribes otherwise", () => {
  const exam = () => room.rows("exam")[0];
  test("a cell of the prescription follows its subjective one", () => {
    const { id } = draftIn(room);
    room.as("CL", patchExam, { id, fields: { r_sphere: null }, entries: {} });
    room.as("CL", patchExam, { id, entries: { "subjective.sphere.r": -4500, "subjective.va.r": "6/5" } });
    expect(exam()).toMatchObject({ r_sphere: -4500, r_va: "6/5" });
    room.as("CL", patchExam, { id, entries: { "subjective.sphere.r": -4750 } });
    expect(exam()).toMatchObject({ r_sphere: -4750 });
  });
  test("a prism is one cell: one that was prescribed otherwise keeps its base", () => {
    const { id } = draftIn(room);
    const found = (amount: number | null, base: string | null) =>
      room.as("CL", patchExam, { id, entries: { "subjective.prism_h.r": amount, "subjective.base_h.r": base } });
    const given = () => room.rows("exam").map(({ r_prism_h, r_base_h }) => [r_prism_h, r_base_h])[0];
    found(200, "in");
    expect(given()).toEqual([200, "in"]);
    room.as("CL", patchExam, { id, fields: { r_prism_h: 100 } });
    found(300, "out");
    expect(given()).toEqual([100, "in"]);
    room.as("CL", patchExam, { id, fields: { r_prism_h: 300, r_base_h: "out" } });
    found(null, null);
    expect(given()).toEqual([null, null]);
  });

  test("once it was prescribed otherwise it stays", () => {
    const { id } = draftIn(room);
    room.as("CL", patchExam, { id, entries: { "subjective.sphere.r": -4500 } });
    room.as("CL", patchExam, { id, fields: { r_sphere: -4250 } });
    room.as("CL", patchExam, { id, entries: { "subjective.sphere.r": -5000 } });
    expect(exam()).toMatchObject({ r_sphere: -4250 });
    expect(written(room, "subjective.sphere.r")).toBe(-5000);
  });
});

test("what was taken back comes again by undo, with what was said of it", () => {
  const { id } = draftIn(room);
  const { id: item } = room.as("CL", addItem, {
    examId: id,
    list: "drops",
    data: { drug: "Tropicamide", strength: "1 %", eye: "b", drops: 1, at: 1, batch: "A12", expires_on: "2027-01-31" },
  }) as { id: string };
  room.as("CL", changeItem, { id: item, data: { batch: "A13" } });
  room.as("CL", removeItems, { ids: [item] });
  expect(room.rows("exam_item")).toMatchObject([{ deleted: true }]);
  room.as("CL", restoreItems, { examId: id, ids: [item] });
  expect(room.rows("exam_item")).toMatchObject([{ deleted: false, data: { drug: "Tropicamide", batch: "A13" } }]);
});
