import { expect, test } from "vitest";
import { isFolded } from "./form.ts";

test("contact lenses stand open at visits that are about them, however the form folds them", () => {
  expect(isFolded("contact_lenses", true, "contact_lens_aftercare")).toBe(false);
  expect(isFolded("contact_lenses", true, "contact_lens_fit")).toBe(false);
  expect(isFolded("contact_lenses", true, "sight_test")).toBe(true);
  expect(isFolded("contact_lenses", true, null)).toBe(true);
  expect(isFolded("keratometry", true, "contact_lens_fit")).toBe(true);
  expect(isFolded("history", false, "sight_test")).toBe(false);
});
