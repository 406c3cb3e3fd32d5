/**
 * The diagrams that findings are drawn on, in grid units, and what a place on them is called. An eye is seen as the
 * examiner faces it: the nose is on the right of a right eye and on the left of a left one, clock hours run as on a
 * clock on the wall.
 */
import type { ExamItem } from "./items.ts";
import { gridSize, type Point } from "./strokes.ts";

export type Diagram = ExamItem<"stroke">["diagram"];
export type Eye = ExamItem<"stroke">["eye"];

const middle = gridSize / 2;
/** Right eye; a left one is its mirror image. */
export const fundus = {
  radius: 475,
  disc: { x: 650, y: 500, rx: 72, ry: 81 },
  macula: { x: 400, y: 512, r: 56 },
} as const;
/** `upper` and `lower`: how far the lids' edges bow from the line between the corners of the eye. */
export const front = {
  limbus: 226,
  pupil: 72,
  corners: { y: 520, half: 460 },
  upper: 340,
  lower: 304,
} as const;

export type Zone =
  | "disc"
  | "disc_margin"
  | "beside_disc"
  | "fovea"
  | "macula"
  | "posterior_pole"
  | "mid_periphery"
  | "periphery"
  | "pupil"
  | "central_cornea"
  | "cornea"
  | "limbus"
  | "conjunctiva"
  | "upper_lid"
  | "lower_lid";
export type Sector =
  | "superior"
  | "superonasal"
  | "nasal"
  | "inferonasal"
  | "inferior"
  | "inferotemporal"
  | "temporal"
  | "superotemporal";

/** `hour` 1 to 12 and `sector` around the middle of what the zone belongs to; null in the very middle. */
export interface Place {
  readonly zone: Zone;
  readonly hour: number | null;
  readonly sector: Sector | null;
}

/** What a place on a diagram is called. */
export function placeOf(diagram: Diagram, eye: Eye, point: Point): Place {
  const right = eye === "r" ? point : { x: gridSize - point.x, y: point.y };
  const { zone, around } = diagram === "posterior" ? fundusZone(right) : frontZone(right);
  if (Math.hypot(right.x - around.x, right.y - around.y) < 12) return { zone, hour: null, sector: null };
  const hour = hourAround(right, around);
  return { zone, hour: eye === "r" ? hour : 12 - (hour % 12), sector: sectors[hour % 12] as Sector };
}

/** By clock hour of a right eye, 12 first. */
const sectors: readonly Sector[] = [
  "superior",
  "superonasal",
  "superonasal",
  "nasal",
  "inferonasal",
  "inferonasal",
  "inferior",
  "inferotemporal",
  "inferotemporal",
  "temporal",
  "superotemporal",
  "superotemporal",
];

function hourAround(point: Point, centre: Point): number {
  const turns = Math.atan2(point.x - centre.x, centre.y - point.y) / (2 * Math.PI);
  return ((Math.round(turns * 12) + 11) % 12) + 1;
}

function fundusZone(point: Point): { zone: Zone; around: Point } {
  const { disc, macula, radius } = fundus;
  const fromDisc = Math.hypot((point.x - disc.x) / disc.rx, (point.y - disc.y) / disc.ry);
  if (fromDisc < 0.8) return { zone: "disc", around: disc };
  if (fromDisc < 1.75) return { zone: "disc_margin", around: disc };
  const fromFovea = Math.hypot(point.x - macula.x, point.y - macula.y);
  if (fromFovea < 16) return { zone: "fovea", around: point };
  if (fromFovea < macula.r * 1.6) return { zone: "macula", around: macula };
  if (fromDisc < 2.6) return { zone: "beside_disc", around: disc };
  const away = Math.hypot(point.x - middle, point.y - middle) / radius;
  const zone = away < 0.55 ? "posterior_pole" : away < 0.8 ? "mid_periphery" : "periphery";
  return { zone, around: { x: middle, y: middle } };
}

function frontZone(point: Point): { zone: Zone; around: Point } {
  const around = { x: middle, y: middle };
  const away = Math.hypot(point.x - middle, point.y - middle) / front.limbus;
  const zone = (): Zone => {
    if (away < front.pupil / front.limbus) return "pupil";
    if (away < 0.5) return "central_cornea";
    if (away < 0.86) return "cornea";
    if (away < 1.14) return "limbus";
    const { corners, upper, lower } = front;
    const open = 1 - ((point.x - middle) / corners.half) ** 2;
    if (point.y < corners.y - upper * open) return "upper_lid";
    if (point.y > corners.y + lower * open) return "lower_lid";
    return "conjunctiva";
  };
  return { zone: zone(), around };
}

/** The nearest point that is on the diagram: within the fundus, or anywhere on the grid of the front of the eye. */
export function clampTo(diagram: Diagram, { x, y }: Point): Point {
  const within = (value: number) => Math.min(gridSize, Math.max(0, value));
  if (diagram === "anterior") return { x: within(x), y: within(y) };
  const away = Math.hypot(x - middle, y - middle);
  if (away <= fundus.radius) return { x, y };
  const part = fundus.radius / away;
  return { x: middle + (x - middle) * part, y: middle + (y - middle) * part };
}

/** Where a label's number goes that nobody drew a line for: outwards, and on the grid. */
export function numberPlace(point: Point): Point {
  const [dx, dy] = [point.x - middle, point.y - middle];
  const away = Math.hypot(dx, dy);
  const [ux, uy] = away < 1 ? [0.7, 0.7] : [dx / away, dy / away];
  const onto = (value: number) => Math.round(Math.min(gridSize - 40, Math.max(40, value)));
  return { x: onto(point.x + ux * 130), y: onto(point.y + uy * 130) };
}
