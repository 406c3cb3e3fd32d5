import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { checkKeratometry, cornealPower, cornealRadius } from "./keratometry.ts";
import { measureLimits } from "./measure-limits.ts";

test.each([
  [750, 45_000],
  [780, 43_269],
  [675, 50_000],
  [500, 67_500],
  [1200, 28_125],
])("a radius of %i is %i", (radius, power) => {
  expect(cornealPower(radius)).toEqual({ ok: true, value: power });
  expect(cornealRadius(power)).toEqual({ ok: true, value: radius });
});
test.each([499, 1201, 0, -780, 780.5, Number.NaN])("a radius of %f is refused", (radius) => {
  expect(cornealPower(radius)).toMatchObject({ ok: false, code: "out_of_range" });
});
test.each([0, -43_000, 27_000, 70_000, 43_000.5, Number.NaN])("a power of %f is refused", (power) => {
  expect(cornealRadius(power)).toMatchObject({ ok: false, code: "out_of_range" });
});
test("a radius comes back from its power", () => {
  fc.assert(
    fc.property(fc.integer({ min: 500, max: 1200 }), (radius) => {
      expect(must(cornealRadius(must(cornealPower(radius))))).toBe(radius);
    }),
  );
});

describe("the meridians of a cornea", () => {
  const found = (first: [number, number], second: [number, number], limits = measureLimits) =>
    checkKeratometry({ radius: first[0], axis: first[1] }, { radius: second[0], axis: second[1] }, limits).map(
      ({ severity, field, code }) => `${severity} ${field} ${code}`,
    );

  test.each<[[number, number], [number, number], string[]]>([
    [[780, 180], [765, 90], []],
    [[780, 5], [765, 95], []],
    [[780, 175], [765, 85], []],
    [[780, 10], [765, 110], []],
    [[780, 10], [765, 90], []],
    [[780, 10], [765, 111], ["warn k_axis axes_not_square"]],
    [[780, 10], [765, 89], ["warn k_axis axes_not_square"]],
    [[780, 180], [765, 180], ["warn k_axis axes_not_square"]],
    [[890, 180], [765, 90], ["warn k_radius unusual"]],
    [[780, 180], [499, 90], ["block k_radius out_of_range"]],
    [[780, 0], [765, 90], ["block k_axis out_of_range"]],
    [[780, 180.5], [765, 90], ["block k_axis out_of_range"]],
  ])("%j and %j: %j", (first, second, findings) => {
    expect(found(first, second)).toEqual(findings);
    expect(found(second, first)).toEqual(findings);
  });
  test("are judged by the practice's own limits where it has some", () => {
    const own = { ...measureLimits, pairs: { ...measureLimits.pairs, kAxes: 30 } };
    expect(found([780, 10], [765, 120], own)).toEqual([]);
  });
});
