import { describe, expect, test } from "vitest";
import { eye, lens } from "../../sim/lenses.ts";
import { type EyeRx, emptyEye, type LensPower } from "./types.ts";
import { powerForUse, type Use, usualIntermediateAdd } from "./uses.ts";

test.each([
  [2000, 1000],
  [2250, 1250],
  [2750, 1500],
  [750, 500],
])("of an add of %i an intermediate one is %i", (add, between) => {
  expect(usualIntermediateAdd(add)).toBe(between);
});

describe("the power for a use", () => {
  const full = eye({ sphere: -1000, cylinder: -500, axis: 90, add: 2000, prism_h: 200, base_h: "in" });
  test.each<[EyeRx, Use, number | null, LensPower]>([
    [full, "distance", null, lens(-1000, -500, 90)],
    [full, "near", null, lens(1000, -500, 90)],
    [full, "intermediate", null, lens(0, -500, 90)],
    [full, "intermediate", 1250, lens(250, -500, 90)],
    [eye({ sphere: 0 }), "distance", null, lens(0)],
    [eye({ sphere: 0 }), "intermediate", 1000, lens(1000)],
  ])("%j for %s with %j is %j", (rx, use, between, power) => {
    expect(powerForUse(rx, use, between)).toEqual({ ok: true, value: power });
  });
  test.each<[EyeRx, Use, string]>([
    [emptyEye, "near", "not_stated"],
    [eye({ sphere: 0 }), "near", "not_stated"],
    [eye({ sphere: 0 }), "intermediate", "not_stated"],
    [eye({ sphere: 0, cylinder: -500 }), "distance", "axis_missing"],
  ])("%j for %s is refused: %s", (rx, use, code) => {
    expect(powerForUse(rx, use)).toMatchObject({ ok: false, code });
  });
});
