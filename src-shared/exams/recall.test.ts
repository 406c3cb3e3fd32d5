import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isEarly, type RecallQuestion, recallInterval } from "./recall.ts";

const well: RecallQuestion = {
  age: 40,
  diabetic: false,
  glaucoma: false,
  glaucomaInFamily: false,
  ocularHypertension: false,
  binocularAnomaly: false,
  fastMyopia: false,
};
const flag = fc.boolean();
const question = fc.record({
  age: fc.integer({ min: 0, max: 110 }),
  diabetic: flag,
  glaucoma: flag,
  glaucomaInFamily: flag,
  ocularHypertension: flag,
  binocularAnomaly: flag,
  fastMyopia: flag,
});

describe("the interval of the memorandum of understanding (domain §4.3)", () => {
  test.each([
    [{ age: 6 }, 12, "child"],
    [{ age: 6, binocularAnomaly: true }, 6, "child_binocular"],
    [{ age: 15, fastMyopia: true }, 6, "child_myopia"],
    [{ age: 6, fastMyopia: true }, 12, "child"],
    [{ age: 16 }, 24, "adult"],
    [{ age: 69 }, 24, "adult"],
    [{ age: 70 }, 12, "over_70"],
    [{ age: 39, glaucomaInFamily: true }, 24, "adult"],
    [{ age: 40, glaucomaInFamily: true }, 12, "family_glaucoma"],
    [{ age: 40, ocularHypertension: true }, 12, "hypertension"],
    [{ age: 30, diabetic: true }, 12, "diabetes"],
    [{ age: 30, glaucoma: true }, 12, "glaucoma"],
  ] as const)("%j: %i months, because %s", (given, months, because) => {
    expect(recallInterval({ ...well, ...given })).toEqual({ months, because });
  });
  test("no finding makes it longer", () => {
    fc.assert(
      fc.property(question, (asked) => {
        const plain = recallInterval({ ...well, age: asked.age });
        expect(recallInterval(asked).months).toBeLessThanOrEqual(plain.months);
      }),
    );
  });
});

test("a test is early the day before it was due, not on the day", () => {
  expect(isEarly("2026-11-28", "2026-11-27")).toBe(true);
  expect(isEarly("2026-11-28", "2026-11-28")).toBe(false);
  expect(isEarly(null, "2026-11-28")).toBe(false);
});
