/**
 * Where optical centres have to lie in a frame, and the blank that it takes (domain: optics-dispensing-lab §3.4).
 * Everything in tenths of a millimetre.
 */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { type Decentration, furthestDecentration } from "./exact-prism.ts";
import { rounded } from "./rounding.ts";
import type { TenthsMm } from "./types.ts";

/** What the edger takes off [S35][S36]. */
export const edgingAllowance: TenthsMm = 20;

/** The longest that is measured on a frame or a face: the side of a spectacle (§3.2). */
const longest: TenthsMm = 1600;
const isLength = (value: TenthsMm) => isWhole(value, 1, longest);

/**
 * How far one eye's optical centre lies from the centre of its box: (A + DBL)/2 − monocular pupil distance, inwards
 * positive, and height − B/2, upwards positive; without a height it stays half way up. A half tenth is rounded away
 * from zero. Refuses `out_of_range` for what is no length, and for centres more than 37.5 mm from that of the box.
 */
export function centration(
  { a, b, dbl }: { readonly a: TenthsMm; readonly b: TenthsMm; readonly dbl: TenthsMm },
  { pd, height }: { readonly pd: TenthsMm; readonly height: TenthsMm | null },
): Computed<Decentration> {
  if (![a, b, dbl, pd, height ?? 1].every(isLength)) {
    return refused("out_of_range", "Sizes, pupil distances and heights are whole tenths of a millimetre.");
  }
  const inward = rounded((a + dbl) / 2 - pd);
  const upward = height === null ? 0 : rounded(height - b / 2);
  if (Math.max(Math.abs(inward), Math.abs(upward)) > furthestDecentration) {
    return refused("out_of_range", "The optical centre would lie outside the frame. Check size and pupil distance.");
  }
  return computed({ inward, upward });
}

export interface MinimumBlank {
  /** The diameter that just covers the lens. */
  readonly bare: TenthsMm;
  /** With what the edger takes off. */
  readonly toOrder: TenthsMm;
}

/**
 * The smallest round blank for a pair: effective diameter + 2 · the largest decentration of the two eyes, and 2 mm more
 * to edge it. `combined` takes the way from box centre to optical centre, √(inward² + upward²), which is what a circle
 * has to cover; `horizontal` the form of the trade, which leaves heights out. Refuses `out_of_range`.
 */
export function minimumBlank(
  ed: TenthsMm,
  decentrations: readonly Decentration[],
  form: "combined" | "horizontal" = "combined",
): Computed<MinimumBlank> {
  const within = (value: TenthsMm) => isWhole(value, -furthestDecentration, furthestDecentration);
  if (!isLength(ed) || !decentrations.every(({ inward, upward }) => within(inward) && within(upward))) {
    return refused("out_of_range", "Diameter and decentration are whole tenths of a millimetre.");
  }
  const ways = decentrations.map(({ inward, upward }) => Math.hypot(inward, form === "combined" ? upward : 0));
  return blank(ed + 2 * Math.max(0, ...ways));
}

/**
 * The same for eyes that share the pupil distance evenly, as ABDO's texts have it: effective diameter + (A + DBL − PD),
 * whichever of the two is larger. Refuses `out_of_range`.
 */
export function minimumBlankOfPair(
  ed: TenthsMm,
  { a, dbl }: { readonly a: TenthsMm; readonly dbl: TenthsMm },
  pd: TenthsMm,
): Computed<MinimumBlank> {
  if (![ed, a, dbl, pd].every(isLength)) {
    return refused("out_of_range", "Sizes and pupil distances are whole tenths of a millimetre.");
  }
  return blank(ed + Math.abs(a + dbl - pd));
}

function blank(diameter: number): Computed<MinimumBlank> {
  const bare = rounded(diameter);
  return computed({ bare, toOrder: bare + edgingAllowance });
}
