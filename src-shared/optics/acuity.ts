/**
 * Visual acuity: what is kept of one, how the notations go over into each other, and which of two is worse
 * (domain: optics-dispensing-lab §3.3).
 */
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { rounded } from "./rounding.ts";

/** Thousandths of logMAR: 0 is 6/6, 301 is 6/12. */
export type MilliLogMar = number;

/** A letter of a line in logMAR (ETDRS): general knowledge, for the practice to confirm. */
export const letterStep: MilliLogMar = 20;

/** The best and the worst that are taken for an acuity: 6/3, and 20/20000, for which hand movements stand in research. */
export const acuityRange: readonly [best: MilliLogMar, worst: MilliLogMar] = [-301, 3000];

/** Seen beyond the chart, better first: counting fingers, hand movements, perception of light, no perception of light. */
export const lowVision = ["CF", "HM", "PL", "NPL"] as const;
export type LowVision = (typeof lowVision)[number];

/** 6/x, 20/x, decimal, logMAR. */
export type AcuityNotation = "metres" | "feet" | "decimal" | "logmar";

/** Test distance over the size of the smallest letters read, both in tenths of metres or of feet. */
export interface SnellenFraction {
  readonly distance: number;
  readonly size: number;
}

export interface Acuity {
  /** As it was typed; what is shown and printed first of all. */
  readonly text: string;
  readonly notation: AcuityNotation | "low";
  /** Letters counted; null for CF, HM, PL and NPL, which have an order and no measure. */
  readonly logmar: MilliLogMar | null;
  readonly low: LowVision | null;
  /** Where it was given as one. */
  readonly fraction: SnellenFraction | null;
  /** Where it was given as one, in thousandths. */
  readonly decimal: number | null;
  /** Letters more (+) or fewer (−) than the line. */
  readonly letters: number;
  /** Through a pinhole. */
  readonly pinhole: boolean;
  /** How far away fingers or hand were, in centimetres. */
  readonly distance_cm: number | null;
}

/** −log10 of distance over size, in thousandths. Tenths, above 0. Refuses `out_of_range` beyond `acuityRange` too. */
export function logmarOfFraction({ distance, size }: SnellenFraction): Computed<MilliLogMar> {
  const most = Number.MAX_SAFE_INTEGER;
  if (!isWhole(distance, 1, most) || !isWhole(size, 1, most)) {
    return refused("out_of_range", "Distance and size are above 0.");
  }
  return inRange(rounded(1000 * Math.log10(size / distance)));
}

/** −log10 of a decimal acuity in thousandths, above 0. Refuses `out_of_range` beyond `acuityRange` too. */
export function logmarOfDecimal(decimal: number): Computed<MilliLogMar> {
  return logmarOfFraction({ distance: decimal, size: 1000 });
}

/** The decimal acuity in thousandths: 10^−logMAR. Refuses `out_of_range`. */
export function decimalOfLogmar(logmar: MilliLogMar): Computed<number> {
  const given = inRange(logmar);
  return given.ok ? computed(rounded(1000 * 10 ** (-logmar / 1000))) : given;
}

/**
 * The size of the letters for a test distance: distance · 10^logMAR, so that 6/x is 20/(x/0.3). Both in tenths of the
 * same unit. Refuses `out_of_range`.
 */
export function sizeOfLogmar(logmar: MilliLogMar, distance: number): Computed<number> {
  const given = inRange(logmar);
  if (!given.ok) return given;
  if (!isWhole(distance, 1, 1000)) return refused("out_of_range", "A test distance is above 0.");
  return computed(rounded(distance * 10 ** (logmar / 1000)));
}

function inRange(logmar: MilliLogMar): Computed<MilliLogMar> {
  const [best, worst] = acuityRange;
  return isWhole(logmar, best, worst) ? computed(logmar) : refused("out_of_range", "No acuity is so good or so bad.");
}

/**
 * Which of two is better: negative if the first, positive if the second, 0 if they are the same. Anything read off a
 * chart is better than CF, then HM, PL, NPL.
 */
export function compareAcuity(one: Acuity, other: Acuity): number {
  if (one.logmar !== null && other.logmar !== null) return one.logmar - other.logmar;
  const rank = ({ low }: Acuity) => (low === null ? -1 : lowVision.indexOf(low));
  return rank(one) - rank(other);
}
