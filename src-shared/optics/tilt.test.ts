import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lens, must, someLens } from "../../sim/lenses.ts";
import { addMatrices, powerMatrix, roundLens } from "./matrix.ts";
import { compensatedPower, type Tilt, tiltedPower } from "./tilt.ts";
import { type EyeSide, emptyEye, type LensPower, type StatedPower } from "./types.ts";

const tilt = (pantoscopic: number, wrap: number, index = 1500): Tilt => ({ pantoscopic, wrap, index });
const eye = fc.constantFrom<EyeSide>("r", "l");
const someTilt = fc.record({
  pantoscopic: fc.integer({ min: -10, max: 35 }),
  wrap: fc.integer({ min: -5, max: 35 }),
  index: fc.integer({ min: 1490, max: 1740 }),
});

describe("a tilted lens", () => {
  test.each<[LensPower, Tilt, EyeSide, LensPower]>([
    // The worked lens of §3.4: -6.00 tilted by 10° in 1.5 is -6.06/-0.19x180.
    [lens(-6000), tilt(10, 0), "r", lens(-6060, -189, 180)],
    [lens(-6000), tilt(10, 0), "l", lens(-6060, -189, 180)],
    [lens(-6000), tilt(-10, 0), "r", lens(-6060, -189, 180)],
    [lens(-6000), tilt(0, 10), "r", lens(-6060, -189, 90)],
    [lens(-6000), tilt(0, 10), "l", lens(-6060, -189, 90)],
    [lens(6000), tilt(10, 0), "r", lens(6249, -189, 90)],
    [lens(-6000), tilt(0, 0), "r", lens(-6000)],
    [lens(0), tilt(15, 20), "r", lens(0)],
    // A cylinder along or across the tilt: each meridian by Martin's two factors, 1.01005 and 1.04146.
    [lens(-2000, -2000, 180), tilt(10, 0), "r", lens(-2020, -2146, 180)],
    [lens(-2000, -2000, 90), tilt(10, 0), "r", lens(-2083, -1957, 90)],
    // Both by 10°: one tilt of 14.1° whose axis is oblique, mirrored from eye to eye.
    [lens(-6000), tilt(10, 10), "r", lens(-6119, -386, 135)],
    [lens(-6000), tilt(10, 10), "l", lens(-6119, -386, 45)],
    [lens(-6000), tilt(10, -5), "r", lens(-6075, -237, 26)],
  ])("of %j at %j before %s does what %j would", (power, by, side, effect) => {
    expect(tiltedPower(power, by, side)).toEqual({ ok: true, value: effect });
  });
  test("of the worked vector, as it is printed", () => {
    expect(roundLens(must(tiltedPower(lens(-6000), tilt(10, 0), "r")), 10)).toEqual(lens(-6060, -190, 180));
  });
  test("is less changed in a higher index", () => {
    const sphere = (index: number) => must(tiltedPower(lens(-6000), tilt(15, 0, index), "r")).sphere;
    expect(sphere(1740)).toBeGreaterThan(sphere(1498));
  });
  test("of a sphere is Martin's formula for whatever angle tilt and wrap make together", () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: -250 }), someTilt, eye, (power, by, side) => {
        const cosine = Math.cos((by.pantoscopic * Math.PI) / 180) * Math.cos((by.wrap * Math.PI) / 180);
        const sphere = power * (1 + (1 - cosine ** 2) / ((2 * by.index) / 1000));
        const got = must(tiltedPower(lens(power), by, side));
        expect(Math.abs(got.sphere - sphere)).toBeLessThanOrEqual(1);
        expect(Math.abs((got.cylinder ?? 0) - sphere * (1 / cosine ** 2 - 1))).toBeLessThanOrEqual(1.5);
      }),
    );
  });
  test("mirrors from eye to eye", () => {
    fc.assert(
      fc.property(someLens, someTilt, (power, by) => {
        const mirrored = { ...power, axis: power.axis === null ? null : 180 - power.axis || 180 };
        const [r, l] = [must(tiltedPower(power, by, "r")), must(tiltedPower(mirrored, by, "l"))];
        expect([l.sphere, l.cylinder]).toEqual([r.sphere, r.cylinder]);
        // Half a degree may be rounded either way; a tiny cylinder has hardly an axis.
        if (r.axis !== null && l.axis !== null && (r.cylinder ?? 0) < -20) {
          expect([0, 1, 179, 180]).toContain((r.axis + l.axis) % 180 || 180);
        }
      }),
    );
  });
});

describe("a compensated lens", () => {
  test.each<[LensPower, Tilt, EyeSide, LensPower]>([
    // -6/1.01005 along the horizontal, -6/1.04146 along the vertical.
    [lens(-6000), tilt(10, 0), "r", lens(-5761, -179, 90)],
    [lens(-6000), tilt(0, 10), "r", lens(-5761, -179, 180)],
    [lens(-6000), tilt(0, 0), "l", lens(-6000)],
  ])("for %j at %j before %s is %j", (power, by, side, order) => {
    expect(compensatedPower(power, by, side)).toEqual({ ok: true, value: order });
  });
  test("gives the wearer the prescription", () => {
    fc.assert(
      fc.property(someLens, someTilt, eye, (power, by, side) => {
        const order = must(compensatedPower(power, by, side));
        const got = must(powerMatrix(must(tiltedPower(order, by, side))));
        const wanted = must(powerMatrix(power));
        const miss = addMatrices(got, { xx: -wanted.xx, yy: -wanted.yy, xy: -wanted.xy });
        // The axis is ordered and seen to half a degree each, 1/57 of the cylinder together, as the tilt magnifies it.
        const slack = 5000 + 1000 * (Math.abs(order.cylinder ?? 0) / 40 + Math.abs(power.cylinder ?? 0) / 80);
        expect(Math.max(Math.abs(miss.xx), Math.abs(miss.yy), Math.abs(miss.xy))).toBeLessThanOrEqual(slack);
      }),
      { numRuns: 500 },
    );
  });
});

test.each<[StatedPower, Tilt, string]>([
  [emptyEye, tilt(10, 0), "not_stated"],
  [lens(1000, -500), tilt(10, 0), "axis_missing"],
  [lens(1000), tilt(-11, 0), "out_of_range"],
  [lens(1000), tilt(36, 0), "out_of_range"],
  [lens(1000), tilt(0, 36), "out_of_range"],
  [lens(1000), tilt(0, -6), "out_of_range"],
  [lens(1000), tilt(10.5, 0), "out_of_range"],
  [lens(1000), tilt(10, 0, 1000), "out_of_range"],
])("%j at %j is refused: %s", (power, by, code) => {
  expect(tiltedPower(power, by, "r")).toMatchObject({ ok: false, code });
  expect(compensatedPower(power, by, "l")).toMatchObject({ ok: false, code });
});
