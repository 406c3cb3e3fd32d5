import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lens, must, someAxis, someLens } from "../../sim/lenses.ts";
import {
  addLenses,
  addMatrices,
  differenceOf,
  lensOf,
  type PowerMatrix,
  powerMatrix,
  roundLens,
  subtractMatrices,
} from "./matrix.ts";
import { powerInMeridian, transpose } from "./transpose.ts";
import { emptyEye, type LensPower, type StatedPower } from "./types.ts";

const matrixOf = (power: StatedPower): PowerMatrix => must(powerMatrix(power));

describe("the matrix of a lens", () => {
  test.each([
    // The worked lens of optics-dispensing-lab §3.4: half a prism dioptre of vertical prism comes from this Fxy.
    [lens(-4000, -2000, 45), { xx: -5_000_000, yy: -5_000_000, xy: 1_000_000 }],
    [lens(-4000, -2000, 135), { xx: -5_000_000, yy: -5_000_000, xy: -1_000_000 }],
    [lens(-2000, -1500, 180), { xx: -2_000_000, yy: -3_500_000, xy: 0 }],
    [lens(-2000, -1500, 90), { xx: -3_500_000, yy: -2_000_000, xy: 0 }],
    [lens(0, -1000, 30), { xx: -250_000, yy: -750_000, xy: 433_013 }],
    [lens(1250), { xx: 1_250_000, yy: 1_250_000, xy: 0 }],
    [lens(1250, 0), { xx: 1_250_000, yy: 1_250_000, xy: 0 }],
  ])("%j is %j", (power, matrix) => {
    expect(powerMatrix(power)).toEqual({ ok: true, value: matrix });
  });
  test.each<[StatedPower, string]>([
    [emptyEye, "not_stated"],
    [lens(1000, -500), "axis_missing"],
    [lens(1000, -500, 181), "out_of_range"],
  ])("%j has none: %s", (power, code) => {
    expect(powerMatrix(power)).toMatchObject({ ok: false, code });
  });
  test("holds the powers of the horizontal and the vertical", () => {
    fc.assert(
      fc.property(someLens, (power) => {
        const { xx, yy } = matrixOf(power);
        expect(Math.abs(xx / 1000 - (powerInMeridian(power, 180) as number))).toBeLessThanOrEqual(0.501);
        expect(Math.abs(yy / 1000 - (powerInMeridian(power, 90) as number))).toBeLessThanOrEqual(0.501);
      }),
    );
  });
  test("gives the lens back exactly, in either way of writing it", () => {
    fc.assert(
      fc.property(someLens, (power) => {
        const plus = transpose({ ...emptyEye, ...power });
        expect(lensOf(matrixOf(power))).toEqual(power);
        expect(lensOf(matrixOf(plus), "minus")).toEqual(power);
        expect(lensOf(matrixOf(power), "plus")).toEqual(lens(plus.sphere as number, plus.cylinder, plus.axis));
      }),
    );
  });
});

describe("lenses in contact", () => {
  test.each<[LensPower[], LensPower]>([
    [[], lens(0)],
    [[lens(-2000, -500, 180)], lens(-2000, -500, 180)],
    [[lens(-2000), lens(250)], lens(-1750)],
    [[lens(0, -1000, 180), lens(0, -500, 180)], lens(0, -1500, 180)],
    [[lens(0, -1000, 180), lens(0, -1000, 90)], lens(-1000)],
    // Equal cylinders at 45 degrees: √2 of one, half way between, and the mean power kept.
    [[lens(0, -1000, 180), lens(0, -1000, 45)], lens(-293, -1414, 23)],
    [[lens(-3000, -1000, 20), lens(500, 0)], lens(-2500, -1000, 20)],
  ])("%j make %j", (lenses, together) => {
    expect(addLenses(lenses)).toEqual({ ok: true, value: together });
  });
  test("two crossed cylinders keep their mean power", () => {
    fc.assert(
      fc.property(someLens, someLens, (one, other) => {
        const sum = must(addLenses([one, other]));
        const mean = (power: LensPower) => power.sphere + (power.cylinder ?? 0) / 2;
        expect(Math.abs(mean(sum) - mean(one) - mean(other))).toBeLessThanOrEqual(1);
      }),
    );
  });
  test("are the same in any order and any grouping", () => {
    const matrix = someLens.map(matrixOf);
    fc.assert(
      fc.property(matrix, matrix, matrix, (a, b, c) => {
        expect(addMatrices(a, b)).toEqual(addMatrices(b, a));
        expect(addMatrices(addMatrices(a, b), c)).toEqual(addMatrices(a, addMatrices(b, c)));
        expect(subtractMatrices(addMatrices(a, b), b)).toEqual(a);
      }),
    );
    fc.assert(
      fc.property(someLens, someLens, someLens, (a, b, c) => {
        expect(addLenses([a, b, c])).toEqual(addLenses([c, a, b]));
      }),
    );
  });
  test("are refused with the one that is not whole", () => {
    expect(addLenses([lens(1000), emptyEye])).toMatchObject({ ok: false, code: "not_stated" });
  });
  test("are written with the cylinder that is asked for", () => {
    expect(addLenses([lens(-2000, -500, 180)], "plus")).toEqual({ ok: true, value: lens(-2500, 500, 90) });
  });
});

describe("the difference of two prescriptions", () => {
  test.each<[LensPower, LensPower, LensPower]>([
    [lens(-2250, -500, 90), lens(-2000, -500, 90), lens(-250)],
    [lens(-2000, -1000, 90), lens(-2000, -500, 90), lens(0, -500, 90)],
    [lens(-2000, -500, 90), lens(-2000, -1000, 90), lens(500, -500, 180)],
    [lens(-2000, -1000, 100), lens(-2000, -1000, 80), lens(342, -684, 135)],
    [lens(-2500, 500, 180), lens(-2000, -500, 90), lens(0)],
  ])("%j after %j is %j", (now, before, change) => {
    expect(differenceOf(now, before)).toEqual({ ok: true, value: change });
  });
  test("added to the earlier gives the later, to a thousandth in every meridian", () => {
    fc.assert(
      fc.property(someLens, someLens, someAxis, (now, before, meridian) => {
        const change = subtractMatrices(matrixOf(now), matrixOf(before));
        const again = lensOf(addMatrices(matrixOf(before), change));
        expect(powerInMeridian(again, meridian)).toBe(powerInMeridian(now, meridian));
      }),
    );
  });
  test("is refused when either is not whole", () => {
    expect(differenceOf(emptyEye, lens(0))).toMatchObject({ code: "not_stated" });
    expect(differenceOf(lens(0), lens(0, -500))).toMatchObject({ code: "axis_missing" });
  });
});

test.each<[LensPower, number, LensPower]>([
  [lens(-5597, -1702, 20), 250, lens(-5500, -1750, 20)],
  [lens(-5597, -1702, 20), 125, lens(-5625, -1750, 20)],
  [lens(-5597, -1702, 20), 10, lens(-5600, -1700, 20)],
  [lens(-3817), 10, lens(-3820)],
  [lens(-125, -124, 90), 250, lens(-250)],
  [lens(125, 125, 90), 250, lens(250, 250, 90)],
])("%j in steps of %i is %j", (power, steps, whole) => {
  expect(roundLens(power, steps)).toEqual(whole);
});
