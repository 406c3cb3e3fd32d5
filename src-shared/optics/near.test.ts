import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lens, must, prism, someLens } from "../../sim/lenses.ts";
import { nearLimits } from "./limits.ts";
import { anisometropia, checkNear, type LensPair, nearPrism } from "./near.ts";
import { powerInMeridian } from "./transpose.ts";
import { emptyEye, type Prism, type StatedPower } from "./types.ts";

const pair = (r: StatedPower, l: StatedPower): LensPair => ({ r, l });

describe("below the optical centres", () => {
  test.each<[LensPair, number, number, Partial<Prism>]>([
    // A difference of 1 D, 10 mm down, is 1Δ.
    [pair(lens(3000), lens(2000)), 100, 0, { prism_v: 100, base_v: "up" }],
    [pair(lens(2000), lens(3000)), 100, 0, { prism_v: 100, base_v: "down" }],
    [pair(lens(-3000), lens(-2000)), 100, 0, { prism_v: 100, base_v: "down" }],
    [pair(lens(2000), lens(2000)), 100, 0, {}],
    // Only the vertical power counts: a cylinder at 90 has none there.
    [pair(lens(-2000, -2000, 90), lens(-2000)), 100, 0, {}],
    [pair(lens(-2000, -2000, 180), lens(-2000)), 100, 0, { prism_v: 200, base_v: "down" }],
    [pair(lens(-2000, -2000, 45), lens(-2000)), 100, 0, { prism_h: 100, base_h: "in", prism_v: 100, base_v: "down" }],
    // Inside the centres two minus lenses have their bases in, and these add up.
    [pair(lens(-2000), lens(-2000)), 100, 25, { prism_h: 100, base_h: "in" }],
    [pair(lens(2000), lens(2000)), 100, 25, { prism_h: 100, base_h: "out" }],
    [pair(lens(2000), lens(3000)), 0, 0, {}],
    // Both halves are rounded at once: 0.625 and 0.375 would be 1.01 by themselves.
    [pair(lens(625), lens(-375)), 100, 0, { prism_v: 100, base_v: "up" }],
  ])("%j, %i down and %i in: %j", (lenses, below, inside, between) => {
    expect(nearPrism(lenses, below, inside)).toEqual({ ok: true, value: prism(between) });
  });
  test("the vertical prism is the difference of the vertical powers by the distance", () => {
    fc.assert(
      fc.property(someLens, someLens, fc.integer({ min: 0, max: 200 }), (r, l, below) => {
        const { prism_v, base_v } = must(nearPrism(pair(r, l), below));
        const signed = (base_v === "down" ? -1 : 1) * (prism_v ?? 0);
        const difference = (powerInMeridian(r, 90) as number) - (powerInMeridian(l, 90) as number);
        expect(Math.abs(signed - (difference * below) / 1000)).toBeLessThanOrEqual(0.501 + below / 1000);
      }),
    );
  });
  test.each<[LensPair, number, string]>([
    [pair(emptyEye, lens(0)), 100, "not_stated"],
    [pair(lens(0), lens(0, -500)), 100, "axis_missing"],
    [pair(lens(0), lens(0)), 376, "out_of_range"],
  ])("%j at %i is refused: %s", (lenses, below, code) => {
    expect(nearPrism(lenses, below)).toMatchObject({ ok: false, code });
  });
});

describe("the difference of the eyes", () => {
  test.each<[LensPair, number]>([
    [pair(lens(3000), lens(1000)), 2000],
    [pair(lens(1000), lens(3000)), 2000],
    [pair(lens(-1000, -2000, 90), lens(-1000, -2000, 180)), 2000],
    [pair(lens(-1000, -2000, 90), lens(-3000, 2000, 180)), 0],
    [pair(lens(-1000, -1000, 90), lens(-1000)), 1000],
    [pair(lens(1000), lens(-1000, -500, 20)), 2500],
  ])("%j is %i", (lenses, difference) => {
    expect(anisometropia(lenses)).toEqual({ ok: true, value: difference });
  });
  test("is not known where an eye is not", () => {
    expect(anisometropia(pair(lens(0), emptyEye))).toMatchObject({ ok: false, code: "not_stated" });
  });
  test("is that of no meridian less than of the horizontal or the vertical, and the same from either side", () => {
    fc.assert(
      fc.property(someLens, someLens, fc.constantFrom(90, 180), (r, l, meridian) => {
        const difference = must(anisometropia(pair(r, l)));
        expect(must(anisometropia(pair(l, r)))).toBe(difference);
        const here = (powerInMeridian(r, meridian) as number) - (powerInMeridian(l, meridian) as number);
        expect(difference + 1).toBeGreaterThanOrEqual(Math.abs(here));
      }),
    );
  });
});

describe("a pair", () => {
  const found = (lenses: LensPair, limits = nearLimits) => checkNear(lenses, limits).map(({ field }) => field);
  test.each<[LensPair, string[]]>([
    [pair(lens(0), lens(0)), []],
    [pair(lens(1000), lens(0)), []],
    [pair(lens(1125), lens(0)), ["near_prism"]],
    [pair(lens(0), lens(1125)), ["near_prism"]],
    [pair(lens(2000), lens(0)), ["anisometropia", "near_prism"]],
    [pair(lens(1875), lens(0)), ["near_prism"]],
    [pair(lens(0, -2000, 90), lens(0)), ["anisometropia"]],
    [pair(lens(0, -2000, 180), lens(0)), ["anisometropia", "near_prism"]],
    [pair(emptyEye, lens(5000)), []],
    [pair(lens(0, -2000), lens(5000)), []],
  ])("%j: %j", (lenses, fields) => {
    expect(found(lenses)).toEqual(fields);
  });
  test("is judged by the practice's own limits where it has some", () => {
    const lenses = pair(lens(2000), lens(0));
    expect(found(lenses, { ...nearLimits, verticalAbove: 200 })).toEqual(["anisometropia"]);
    expect(found(lenses, { ...nearLimits, below: 50 })).toEqual(["anisometropia"]);
    expect(found(lenses, { ...nearLimits, anisometropiaFrom: 2250 })).toEqual(["near_prism"]);
  });
  test("is told in words", () => {
    expect(checkNear(pair(lens(2000), lens(0)))[0]?.message).toBe(
      "The eyes differ by 2.00 or more. Images of unequal size are likely.",
    );
  });
});
