import { expect, test } from "vitest";
import { lens, must } from "../../sim/lenses.ts";
import { exactPrism, furthestDecentration } from "./exact-prism.ts";
import { fittingLimits } from "./fitting-limits.ts";

test.each([
  // As the observer sees it: the worked lens of optics-dispensing-lab §3.4, its sideways decentration mirrored.
  [lens(-4000, -2000, 45), 50, 0, "r", -250, 50],
  [lens(-4000, -2000, 45), 50, 0, "l", 250, -50],
  [lens(-4000, -2000, 45), 0, 50, "r", 50, -250],
  [lens(1125), 0, 100, "l", 0, 112.5],
] as const)("%j decentred by %i and %i before %s", (power, inward, upward, eye, x, y) => {
  const prism = must(exactPrism(power, { inward, upward }, eye));
  expect(prism.x).toBeCloseTo(x, 9);
  expect(prism.y).toBeCloseTo(y, 9);
});
test("no centre lies further out than half of the widest frame", () => {
  expect(furthestDecentration).toBe(fittingLimits.quantities.box_a.block[1] / 2);
});
