import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lens, must, prism, someLens, somePrism } from "../../sim/lenses.ts";
import type { Decentration } from "./exact-prism.ts";
import { powerMatrix } from "./matrix.ts";
import { decentrationForPrism, prismOfDecentration } from "./prentice.ts";
import { signedPrism } from "./prism.ts";
import { type EyeSide, emptyEye, type LensPower, noPrism, type Prism, type StatedPower } from "./types.ts";

const eye = fc.constantFrom<EyeSide>("r", "l");
const by = (inward: number, upward = 0): Decentration => ({ inward, upward });

describe("a decentred lens", () => {
  test.each<[LensPower, Decentration, EyeSide, Partial<Prism>]>([
    // The worked lens of §3.4: 5 mm sideways give half a prism dioptre of vertical prism as well.
    [lens(-4000, -2000, 45), by(50), "r", { prism_h: 250, base_h: "out", prism_v: 50, base_v: "up" }],
    [lens(-4000, -2000, 45), by(50), "l", { prism_h: 250, base_h: "out", prism_v: 50, base_v: "down" }],
    [lens(-4000, -2000, 135), by(50), "l", { prism_h: 250, base_h: "out", prism_v: 50, base_v: "up" }],
    // A plus lens has its base towards its optical centre, a minus lens away from it.
    [lens(4000), by(50), "r", { prism_h: 200, base_h: "in" }],
    [lens(4000), by(-50), "r", { prism_h: 200, base_h: "out" }],
    [lens(-4000), by(50), "l", { prism_h: 200, base_h: "out" }],
    [lens(4000), by(0, 50), "l", { prism_v: 200, base_v: "up" }],
    [lens(-4000), by(0, 50), "r", { prism_v: 200, base_v: "down" }],
    [lens(-2000, -1500, 180), by(20, 20), "r", { prism_h: 40, base_h: "out", prism_v: 70, base_v: "down" }],
    [lens(0, -2000, 180), by(50), "r", {}],
    [lens(0), by(50, 50), "r", {}],
    [lens(250), by(1), "r", {}],
    [lens(250), by(2), "r", { prism_h: 1, base_h: "in" }],
  ])("%j by %j before %s has %j", (power, decentration, side, expected) => {
    expect(prismOfDecentration(power, decentration, side)).toEqual({ ok: true, value: prism(expected) });
  });
  test.each<[StatedPower, Decentration, string]>([
    [emptyEye, by(10), "not_stated"],
    [lens(1000, -500), by(10), "axis_missing"],
    [lens(1000), by(376), "out_of_range"],
    [lens(1000), by(0, -376), "out_of_range"],
    [lens(1000), by(0.5), "out_of_range"],
    [lens(1000), by(Number.NaN), "out_of_range"],
  ])("%j by %j is refused: %s", (power, decentration, code) => {
    expect(prismOfDecentration(power, decentration, "r")).toMatchObject({ ok: false, code });
  });
  test("has the opposite prism when it is decentred the opposite way", () => {
    const distance = fc.integer({ min: -375, max: 375 });
    fc.assert(
      fc.property(someLens, distance, distance, eye, (power, inward, upward, side) => {
        const one = must(signedPrism(must(prismOfDecentration(power, by(inward, upward), side))));
        const other = must(signedPrism(must(prismOfDecentration(power, by(-inward, -upward), side))));
        expect(other).toEqual({ inward: -one.inward + 0, upward: -one.upward + 0 });
      }),
    );
  });
});

describe("the decentration for a prism", () => {
  test.each<[LensPower, Partial<Prism>, EyeSide, Decentration]>([
    [lens(4000), { prism_h: 200, base_h: "in" }, "r", by(50)],
    [lens(-4000), { prism_h: 200, base_h: "in" }, "l", by(-50)],
    [lens(-4000, -2000, 45), { prism_h: 250, base_h: "out", prism_v: 50, base_v: "up" }, "r", by(50)],
    [lens(-4000, -2000, 45), { prism_h: 250, base_h: "out", prism_v: 50, base_v: "down" }, "l", by(50)],
    [lens(4000), {}, "r", by(0)],
    [lens(0), {}, "r", by(0)],
    // A cylinder has power across its axis only, and can give prism there.
    [lens(0, -2000, 180), { prism_v: 100, base_v: "up" }, "r", by(0, -50)],
    [lens(0, -2000, 45), { prism_h: 71, base_h: "in", prism_v: 71, base_v: "down" }, "r", by(-36, 36)],
    [lens(2000, -2000, 90), { prism_v: 100, base_v: "up" }, "r", by(0, 50)],
  ])("%j, %j before %s: %j", (power, wanted, side, decentration) => {
    expect(decentrationForPrism(power, prism(wanted), side)).toEqual({ ok: true, value: decentration });
  });
  test.each<[LensPower, Partial<Prism>]>([
    [lens(0), { prism_h: 100, base_h: "in" }],
    [lens(0, -2000, 180), { prism_h: 100, base_h: "in" }],
    [lens(2000, -2000, 90), { prism_h: 100, base_h: "in" }],
    [lens(0, -2000, 45), { prism_h: 100, base_h: "in" }],
    [lens(250), { prism_h: 100, base_h: "in" }],
  ])("%j cannot give %j: it has to be worked", (power, wanted) => {
    expect(decentrationForPrism(power, prism(wanted), "r")).toMatchObject({ ok: false, code: "needs_worked_prism" });
  });
  test("is refused beyond what the blank allows", () => {
    const wanted = prism({ prism_h: 200, base_h: "in" });
    expect(decentrationForPrism(lens(4000), wanted, "r", 50)).toMatchObject({ ok: true });
    expect(decentrationForPrism(lens(4000), wanted, "r", 49)).toMatchObject({ code: "needs_worked_prism" });
  });
  test.each<[StatedPower, Prism, string]>([
    [emptyEye, noPrism, "not_stated"],
    [lens(1000, -500), noPrism, "axis_missing"],
    [lens(1000), { ...noPrism, prism_h: 100 }, "not_stated"],
    [lens(1000), { ...noPrism, prism_h: -1, base_h: "in" }, "out_of_range"],
  ])("of %j for %j is refused: %s", (power, wanted, code) => {
    expect(decentrationForPrism(power, wanted, "r")).toMatchObject({ ok: false, code });
  });
  test("gives the prism back, to what a tenth of a millimetre and a hundredth allow", () => {
    fc.assert(
      fc.property(someLens, somePrism(600), eye, (power, wanted, side) => {
        const decentration = decentrationForPrism(power, wanted, side);
        if (!decentration.ok) {
          expect(decentration.code).toBe("needs_worked_prism");
          return;
        }
        const given = must(signedPrism(must(prismOfDecentration(power, decentration.value, side))));
        const asked = must(signedPrism(wanted));
        const { xx, yy, xy } = must(powerMatrix(power));
        const slack = (own: number) => (Math.abs(own) + Math.abs(xy)) / 2e6 + 1.51;
        expect(Math.abs(given.inward - asked.inward)).toBeLessThanOrEqual(slack(xx));
        expect(Math.abs(given.upward - asked.upward)).toBeLessThanOrEqual(slack(yy));
      }),
      { numRuns: 500 },
    );
  });
});
