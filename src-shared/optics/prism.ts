/**
 * Prism of an eye as two components, as one amount with the direction of its base, and with other prism
 * (domain: optics-dispensing-lab §3.1; angles by ISO 8429).
 */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { rounded } from "./rounding.ts";
import { inwardSign, prismOf, type SignedPrism } from "./signed-prism.ts";
import type { EyeSide, HundredthsPrism, Prism } from "./types.ts";

export type { SignedPrism } from "./signed-prism.ts";

/** An angle in hundredths of a degree: whole degrees would move a large prism by more than it is written to. */
export type HundredthsDegree = number;

/**
 * One amount, its base at an angle of 0 to 359.99 degrees, counter-clockwise as seen by an observer who faces the
 * wearer, from the observer's right: before the right eye 0 is in, 90 up, 180 out, 270 down; before the left 0 is out
 * and 180 in.
 */
export interface PolarPrism {
  readonly amount: HundredthsPrism;
  readonly base: HundredthsDegree;
}

const turn: HundredthsDegree = 36_000;

/**
 * The components with their signs; one that is not stated is 0. Refuses `not_stated` for an amount without its base,
 * and `out_of_range` for one that is not a whole number of hundredths from 0.
 */
export function signedPrism({ prism_h, base_h, prism_v, base_v }: Prism): Computed<SignedPrism> {
  const [horizontal, vertical] = [prism_h ?? 0, prism_v ?? 0];
  if (![horizontal, vertical].every((amount) => isWhole(amount, 0, Number.MAX_SAFE_INTEGER))) {
    return refused("out_of_range", "A prism is a whole number of hundredths, and its base says where it points.");
  }
  if ((horizontal && !base_h) || (vertical && !base_v)) return refused("not_stated", "The prism needs its base.");
  return computed({
    inward: (base_h === "out" ? -horizontal : horizontal) + 0,
    upward: (base_v === "down" ? -vertical : vertical) + 0,
  });
}

/**
 * Both components of an eye as one amount and angle: √(h² + v²), the angle from the observer's right. No prism is an
 * amount of 0 at 0 degrees. Hundredths of a prism dioptre and of a degree. Refuses as `signedPrism` does.
 */
export function polarPrism(prism: Prism, eye: EyeSide): Computed<PolarPrism> {
  const signed = signedPrism(prism);
  if (!signed.ok) return signed;
  const { inward, upward } = signed.value;
  const angle = Math.atan2(upward, inward * inwardSign(eye)) / Math.PI;
  return computed({
    amount: rounded(Math.hypot(inward, upward)),
    base: inward || upward ? (rounded((angle * turn) / 2) + turn) % turn : 0,
  });
}

/**
 * The components of an oblique prism before an eye: amount · cos and amount · sin of the angle, each rounded to a
 * hundredth. The base in hundredths of a degree, 0 to 360.00. Refuses `out_of_range`.
 */
export function prismFromPolar({ amount, base }: PolarPrism, eye: EyeSide): Computed<Prism> {
  if (!isWhole(amount, 0, Number.MAX_SAFE_INTEGER)) return refused("out_of_range", "A prism is 0 or more.");
  if (!isWhole(base, 0, turn)) return refused("out_of_range", "The base of a prism is at 0 to 360 degrees.");
  const angle = (base / turn) * 2 * Math.PI;
  return computed(prismOf({ inward: amount * Math.cos(angle) * inwardSign(eye), upward: amount * Math.sin(angle) }));
}

/** Prisms before one eye together, component by component. Hundredths. Refuses as `signedPrism` does. */
export function addPrisms(prisms: readonly Prism[]): Computed<Prism> {
  let sum: SignedPrism = { inward: 0, upward: 0 };
  for (const prism of prisms) {
    const signed = signedPrism(prism);
    if (!signed.ok) return signed;
    sum = { inward: sum.inward + signed.value.inward, upward: sum.upward + signed.value.upward };
  }
  return computed(prismOf(sum));
}

/**
 * What the two eyes feel of their prisms, written as if all of it stood before the right: horizontally in adds to in
 * and cancels out, vertically up cancels up. Tolerances of finished spectacles are on this. Hundredths. Refuses as
 * `signedPrism` does.
 */
export function relativePrism(right: Prism, left: Prism): Computed<Prism> {
  const [r, l] = [signedPrism(right), signedPrism(left)];
  if (!r.ok) return r;
  if (!l.ok) return l;
  return computed(prismOf({ inward: r.value.inward + l.value.inward, upward: r.value.upward - l.value.upward }));
}
