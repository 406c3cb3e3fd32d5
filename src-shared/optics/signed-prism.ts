/** Prism as components with a sign, to reckon with before it is rounded; `prism.ts` has what others use. */
import { rounded } from "./rounding.ts";
import { type EyeSide, type HundredthsPrism, noPrism, type Prism } from "./types.ts";

/** Components with a sign: inward and upward are positive. */
export interface SignedPrism {
  readonly inward: HundredthsPrism;
  readonly upward: HundredthsPrism;
}

/** +1 where the wearer's nose is on the observer's right: in is 0 degrees before the right eye, 180 before the left. */
export function inwardSign(eye: EyeSide): 1 | -1 {
  return eye === "r" ? 1 : -1;
}

/** The prism with these components, rounded to hundredths; a component of 0 is not stated. */
export function prismOf({ inward, upward }: SignedPrism): Prism {
  const [horizontal, vertical] = [rounded(inward), rounded(upward)];
  return {
    ...noPrism,
    ...(horizontal && { prism_h: Math.abs(horizontal), base_h: horizontal > 0 ? "in" : "out" }),
    ...(vertical && { prism_v: Math.abs(vertical), base_v: vertical > 0 ? "up" : "down" }),
  };
}
