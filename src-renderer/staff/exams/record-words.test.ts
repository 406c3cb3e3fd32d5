import { describe, expect, test } from "vitest";
import { questionKey } from "../../../src-shared/exams/check.ts";
import { draftRow, entryRow, itemRow } from "../../../src-shared/exams/content.fixture.ts";
import { canonicalExam } from "../../../src-shared/exams/content.ts";
import { examLists } from "../../../src-shared/exams/items.ts";
import { urgencies } from "../../../src-shared/exams/kinds.ts";
import { earlyRecallCodes } from "../../../src-shared/exams/recall.ts";
import { readExamContent } from "../../../src-shared/exams/record-content.ts";
import { examFieldsBySection, keysOf, sectionKeys } from "../../../src-shared/exams/sections.ts";
import { addTexts } from "../../ui/index.ts";
import { enGB as today } from "../today/en-GB.ts";
import { enGB as exams } from "./en-GB.ts";
import { enGB as record } from "./record-en-GB.ts";
import { recordFields, valueWords } from "./record-fields.ts";
import { itemWords } from "./record-items.ts";
import { recordSections } from "./record-model.ts";
import { enGB as words } from "./words-en-GB.ts";

addTexts("exams", exams);
addTexts("record", record);
addTexts("today", today);

const zone = "Europe/London";
const content = (
  exam: Record<string, unknown> = {},
  entries: Record<string, unknown> = {},
  items: readonly [string, Record<string, unknown>][] = [],
) =>
  readExamContent(
    canonicalExam({
      exam: draftRow({ r_sphere: null, l_sphere: null, ...exam }),
      entries: Object.entries(entries).map(([key, value]) => entryRow(key, value)),
      items: items.map(([list, data], index) => itemRow(index + 1, list, data)),
    }),
  );
const fields = sectionKeys.flatMap((section) => examFieldsBySection[section]);

describe("words", () => {
  test("every section, field, option and list of an exam has them", () => {
    const labels = words.fields as Record<string, Record<string, string>>;
    for (const section of sectionKeys) expect(words.sections[section]).toBeTruthy();
    for (const { key, shape, normal } of fields) {
      const [section = "", name = ""] = key.split(".");
      expect([key, typeof labels[section]?.[name]]).toEqual([key, "string"]);
      const options = "options" in shape ? (shape.options as readonly string[]) : [];
      for (const option of [...options, ...(typeof normal === "string" ? [normal] : [])])
        if (!/^\d+$/.test(option)) expect([key, option in words.options]).toEqual([key, true]);
    }
    for (const list of examLists) expect(list in record.lists).toBe(true);
    for (const code of earlyRecallCodes) expect(code.replace(".", "_") in words.earlyCodes).toBe(true);
    for (const urgency of urgencies) expect(urgency in words.options).toBe(true);
  });
  test("every field that can be amended has a name, a section, and a key of its own", () => {
    const all = recordFields(content());
    expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
    for (const { label, key } of all) expect([key, label]).not.toEqual([key, key]);
    for (const key of fields.flatMap(keysOf)) expect(all.some((field) => field.key === key)).toBe(true);
  });
  test("values read as the profession writes them", () => {
    const of = (key: string, value: unknown) => {
      const field = recordFields(content()).find((each) => each.key === key);
      return field ? valueWords(field, value) : "no such field";
    };
    expect(of("l_sphere", -3500)).toBe("−3.50");
    expect(of("r_sphere", 0)).toBe("Plano");
    expect(of("r_axis", 5)).toBe("005");
    expect(of("r_prism_h", 150)).toBe("1.50Δ");
    expect(of("bvd", 125)).toBe("12.5 mm");
    expect(of("posterior.cd_ratio.l", 65)).toBe("0.65");
    expect(of("anterior.staining.r", 15)).toBe("1.5");
    expect(of("posterior.disc.r", "healthy_rim")).toBe("Healthy rim");
    expect(of("posterior.disc.r", "thin inferior rim")).toBe("thin inferior rim");
    expect(of("history.family", ["glaucoma", "gout"])).toBe("Glaucoma, gout");
    expect(of("early_recall", "3.1")).toBe("3.1 Symptoms, referred");
    expect(of("drops.warned", true)).toBe("Yes");
  });
});

describe("the record on paper", () => {
  const sections = (shown = content(), signed = shown) => recordSections(shown, signed, { zone });
  test("shows the sections that hold something, in the order of work, and no others", () => {
    const shown = content(
      { advice: "Rest", r_sphere: -1000 },
      { "posterior.disc.r": "healthy_rim", "vision.own.l": "6/9" },
    );
    expect(sections(shown).map(({ section }) => section)).toEqual([
      "vision",
      "given",
      "posterior",
      "diagnosis",
      "outcome",
    ]);
  });
  test("shows a record of the first version, columns alone", () => {
    const first = readExamContent(
      JSON.stringify({
        version: 1,
        patient_id: "p",
        optometrist_id: "o",
        started_at: 1,
        exam: { outcome: "no_change", findings: "Clear", history: "None", r_sphere: -500, l_sphere: 0, r_va: "6/5" },
      }),
    );
    const shown = sections(first);
    expect(shown.map(({ section }) => section)).toEqual(["history", "given", "findings", "outcome"]);
    expect(shown[1]?.rx?.r.sphere).toBe(-500);
    expect(shown[1]?.lines[0]?.cells.r?.text).toBe("6/5");
  });
  test("says pressures with method and time, drops with batch, and what was not done with its reason", () => {
    const at = Date.UTC(2026, 10, 28, 10, 42);
    const texts = sections(
      content({}, {}, [
        ["pressure", { eye: "l", value: 230, method: "goldmann", at, note: null }],
        [
          "drops",
          { drug: "Tropicamide", strength: "1 %", eye: "b", drops: 2, at, batch: "TR2291", expires_on: "2027-06-30" },
        ],
        ["declined", { test: "internal", reason: "Refused drops", advice: "Offered again" }],
      ]),
    ).flatMap(({ entries }) => entries.map(({ text }) => text));
    expect(texts).toEqual([
      "Left 23 mmHg, Goldmann, 10:42",
      "Tropicamide 1 %, both, 2 drops, 10:42, batch TR2291, expires 30 Jun 2027",
      "Internal examination: Refused drops. Advised: Offered again",
    ]);
  });
  test("a question of the practice's that was declined stands under the wording that was frozen", () => {
    const id = "0d".repeat(16);
    const asked = {
      ...content({}, {}, [["declined", { test: questionKey("own_myopia", id), reason: "No time", advice: null }]]),
      questions: { [id]: { section: "own_myopia", label: "Axial length", unit: "mm" } },
    };
    expect(sections(asked).flatMap(({ entries }) => entries.map(({ text }) => text))).toEqual([
      "Axial length: No time",
    ]);
  });
  test("answers to the practice's own questions stand under the wording that was frozen, whatever is asked today", () => {
    const id = "0d".repeat(16);
    const key = questionKey("own_myopia", id, "r");
    const asked = {
      ...content({}, { [key]: 24 }),
      questions: { [id]: { section: "own_myopia", label: "Axial length", unit: "mm" } },
    };
    const [own] = recordSections(asked, asked, { zone, names: { own_myopia: "Myopia clinic" } }).filter(
      ({ section }) => section === "own_myopia",
    );
    expect(own?.title).toBe("Myopia clinic");
    expect(own?.lines).toMatchObject([{ label: "Axial length", cells: { r: { text: "24 mm", was: null } } }]);
  });
  test("what an amendment changed says what was signed, what it struck out too", () => {
    const signed = content({ advice: "Rest", l_sphere: -3750 }, { "posterior.disc.r": "healthy_rim" });
    const shown = content({ advice: "Rest", l_sphere: -3500 }, {});
    const all = sections(shown, signed).flatMap(({ lines }) => lines.flatMap(({ cells }) => Object.values(cells)));
    expect(all).toContainEqual({ key: "posterior.disc.r", text: "", was: "Healthy rim" });
    expect(all).toContainEqual({ key: "l_sphere", text: "−3.50", was: "−3.75" });
    expect(all).toContainEqual({ key: "advice", text: "Rest", was: null });
  });
  test("a field that only a newer version knows is shown as it came", () => {
    const newer = { ...content(), entries: { "retina.thickness.r": 280 } };
    expect(sections(newer).at(-1)).toMatchObject({
      section: "later",
      lines: [{ label: "retina.thickness.r", cells: { r: { text: "280" } } }],
    });
  });
});

test("a trial lens is recorded with its base curve and diameter", () => {
  const trial = { eye: "r", lens: "Lumia Toric", base_curve: 870, diameter: 1450, sphere: -3250, va: "6/5" };
  expect(itemWords("lens_trial", trial, zone)).toBe("Right, Lumia Toric, 8.70, 14.50, \u22123.25 DS, 6/5");
  expect(itemWords("lens_trial", { ...trial, base_curve: null, diameter: null }, zone)).not.toContain("8.70");
});
