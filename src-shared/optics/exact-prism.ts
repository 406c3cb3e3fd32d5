/** The prism of a decentred lens before it is rounded; `prentice.ts` has what others use. */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { powerMatrix } from "./matrix.ts";
import { inwardSign } from "./signed-prism.ts";
import type { EyeSide, StatedPower, TenthsMm } from "./types.ts";

/**
 * Where the optical centre lies, seen from the point looked through; or where it is wanted, seen from the centre of the
 * box. Inwards (to the nose) and upwards are positive.
 */
export interface Decentration {
  readonly inward: TenthsMm;
  readonly upward: TenthsMm;
}

/** Half of the widest frame there is (`fittingLimits`, A): further out there is no lens. */
export const furthestDecentration: TenthsMm = 375;

/**
 * P(Δ) = F(D) · c(cm), in hundredths of a prism dioptre as the observer sees it, x to the right and y up. Refuses what
 * is no whole lens (`wholeLens`), and `out_of_range`.
 */
export function exactPrism(
  lens: StatedPower,
  { inward, upward }: Decentration,
  eye: EyeSide,
): Computed<{ readonly x: number; readonly y: number }> {
  const within = (distance: TenthsMm) => isWhole(distance, -furthestDecentration, furthestDecentration);
  if (!within(inward) || !within(upward)) {
    return refused("out_of_range", `A decentration is at most ${furthestDecentration / 10} mm.`);
  }
  const matrix = powerMatrix(lens);
  if (!matrix.ok) return matrix;
  const { xx, yy, xy } = matrix.value;
  const x = inward * inwardSign(eye);
  // Millionths of a dioptre by tenths of a millimetre are millionths of a hundredth of a prism dioptre.
  return computed({ x: (xx * x + xy * upward) / 1e6, y: (xy * x + yy * upward) / 1e6 });
}
