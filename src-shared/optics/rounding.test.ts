import fc from "fast-check";
import { expect, test } from "vitest";
import { rounded, roundedTo } from "./rounding.ts";

test.each([
  [0.5, 1],
  [-0.5, -1],
  [1.4999, 1],
  [62.49999999, 63],
  [-62.49999999, -63],
  [62.499, 62],
  [-0.2, 0],
])("%f is rounded to %i", (value, whole) => {
  expect(rounded(value)).toBe(whole);
});
test.each([
  [-3125, 250, -3250],
  [3125, 250, 3250],
  [-3817, 10, -3820],
  [12_605, 10, 12_610],
  [-62, 125, 0],
  [63, 125, 125],
])("%i in steps of %i is %i", (value, step, whole) => {
  expect(roundedTo(value, step)).toBe(whole);
});
test("plus and minus mirror each other, and no half is lost to the way a fraction is kept", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 999 }), (whole, part) => {
      expect(rounded(-(whole + part / 1000))).toBe(-rounded(whole + part / 1000) + 0);
      expect(rounded(whole + part / 1000)).toBe(part < 500 ? whole : whole + 1);
    }),
  );
});
