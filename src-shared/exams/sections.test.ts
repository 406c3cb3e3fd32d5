import { describe, expect, test } from "vitest";
import { valueProblem } from "./check.ts";
import { exam } from "./entities.ts";
import { defaultForm, formSectionsSchema } from "./form.ts";
import { entryOf, examFieldsBySection, isSectionKey, keysOf, sectionKeys } from "./sections.ts";

const fields = sectionKeys.flatMap((section) => examFieldsBySection[section]);

describe("the fields of an exam", () => {
  test("each key stands once, and names its field and eye", () => {
    const keys = fields.flatMap(keysOf);
    expect(new Set(keys).size).toBe(keys.length);
    for (const field of fields)
      for (const key of keysOf(field))
        expect(entryOf(key)).toEqual({ field, eye: field.eyes === "none" ? null : key.at(-1) });
  });
  test("none could be taken for a column of the exam, or be longer than a key can be", () => {
    for (const key of fields.flatMap(keysOf)) {
      expect(key.length).toBeLessThanOrEqual(80);
      expect(exam.columns).not.toContain(key);
    }
  });
  test("what counts as normal is possible, and is text where a field is text", () => {
    for (const { key, shape, normal } of fields)
      if (normal !== undefined) expect([key, valueProblem(shape, normal)]).toEqual([key, null]);
  });
  test("the options of a list differ", () => {
    for (const { shape } of fields)
      if ("options" in shape) expect(new Set(shape.options).size).toBe(shape.options.length);
  });
  test("a key with an eye that the field is not asked for names nothing", () => {
    expect(entryOf("posterior.disc")).toBeNull();
    expect(entryOf("posterior.disc.b")).toBeNull();
    expect(entryOf("vision.own.b")).not.toBeNull();
    expect(entryOf("history.general.r")).toBeNull();
  });
});

describe("forms", () => {
  test("the form that comes with the product is one that could be saved, with every section once", () => {
    expect(formSectionsSchema.parse(defaultForm)).toEqual(defaultForm);
    expect(defaultForm.map(({ section }) => section)).toEqual(sectionKeys);
  });
  test("a section of the practice's own has a name of its own kind", () => {
    expect(isSectionKey("own_myopia")).toBe(true);
    for (const wrong of ["myopia", "own_", "own_Myopia", `own_${"x".repeat(33)}`, "own_a.b"])
      expect(isSectionKey(wrong)).toBe(false);
  });
});
