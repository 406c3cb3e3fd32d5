/** How much light a lens without a coating reflects (domain: optics-dispensing-lab §3.4). */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { rounded } from "./rounding.ts";
import type { MilliIndex } from "./types.ts";

/** A share of the light, in hundredths of a percent: 397 is 3.97 %. */
export type HundredthsPercent = number;

const all = 10_000;

/** What one surface reflects: ((n−1)/(n+1))². Index in thousandths, 1000 (air) to 2000. Refuses `out_of_range`. */
export function surfaceReflectance(index: MilliIndex): Computed<HundredthsPercent> {
  const share = reflected(index);
  return share.ok ? computed(rounded(share.value * all)) : share;
}

/**
 * What both surfaces together let through: (1 − reflectance)². What is thrown to and fro between them, and what the
 * material takes, is left out. Index as above. Refuses `out_of_range`.
 */
export function lensTransmission(index: MilliIndex): Computed<HundredthsPercent> {
  const share = reflected(index);
  return share.ok ? computed(rounded((1 - share.value) ** 2 * all)) : share;
}

function reflected(index: MilliIndex): Computed<number> {
  if (!isWhole(index, 1000, 2000)) return refused("out_of_range", "A refractive index is from 1 to 2.");
  return computed(((index - 1000) / (index + 1000)) ** 2);
}
