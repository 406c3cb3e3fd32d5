/** Corneal radii and what they are in dioptres (domain: optics-dispensing-lab §3.2). */
import { checkLimit, type LimitCode } from "./check-limit.ts";
import { type Computed, computed, refused } from "./computed.ts";
import { type MeasureLimits, measureLimits } from "./measure-limits.ts";
import { rounded } from "./rounding.ts";
import type { Axis, HundredthsMm, MilliDioptres } from "./types.ts";
import type { Finding } from "./validate.ts";

/** 337.5 by a radius in millimetres, hence by hundredths of them in milli-dioptres. */
const keratometer = 33_750_000;

/**
 * The power of a corneal radius by the keratometer's index: D = 337.5/r(mm) [S35], in milli-dioptres. The radius in
 * hundredths of a millimetre, 5 to 12 mm. Refuses `out_of_range`.
 */
export function cornealPower(radius: HundredthsMm): Computed<MilliDioptres> {
  const impossible = checkLimit("k_radius", radius, measureLimits);
  if (impossible?.severity === "block") return refused("out_of_range", impossible.message);
  return computed(rounded(keratometer / radius));
}

/** The radius of a corneal power: r = 337.5/D, to hundredths of a millimetre. Refuses `out_of_range` as `cornealPower`. */
export function cornealRadius(power: MilliDioptres): Computed<HundredthsMm> {
  const radius = Number.isInteger(power) && power > 0 ? rounded(keratometer / power) : 0;
  const impossible = checkLimit("k_radius", radius, measureLimits);
  return impossible?.severity === "block" ? refused("out_of_range", impossible.message) : computed(radius);
}

/** A meridian of a cornea. */
export interface CornealMeridian {
  readonly radius: HundredthsMm;
  readonly axis: Axis;
}
export type KeratometryFinding = Finding<"k_radius" | "k_axis", LimitCode | "axes_not_square">;

/**
 * Both meridians of a cornea by themselves, and whether they are about at right angles, as those of a regular one are;
 * how far they may miss it is for the practice to set (`kAxes`).
 */
export function checkKeratometry(
  first: CornealMeridian,
  second: CornealMeridian,
  limits: MeasureLimits = measureLimits,
): KeratometryFinding[] {
  const findings: KeratometryFinding[] = [];
  for (const { radius, axis } of [first, second]) {
    const found = checkLimit("k_radius", radius, limits);
    if (found) findings.push({ ...found, field: "k_radius" });
    if (!Number.isInteger(axis) || axis < 1 || axis > 180) {
      const message = "An axis is from 1 to 180 in whole degrees.";
      findings.push({ field: "k_axis", severity: "block", code: "out_of_range", message });
    }
  }
  const miss = Math.abs((Math.abs(first.axis - second.axis) % 180) - 90);
  if (miss > limits.pairs.kAxes) {
    const message = "The two corneal meridians are not at right angles. Measure again, or note an irregular cornea.";
    findings.push({ field: "k_axis", severity: "warn", code: "axes_not_square", message });
  }
  return findings;
}
