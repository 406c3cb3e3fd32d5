import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, prism, somePrism } from "../../sim/lenses.ts";
import { addPrisms, polarPrism, prismFromPolar, relativePrism, signedPrism } from "./prism.ts";
import { type EyeSide, noPrism, type Prism } from "./types.ts";

const inward = (amount: number) => prism({ prism_h: amount, base_h: "in" });
const out = (amount: number) => prism({ prism_h: amount, base_h: "out" });
const up = (amount: number) => prism({ prism_v: amount, base_v: "up" });
const down = (amount: number) => prism({ prism_v: amount, base_v: "down" });
const eye = fc.constantFrom<EyeSide>("r", "l");

describe("the angle of a base", () => {
  test.each<[Prism, EyeSide, number, number]>([
    // §3.1: right eye 0 in, 90 up, 180 out, 270 down; left eye 0 out, 180 in.
    [inward(100), "r", 100, 0],
    [up(100), "r", 100, 9000],
    [out(100), "r", 100, 18_000],
    [down(100), "r", 100, 27_000],
    [out(100), "l", 100, 0],
    [up(100), "l", 100, 9000],
    [inward(100), "l", 100, 18_000],
    [down(100), "l", 100, 27_000],
    // The worked prism of §3.1: 2 in and 1.5 up before the right eye are 2.50 at 36.9.
    [{ ...inward(200), ...{ prism_v: 150, base_v: "up" } }, "r", 250, 3687],
    [{ ...inward(200), ...{ prism_v: 150, base_v: "up" } }, "l", 250, 14_313],
    [{ ...out(200), ...{ prism_v: 150, base_v: "down" } }, "r", 250, 21_687],
    [noPrism, "r", 0, 0],
    [{ ...noPrism, prism_h: 0, base_h: "out" }, "r", 0, 0],
    [inward(1), "l", 1, 18_000],
  ])("of %j before %s: %i at %i", (components, side, amount, base) => {
    expect(polarPrism(components, side)).toEqual({ ok: true, value: { amount, base } });
  });
  test.each<[number, number, EyeSide, Prism]>([
    [250, 3687, "r", { ...inward(200), prism_v: 150, base_v: "up" }],
    [250, 3700, "r", { ...inward(200), prism_v: 150, base_v: "up" }],
    [250, 3700, "l", { ...out(200), prism_v: 150, base_v: "up" }],
    [200, 36_000, "r", inward(200)],
    [200, 0, "l", out(200)],
    [200, 27_000, "l", down(200)],
    [0, 9000, "l", noPrism],
  ])("%i at %i before %s is %j", (amount, base, side, components) => {
    expect(prismFromPolar({ amount, base }, side)).toEqual({ ok: true, value: components });
  });
  test.each([
    { amount: -1, base: 0 },
    { amount: 100.5, base: 0 },
    { amount: 100, base: -1 },
    { amount: 100, base: 36_001 },
    { amount: Number.NaN, base: 0 },
  ])("%j is refused", (polar) => {
    expect(prismFromPolar(polar, "r")).toMatchObject({ ok: false, code: "out_of_range" });
  });
  test("there and back moves no component by more than a hundredth", () => {
    fc.assert(
      fc.property(somePrism(4000), eye, (components, side) => {
        const back = must(signedPrism(must(prismFromPolar(must(polarPrism(components, side)), side))));
        const before = must(signedPrism(components));
        expect(Math.abs(back.inward - before.inward)).toBeLessThanOrEqual(1);
        expect(Math.abs(back.upward - before.upward)).toBeLessThanOrEqual(1);
      }),
    );
  });
  test("mirrors from eye to eye about the vertical", () => {
    fc.assert(
      fc.property(somePrism(4000), (components) => {
        const [r, l] = [must(polarPrism(components, "r")), must(polarPrism(components, "l"))];
        expect(l.amount).toBe(r.amount);
        if (r.amount > 0) expect((l.base + r.base) % 36_000).toBe(18_000);
      }),
    );
  });
});

describe("prisms before one eye", () => {
  test.each<[Prism[], Prism]>([
    [[], noPrism],
    [[inward(200), inward(100)], inward(300)],
    [[inward(200), out(300)], out(100)],
    [[up(200), down(200)], noPrism],
    [[inward(200), up(150)], { ...inward(200), prism_v: 150, base_v: "up" }],
  ])("%j are %j together", (prisms, sum) => {
    expect(addPrisms(prisms)).toEqual({ ok: true, value: sum });
  });
  test("are the same in any order, and take nothing from none", () => {
    fc.assert(
      fc.property(somePrism(4000), somePrism(4000), (one, other) => {
        expect(addPrisms([one, other])).toEqual(addPrisms([other, one]));
        expect(addPrisms([one, noPrism])).toEqual({ ok: true, value: one });
      }),
    );
  });
});

describe("prisms before two eyes", () => {
  test.each<[Prism, Prism, Prism]>([
    [inward(200), inward(200), inward(400)],
    [inward(200), out(200), noPrism],
    [out(100), out(50), out(150)],
    [up(200), up(200), noPrism],
    [up(200), up(100), up(100)],
    [up(100), down(100), up(200)],
    [noPrism, up(100), down(100)],
    [noPrism, inward(100), inward(100)],
  ])("%j and %j come to %j before the right", (right, left, felt) => {
    expect(relativePrism(right, left)).toEqual({ ok: true, value: felt });
  });
  test("are felt the same when horizontal prism is moved from one to the other", () => {
    fc.assert(
      fc.property(somePrism(4000), somePrism(4000), (right, left) => {
        const swapped = relativePrism(
          { ...left, prism_v: null, base_v: null },
          { ...right, prism_v: null, base_v: null },
        );
        expect(must(swapped).prism_h).toBe(must(relativePrism(right, left)).prism_h);
        expect(must(swapped).base_h).toBe(must(relativePrism(right, left)).base_h);
      }),
    );
  });
});

test.each<[Prism, string]>([
  [{ ...noPrism, prism_h: 100 }, "not_stated"],
  [{ ...noPrism, prism_v: 100 }, "not_stated"],
  [{ ...noPrism, prism_h: -100, base_h: "in" }, "out_of_range"],
  [{ ...noPrism, prism_v: 0.5, base_v: "up" }, "out_of_range"],
])("%j is refused wherever it is used: %s", (half, code) => {
  expect(signedPrism(half)).toMatchObject({ ok: false, code });
  expect(polarPrism(half, "r")).toMatchObject({ ok: false, code });
  expect(addPrisms([noPrism, half])).toMatchObject({ ok: false, code });
  expect(relativePrism(half, noPrism)).toMatchObject({ ok: false, code });
  expect(relativePrism(noPrism, half)).toMatchObject({ ok: false, code });
});
