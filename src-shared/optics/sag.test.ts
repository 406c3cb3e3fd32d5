import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { exactSag, type Surface } from "./exact-sag.ts";
import { approximateSag, sag } from "./sag.ts";

const surface = (power: number, diameter: number, index: number): Surface => ({ power, diameter, index });

describe("the sag", () => {
  // The table of optics-dispensing-lab §3.4: a minus six over 63 mm.
  test.each([
    [1498, 598, 621],
    [1586, 508, 522],
    [1600, 496, 509],
    [1670, 444, 453],
    [1740, 402, 409],
  ])("of -6.00 over 63 mm in %i is about %i and exactly %i", (index, about, exactly) => {
    expect(approximateSag(surface(-6000, 630, index))).toEqual({ ok: true, value: -about });
    expect(sag(surface(-6000, 630, index))).toEqual({ ok: true, value: -exactly });
    expect(sag(surface(6000, 630, index))).toEqual({ ok: true, value: exactly });
  });
  test("of no power is none", () => {
    expect(sag(surface(0, 630, 1498))).toEqual({ ok: true, value: 0 });
    expect(approximateSag(surface(0, 630, 1498))).toEqual({ ok: true, value: 0 });
  });
  test("ends at a hemisphere", () => {
    // r = 1000 · 0.5 / 20 = 25 mm.
    expect(sag(surface(20_000, 500, 1500))).toEqual({ ok: true, value: 2500 });
    expect(sag(surface(20_000, 501, 1500))).toMatchObject({ ok: false, code: "no_such_sag" });
    expect(sag(surface(-20_000, 501, 1500))).toMatchObject({ ok: false, code: "no_such_sag" });
    expect(approximateSag(surface(20_000, 501, 1500))).toMatchObject({ ok: true });
  });
  test.each([
    surface(100_001, 630, 1498),
    surface(1000.5, 630, 1498),
    surface(1000, 0, 1498),
    surface(1000, 1001, 1498),
    surface(1000, 630, 1000),
    surface(1000, 630, 2001),
    surface(1000, 630, 1.498),
    surface(Number.NaN, 630, 1498),
  ])("of %j is refused", (of) => {
    expect(sag(of)).toMatchObject({ ok: false, code: "out_of_range" });
    expect(approximateSag(of)).toMatchObject({ ok: false, code: "out_of_range" });
  });
  test("lies on the sphere: s(2r − s) = y²", () => {
    const any = fc.record({
      power: fc.integer({ min: 250, max: 12_000 }),
      diameter: fc.integer({ min: 300, max: 800 }),
      index: fc.integer({ min: 1490, max: 1740 }),
    });
    fc.assert(
      fc.property(any, (of) => {
        const radius = (1000 * (of.index - 1000)) / of.power;
        const depth = must(exactSag(of));
        expect(depth * (2 * radius - depth)).toBeCloseTo((of.diameter / 20) ** 2, 6);
        expect(must(sag({ ...of, power: -of.power }))).toBe(-must(sag(of)));
        expect(must(approximateSag(of))).toBeLessThanOrEqual(must(sag(of)));
      }),
    );
  });
});
