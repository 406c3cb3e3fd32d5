/**
 * The prism of a lens that is not looked through at its optical centre, and the other way round
 * (domain: optics-dispensing-lab §3.4).
 */
import { type Computed, computed, refused } from "./computed.ts";
import { type Decentration, exactPrism, furthestDecentration } from "./exact-prism.ts";
import { signedPrism } from "./prism.ts";
import { rounded } from "./rounding.ts";
import { inwardSign, prismOf } from "./signed-prism.ts";
import { wholeLens } from "./stated.ts";
import type { EyeSide, Prism, StatedPower, TenthsMm } from "./types.ts";

export type { Decentration } from "./exact-prism.ts";

/**
 * The prism of a decentred lens: P(Δ) = F(D) · c(cm) with F as the power matrix, so that an oblique cylinder decentred
 * sideways has a vertical prism too. A plus lens has its base towards its optical centre, a minus lens away from it.
 * Tenths of a millimetre within ±37.5 mm; rounded to hundredths of a prism dioptre. Refuses what is no whole lens
 * (`wholeLens`), and `out_of_range`.
 */
export function prismOfDecentration(lens: StatedPower, decentration: Decentration, eye: EyeSide): Computed<Prism> {
  const prism = exactPrism(lens, decentration, eye);
  if (!prism.ok) return prism;
  const { x, y } = prism.value;
  return computed(prismOf({ inward: x * inwardSign(eye), upward: y }));
}

/**
 * Where the optical centre has to lie for a wanted prism: the inverse, taken in each principal meridian. Rounded to
 * tenths of a millimetre. Refuses `needs_worked_prism` where a meridian without power would have to give prism, or
 * where the centre would lie further than `within` (by default 37.5 mm): then the prism has to be worked into the lens.
 * Refuses what is no whole lens (`wholeLens`) and prism as `signedPrism` does.
 */
export function decentrationForPrism(
  lens: StatedPower,
  wanted: Prism,
  eye: EyeSide,
  within: TenthsMm = furthestDecentration,
): Computed<Decentration> {
  const whole = wholeLens(lens);
  if (!whole.ok) return whole;
  const signed = signedPrism(wanted);
  if (!signed.ok) return signed;
  const { sphere, cylinder, axis } = whole.value;
  const sign = inwardSign(eye);
  const [x, y] = [signed.value.inward * sign, signed.value.upward];
  const along = ((axis ?? 180) * Math.PI) / 180;
  let centre = { x: 0, y: 0 };
  for (const [angle, power] of [
    [along, sphere],
    [along + Math.PI / 2, sphere + (cylinder ?? 0)],
  ] as const) {
    const part = x * Math.cos(angle) + y * Math.sin(angle);
    // Less than a hundredth is what rounding the components of an oblique prism leaves.
    if (power === 0 && Math.abs(part) < 1) continue;
    if (power === 0) return refused("needs_worked_prism", "A lens without power has no prism wherever it is centred.");
    // Hundredths of a prism dioptre by dioptres are tenths of a millimetre.
    const distance = part / (power / 1000);
    centre = { x: centre.x + distance * Math.cos(angle), y: centre.y + distance * Math.sin(angle) };
  }
  if (Math.hypot(centre.x, centre.y) > within) {
    return refused("needs_worked_prism", "The optical centre would lie outside the lens. The prism has to be worked.");
  }
  return computed({ inward: rounded(centre.x * sign), upward: rounded(centre.y) });
}
