/** What readings of intraocular pressure say together (domain §3.2). Pressures in tenths of a millimetre of mercury. */
import { type MeasureLimits, measureLimits } from "../optics/index.ts";
import type { ExamItem, PressureMethod } from "./items.ts";

export type PressureReading = Pick<ExamItem<"pressure">, "eye" | "value" | "method" | "at">;

/** From here a pressure is acted upon (NG81 [S44], unless the practice says otherwise); null where none is. */
export function pressureActAt({ quantities }: Pick<MeasureLimits, "quantities">): number | null {
  const usualTo = quantities.iop.warn[1];
  return usualTo === null ? null : usualTo + 1;
}

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
 * What to look at; nothing where nothing is unusual. `last`: the means of the visit before. By the practice's limits: from
 * which pressure, which difference, and how many readings of an air puff somebody is referred on [S37].
 */
export function pressureFindings(
  readings: readonly PressureReading[],
  last: { readonly r: number | null; readonly l: number | null } | null,
  measures: Pick<MeasureLimits, "quantities" | "pairs"> = measureLimits,
): PressureFinding[] {
  const actAt = pressureActAt(measures) ?? Number.POSITIVE_INFINITY;
  const { iopDifference, nctReadings } = measures.pairs;
  const findings: PressureFinding[] = [];
  const means = { r: meanOf(readings, "r"), l: meanOf(readings, "l") };
  for (const eye of ["r", "l"] as const) {
    const mean = means[eye];
    if (mean === null) continue;
    if (mean >= actAt) findings.push({ code: "high", eye, by: mean });
    const before = last?.[eye] ?? null;
    if (before !== null && Math.abs(mean - before) >= iopDifference)
      findings.push({ code: "changed", eye, by: mean - before });
    const puffs = readings.filter((reading) => reading.eye === eye && isAirPuff(reading.method)).length;
    if (mean >= actAt && puffs > 0 && puffs < nctReadings) findings.push({ code: "more_readings", eye, by: puffs });
  }
  if (means.r !== null && means.l !== null && Math.abs(means.r - means.l) >= iopDifference)
    findings.push({ code: "differ", eye: means.r > means.l ? "r" : "l", by: Math.abs(means.r - means.l) });
  return findings;
}

function isAirPuff(method: PressureMethod): boolean {
  return method === "non_contact" || method === "ocular_response";
}
