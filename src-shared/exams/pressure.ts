/** What readings of intraocular pressure say together (domain §3.2). Pressures in tenths of a millimetre of mercury. */
import type { ExamItem, PressureMethod } from "./items.ts";

export type PressureReading = Pick<ExamItem<"pressure">, "eye" | "value" | "method" | "at">;

/** From here a pressure is acted upon (NG81 [S44]). */
export const pressureActAt = 240;
/** The eyes differ by as much. */
const differenceAt = 40;
/** Readings of each eye on an air-puff instrument before somebody is referred for pressure [S37]. */
const readingsBeforeReferral = 4;

export interface PressureFinding {
  readonly code: "high" | "differ" | "changed" | "more_readings";
  readonly eye: "r" | "l" | null;
  /** Tenths of mmHg: the mean, the difference, the change; for `more_readings` how many there are. */
  readonly by: number;
}

/** The mean of an eye's readings, rounded to a tenth; null without one. */
export function meanOf(readings: readonly PressureReading[], eye: "r" | "l"): number | null {
  const values = readings.filter((reading) => reading.eye === eye).map(({ value }) => value);
  return values.length === 0 ? null : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** What to look at; nothing where nothing is unusual. `last`: the means of the visit before. */
export function pressureFindings(
  readings: readonly PressureReading[],
  last: { readonly r: number | null; readonly l: number | null } | null,
): PressureFinding[] {
  const findings: PressureFinding[] = [];
  const means = { r: meanOf(readings, "r"), l: meanOf(readings, "l") };
  for (const eye of ["r", "l"] as const) {
    const mean = means[eye];
    if (mean === null) continue;
    if (mean >= pressureActAt) findings.push({ code: "high", eye, by: mean });
    const before = last?.[eye] ?? null;
    if (before !== null && Math.abs(mean - before) >= differenceAt)
      findings.push({ code: "changed", eye, by: mean - before });
    const puffs = readings.filter((reading) => reading.eye === eye && isAirPuff(reading.method)).length;
    if (mean >= pressureActAt && puffs > 0 && puffs < readingsBeforeReferral)
      findings.push({ code: "more_readings", eye, by: puffs });
  }
  if (means.r !== null && means.l !== null && Math.abs(means.r - means.l) >= differenceAt)
    findings.push({ code: "differ", eye: means.r > means.l ? "r" : "l", by: Math.abs(means.r - means.l) });
  return findings;
}

function isAirPuff(method: PressureMethod): boolean {
  return method === "non_contact" || method === "ocular_response";
}
