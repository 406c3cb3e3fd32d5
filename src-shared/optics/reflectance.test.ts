import fc from "fast-check";
import { expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { lensTransmission, surfaceReflectance } from "./reflectance.ts";

test.each([
  // Percent to one place in optics-dispensing-lab §3.4.
  [1498, 397, 4.0, 9221],
  [1586, 513, 5.1, 8999],
  [1600, 533, 5.3, 8963],
  [1670, 630, 6.3, 8780],
  [1740, 729, 7.3, 8594],
  [1500, 400, 4.0, 9216],
  [1000, 0, 0, 10_000],
])("a surface of %i reflects %i, %f percent, and two let %i through", (index, share, percent, through) => {
  expect(surfaceReflectance(index)).toEqual({ ok: true, value: share });
  expect(Math.round(share / 10) / 10).toBe(percent);
  expect(lensTransmission(index)).toEqual({ ok: true, value: through });
});
test.each([999, 2001, 1.5, Number.NaN])("an index of %f is refused", (index) => {
  expect(surfaceReflectance(index)).toMatchObject({ ok: false, code: "out_of_range" });
  expect(lensTransmission(index)).toMatchObject({ ok: false, code: "out_of_range" });
});
test("the higher the index, the more is reflected and the less let through", () => {
  const index = fc.integer({ min: 1000, max: 1990 });
  fc.assert(
    fc.property(index, (lower) => {
      expect(must(surfaceReflectance(lower + 10))).toBeGreaterThan(must(surfaceReflectance(lower)) - 1);
      expect(must(lensTransmission(lower + 10))).toBeLessThanOrEqual(must(lensTransmission(lower)));
    }),
  );
});
