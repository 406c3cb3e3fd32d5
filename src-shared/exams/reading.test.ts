import fc from "fast-check";
import { expect, test } from "vitest";
import { builtInTables } from "../optics/index.ts";
import { isUnusual, valueProblem } from "./check.ts";
import type { ExamField } from "./field.ts";
import { readValue, showValue } from "./reading.ts";
import { entryOf, examFieldsBySection, sectionKeys } from "./sections.ts";

const words = (code: string) => code.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
const field = (key: string) => entryOf(key)?.field as ExamField;
const read = (key: string, text: string) => readValue(field(key), text, words);
const all = sectionKeys.flatMap((section) => examFieldsBySection[section]).filter(({ shape }) => shape.kind !== "lens");

test.each([
  ["subjective.sphere.r", "+1.75", 1750],
  ["subjective.sphere.r", "pl", 0],
  ["subjective.cylinder.r", "-075", -750],
  ["subjective.cylinder.r", "DS", null],
  ["subjective.axis.l", "85", 85],
  ["subjective.va.r", "6/6 - 1", "6/6-1"],
  ["subjective.va.r", "cf", "CF"],
  ["near.va.b", "n5", "N5"],
  ["near.va.b", "N5 AT 25CM", "N5 at 25 cm"],
  ["near.va.b", "n4.5@33 cm", "N4.5 at 33 cm"],
  ["near.va.b", "n5 slowly", "N5 slowly"],
  ["posterior.cd_ratio.r", "0.65", 65],
  ["posterior.cd_ratio.r", ".5", 50],
  ["keratometry.k1.r", "7.8", 780],
  ["anterior.bulbar_redness.l", "1.5", 15],
  ["anterior.staining.r", "-0", 0],
  ["subjective.prism_h.r", "2Δ", 200],
  ["binocular.convergence", "8 cm", 8],
  ["specs.age_months", "24m", 24],
  ["history.screen_hours", "6 hours", 6],
  ["history.smoking", "nev", "never"],
  ["history.driving", "With glasses", "with_glasses"],
  ["history.symptoms", "headache, Double vision", ["headache", "double_vision"]],
  ["history.ocular", "None known", "none_known"],
  ["history.ocular", "Left squint as a child", "Left squint as a child"],
  ["history.last_test", "3/2/2024", "2024-02-03"],
  ["drops.warned", "y", true],
  ["posterior.method", "Volk 90 D", "Volk 90 D"],
])("%s takes %s", (key, text, value) => {
  expect(read(key, text)).toEqual({ ok: true, value });
});

test.each([
  ["subjective.sphere.r", "+1.3"],
  ["subjective.axis.r", "190"],
  ["posterior.cd_ratio.r", "1.5"],
  ["posterior.cd_ratio.r", "0.555"],
  ["keratometry.k1.r", "78"],
  ["anterior.staining.r", "5"],
  ["history.smoking", "sometimes"],
  ["history.last_test", "31/2/2024"],
  ["binocular.convergence", "8.5"],
  ["binocular.convergence", "8e"],
  ["posterior.cd_ratio.r", "0.5q"],
])("%s refuses %s and says why", (key, text) => {
  const result = read(key, text);
  expect(result.ok).toBe(false);
  expect(result.ok ? "" : result.message).toMatch(/\w{3}/);
});

test.each([
  ["03/27", "2027-03-31"],
  ["3/2027", "2027-03-31"],
  ["2027-02", "2027-02-28"],
  ["02.28", "2028-02-29"],
  ["2027/12", "2027-12-31"],
  ["31/12/2027", "2027-12-31"],
])("the expiry of a bottle may be a month: %s", (text, value) => {
  const expiry = { shape: { kind: "date", ofMonth: true } } as const;
  expect(readValue(expiry, text, words)).toEqual({ ok: true, value });
  expect(readValue({ shape: { kind: "date" } }, text, words).ok).toBe(text === "31/12/2027");
});
test.each(["13/27", "0/2027", "2027-13", "27", "March"])("%s is no month", (text) => {
  const read = readValue({ shape: { kind: "date", ofMonth: true } }, text, words);
  expect(read).toEqual({ ok: false, message: "Write a date like 31/12/2025, or the month like 12/2025." });
});

test("an amount of prism says nothing of its base", () => {
  expect(read("subjective.prism_h.r", "2 in")).toMatchObject({ ok: false });
});

test.each([
  ["-45.00", false],
  ["+0.25 no better", true],
  ["-99 no better", false],
  ["90 % of the time clear", true],
  ["plano", true],
  ["6/6 with -0.25", true],
])("what is written of an over-refraction is held against the limits: %s", (text, fine) => {
  const read = readValue(field("contact_lenses.over_refraction.r"), text, words);
  expect(read.ok).toBe(fine);
});

test("prism is unusual above what its direction usually has, by the practice's own limits too", () => {
  const { shape } = field("subjective.prism_h.r");
  const vertical = field("subjective.prism_v.r").shape;
  expect([isUnusual(shape, 1000), isUnusual(shape, 1025), isUnusual(vertical, 425)]).toEqual([false, true, true]);
  const rx = { ...builtInTables.rx, prism: { ...builtInTables.rx.prism, most: 2000, warnAboveHorizontal: 500 } };
  expect(isUnusual(shape, 525, rx)).toBe(true);
  expect(valueProblem(shape, 2025, rx)).toBe("A prism is from 0 to 20Δ.");
});

test("nothing typed is not stated", () => {
  for (const each of all) expect(readValue(each, "  ", words)).toEqual({ ok: true, value: null });
});

test("whatever is read is possible, and what is shown reads as the same", () => {
  const text = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.stringMatching(/^[+-]?\d{0,3}([.,]\d{0,3})?$/),
    fc.constantFrom("pl", "6/6-1", "CF", "yes", "no", "none", "clear", "1/2/2024", "N5", "2 in"),
  );
  fc.assert(
    fc.property(fc.constantFrom(...all), text, (each, typed) => {
      const first = readValue(each, typed, words);
      if (!first.ok) return;
      expect(valueProblem(each.shape, first.value)).toBeNull();
      expect(readValue(each, showValue(each, first.value, words), words)).toEqual(first);
    }),
    { numRuns: 2000 },
  );
});
