import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampTo, fundus, numberPlace, placeOf } from "./diagram.ts";

const coordinate = fc.integer({ min: 0, max: 1000 });
const point = fc.record({ x: coordinate, y: coordinate });
const diagram = fc.constantFrom("posterior" as const, "anterior" as const);

describe("what a place is called", () => {
  test.each([
    ["r", 650, 500, "disc", null, null],
    // The mockup's flame: below the disc of the left eye, towards the macula.
    ["l", 430, 595, "disc_margin", 5, "inferotemporal"],
    ["r", 570, 595, "disc_margin", 7, "inferotemporal"],
    ["l", 440, 625, "beside_disc", 5, "inferotemporal"],
    ["r", 400, 512, "fovea", null, null],
    ["r", 340, 512, "macula", 9, "temporal"],
    ["l", 660, 512, "macula", 3, "temporal"],
    ["r", 900, 480, "periphery", 3, "nasal"],
    ["l", 100, 480, "periphery", 9, "nasal"],
    ["r", 500, 160, "mid_periphery", 12, "superior"],
    ["r", 500, 640, "posterior_pole", 6, "inferior"],
  ] as const)("posterior, %s %i,%i is %s %s %s", (eye, x, y, zone, hour, sector) => {
    expect(placeOf("posterior", eye, { x, y })).toEqual({ zone, hour, sector });
  });

  test.each([
    ["r", 500, 500, "pupil", null],
    ["r", 500, 600, "central_cornea", 6],
    ["r", 655, 500, "cornea", 3],
    ["l", 500, 275, "limbus", 12],
    ["l", 120, 520, "conjunctiva", 9],
    ["r", 500, 100, "upper_lid", 12],
    ["r", 500, 880, "lower_lid", 6],
  ] as const)("anterior, %s %i,%i is %s at %s", (eye, x, y, zone, hour) => {
    expect(placeOf("anterior", eye, { x, y })).toMatchObject({ zone, hour });
  });

  test("the same place of the other eye is its mirror: same zone and sector, hours around the other way", () => {
    fc.assert(
      fc.property(diagram, point, (of, { x, y }) => {
        const right = placeOf(of, "r", { x, y });
        const left = placeOf(of, "l", { x: 1000 - x, y });
        expect([left.zone, left.sector]).toEqual([right.zone, right.sector]);
        if (right.hour !== null) expect(left.hour).toBe(12 - (right.hour % 12));
      }),
    );
  });
});

test("whatever is drawn stays on the diagram, and what is on it stays where it is", () => {
  const anywhere = fc.record({
    x: fc.double({ min: -3000, max: 4000, noNaN: true }),
    y: fc.double({ min: -3000, max: 4000, noNaN: true }),
  });
  fc.assert(
    fc.property(diagram, anywhere, (of, place) => {
      const on = clampTo(of, place);
      if (of === "posterior") expect(Math.hypot(on.x - 500, on.y - 500)).toBeLessThanOrEqual(fundus.radius + 1e-6);
      expect(Math.min(on.x, on.y)).toBeGreaterThanOrEqual(0);
      expect(Math.max(on.x, on.y)).toBeLessThanOrEqual(1000);
      const again = clampTo(of, on);
      expect(Math.hypot(again.x - on.x, again.y - on.y)).toBeLessThan(1e-6);
    }),
  );
});

test("a number stands beside its finding and on the paper", () => {
  fc.assert(
    fc.property(point, (finding) => {
      const { x, y } = numberPlace(finding);
      expect([x >= 40, x <= 960, y >= 40, y <= 960]).toEqual([true, true, true, true]);
    }),
  );
});
