import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  perpendicular,
  powerInMeridian,
  principalMeridians,
  sphericalEquivalent,
  strongestMeridian,
  transpose,
} from "./transpose.ts";
import { type EyeRx, emptyEye } from "./types.ts";

const eye = (sphere: number, cylinder: number | null = null, axis: number | null = null): EyeRx => ({
  ...emptyEye,
  sphere,
  cylinder,
  axis,
});
const step = fc.integer({ min: -160, max: 160 }).map((steps) => steps * 125 + 0);
const axis = fc.integer({ min: 1, max: 180 });
const toric = fc
  .tuple(
    step,
    step.filter((power) => power !== 0),
    axis,
  )
  .map(([sphere, cylinder, at]) => eye(sphere, cylinder, at));

describe("transposing", () => {
  // Vectors of optics-dispensing-lab §3.4.
  test.each([
    [eye(2000, -1500, 180), eye(500, 1500, 90)],
    [eye(-3000, 1000, 45), eye(-2000, -1000, 135)],
    [eye(1000, -750, 90), eye(250, 750, 180)],
    [eye(500, -500, 91), eye(0, 500, 1)],
  ])("%j gives %j and back", (one, other) => {
    expect(transpose(one)).toEqual(other);
    expect(transpose(other)).toEqual(one);
  });
  test("twice is where one was, whatever else the eye states", () => {
    fc.assert(
      fc.property(toric, (lens) => {
        const full = { ...lens, prism_h: 200, base_h: "in" as const, add: 2000 };
        expect(transpose(transpose(full))).toEqual(full);
      }),
    );
  });
  test("leaves a sphere and an incomplete cylinder as they are", () => {
    for (const lens of [
      eye(1000),
      eye(1000, 0),
      eye(1000, -500),
      { ...emptyEye, cylinder: -500, axis: 90 },
      emptyEye,
    ]) {
      expect(transpose(lens)).toBe(lens);
    }
  });
  test("describes the same lens in every meridian", () => {
    fc.assert(
      fc.property(toric, axis, (lens, meridian) => {
        const other = transpose(lens);
        const difference = (powerInMeridian(lens, meridian) as number) - (powerInMeridian(other, meridian) as number);
        expect(Math.abs(difference)).toBeLessThanOrEqual(1);
        expect(sphericalEquivalent(other)).toBe(sphericalEquivalent(lens));
        expect(strongestMeridian(other)).toEqual(strongestMeridian(lens));
      }),
    );
  });
});

describe("the spherical equivalent", () => {
  test.each([
    [eye(-2000, -1500, 90), -2750],
    [eye(1250), 1250],
    [eye(0, -125, 90), -63],
    [eye(0, 125, 90), 63],
    [eye(1000, -2000, 90), 0],
  ])("of %j is %i", (lens, power) => {
    expect(sphericalEquivalent(lens)).toBe(power);
  });
  test("is not known without a sphere", () => {
    expect(sphericalEquivalent(emptyEye)).toBeNull();
  });
});

describe("the power in a meridian", () => {
  test.each([
    [180, -2000],
    [90, -3500],
    [45, -2750],
    [30, -2375],
    [60, -3125],
    [0, -2000],
    [270, -3500],
  ])("%i of -2.00/-1.50x180 is %i", (meridian, power) => {
    expect(powerInMeridian(eye(-2000, -1500, 180), meridian)).toBe(power);
  });
  test("rounds halves away from zero for plus and minus alike", () => {
    expect(powerInMeridian(eye(0, 250, 180), 30)).toBe(63);
    expect(powerInMeridian(eye(0, -250, 180), 30)).toBe(-63);
  });
  test("lies between the principal powers, and is them along and across the axis", () => {
    fc.assert(
      fc.property(toric, axis, (lens, meridian) => {
        const [along, across] = principalMeridians(lens) ?? [];
        expect(powerInMeridian(lens, along?.meridian as number)).toBe(along?.power);
        expect(powerInMeridian(lens, across?.meridian as number)).toBe(across?.power);
        const power = powerInMeridian(lens, meridian) as number;
        const ends = [along?.power as number, across?.power as number];
        expect(power).toBeGreaterThanOrEqual(Math.min(...ends));
        expect(power).toBeLessThanOrEqual(Math.max(...ends));
      }),
    );
  });
  test("adds up with the one at right angles to twice the spherical equivalent", () => {
    fc.assert(
      fc.property(toric, axis, (lens, meridian) => {
        const sum =
          (powerInMeridian(lens, meridian) as number) + (powerInMeridian(lens, perpendicular(meridian)) as number);
        expect(Math.abs(sum - 2 * (sphericalEquivalent(lens) as number))).toBeLessThanOrEqual(2);
      }),
    );
  });
  test("is the same everywhere on a sphere and unknown where a cylinder lacks its axis", () => {
    expect(powerInMeridian(eye(1000), 37)).toBe(1000);
    expect(powerInMeridian(eye(1000, -500), 37)).toBeNull();
    expect(powerInMeridian(emptyEye, 37)).toBeNull();
  });
});

describe("the strongest meridian", () => {
  test.each([
    [eye(-4000, -2000, 45), { meridian: 135, power: -6000 }],
    [eye(4000, -2000, 45), { meridian: 45, power: 4000 }],
    [eye(1000, -3000, 10), { meridian: 100, power: -2000 }],
    [eye(1000, -2000, 10), { meridian: 10, power: 1000 }],
    [eye(-1000, 2000, 10), { meridian: 100, power: 1000 }],
    [eye(-3000), { meridian: 180, power: -3000 }],
    [eye(0), { meridian: 180, power: 0 }],
  ])("of %j is %j", (lens, expected) => {
    expect(strongestMeridian(lens)).toEqual(expected);
  });
  test("is not known of an eye that lacks its sphere or its axis", () => {
    expect(strongestMeridian(emptyEye)).toBeNull();
    expect(strongestMeridian(eye(1000, -500))).toBeNull();
  });
});
