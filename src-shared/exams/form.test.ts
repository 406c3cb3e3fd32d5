import { expect, test } from "vitest";
import { formSectionsSchema, isFolded } from "./form.ts";

test("contact lenses stand open at visits that are about them, however the form folds them", () => {
  expect(isFolded("contact_lenses", true, "contact_lens_aftercare")).toBe(false);
  expect(isFolded("contact_lenses", true, "contact_lens_fit")).toBe(false);
  expect(isFolded("contact_lenses", true, "sight_test")).toBe(true);
  expect(isFolded("contact_lenses", true, null)).toBe(true);
  expect(isFolded("keratometry", true, "contact_lens_fit")).toBe(true);
  expect(isFolded("history", false, "sight_test")).toBe(false);
});

test("no name of a section and no key holds what PostgreSQL cannot keep", () => {
  const section = { section: "history", label: null, hidden: [], folded: false };
  expect(formSectionsSchema.safeParse([section]).success).toBe(true);
  for (const given of [{ label: "a\0b" }, { hidden: ["history.\0"] }])
    expect(formSectionsSchema.safeParse([{ ...section, ...given }]).success).toBe(false);
});
