import { describe, expect, test } from "vitest";
import { lens } from "../../sim/lenses.ts";
import { checkContactLens, contactLensStep, softRange } from "./contact-lens.ts";
import type { LensPower } from "./types.ts";

test.each([
  [0, 250],
  [6000, 250],
  [-6000, 250],
  [6125, 500],
  [-6500, 500],
  [20_000, 500],
])("a sphere of %i comes in steps of %i", (sphere, step) => {
  expect(contactLensStep(sphere)).toBe(step);
});

describe("a contact lens", () => {
  const fields = (power: LensPower, range = softRange) => checkContactLens(power, range).map(({ field }) => field);

  test.each<[LensPower, string[]]>([
    [lens(-5750), []],
    [lens(-5625), ["sphere"]],
    [lens(-6500), []],
    [lens(-6250), ["sphere"]],
    [lens(-3000, -1250, 180), []],
    [lens(-3000, -1000, 180), ["cylinder"]],
    [lens(-3000, 1250, 90), ["cylinder"]],
    [lens(-3000, -1250, 175), ["axis"]],
    [lens(-6250, -500, 5), ["sphere", "cylinder", "axis"]],
  ])("of %j is not in the range by %j", (power, findings) => {
    expect(fields(power)).toEqual(findings);
  });
  test("is judged by the brand's own range", () => {
    expect(fields(lens(-3000, -1000, 175), { ...softRange, cylinders: [-1000], axisStep: 5 })).toEqual([]);
  });
  test("is told what it comes in", () => {
    expect(checkContactLens(lens(-6250))[0]?.message).toBe("This sphere comes in steps of 0.50.");
  });
});
