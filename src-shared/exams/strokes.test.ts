import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemProblem } from "./check.ts";
import {
  decodePoints,
  distanceToLine,
  drawingFullness,
  encodeLine,
  encodePlaces,
  encodePoints,
  onGrid,
  type Point,
  simplify,
  spaced,
} from "./strokes.ts";

const coordinate = fc.integer({ min: 0, max: 1000 });
const point = fc.record({ x: coordinate, y: coordinate });
const line = fc.array(point, { minLength: 1, maxLength: 120 });
/** What a pointer reports: fractions, repeats, and places outside. */
const drawn = fc.array(
  fc.record({ x: fc.double({ min: -50, max: 1050, noNaN: true }), y: fc.double({ min: -50, max: 1050, noNaN: true }) }),
  { minLength: 1, maxLength: 1500 },
);
const stroke = (points: string) => ({
  diagram: "posterior" as const,
  eye: "l" as const,
  tool: "pen" as const,
  points,
  note: null,
});
const taken = (points: string) => itemProblem({ list: "stroke", data: stroke(points) }) === null;

describe("points as text", () => {
  test("points come back as they were", () => {
    fc.assert(
      fc.property(line, (points) => {
        expect(decodePoints(encodePoints(points))).toEqual(points);
      }),
    );
  });

  test("whatever a pointer reports becomes a stroke that an exam takes", () => {
    fc.assert(
      fc.property(drawn, (points) => {
        expect(taken(encodeLine(points))).toBe(true);
        expect(taken(encodePlaces(points))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test("what is no stroke has no points", () => {
    for (const text of ["", "1", "a,b", "1,2 x", "1.5,2"]) expect(decodePoints(text)).toEqual([]);
  });

  test("a line that fills a page still fits, from its beginning to its end", () => {
    const scribble = Array.from({ length: 6000 }, (_, i) => ({
      x: 500 + 450 * Math.sin(i * 1.7),
      y: 500 + 450 * Math.cos(i * 2.3),
    }));
    const text = encodeLine(scribble);
    expect(text.length).toBeLessThanOrEqual(4000);
    const kept = decodePoints(text);
    const all = onGrid(scribble);
    expect([kept[0], kept.at(-1)]).toEqual([all[0], all.at(-1)]);
  });

  test("places that do not fit are left out from the end, never cut in half", () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 900, maxLength: 1200 }), (places) => {
        const kept = decodePoints(encodePlaces(places));
        expect(kept).toEqual(onGrid(places).slice(0, kept.length));
      }),
      { numRuns: 20 },
    );
  });
});

describe("simplifying", () => {
  test("every point of the drawn line is within the tolerance of what is kept", () => {
    fc.assert(
      fc.property(line, fc.double({ min: 0.5, max: 60, noNaN: true }), (points, tolerance) => {
        const kept = simplify(points, tolerance);
        expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)]);
        for (const each of points) expect(distanceToLine(each, kept)).toBeLessThanOrEqual(tolerance + 1e-9);
      }),
    );
  });

  test("a straight line is its two ends", () => {
    const straight: Point[] = Array.from({ length: 100 }, (_, i) => ({ x: 5 * i, y: 10 * i }));
    expect(simplify(straight, 0.5)).toEqual([straight[0], straight[99]]);
  });
});

test("sprinkled symbols do not stand on one another", () => {
  fc.assert(
    fc.property(line, (points) => {
      const kept = spaced(points, 30);
      for (let i = 1; i < kept.length; i++) {
        const [a, b] = [kept[i - 1] as Point, kept[i] as Point];
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(30);
      }
    }),
  );
});

test("drawings that count as full are still far from what a record may hold", () => {
  const longest = stroke("9,9 ".repeat(999).trim());
  const strokes: (typeof longest)[] = [];
  while (drawingFullness(strokes) < 1) strokes.push(longest);
  const kept = JSON.stringify(strokes.map((each) => ({ ...each, id: "0".repeat(32) })));
  expect(kept.length).toBeLessThan(90_000);
  expect(strokes.length).toBeGreaterThan(15);
});
