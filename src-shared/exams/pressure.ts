/** What readings of intraocular pressure say together (domain §3.2). Pressures in tenths of a millimetre of mercury. */
import { type MeasureLimits, measureLimits } from "../optics/index.ts";
import type { ExamItem, PressureMethod } from "./items.ts";

export type PressureReading = Pick<ExamItem<"pressure">, "eye" | "value" | "method" | "at">;

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

/**
 * What to look at, by the practice's limits: a pressure above what is usual (NG81 [S44]), eyes that differ or have
 * changed, an air-puff instrument read too seldom before a referral [S37]. `last`: the means of the visit before.
 */
export function pressureFindings(
  readings: readonly PressureReading[],
  last: { readonly r: number | null; readonly l: number | null } | null,
  { quantities, pairs }: Pick<MeasureLimits, "quantities" | "pairs"> = measureLimits,
): PressureFinding[] {
  const usual = quantities.iop.warn[1] ?? Number.POSITIVE_INFINITY;
  const findings: PressureFinding[] = [];
  const means = { r: meanOf(readings, "r"), l: meanOf(readings, "l") };
  for (const eye of ["r", "l"] as const) {
    const mean = means[eye];
    if (mean === null) continue;
    if (mean > usual) findings.push({ code: "high", eye, by: mean });
    const before = last?.[eye] ?? null;
    if (before !== null && Math.abs(mean - before) >= pairs.iopDifference)
      findings.push({ code: "changed", eye, by: mean - before });
    const puffs = readings.filter((reading) => reading.eye === eye && isAirPuff(reading.method)).length;
    if (mean > usual && puffs > 0 && puffs < pairs.nctReadings)
      findings.push({ code: "more_readings", eye, by: puffs });
  }
  if (means.r !== null && means.l !== null && Math.abs(means.r - means.l) >= pairs.iopDifference)
    findings.push({ code: "differ", eye: means.r > means.l ? "r" : "l", by: Math.abs(means.r - means.l) });
  return findings;
}

function isAirPuff(method: PressureMethod): boolean {
  return method === "non_contact" || method === "ocular_response";
}
