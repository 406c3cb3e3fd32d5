import { describe, expect, test } from "vitest";
import { formatAxis, formatEye, formatEyeShort, formatPolarPrism, formatPower, formatPrism } from "./format.ts";
import { type EyeRx, emptyEye, noPrism } from "./types.ts";

const eye = (stated: Partial<EyeRx>): EyeRx => ({ ...emptyEye, ...stated });

describe("a power is written", () => {
  test.each([
    [1250, "+1.25"],
    [-500, "\u22120.50"],
    [0, "0.00"],
    [-0, "0.00"],
    [125, "+0.12"],
    [-375, "\u22120.37"],
    [625, "+0.62"],
    [-875, "\u22120.87"],
    [-12125, "\u221212.12"],
    [10000, "+10.00"],
    [-2690, "\u22122.69"],
  ])("%i as %s", (power, text) => {
    expect(formatPower(power)).toBe(text);
  });
  test("as Plano where that is wanted", () => {
    expect(formatPower(0, { zero: "Plano" })).toBe("Plano");
    expect(formatPower(250, { zero: "Plano" })).toBe("+0.25");
  });
});

test("an axis has three digits", () => {
  expect([formatAxis(5), formatAxis(15), formatAxis(180)]).toEqual(["005", "015", "180"]);
});

describe("a prism is written", () => {
  test("with both its components, or the one there is", () => {
    expect(formatPrism({ prism_h: 200, base_h: "in", prism_v: 150, base_v: "up" })).toBe("2.00Δ in, 1.50Δ up");
    expect(formatPrism({ ...noPrism, prism_v: 75, base_v: "down" })).toBe("0.75Δ down");
  });
  test("not at all when there is none", () => {
    expect(formatPrism(noPrism)).toBe("");
    expect(formatPrism({ ...noPrism, prism_h: 0 })).toBe("");
  });
});

test("a prism is written by its angle", () => {
  expect(formatPolarPrism({ amount: 250, base: 3687 })).toBe("2.50Δ@36.87");
  expect(formatPolarPrism({ amount: 75, base: 27_000 })).toBe("0.75Δ@270");
  expect(formatPolarPrism({ amount: 300, base: 1050 })).toBe("3.00Δ@10.5");
});

describe("an eye is written", () => {
  test.each<[Partial<EyeRx>, string]>([
    [{ sphere: -4250, cylinder: -1250, axis: 15 }, "\u22124.25/\u22121.25×015"],
    [{ sphere: 1250 }, "+1.25 DS"],
    [{ sphere: 1250, cylinder: 0 }, "+1.25 DS"],
    [{ sphere: 0 }, "Plano"],
    [{ sphere: 0, cylinder: -500, axis: 90 }, "Plano/\u22120.50×090"],
    [{}, ""],
    [{ cylinder: -500, axis: 90 }, "?/\u22120.50×090"],
    [{ sphere: 250, cylinder: -500 }, "+0.25/\u22120.50×?"],
  ])("%j in short as %s", (stated, text) => {
    expect(formatEyeShort(eye(stated))).toBe(text);
  });
  test("in full with prism and add", () => {
    const full = eye({ sphere: 1250, cylinder: -500, axis: 180, prism_h: 200, base_h: "in", add: 2000 });
    expect(formatEye(full)).toBe("+1.25/\u22120.50×180 2.00Δ in Add +2.00");
    expect(formatEye(eye({ sphere: 0, add: 2250 }))).toBe("Plano Add +2.25");
    expect(formatEye(emptyEye)).toBe("");
  });
});
