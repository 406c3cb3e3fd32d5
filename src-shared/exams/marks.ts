/** What a stroke looks like: the one path that screen and paper draw for it, in grid units. */
import type { StrokeTool } from "./items.ts";
import { distanceToLine, type Point } from "./strokes.ts";

/** How big a single symbol is, as the radius in grid units. */
const radius = { haemorrhage: 14, drusen: 10, exudate: 11, pigment: 13, cotton_wool: 17 } as const;

/** How far apart symbols stand that are sprinkled by dragging, in grid units. */
export const spacing: Readonly<Partial<Record<StrokeTool, number>>> = {
  drusen: 26,
  exudate: 34,
  pigment: 36,
  cotton_wool: 62,
};

/** The path of a stroke: a line for pen and label, closed shapes for symbols. */
export function markPath(tool: StrokeTool, points: readonly Point[]): string {
  const [first] = points;
  if (!first) return "";
  switch (tool) {
    case "pen":
      return points.length === 1 ? circle(first, 4) : smoothPath(points);
    case "label":
      return smoothPath(points);
    case "haemorrhage":
      return flame(points);
    case "drusen":
      return points.map((point, index) => circle(point, radius.drusen - (index % 3) * 1.2)).join("");
    case "exudate":
      return points.map((point, index) => flake(point, radius.exudate - (index % 2) * 2, index)).join("");
    case "pigment":
      return points.map((point, index) => clump(point, radius.pigment - (index % 3) * 2, index)).join("");
    case "cotton_wool":
      return points.map((point) => cloud(point, radius.cotton_wool)).join("");
  }
}

/** Whether a stroke is under a place, for the eraser; `reach` in grid units. */
export function isUnder(place: Point, tool: StrokeTool, points: readonly Point[], reach: number): boolean {
  const size = tool === "pen" || tool === "label" ? 0 : radius[tool];
  const line = tool === "pen" || tool === "label" || tool === "haemorrhage";
  return line
    ? distanceToLine(place, points) <= reach + size
    : points.some((point) => Math.hypot(point.x - place.x, point.y - place.y) <= reach + size);
}

const at = (value: number): string => String(Math.round(value * 10) / 10);
const pair = (x: number, y: number): string => `${at(x)} ${at(y)}`;

/** A smooth line through all points: corners stay corners, and it never swings out beyond a short step. */
export function smoothPath(points: readonly Point[]): string {
  const [first] = points;
  if (!first) return "";
  const turns = points.map((point, index) => direction(points[index - 1], point, points[index + 1]));
  let path = `M${pair(first.x, first.y)}`;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1] as Point, points[i] as Point];
    const [leave, arrive] = [turns[i - 1] as Point, turns[i] as Point];
    const reach = Math.hypot(b.x - a.x, b.y - a.y) / 3;
    path += `C${pair(a.x + leave.x * reach, a.y + leave.y * reach)} ${pair(b.x - arrive.x * reach, b.y - arrive.y * reach)} ${pair(b.x, b.y)}`;
  }
  return path;
}

/** Where a line heads at a point, as a unit; nowhere at its ends and at a sharp corner. */
function direction(before: Point | undefined, here: Point, after: Point | undefined): Point {
  if (!before || !after) return { x: 0, y: 0 };
  const sharp = (here.x - before.x) * (after.x - here.x) + (here.y - before.y) * (after.y - here.y) <= 0;
  const length = Math.hypot(after.x - before.x, after.y - before.y);
  return sharp || length === 0
    ? { x: 0, y: 0 }
    : { x: (after.x - before.x) / length, y: (after.y - before.y) / length };
}

function circle({ x, y }: Point, r: number): string {
  return `M${pair(x - r, y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`;
}

/** A blot where somebody pointed, a flame along where somebody drew: blunt where it begins, pointed where it ends. */
function flame(points: readonly Point[]): string {
  const [from, to] = [points[0] as Point, points[points.length - 1] as Point];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length < radius.haemorrhage) return circle(from, radius.haemorrhage);
  const width = Math.min(34, Math.max(13, length * 0.24));
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const by = (along: number, aside: number) =>
    pair(from.x + ux * along * length - uy * aside * width, from.y + uy * along * length + ux * aside * width);
  return `M${by(0, 0)}C${by(0.05, 0.9)} ${by(0.5, 1.15)} ${by(1, 0)}C${by(0.6, -0.85)} ${by(0.1, -1)} ${by(0, 0)}Z`;
}

/** An exudate has hard edges. */
function flake({ x, y }: Point, r: number, turn: number): string {
  const corners = [1, 0.72, 1, 0.8, 0.95].map((part, index) => {
    const angle = (index / 5) * 2 * Math.PI + turn * 1.3;
    return pair(x + Math.cos(angle) * r * part, y + Math.sin(angle) * r * part);
  });
  return `M${corners.join("L")}Z`;
}

/** A clump of pigment: uneven, longer than wide. */
function clump(point: Point, r: number, turn: number): string {
  const angle = turn * 1.1;
  const [dx, dy] = [Math.cos(angle) * r * 0.7, Math.sin(angle) * r * 0.7];
  return circle(point, Math.round(r * 0.7)) + circle({ x: point.x + dx, y: point.y + dy }, Math.round(r * 0.5));
}

/** A cotton wool spot: one soft outline of six bows. */
function cloud({ x, y }: Point, r: number): string {
  const corner = (index: number) => {
    const angle = (index / 6) * 2 * Math.PI;
    return pair(x + Math.cos(angle) * r * 1.25, y + Math.sin(angle) * r * 0.8);
  };
  const bows = [1, 2, 3, 4, 5, 6].map((index) => `A${at(r * 0.62)} ${at(r * 0.5)} 0 0 1 ${corner(index)}`);
  return `M${corner(0)}${bows.join("")}Z`;
}
