/** What has changed so much since the last prescription that a wearer should be told (domain: §3.2, §3.8). */
import { formatPower } from "./format.ts";
import { transpose } from "./transpose.ts";
import type { Degrees, EyeRx, MilliDioptres } from "./types.ts";
import type { Finding } from "./validate.ts";

export interface ChangeLimits {
  readonly date: string;
  readonly source: string;
  readonly sphereAbove: MilliDioptres;
  readonly addAbove: MilliDioptres;
  /** Of an axis, by the stronger of the two cylinders, weakest first. */
  readonly axisAbove: readonly { readonly cylinderFrom: MilliDioptres; readonly degrees: Degrees }[];
}

export const changeLimits: ChangeLimits = {
  date: "2026-11-28",
  source:
    "domain: optics-dispensing-lab §3.2 (20° to a cylinder of 0.50), §3.8 (10° from 1.00, sphere, add). All of it general knowledge, for the practice to confirm; cylinders between 0.50 and 1.00, which neither names, go by the first.",
  sphereAbove: 750,
  addAbove: 750,
  axisAbove: [
    { cylinderFrom: 0, degrees: 20 },
    { cylinderFrom: 1_000, degrees: 10 },
  ],
};

export type ChangeFinding = Finding<"sphere" | "axis" | "add", "changed">;

/** The angle between two axes, 0 to 90 degrees: 178 and 2 are 4 apart. */
export function axisDifference(one: Degrees, other: Degrees): Degrees {
  const apart = Math.abs(one - other) % 180;
  return apart > 90 ? 180 - apart : apart;
}

/**
 * Sphere, axis and add of one eye now against those before, as warnings. Both are compared with minus cylinders, however
 * they are written. Nothing for what either does not state.
 */
export function checkChange(before: EyeRx, now: EyeRx, limits: ChangeLimits = changeLimits): ChangeFinding[] {
  const [earlier, later] = [inMinusForm(before), inMinusForm(now)];
  const findings: ChangeFinding[] = [];
  if (isFurther(earlier.sphere, later.sphere, limits.sphereAbove)) {
    findings.push(changed("sphere", `The sphere has changed by more than ${plain(limits.sphereAbove)}.`));
  }
  if (earlier.axis !== null && later.axis !== null) {
    const stronger = Math.max(Math.abs(earlier.cylinder ?? 0), Math.abs(later.cylinder ?? 0));
    const most = limits.axisAbove.findLast(({ cylinderFrom }) => stronger >= cylinderFrom)?.degrees;
    if (most !== undefined && axisDifference(earlier.axis, later.axis) > most) {
      findings.push(changed("axis", `The axis has turned by more than ${most}°.`));
    }
  }
  if (isFurther(earlier.add, later.add, limits.addAbove)) {
    findings.push(changed("add", `The add has changed by more than ${plain(limits.addAbove)}.`));
  }
  return findings;
}

/** The eye as it is written with a minus cylinder; as it is where that cannot be. */
export function inMinusForm(eye: EyeRx): EyeRx {
  return (eye.cylinder ?? 0) > 0 ? transpose(eye) : eye;
}

function isFurther(before: MilliDioptres | null, now: MilliDioptres | null, most: MilliDioptres): boolean {
  return before !== null && now !== null && Math.abs(now - before) > most;
}

const plain = (power: MilliDioptres) => formatPower(power).slice(1);

function changed(field: ChangeFinding["field"], message: string): ChangeFinding {
  return { field, severity: "warn", code: "changed", message };
}
