/** Whether pupil distances and fitting heights fit each other and the frame (domain: optics-dispensing-lab §3.2). */
import { checkLimit, formatMeasure, type LimitCode } from "./check-limit.ts";
import { type FittingLimits, type FittingQuantity, fittingLimits } from "./fitting-limits.ts";
import { type Degrees, type EyeSide, eyes, type TenthsMm } from "./types.ts";
import type { Finding } from "./validate.ts";

export type FittingCode =
  | LimitCode
  | "sum_differs"
  | "eyes_differ"
  | "near_not_smaller"
  | "near_unusual"
  | "off_the_lens"
  | "below_design"
  | "outside_design"
  | "little_above";
export interface FittingFinding extends Finding<FittingQuantity | "pd_near" | "height", FittingCode> {
  readonly eye: EyeSide | "both";
}

const mm = (value: TenthsMm) => formatMeasure(value, { unit: "mm", perUnit: 10 });
const finding =
  (eye: EyeSide | "both", field: FittingFinding["field"]) =>
  (severity: "block" | "warn", code: FittingCode, message: string): FittingFinding => ({
    eye,
    field,
    severity,
    code,
    message,
  });

/** What has been measured of the pupils; null is not measured. Tenths of a millimetre. */
export interface PupilDistances {
  readonly r: TenthsMm | null;
  readonly l: TenthsMm | null;
  readonly binocular: TenthsMm | null;
  /** Binocular, for near. */
  readonly near: TenthsMm | null;
}

/**
 * Each distance by its own limits, those of an adult unless told otherwise, and all against each other: the two halves
 * add up to the whole (±1 mm), rarely differ by more than 4 mm, and near is smaller than distance, by 2 to 6 mm.
 */
export function checkPupilDistances(
  { r, l, binocular, near }: PupilDistances,
  { adult = true }: { readonly adult?: boolean } = {},
  limits: FittingLimits = fittingLimits,
): FittingFinding[] {
  const { pdSum, pdDifference, pdNearSmaller } = limits.pairs;
  const findings: FittingFinding[] = [];
  const alone = (eye: EyeSide | "both", quantity: FittingQuantity, value: TenthsMm | null) => {
    const found = value === null ? null : checkLimit(quantity, value, limits);
    if (found) findings.push({ ...found, eye });
  };
  alone("r", "pd_monocular", r);
  alone("l", "pd_monocular", l);
  alone("both", adult ? "pd_binocular_adult" : "pd_binocular", binocular);

  if (r !== null && l !== null) {
    const both = finding("both", "pd_monocular");
    if (Math.abs(r - l) > pdDifference) {
      findings.push(both("warn", "eyes_differ", `The two sides differ by more than ${mm(pdDifference)}.`));
    }
    if (binocular !== null && Math.abs(r + l - binocular) > pdSum) {
      findings.push(both("warn", "sum_differs", `The two sides add up to ${mm(r + l)}, not to ${mm(binocular)}.`));
    }
  }
  const far = binocular ?? (r !== null && l !== null ? r + l : null);
  if (near !== null && far !== null) {
    const [least, most] = pdNearSmaller;
    const both = finding("both", "pd_near");
    if (near >= far) {
      findings.push(both("block", "near_not_smaller", "The near pupil distance is smaller than that for distance."));
    } else if (far - near < least || far - near > most) {
      findings.push(
        both("warn", "near_unusual", `The near pupil distance is usually ${least / 10} to ${mm(most)} smaller.`),
      );
    }
  }
  return findings;
}

/**
 * Fitting heights above the lowest point of the box against its height B and the least that the lens design needs (null
 * where it needs none): more than 5 mm from either edge, not below the design's minimum, usually with 10 mm above, and
 * within 2 mm of each other. Tenths of a millimetre.
 */
export function checkHeights(
  heights: Readonly<Record<EyeSide, TenthsMm | null>>,
  { b, designMinimum }: { readonly b: TenthsMm; readonly designMinimum: TenthsMm | null },
  limits: FittingLimits = fittingLimits,
): FittingFinding[] {
  const { heightFromEdge, aboveCross, heightDifference } = limits.pairs;
  const findings = eyes.flatMap((eye) => {
    const height = heights[eye];
    const found = finding(eye, "height");
    if (height === null) return [];
    if (!Number.isInteger(height)) return [found("block", "not_whole", `The height is finer than ${mm(1)}.`)];
    if (height <= heightFromEdge || height >= b - heightFromEdge) {
      const range = `between ${heightFromEdge / 10} and ${mm(b - heightFromEdge)}`;
      return [found("block", "off_the_lens", `In this frame a height is ${range}.`)];
    }
    if (designMinimum !== null && height < designMinimum) {
      return [found("block", "below_design", `This lens needs a height of ${mm(designMinimum)} or more.`)];
    }
    return b - height < aboveCross
      ? [found("warn", "little_above", `There is less than ${mm(aboveCross)} of lens above.`)]
      : [];
  });
  const { r, l } = heights;
  if (r !== null && l !== null && Math.abs(r - l) > heightDifference) {
    const message = `The heights differ by more than ${mm(heightDifference)}. Measure again.`;
    findings.push(finding("both", "height")("warn", "eyes_differ", message));
  }
  return findings;
}

/**
 * Whether a pantoscopic tilt suits a progressive lens, in degrees: from 7 the frame is tilted enough, and designs expect
 * 8 to 12 [S12][S32]. What is impossible for any lens is `checkLimit`'s to say.
 */
export function checkProgressiveTilt(
  pantoscopic: Degrees,
  { fitting: { tiltWanted, progressiveTilt } }: FittingLimits = fittingLimits,
): FittingFinding | null {
  const warn = (message: string) => finding("both", "pantoscopic")("warn", "outside_design", message);
  if (pantoscopic < tiltWanted) return warn(`Adjust the frame to a tilt of ${tiltWanted}° or more, then measure.`);
  const [least, most] = progressiveTilt;
  if (pantoscopic >= least && pantoscopic <= most) return null;
  return warn(`Progressive lenses are designed for a tilt of ${least} to ${most}°. Order by the measured one.`);
}
