import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lens, must, someLens } from "../../sim/lenses.ts";
import { vertexLimits } from "./limits.ts";
import { roundLens } from "./matrix.ts";
import { emptyEye, type LensPower, type StatedPower } from "./types.ts";
import { powerAtCornea, powerAtVertex, vertexDemand } from "./vertex.ts";

describe("at the cornea, from 12 mm", () => {
  // Vectors of optics-dispensing-lab §3.4, in hundredths of a dioptre there.
  test.each([
    [lens(-4000), -3817, -3.82],
    [lens(-6000), -5597, -5.6],
    [lens(-10_000), -8929, -8.93],
    [lens(4000), 4202, 4.2],
    [lens(6000), 6466, 6.47],
    [lens(12_000), 14_019, 14.02],
    [lens(0), 0, 0],
  ])("%j is %i", (spectacle, power, published) => {
    expect(powerAtCornea(spectacle, 120)).toEqual({ ok: true, value: lens(power) });
    expect(roundLens(lens(power), 10)).toEqual(lens(published * 1000));
  });
  test("each principal meridian goes by itself, and the cylinder is what lies between", () => {
    const toric = must(powerAtCornea(lens(-6000, -2000, 30), 120));
    expect(toric).toEqual(lens(-5597, -1702, 30));
    expect(roundLens(toric, 10)).toEqual(lens(-5600, -1700, 30));
    // Rounded to a quarter only at the very end; a sphere rounded first would have made -1.75 of another -5.50.
    expect(roundLens(toric, 250)).toEqual(lens(-5500, -1750, 30));
  });
});

test.each([
  // From optics-dispensing-lab §3.4, which prints the second as +12.60; it is 12.60504.
  [lens(-8000), 140, 100, lens(-7752)],
  [lens(12_000), 140, 100, lens(12_605)],
  [lens(12_000), 100, 140, lens(11_450)],
  [lens(-8000, 2000, 90), 140, 100, lens(-7752, 1893, 90)],
  [lens(5000, -5000, 45), 140, 100, lens(5102, -5102, 45)],
  [lens(-8000, -500, 45), 120, 120, lens(-8000, -500, 45)],
  [lens(-8000, 0), 140, 100, lens(-7752)],
])("%j from %i to %i tenths is %j", (power, from, to, there) => {
  expect(powerAtVertex(power, from, to)).toEqual({ ok: true, value: there });
});

describe("a change of distance is refused", () => {
  test.each<[StatedPower, number, number, string]>([
    [emptyEye, 120, 0, "not_stated"],
    [lens(-8000, -500), 120, 0, "axis_missing"],
    [lens(-8000.5), 120, 0, "out_of_range"],
    [lens(Number.NaN), 120, 0, "out_of_range"],
    [lens(-8000), 251, 0, "out_of_range"],
    [lens(-8000), -1, 0, "out_of_range"],
    [lens(-8000), 12.5, 0, "out_of_range"],
    [lens(-8000), 120, Number.NaN, "out_of_range"],
    // 1/40 m is 25 mm: the light meets where the lens should go.
    [lens(40_000), 250, 0, "singular"],
    [lens(45_000), 250, 0, "singular"],
    [lens(100_000), 250, 0, "singular"],
    // Just before that point the power would be without measure.
    [lens(49_000), 200, 0, "singular"],
  ])("%j from %i to %i: %s", (power, from, to, code) => {
    expect(powerAtVertex(power, from, to)).toMatchObject({ ok: false, code });
  });
  test("in whichever meridian it fails", () => {
    expect(powerAtVertex(lens(0, 45_000, 90), 250, 0)).toMatchObject({ code: "singular" });
  });
});

test("there and back is the same lens, within a thousandth in each meridian", () => {
  const distance = fc.integer({ min: 60, max: 180 });
  const across = (power: LensPower) => power.sphere + (power.cylinder ?? 0);
  fc.assert(
    fc.property(someLens, distance, distance, (power, from, to) => {
      const back = must(powerAtVertex(must(powerAtVertex(power, from, to)), to, from));
      expect(Math.abs(back.sphere - power.sphere)).toBeLessThanOrEqual(1);
      expect(Math.abs(across(back) - across(power))).toBeLessThanOrEqual(1);
    }),
  );
});
test("closer to the eye a minus lens gets weaker and a plus lens stronger", () => {
  const power = fc.integer({ min: 1000, max: 20_000 });
  fc.assert(
    fc.property(power, fc.integer({ min: 10, max: 120 }), (amount, closer) => {
      expect(must(powerAtVertex(lens(-amount), 120, 120 - closer)).sphere).toBeGreaterThan(-amount);
      expect(must(powerAtVertex(lens(amount), 120, 120 - closer)).sphere).toBeGreaterThan(amount);
    }),
  );
});

describe("the vertex distance", () => {
  test.each<[StatedPower[], string]>([
    [[], "none"],
    [[emptyEye, emptyEye], "none"],
    [[lens(3750), lens(-3750)], "none"],
    [[lens(4000)], "offer"],
    [[emptyEye, lens(-4000)], "offer"],
    [[lens(-3000, -1000, 90)], "offer"],
    [[lens(4750)], "offer"],
    [[lens(5000), lens(0)], "record"],
    [[lens(0), lens(-3000, -2000, 90)], "record"],
    [[lens(-6000, 5000, 90)], "record"],
  ])("of %j: %s", (lenses, demand) => {
    expect(vertexDemand(lenses)).toBe(demand);
  });
  test("is asked for by the practice's own limits where it has some", () => {
    expect(vertexDemand([lens(4000)], { ...vertexLimits, recordFrom: 4000 })).toBe("record");
  });
});
