import fc from "fast-check";
import { expect, test } from "vitest";
import { must } from "../../sim/lenses.ts";
import { exactSag, refusedSurface, type Surface } from "./exact-sag.ts";

test("an exact sag lies on the sphere: s(2r − s) = y²", () => {
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
      expect(must(exactSag({ ...of, power: -of.power }))).toBe(-depth);
    }),
  );
});
test.each<[Surface, string | null]>([
  [{ power: -6000, diameter: 630, index: 1498 }, null],
  [{ power: 100_001, diameter: 630, index: 1498 }, "No lens has such a power."],
  [{ power: 0, diameter: 0, index: 1498 }, "A diameter is above 0 and to 100 mm."],
  [{ power: 0, diameter: 630, index: 1000 }, "A refractive index is above 1 and to 2."],
])("%j is refused: %j", (surface, message) => {
  expect(refusedSurface(surface)?.message ?? null).toBe(message);
});
