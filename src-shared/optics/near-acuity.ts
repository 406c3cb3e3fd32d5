/** Acuity for near: N points or M units, and the distance they were read at (domain: optics-dispensing-lab §3.3). */
import { logmarOfFraction, type MilliLogMar } from "./acuity.ts";
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { rounded } from "./rounding.ts";
import { oneSpelling } from "./spelling.ts";

export interface NearAcuity {
  /** As it was typed. */
  readonly text: string;
  readonly notation: "N" | "M";
  /** Tenths of a point, or hundredths of an M unit. */
  readonly size: number;
  /** Centimetres; null is not stated. */
  readonly distance_cm: number | null;
}

const form = /^(?:n ?(\d{1,2}(?:\.\d)?)|(\d{1,2}(?:\.\d{1,2})?|\.\d{1,2}) ?m)(?: ?(?:@|at)? ?(\d{1,3}) ?(?:cm)?)?$/;
/** In centimetres: nobody reads a card further away. */
const furthest = 200;

/**
 * Reads a near acuity: `N5`, `N4.5 @ 40`, `N8 at 35cm`, `0.4M @ 40 cm`. Distances are centimetres, 1 to 200. Points and
 * M units are not made into each other: what is printed as a size differs from card to card.
 */
export function parseNearAcuity(text: string): Parsed<NearAcuity> {
  const typed = text.trim();
  if (typed === "") return notRead("empty", "Enter a near acuity.");
  const match = form.exec(oneSpelling(text).replaceAll(",", "."));
  if (!match) return notRead("unreadable", `${typed} is not a near acuity. Write it like N5 or 0.4M @ 40 cm.`);
  const [, points, units, distance] = match;
  const size = points === undefined ? rounded(Number(units) * 100) : rounded(Number(points) * 10);
  const distance_cm = distance === undefined ? null : Number(distance);
  if (size === 0) return notRead("out_of_range", "A size is above 0.");
  if (distance_cm !== null && !isWhole(distance_cm, 1, furthest)) {
    return notRead("out_of_range", `A reading distance is from 1 to ${furthest} cm.`);
  }
  return read({ text: typed, notation: points === undefined ? "M" : "N", size, distance_cm });
}

/** `N5`, `N4.5 @ 40 cm`, `0.4M @ 40 cm`. */
export function formatNearAcuity({ notation, size, distance_cm }: NearAcuity): string {
  const written = notation === "N" ? `N${size / 10}` : `${size / 100}M`;
  return distance_cm === null ? written : `${written} @ ${distance_cm} cm`;
}

/**
 * The logMAR of M units: distance in metres over M, as in 6/x, so that 0.4 M at 40 cm is 6/6 [S34]. Refuses
 * `not_stated` for N points, which are a size of print and no angle, and without a distance; and `out_of_range`.
 */
export function logmarOfNear({ notation, size, distance_cm }: NearAcuity): Computed<MilliLogMar> {
  if (notation === "N") return refused("not_stated", "N points are a size of print. An acuity needs M units.");
  if (distance_cm === null) return refused("not_stated", "The reading distance is not stated.");
  return logmarOfFraction({ distance: distance_cm, size });
}

/** The M units that a logMAR is at a distance in centimetres, in hundredths. Refuses `out_of_range`. */
export function unitsOfLogmar(logmar: MilliLogMar, distance_cm: number): Computed<number> {
  if (!isWhole(distance_cm, 1, furthest) || !Number.isInteger(logmar)) {
    return refused("out_of_range", `A reading distance is from 1 to ${furthest} cm.`);
  }
  return computed(rounded(distance_cm * 10 ** (logmar / 1000)));
}
