/**
 * The power matrix: sphere, cylinder and axis as three numbers that add up, whatever the axes
 * (domain: optics-dispensing-lab §3.4). Integers in millionths of a dioptre, so that a prescription goes in and comes
 * out unchanged and sums do not depend on their order.
 */
import { type Computed, computed } from "./computed.ts";
import { rounded, roundedTo } from "./rounding.ts";
import { wholeLens } from "./stated.ts";
import { perpendicular } from "./transpose.ts";
import type { Axis, LensPower, MilliDioptres, StatedPower } from "./types.ts";

/** A power in integer millionths of a dioptre. */
export type MicroDioptres = number;

/** Symmetric: `xx` acts along the horizontal, `yy` along the vertical, `xy` from one into the other. */
export interface PowerMatrix {
  readonly xx: MicroDioptres;
  readonly yy: MicroDioptres;
  readonly xy: MicroDioptres;
}

export type CylinderSign = "minus" | "plus";

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/**
 * The matrix of a lens: Fxx = S + C·sin²θ, Fyy = S + C·cos²θ, Fxy = −C·sinθ·cosθ. Refuses what is no whole lens
 * (`wholeLens`).
 */
export function powerMatrix(lens: StatedPower): Computed<PowerMatrix> {
  const whole = wholeLens(lens);
  if (!whole.ok) return whole;
  const { sphere, cylinder, axis } = whole.value;
  if (cylinder === null || axis === null) return computed({ xx: sphere * 1000, yy: sphere * 1000, xy: 0 });
  const sine = Math.sin(radians(axis));
  const cosine = Math.cos(radians(axis));
  return computed({
    xx: rounded(1000 * (sphere + cylinder * sine * sine)),
    yy: rounded(1000 * (sphere + cylinder * cosine * cosine)),
    xy: rounded(-1000 * cylinder * sine * cosine),
  });
}

/**
 * The lens that a matrix describes, its cylinder written with the wanted sign: the principal powers are
 * (Fxx + Fyy)/2 ± √(((Fxx − Fyy)/2)² + Fxy²), each rounded to a milli-dioptre, and the axis to a degree. Of powers
 * that are equal then, a sphere is made.
 */
export function lensOf({ xx, yy, xy }: PowerMatrix, sign: CylinderSign = "minus"): LensPower {
  const middle = (xx + yy) / 2000;
  const half = Math.hypot((xx - yy) / 2, xy) / 1000;
  const greater = rounded(middle + half);
  const lesser = rounded(middle - half);
  if (greater === lesser) return { sphere: greater, cylinder: null, axis: null };
  // The meridian of the greater power; a minus cylinder lies along it.
  const axis = axisOf(Math.atan2(2 * xy, xx - yy) / 2);
  return sign === "minus"
    ? { sphere: greater, cylinder: lesser - greater, axis }
    : { sphere: lesser, cylinder: greater - lesser, axis: perpendicular(axis) };
}

function axisOf(angle: number): Axis {
  const degrees = rounded((angle * 180) / Math.PI) % 180;
  return degrees <= 0 ? degrees + 180 : degrees;
}

export function addMatrices(one: PowerMatrix, other: PowerMatrix): PowerMatrix {
  return { xx: one.xx + other.xx, yy: one.yy + other.yy, xy: one.xy + other.xy };
}
export function subtractMatrices(one: PowerMatrix, other: PowerMatrix): PowerMatrix {
  return { xx: one.xx - other.xx, yy: one.yy - other.yy, xy: one.xy - other.xy };
}

/**
 * The one lens that thin lenses in contact make together, such as an over-refraction on what is worn: their matrices
 * are added, and rounded once at the end. Both at the same distance from the eye. Refuses as `powerMatrix` does.
 */
export function addLenses(lenses: readonly StatedPower[], sign: CylinderSign = "minus"): Computed<LensPower> {
  let sum: PowerMatrix = { xx: 0, yy: 0, xy: 0 };
  for (const lens of lenses) {
    const matrix = powerMatrix(lens);
    if (!matrix.ok) return matrix;
    sum = addMatrices(sum, matrix.value);
  }
  return computed(lensOf(sum, sign));
}

/**
 * What has to be added to one lens to make it the other: the change between two prescriptions of an eye, cylinders
 * crossed at any angle. Refuses as `powerMatrix` does.
 */
export function differenceOf(now: StatedPower, before: StatedPower, sign: CylinderSign = "minus"): Computed<LensPower> {
  const [later, earlier] = [powerMatrix(now), powerMatrix(before)];
  if (!later.ok) return later;
  if (!earlier.ok) return earlier;
  return computed(lensOf(subtractMatrices(later.value, earlier.value), sign));
}

/**
 * Sphere and cylinder each in the nearest multiple of a step, halves away from zero: the last act of a calculation,
 * 250 for a prescription, 125 for a lab, 10 for what a focimeter reads. A cylinder that vanishes takes its axis along.
 */
export function roundLens({ sphere, cylinder, axis }: LensPower, step: MilliDioptres): LensPower {
  const cylinderInSteps = roundedTo(cylinder ?? 0, step);
  const whole = { sphere: roundedTo(sphere, step), cylinder: null, axis: null };
  return cylinderInSteps === 0 ? whole : { ...whole, cylinder: cylinderInSteps, axis };
}
