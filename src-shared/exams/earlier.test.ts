import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftRow, entryRow } from "./content.fixture.ts";
import { canonicalExam } from "./content.ts";
import { drawnBefore, type EarlierVisit, earlierBySection } from "./earlier.ts";
import { readExamContent } from "./record-content.ts";

const blank = { reason: null, history: null, advice: null, recommendation: null };
const noPowers = Object.fromEntries(
  ["r", "l"].flatMap((eye) => ["sphere", "cylinder", "axis", "add", "va"].map((cell) => [`${eye}_${cell}`, null])),
);
interface Held {
  readonly exam?: Record<string, unknown>;
  readonly entries?: Record<string, unknown>;
  readonly items?: Record<string, { readonly id: string }[]>;
}
/** A visit that holds an outcome and what is given. */
function visit(on: string, { exam = {}, entries = {}, items = {} }: Held = {}): EarlierVisit {
  const row = draftRow({ ...blank, ...noPowers, bvd: null, ...exam });
  const rows = Object.entries(entries).map(([key, value]) => entryRow(key, value));
  const content = readExamContent(canonicalExam({ exam: row, entries: rows, items: [] }));
  return { examId: on, signedAt: Date.parse(on), on, content: { ...content, items } };
}

describe("what stands behind a field", () => {
  test("is of the newest visit that holds anything in its section, each section by itself", () => {
    const sightTest = visit("2026-03-01", { entries: { "posterior.disc.r": "healthy_rim" } });
    const aftercare = visit("2025-09-01", {
      exam: { kind: "contact_lens_aftercare" },
      entries: { "contact_lenses.hours": 14, "contact_lenses.comfort": 6, "posterior.disc.r": "pale" },
    });
    const before = visit("2024-09-01", { entries: { "contact_lenses.hours": 10, "contact_lenses.days": 7 } });
    const earlier = earlierBySection([sightTest, aftercare, before]);
    expect(earlier.posterior).toMatchObject({ on: "2026-03-01", values: { "posterior.disc.r": "healthy_rim" } });
    // What that visit did not ask stays empty: values of two days are not mixed in one section.
    expect(earlier.contact_lenses).toEqual({
      on: "2025-09-01",
      values: { "contact_lenses.hours": 14, "contact_lenses.comfort": 6 },
      readings: [],
    });
    expect(earlier.vision).toBeUndefined();
  });
  test("of a refraction is what was found; what was given where nothing else is known", () => {
    const given = { r_sphere: -1000, l_sphere: -1250, r_va: "6/6" };
    const found = visit("2026-03-01", { exam: given, entries: { "subjective.sphere.r": -1250 } });
    expect(earlierBySection([found]).subjective?.values).toEqual({ ...given, "subjective.sphere.r": -1250 });
    expect(earlierBySection([visit("2020-03-01", { exam: given })]).subjective?.values).toEqual({
      ...given,
      "subjective.sphere.r": -1000,
      "subjective.sphere.l": -1250,
      "subjective.va.r": "6/6",
    });
  });
  test("of a refraction is the prescription on file where that is newer, whoever wrote it", () => {
    const tested = visit("2025-03-01", { exam: { r_sphere: -1000 } });
    const brought = (issued_on: string) => ({ issued_on, r_sphere: -1500, l_sphere: -1500, bvd: 120 });
    const values = { r_sphere: -1500, bvd: 120, "subjective.sphere.l": -1500 };
    expect(earlierBySection([tested], brought("2026-01-10")).subjective).toMatchObject({ on: "2026-01-10", values });
    expect(earlierBySection([tested], brought("2024-01-10")).subjective).toMatchObject({ on: "2025-03-01" });
    expect(earlierBySection([], brought("2024-01-10")).subjective).toMatchObject({ on: "2024-01-10", values });
  });
  test("an aftercare without powers hides no prescription", () => {
    const aftercare = visit("2026-06-01", { exam: { kind: "contact_lens_aftercare" } });
    const tested = visit("2025-03-01", { exam: { r_sphere: -1000 } });
    expect(earlierBySection([aftercare, tested])).toMatchObject({
      outcome: { on: "2026-06-01" },
      subjective: { on: "2025-03-01", values: { r_sphere: -1000 } },
    });
  });
  test("readings of a pressure are of one day with what stands beside them", () => {
    const reading = { id: "a".repeat(32), eye: "r", value: 160 };
    const newer = visit("2026-03-01", { items: { pressure: [reading] } });
    const older = visit("2025-03-01", { entries: { "pressure.thickness.r": 540 } });
    expect(earlierBySection([newer, older]).pressure).toEqual({ on: "2026-03-01", values: {}, readings: [reading] });
  });
  test("the last test's date is that of the last sight test here, not of the one before it", () => {
    const lenses = visit("2026-06-01", { exam: { kind: "contact_lens_aftercare", reason: "Dry" } });
    const tested = visit("2025-03-01", { entries: { "history.last_test": "2023-01-05", "history.first_test": false } });
    expect(earlierBySection([lenses, tested]).history).toMatchObject({
      on: "2026-06-01",
      values: { reason: "Dry", "history.last_test": "2025-03-01" },
    });
    expect(earlierBySection([lenses]).history?.values).toEqual({ reason: "Dry" });
  });

  const keys = ["vision.unaided.r", "vision.own.l", "near.range", "own_x.q1", "contact_lenses.hours"];
  const some = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom("a", "b", "", null, 3), { maxKeys: 5 });
  test("whatever visits there are, no older one wins and no value comes from elsewhere", () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), (list) => {
        const visits = list.map((entries, index) => visit(`20${30 - index}-01-01`, { entries }));
        const earlier = earlierBySection(visits);
        for (const section of ["vision", "near", "own_x", "contact_lenses"]) {
          const holds = (entries: Record<string, unknown>) =>
            Object.entries(entries).filter(
              ([key, value]) => key.startsWith(`${section}.`) && value !== null && value !== "",
            );
          const newest = list.findIndex((entries) => holds(entries).length > 0);
          expect(earlier[section]?.on).toBe(visits[newest]?.on);
          expect(earlier[section]?.values).toEqual(
            newest < 0 ? undefined : Object.fromEntries(holds(list[newest] ?? {})),
          );
        }
      }),
    );
  });
});

test("a drawing is of the newest visit at which something was drawn on that diagram", () => {
  const stroke = (id: string, diagram: string) => ({ id, diagram, eye: "r", tool: "pen", points: "1,1" });
  const visits = [
    visit("2026-03-01", { items: { stroke: [stroke("1", "anterior")] } }),
    visit("2025-03-01", { items: { stroke: [stroke("2", "posterior"), stroke("3", "anterior")] } }),
  ];
  expect(drawnBefore(visits, "anterior")).toMatchObject({ examId: "2026-03-01", strokes: [{ id: "1" }] });
  expect(drawnBefore(visits, "posterior")).toMatchObject({ examId: "2025-03-01", strokes: [{ id: "2" }] });
  expect(drawnBefore([], "posterior")).toBeNull();
});
