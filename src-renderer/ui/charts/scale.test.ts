import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelled, linear, niceTicks, spread } from "./scale.ts";

const value = fc.integer({ min: -30_000, max: 30_000 });

describe("ticks", () => {
  test("enclose what is shown, evenly, few, at multiples of 1, 2 or 5", () => {
    fc.assert(
      fc.property(value, value, fc.integer({ min: 3, max: 8 }), (one, other, most) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const ticks = niceTicks(low, high, most, 1);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(most);
        expect(ticks[0]).toBeLessThanOrEqual(low);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high);
        const step = (ticks[1] as number) - (ticks[0] as number);
        ticks.forEach((tick, index) => {
          expect(tick).toBeCloseTo((ticks[0] as number) + index * step, 6);
          expect(Math.abs(tick / step - Math.round(tick / step))).toBeLessThan(1e-9);
        });
        expect(String(step).replace(/0+$/, "")).toMatch(/^[125]$/);
      }),
    );
  });

  test("a step is never finer than people read", () => {
    expect(niceTicks(16, 17, 5, 5)).toEqual([15, 20]);
    expect(niceTicks(-4250, -4000, 4, 250)).toEqual([-4500, -4000]);
    expect(niceTicks(0, 0, 4, 1000)).toEqual([0, 1000]);
  });

  test.each([
    [15, 24, 5, 5, [15, 20, 25]],
    [-4750, -3000, 4, 500, [-5000, -4000, -3000]],
    [-100, 300, 5, 100, [-100, 0, 100, 200, 300]],
  ])("%d to %d in %d: %j", (low, high, most, smallest, ticks) => {
    expect(niceTicks(low, high, most, smallest)).toEqual(ticks);
  });
});

test("a scale keeps order and proportion", () => {
  fc.assert(
    fc.property(value, value, value, (a, b, c) => {
      fc.pre(a !== b);
      const scale = linear([a, b], [0, 100]);
      expect([scale(a), scale(b)]).toEqual([0, 100]);
      expect(scale(c)).toBeCloseTo(((c - a) / (b - a)) * 100, 6);
    }),
  );
  expect(linear([7, 7], [0, 100])(7)).toBe(50);
});

test("labels of an axis: the newest always, no two on one another", () => {
  const places = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(places, fc.integer({ min: 1, max: 80 }), (unsorted, apart) => {
      const at = unsorted.sort((a, b) => a - b);
      const chosen = labelled(at, apart);
      expect(chosen).toContain(at.length - 1);
      if ((at.at(-1) as number) - (at[0] as number) >= apart) expect(chosen).toContain(0);
      chosen.slice(1).forEach((index, before) => {
        expect((at[index] as number) - (at[chosen[before] as number] as number)).toBeGreaterThanOrEqual(apart);
      });
    }),
  );
});

test("two labels at a line's end keep their order and their distance, and stay on the chart", () => {
  const place = fc.integer({ min: 0, max: 100 });
  fc.assert(
    fc.property(place, place, fc.integer({ min: 1, max: 40 }), (a, b, apart) => {
      const [first, second] = spread(a, b, apart, [0, 100]);
      expect(Math.abs(first - second)).toBeGreaterThanOrEqual(apart - 1e-9);
      expect(Math.sign(second - first)).toBe(a <= b ? 1 : -1);
      for (const each of [first, second]) {
        expect(each).toBeGreaterThanOrEqual(-1e-9);
        expect(each).toBeLessThanOrEqual(100 + 1e-9);
      }
    }),
  );
});
