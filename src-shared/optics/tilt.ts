/**
 * What tilt and wrap of a frame do to the power of a lens, and what to order against it
 * (domain: optics-dispensing-lab §3.4). Martin's formula is general knowledge there, for the practice to confirm; so is
 * what goes beyond it below. Free-form makers reckon with their own surfaces, and their figures come before these.
 *
 * A sphere that is tilted by θ about a horizontal axis (pantoscopic) becomes S' = F(1 + sin²θ/2n) with C' = S'·tan²θ at
 * axis 180; about a vertical one (wrap) the axis is 90. Both together are one tilt about an oblique axis, so that a
 * sphere gets an oblique cylinder: the lens's normal points down by the tilt and outwards by the wrap. For cylinders the
 * same factors act on the power matrix from both sides, F' = k·L·F·L (Keating; Blendowske; Harris, Tilted power of thin
 * lenses, Optom Vis Sci 2002), which for a sphere is Martin's formula.
 */
import { checkLimit } from "./check-limit.ts";
import { type Computed, computed, isWhole, refused } from "./computed.ts";
import { fittingLimits } from "./fitting-limits.ts";
import { type CylinderSign, lensOf, type PowerMatrix, powerMatrix } from "./matrix.ts";
import { rounded } from "./rounding.ts";
import { inwardSign } from "./signed-prism.ts";
import type { Degrees, EyeSide, LensPower, MilliIndex, StatedPower } from "./types.ts";

export interface Tilt {
  /** Lower rim towards the cheek is positive, −10 to 35. */
  readonly pantoscopic: Degrees;
  /** Outer rim towards the temple is positive, −5 to 35. */
  readonly wrap: Degrees;
  /** Of the lens, thousandths, above 1000 and to 2000. */
  readonly index: MilliIndex;
}

/**
 * The power that a wearer gets from a lens once it is tilted, in whole milli-dioptres and degrees; round it with
 * `roundLens`, last. Refuses what is no whole lens (`wholeLens`), and `out_of_range`.
 */
export function tiltedPower(
  lens: StatedPower,
  tilt: Tilt,
  eye: EyeSide,
  sign: CylinderSign = "minus",
): Computed<LensPower> {
  return throughTilt(lens, tilt, eye, sign, "tilted");
}

/**
 * The power to order so that the wearer gets the prescription once the lens is tilted: the exact inverse of
 * `tiltedPower`, with its refusals. A prescription is given to quarters, this in whole milli-dioptres.
 */
export function compensatedPower(
  lens: StatedPower,
  tilt: Tilt,
  eye: EyeSide,
  sign: CylinderSign = "minus",
): Computed<LensPower> {
  return throughTilt(lens, tilt, eye, sign, "compensated");
}

/**
 * The factors of one tilt by θ: k·L·F·L, where L = I + part · v·vᵀ and v is the normal of the lens as seen from the front. Along v, L has 1/cosθ, as
 * v is sinθ long: 1 + sin²θ/(cosθ(1 + cosθ)); across it 1. Its inverse has cosθ: 1 − sin²θ/(1 + cosθ).
 */
function throughTilt(
  lens: StatedPower,
  { pantoscopic, wrap, index }: Tilt,
  eye: EyeSide,
  sign: CylinderSign,
  direction: "tilted" | "compensated",
): Computed<LensPower> {
  const wrong = [checkLimit("pantoscopic", pantoscopic, fittingLimits), checkLimit("wrap", wrap, fittingLimits)].find(
    (finding) => finding?.severity === "block",
  );
  if (wrong) return refused("out_of_range", wrong.message);
  if (!isWhole(index, 1001, 2000)) return refused("out_of_range", "A refractive index is above 1 and to 2.");
  const matrix = powerMatrix(lens);
  if (!matrix.ok) return matrix;
  const [p, w] = [(pantoscopic * Math.PI) / 180, (wrap * Math.PI) / 180];
  // Outwards is against the nose's side.
  const v = { x: -inwardSign(eye) * Math.sin(w) * Math.cos(p), y: -Math.sin(p) };
  const cosine = Math.cos(p) * Math.cos(w);
  const factor = 1 + (1 - cosine * cosine) / (index / 500);
  const [k, part] = direction === "tilted" ? [factor, 1 / (cosine * (1 + cosine))] : [1 / factor, -1 / (1 + cosine)];
  const l = { xx: 1 + part * v.x * v.x, yy: 1 + part * v.y * v.y, xy: part * v.x * v.y };
  return computed(lensOf(fromBothSides(l, matrix.value, k), sign));
}

/** k·L·F·L of symmetric matrices, rounded to the unit of F. */
function fromBothSides(l: PowerMatrix, f: PowerMatrix, k: number): PowerMatrix {
  const left = {
    xx: l.xx * f.xx + l.xy * f.xy,
    xy: l.xx * f.xy + l.xy * f.yy,
    yx: l.xy * f.xx + l.yy * f.xy,
    yy: l.xy * f.xy + l.yy * f.yy,
  };
  return {
    xx: rounded(k * (left.xx * l.xx + left.xy * l.xy)),
    xy: rounded(k * (left.xx * l.xy + left.xy * l.yy)),
    yy: rounded(k * (left.yx * l.xy + left.yy * l.yy)),
  };
}
