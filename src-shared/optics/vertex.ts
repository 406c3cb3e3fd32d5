/** What a power becomes at another distance from the eye (domain: optics-dispensing-lab §3.4). */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { type VertexLimits, vertexLimits } from "./limits.ts";
import { measureLimits } from "./measure-limits.ts";
import { rounded } from "./rounding.ts";
import { greatestPower, wholeLens } from "./stated.ts";
import { strongestMeridian } from "./transpose.ts";
import type { LensPower, MilliDioptres, StatedPower, TenthsMm } from "./types.ts";

/** The distance of a contact lens. */
const cornea: TenthsMm = 0;

/**
 * The lens that does at one vertex distance what another does at its own: F/(1 − d·F) in each principal meridian, with
 * d = from − to in metres, each rounded to a milli-dioptre; round it to the step wanted with `roundLens`, last. Closer
 * to the eye a lens needs less minus and more plus. Distances in tenths of a millimetre, 0 (the cornea) to 250.
 * Refuses what is no whole lens (`wholeLens`), `out_of_range` for a distance, and `singular` where the light has met
 * before it reaches the new distance or no lens within ±100 D would do.
 */
export function powerAtVertex(lens: StatedPower, from: TenthsMm, to: TenthsMm): Computed<LensPower> {
  const [nearest, furthest] = [cornea, measureLimits.quantities.bvd.block[1]];
  if (!isWhole(from, nearest, furthest) || !isWhole(to, nearest, furthest)) {
    return refused("out_of_range", `A vertex distance is from 0 to ${furthest / 10} mm.`);
  }
  const whole = wholeLens(lens);
  if (!whole.ok) return whole;
  const { sphere, cylinder: before, axis } = whole.value;
  const along = moved(sphere, from - to);
  const across = moved(sphere + (before ?? 0), from - to);
  if (!along.ok) return along;
  if (!across.ok) return across;
  const cylinder = across.value - along.value;
  const none = { sphere: along.value, cylinder: null, axis: null };
  return computed(cylinder === 0 ? none : { ...none, cylinder, axis });
}

/** A power in milli-dioptres that the light meets so many tenths of a millimetre later. */
function moved(power: MilliDioptres, closer: TenthsMm): Computed<MilliDioptres> {
  const remaining = 1 - (closer / 10_000) * (power / 1000);
  if (remaining <= 0) return refused("singular", "The light has met before it reaches that distance.");
  const there = rounded(power / remaining);
  return Math.abs(there) <= greatestPower
    ? computed(there)
    : refused("singular", "No lens at that distance has the power that is needed.");
}

/** The contact lens for a spectacle lens: its power at the cornea. Otherwise as `powerAtVertex`. */
export function powerAtCornea(lens: StatedPower, from: TenthsMm): Computed<LensPower> {
  return powerAtVertex(lens, from, cornea);
}

/**
 * Whether a prescription needs its vertex distance, by its strongest meridian of either eye: `record` it from ±5.00,
 * `offer` to work out the power at the frame's distance from ±4.00. Eyes that state no power count as none.
 */
export function vertexDemand(
  lenses: readonly StatedPower[],
  limits: VertexLimits = vertexLimits,
): "none" | "offer" | "record" {
  const strongest = Math.max(0, ...lenses.map((lens) => Math.abs(strongestMeridian(lens)?.power ?? 0)));
  if (strongest >= limits.recordFrom) return "record";
  return strongest >= limits.offerFrom ? "offer" : "none";
}
