/** Whether a prescription can be meant (domain: optics-dispensing-lab §3.2). Nothing is corrected here. */
import { formatPower } from "./format.ts";
import { eighth, type PowerQuantity, type RxLimits, rxLimits } from "./limits.ts";
import { type EyeRx, type EyeRxField, type EyeSide, eyes, isEmpty, type Rx } from "./types.ts";

export type FindingCode =
  | "out_of_range"
  | "unusual"
  | "not_a_step"
  | "unusual_step"
  | "sphere_required"
  | "axis_required"
  | "axis_forbidden"
  | "base_required"
  | "base_forbidden"
  | "cylinder_signs_differ"
  | "adds_differ"
  | "add_before_age"
  | "same_vertical_base"
  | "prism_unsplit";

/** `block`: impossible, cannot be signed. `warn`: the person confirms it with a reason. */
export interface Finding<Field extends string = EyeRxField, Code extends string = FindingCode> {
  readonly field: Field;
  readonly severity: "block" | "warn";
  readonly code: Code;
  readonly message: string;
}
/** A finding about one eye, or about both together. */
export interface RxFinding extends Finding {
  readonly eye: EyeSide | "both";
}

const block = (field: EyeRxField, code: FindingCode, message: string): Finding => ({
  field,
  severity: "block",
  code,
  message,
});
const warn = (field: EyeRxField, code: FindingCode, message: string): Finding => ({
  field,
  severity: "warn",
  code,
  message,
});

/** What is wrong or unusual with one eye, field by field; nothing for an empty one. */
export function checkEye(eye: EyeRx, limits: RxLimits = rxLimits): Finding[] {
  return [
    ...checkPower(eye, "sphere", limits),
    ...checkPower(eye, "cylinder", limits),
    ...checkAxis(eye),
    ...checkPrism("prism_h", "base_h", eye, limits.prism.warnAboveHorizontal, limits),
    ...checkPrism("prism_v", "base_v", eye, limits.prism.warnAboveVertical, limits),
    ...checkPower(eye, "add", limits),
  ];
}

const names: Readonly<Record<PowerQuantity, string>> = { sphere: "Sphere", cylinder: "Cylinder", add: "Add" };

function checkPower(eye: EyeRx, field: PowerQuantity, limits: RxLimits): Finding[] {
  const power = eye[field];
  const { block: possible, warn: usual, step } = limits[field];
  if (power === null) {
    const missing = field === "sphere" && eye.cylinder;
    return missing
      ? [block("sphere", "sphere_required", "A cylinder needs a sphere. Enter Plano if there is none.")]
      : [];
  }
  const within = ([least, most]: readonly [number, number]) => power >= least && power <= most;
  const between = ([least, most]: readonly [number, number]) => `${formatPower(least)} to ${formatPower(most)}`;
  if (!within(possible)) return [block(field, "out_of_range", `${names[field]} is outside ${between(possible)}.`)];
  if (power % eighth !== 0) return [block(field, "not_a_step", `${names[field]} is not in steps of 0.25 or 0.125.`)];
  const findings: Finding[] = [];
  if (!within(usual)) findings.push(warn(field, "unusual", `${names[field]} is outside ${between(usual)}.`));
  if (power % step !== 0)
    findings.push(
      warn(
        field,
        "unusual_step",
        `${names[field]} is usually in steps of ${(step / 1000).toFixed(step % 250 === 0 ? 2 : 3)}.`,
      ),
    );
  return findings;
}

function checkAxis({ cylinder, axis }: EyeRx): Finding[] {
  if (axis === null) return cylinder ? [block("axis", "axis_required", "The cylinder needs its axis.")] : [];
  if (!cylinder) return [block("axis", "axis_forbidden", "There is an axis but no cylinder.")];
  if (Number.isInteger(axis) && axis >= 1 && axis <= 180) return [];
  return [block("axis", "out_of_range", "An axis is from 1 to 180 in whole degrees.")];
}

function checkPrism(
  field: "prism_h" | "prism_v",
  baseField: "base_h" | "base_v",
  eye: EyeRx,
  warnAbove: number,
  { prism: { most, step } }: RxLimits,
): Finding[] {
  const amount = eye[field];
  const base = eye[baseField];
  const findings: Finding[] = [];
  if (amount && base === null) findings.push(block(baseField, "base_required", "The prism needs its base."));
  if (!amount && base !== null) findings.push(block(field, "base_forbidden", "There is a base but no prism."));
  if (amount === null) return findings;
  if (!Number.isInteger(amount) || amount < 0 || amount > most) {
    return [...findings, block(field, "out_of_range", `A prism is from 0 to ${most / 100}Δ.`)];
  }
  if (amount > warnAbove) findings.push(warn(field, "unusual", `The prism is more than ${warnAbove / 100}Δ.`));
  if (amount % step !== 0) findings.push(warn(field, "unusual_step", "A prism is usually in steps of 0.25."));
  return findings;
}

/** What is known of the wearer; `age` in completed years. */
export interface Wearer {
  readonly age?: number | null;
}

/** Both eyes, each by itself and against the other. */
export function checkRx(rx: Rx, { age = null }: Wearer = {}, limits: RxLimits = rxLimits): RxFinding[] {
  const single = eyes.flatMap((eye) => checkEye(rx[eye], limits).map((finding) => ({ ...finding, eye })));
  const together = checkTogether(rx, age, limits).map((finding) => ({ ...finding, eye: "both" as const }));
  return [...single, ...together];
}

function checkTogether({ r, l }: Rx, age: number | null, limits: RxLimits): Finding[] {
  const findings: Finding[] = [];
  if (r.cylinder && l.cylinder && Math.sign(r.cylinder) !== Math.sign(l.cylinder)) {
    findings.push(
      block("cylinder", "cylinder_signs_differ", "Both cylinders need the same sign. Transpose one of them."),
    );
  }
  if (r.add !== l.add && !isEmpty(r) && !isEmpty(l)) {
    findings.push(warn("add", "adds_differ", "The adds of the two eyes differ."));
  }
  if ((r.add ?? l.add) !== null && age !== null && age < limits.addFromAge) {
    findings.push(warn("add", "add_before_age", `An add is unusual before the age of ${limits.addFromAge}.`));
  }
  if (r.prism_v && l.prism_v && r.base_v !== null && r.base_v === l.base_v) {
    findings.push(warn("base_v", "same_vertical_base", `Both bases are ${r.base_v}, which cancels out.`));
  }
  const split = limits.prism.splitAbove;
  for (const field of ["prism_h", "prism_v"] as const) {
    const [right, left] = [r[field] ?? 0, l[field] ?? 0];
    if (Math.min(right, left) === 0 && Math.max(right, left) > split) {
      findings.push(
        warn(field, "prism_unsplit", `More than ${split / 100}Δ before one eye is usually split between the two.`),
      );
    }
  }
  return findings;
}
