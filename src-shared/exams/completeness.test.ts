import { describe, expect, test } from "vitest";
import { gapsOf, type Written } from "./completeness.ts";
import { sectionKeys } from "./sections.ts";

const nothing: Written = { kind: "sight_test", columns: {}, entries: {}, items: [] };
const whats = (written: Written) => gapsOf(written).map(({ what }) => what);
/** A sight test as the College's list wants it (domain §4.1). */
const whole: Written = {
  kind: "sight_test",
  columns: { reason: "Routine", history: "None", r_sphere: 0, outcome: "no_change", recall_months: 24, advice: "None" },
  entries: {
    "history.general": "good",
    "history.medication": "none",
    "history.driving": "without_glasses",
    "vision.unaided.r": "6/6",
    "vision.unaided.l": "6/6",
    "binocular.cover_distance": "no_movement",
    "subjective.va.r": "6/5",
    "subjective.va.l": "6/5",
    "anterior.lids.r": "clear",
    "posterior.disc.r": "healthy_rim",
  },
  items: [],
};

describe("what the law expects of a record", () => {
  test("everything is missing from an empty sight test, each in a section that is there", () => {
    const gaps = gapsOf(nothing);
    expect(gaps).toHaveLength(14);
    for (const { section } of gaps) expect(sectionKeys).toContain(section);
  });
  test("nothing is missing from a whole one", () => {
    expect(gapsOf(whole)).toEqual([]);
  });
  test.each(Object.keys(whole.columns))("the gap of %s opens when it is taken out", (column) => {
    expect(gapsOf({ ...whole, columns: { ...whole.columns, [column]: null } })).toHaveLength(1);
  });
  test("the acuity of one eye is not enough", () => {
    const { "subjective.va.l": _, ...entries } = whole.entries;
    expect(whats({ ...whole, entries })).toEqual(["acuity"]);
  });
  test("a test that was declined with its reason is no gap", () => {
    const { "posterior.disc.r": _, ...entries } = whole.entries;
    const declined = { list: "declined", data: { test: "internal", reason: "Refused drops and light" } };
    expect(whats({ ...whole, entries })).toEqual(["internal"]);
    expect(whats({ ...whole, entries, items: [declined] })).toEqual([]);
  });
  test("a visit for contact lenses is not asked for a refraction", () => {
    expect(whats({ ...nothing, kind: "contact_lens_aftercare" })).not.toContain("refraction");
  });
  test("an expected question of the practice's own is a gap until one of its eyes is answered", () => {
    const questions = [{ section: "own_myopia", keys: ["own_myopia.q1.r", "own_myopia.q1.l"] }];
    expect(gapsOf({ ...whole, questions })).toEqual([{ section: "own_myopia", what: "own_myopia.q1.r" }]);
    expect(gapsOf({ ...whole, questions, entries: { ...whole.entries, "own_myopia.q1.l": 0 } })).toEqual([]);
  });
});
