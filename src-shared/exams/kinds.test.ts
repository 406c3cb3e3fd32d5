import { expect, test } from "vitest";
import { kindOfVisit } from "./kinds.ts";

test.each([
  [null, 40, "sight_test"],
  [null, 15, "child_test"],
  ["sight_test", 15, "child_test"],
  ["sight_test", 16, "sight_test"],
  ["contact_lens_aftercare", 15, "contact_lens_aftercare"],
  ["contact_lens_fit", 30, "contact_lens_fit"],
  ["collection", 30, "sight_test"],
  ["of a newer version", 9, "child_test"],
] as const)("booked as %s at the age of %i, the visit is a %s", (booked, age, kind) => {
  expect(kindOfVisit(booked, age)).toBe(kind);
});
