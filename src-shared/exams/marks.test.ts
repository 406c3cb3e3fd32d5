import fc from "fast-check";
import { expect, test } from "vitest";
import { strokeTools } from "./items.ts";
import { isUnder, markPath, smoothPath } from "./marks.ts";

const coordinate = fc.integer({ min: 0, max: 1000 });
const line = fc.array(fc.record({ x: coordinate, y: coordinate }), { minLength: 1, maxLength: 40 });
const tool = fc.constantFrom(...strokeTools);

test("every mark can be drawn: a path without a number that is none", () => {
  fc.assert(
    fc.property(tool, line, (of, points) => {
      expect(markPath(of, points)).toMatch(/^M[-\d. aACLZM]+$/);
    }),
  );
});

test("a smooth line goes through every point and never leaves the neighbourhood of a step", () => {
  fc.assert(
    fc.property(line, (points) => {
      const steps = smoothPath(points).slice(1).split("C");
      expect(steps.map((step) => step.split(" ").slice(-2).map(Number))).toEqual(points.map(({ x, y }) => [x, y]));
      steps.slice(1).forEach((step, index) => {
        const [ax = 0, ay = 0, bx = 0, by = 0, x = 0, y = 0] = step.split(" ").map(Number);
        const from = points[index] ?? { x: 0, y: 0 };
        const reach = Math.hypot(x - from.x, y - from.y) / 3 + 0.2;
        expect(Math.hypot(ax - from.x, ay - from.y)).toBeLessThanOrEqual(reach);
        expect(Math.hypot(bx - x, by - y)).toBeLessThanOrEqual(reach);
      });
    }),
  );
});

test("the eraser takes what it touches and leaves what is further away than it reaches", () => {
  fc.assert(
    fc.property(tool, line, (of, points) => {
      const [first = { x: 0, y: 0 }] = points;
      expect(isUnder(first, of, points, 1)).toBe(true);
      expect(isUnder({ x: -500, y: -500 }, of, points, 20)).toBe(false);
    }),
  );
});
