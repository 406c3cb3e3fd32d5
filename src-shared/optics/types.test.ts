import { expect, test } from "vitest";
import { eyeFields } from "../patients/entities.ts";
import type { NewRow } from "../sync/registry.ts";
import { type EyeRx, emptyEye, eyeColumns, eyeOf, isEmpty, rxOf } from "./types.ts";

const right: EyeRx = { ...emptyEye, sphere: -4250, cylinder: -1250, axis: 15, prism_h: 200, base_h: "in" };

test("an eye has exactly the columns of prescriptions and exams", () => {
  expect(Object.keys(eyeColumns(emptyEye, "r"))).toEqual(Object.keys(eyeFields("r")));
  expect(Object.keys(eyeColumns(emptyEye, "l"))).toEqual(Object.keys(eyeFields("l")));
});
test("each eye is read from its own columns, and comes back out as them", () => {
  const row = { ...eyeColumns(right, "r"), ...eyeColumns(emptyEye, "l") };
  // A compile-time check as well: a row of either entity is good enough.
  const typed: Pick<NewRow<"prescription">, keyof typeof row> & Pick<NewRow<"exam">, keyof typeof row> = row;
  expect(rxOf(typed)).toEqual({ r: right, l: emptyEye });
  expect(eyeColumns(eyeOf(row, "r"), "r")).toEqual(eyeColumns(right, "r"));
});
test("columns that a row lacks are not stated", () => {
  expect(eyeOf({ l_sphere: 0 }, "l")).toEqual({ ...emptyEye, sphere: 0 });
});
test("a plano eye is not an empty one", () => {
  expect(isEmpty(eyeOf({}, "r"))).toBe(true);
  expect(isEmpty({ ...emptyEye, sphere: 0 })).toBe(false);
});
