/**
 * A stroke of a drawing as it is kept: its points on the grid of the diagram as text, the first as `x,y`, each further
 * one as its difference from the one before. x grows to the right and y downwards, as one looks at the patient.
 */
import type { ExamItem } from "./items.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The grid reaches from 0 to this in both directions. */
export const gridSize = 1000;
/** The most characters of a stroke (`items.ts`). */
const longestStroke = 4000;
/** How far a kept line may be from the drawn one, in grid units: half a pixel of a diagram of 300. */
const lineTolerance = 1.5;
/** Characters that all strokes of an exam may take up: a record's content stays well below 120 kB. */
const drawingRoom = 80_000;
/** What a stroke's id takes up beside its data. */
const idRoom = 42;

/** Points in whole grid units, none outside the grid, none twice in a row. */
export function onGrid(points: readonly Point[]): Point[] {
  const whole = (value: number) => Math.min(gridSize, Math.max(0, Math.round(value)));
  const kept: Point[] = [];
  for (const { x, y } of points) {
    const point = { x: whole(x), y: whole(y) };
    const last = kept.at(-1);
    if (last?.x !== point.x || last.y !== point.y) kept.push(point);
  }
  return kept;
}

/** The text of points on the grid. At least one. */
export function encodePoints(points: readonly Point[]): string {
  let [x, y] = [0, 0];
  return points
    .map((point) => {
      const step = `${point.x - x},${point.y - y}`;
      [x, y] = [point.x, point.y];
      return step;
    })
    .join(" ");
}

/** The points of a stroke's text. What is no stroke has none. */
export function decodePoints(text: string): Point[] {
  let [x, y] = [0, 0];
  const points = text.split(" ").map((step) => {
    const [dx = Number.NaN, dy = Number.NaN] = step.split(",").map(Number);
    x += dx;
    y += dy;
    return { x, y };
  });
  return points.every((point) => Number.isInteger(point.x) && Number.isInteger(point.y)) ? points : [];
}

/** The text of a drawn line: as near to it as 4000 characters allow, within 1.5 grid units as a rule. */
export function encodeLine(drawn: readonly Point[]): string {
  const points = onGrid(drawn);
  for (let tolerance = lineTolerance; ; tolerance *= 1.5) {
    const text = encodePoints(simplify(points, tolerance));
    if (text.length <= longestStroke) return text;
  }
}

/** The text of single places, such as drusen: as many of the first ones as 4000 characters hold. */
export function encodePlaces(places: readonly Point[]): string {
  const text = encodePoints(onGrid(places));
  return text.length <= longestStroke ? text : text.slice(0, text.lastIndexOf(" ", longestStroke));
}

/**
 * The fewest of a line's points such that each one left out is within `tolerance` (grid units) of what stays
 * (Douglas and Peucker). Ends stay.
 */
export function simplify(points: readonly Point[], tolerance: number): Point[] {
  const keep = new Set([0, points.length - 1]);
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let [furthest, far] = [-1, tolerance];
    for (let i = from + 1; i < to; i++) {
      const away = distanceToSegment(points[i] as Point, points[from] as Point, points[to] as Point);
      if (away > far) [furthest, far] = [i, away];
    }
    if (furthest < 0) continue;
    keep.add(furthest);
    open.push([from, furthest], [furthest, to]);
  }
  return points.filter((_, index) => keep.has(index));
}

function distanceToSegment(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const along = square === 0 ? 0 : ((point.x - a.x) * dx + (point.y - a.y) * dy) / square;
  const at = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - at * dx, point.y - a.y - at * dy);
}

/** How far a place is from a line of points, in grid units. */
export function distanceToLine(place: Point, points: readonly Point[]): number {
  const [first] = points;
  if (!first) return Number.POSITIVE_INFINITY;
  return points.reduce(
    (least, point, index) => Math.min(least, distanceToSegment(place, points[index - 1] ?? point, point)),
    Number.POSITIVE_INFINITY,
  );
}

/** Of the places along a line those that are at least `apart` grid units from the one before. */
export function spaced(points: readonly Point[], apart: number): Point[] {
  const kept: Point[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (!last || Math.hypot(point.x - last.x, point.y - last.y) >= apart) kept.push(point);
  }
  return kept;
}

/** How full an exam's drawings are: 0 is empty; at 1 no further stroke is taken. */
export function drawingFullness(strokes: readonly ExamItem<"stroke">[]): number {
  return strokes.reduce((sum, stroke) => sum + JSON.stringify(stroke).length + idRoom, 0) / drawingRoom;
}
