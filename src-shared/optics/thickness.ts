/**
 * How thick and how heavy a lens gets, as an estimate to compare materials by (domain: optics-dispensing-lab §3.4,
 * §3.6): all power is put on one surface, the other is flat. What is made has two curves, and comes out of the lab's own
 * reckoning.
 */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { exactSag } from "./exact-sag.ts";
import type { Material } from "./materials.ts";
import { rounded } from "./rounding.ts";
import { wholeLens } from "./stated.ts";
import type { HundredthsMm, MilliIndex, StatedPower, TenthsMm } from "./types.ts";

/** A round lens, and the thinnest it may be. There is no usual minimum here: it is the maker's. */
export interface RoundLens {
  /**
   * The blank's for a plus lens, whose thickness the blank decides. For a minus lens in a frame, the effective diameter
   * and twice the decentration: the furthest corner from the optical centre.
   */
  readonly diameter: TenthsMm;
  readonly leastCentre: HundredthsMm;
  readonly leastEdge: HundredthsMm;
}

export interface Thickness {
  readonly centre: HundredthsMm;
  readonly thinnestEdge: HundredthsMm;
  readonly thickestEdge: HundredthsMm;
}

/** Tenths of a gram. */
export type TenthsGram = number;

/**
 * Centre and edges of a lens, in hundredths of a millimetre: minus edge = centre + |s|, plus centre = edge + s, with the
 * exact sag of each principal meridian, and the centre as thin as neither it nor the thinnest edge gets thinner than
 * allowed. The thickest edge is where the power is least. Refuses what is no whole lens (`wholeLens`), what no surface
 * can be (`sag`), and `out_of_range` for a least thickness that is not from 0 to 20 mm.
 */
export function lensThickness(lens: StatedPower, round: RoundLens, index: MilliIndex): Computed<Thickness> {
  const sags = principalSags(lens, round, index);
  if (!sags.ok) return sags;
  const { centre, sags: depths } = sags.value;
  return computed({
    centre: rounded(centre * 100),
    thinnestEdge: rounded((centre - Math.max(...depths)) * 100),
    thickestEdge: rounded((centre - Math.min(...depths)) * 100),
  });
}

/**
 * The weight of the round lens in tenths of a gram: its volume (a disc as thick as the centre, less what the two
 * principal curves take away on the mean) by the density of the material. An edged lens is lighter; to compare, take
 * the circle of the frame's area. Refuses as `lensThickness` does.
 */
export function lensWeight(lens: StatedPower, round: RoundLens, { nd, density }: Material): Computed<TenthsGram> {
  const sags = principalSags(lens, round, nd);
  if (!sags.ok) return sags;
  const { centre, sags: depths } = sags.value;
  const y = round.diameter / 20;
  const taken = depths.map((depth) => underCurve(depth, y));
  const volume = Math.PI * y * y * centre - taken.reduce((sum, part) => sum + part, 0) / taken.length;
  // Cubic millimetres by hundredths of a gram per cubic centimetre are hundred-thousandths of a gram.
  return computed(rounded((volume * density) / 10_000));
}

/** What lies between a curve of this depth and the plane at its vertex, in mm³: the cylinder less the cap πs(3y² + s²)/6. */
function underCurve(depth: number, y: number): number {
  const s = Math.abs(depth);
  return Math.sign(depth) * (Math.PI * y * y * s - (Math.PI * s * (3 * y * y + s * s)) / 6);
}

/** The sags of both principal meridians and the centre that they need, in millimetres. */
function principalSags(
  lens: StatedPower,
  { diameter, leastCentre, leastEdge }: RoundLens,
  index: MilliIndex,
): Computed<{ readonly centre: number; readonly sags: readonly number[] }> {
  if (!isWhole(leastCentre, 0, 2000) || !isWhole(leastEdge, 0, 2000)) {
    return refused("out_of_range", "A least thickness is from 0 to 20 mm.");
  }
  const whole = wholeLens(lens);
  if (!whole.ok) return whole;
  const { sphere, cylinder } = whole.value;
  const sags: number[] = [];
  for (const power of [sphere, sphere + (cylinder ?? 0)]) {
    const depth = exactSag({ power, diameter, index });
    if (!depth.ok) return depth;
    sags.push(depth.value);
  }
  return computed({ centre: Math.max(leastCentre / 100, leastEdge / 100 + Math.max(...sags)), sags });
}
