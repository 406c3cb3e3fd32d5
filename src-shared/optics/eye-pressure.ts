/** Eye pressure: what has to be known of a reading and when it is told (domain: optics-dispensing-lab §3.2). */
import { checkLimit, formatMeasure, type LimitCode } from "./check-limit.ts";
import { type Computed, computed, refused } from "./computed.ts";
import { type MeasureLimits, measureLimits } from "./measure-limits.ts";
import { rounded } from "./rounding.ts";
import { type EyeSide, eyes } from "./types.ts";
import type { Finding } from "./validate.ts";

/** Goldmann, Perkins, air puff, rebound (iCare), Tono-Pen, Ocular Response Analyzer. */
export const pressureMethods = ["gat", "perkins", "nct", "icare", "tonopen", "ora"] as const;
export type PressureMethod = (typeof pressureMethods)[number];

/** Tenths of mmHg. */
export type TenthsMmHg = number;

export interface PressureReading {
  /** Null where an eye was not measured. */
  readonly r: TenthsMmHg | null;
  readonly l: TenthsMmHg | null;
  readonly method: PressureMethod | null;
  /** Whether the time of day is stated, which a pressure means nothing without. */
  readonly timed: boolean;
}

export type PressureCode = LimitCode | "eyes_differ" | "method_required" | "time_required";
export interface PressureFinding extends Finding<"iop", PressureCode> {
  readonly eye: EyeSide | "both";
}

/**
 * Each eye by its limits (from 24 mmHg is told, NG81), the two against each other (from 4 mmHg), and method and time,
 * without which no reading can be kept. Nothing for eyes that were not measured.
 */
export function checkPressure(reading: PressureReading, limits: MeasureLimits = measureLimits): PressureFinding[] {
  const { r, l, method, timed } = reading;
  if (r === null && l === null) return [];
  const findings: PressureFinding[] = eyes.flatMap((eye) => {
    const value = reading[eye];
    const found = value === null ? null : checkLimit("iop", value, limits);
    return found ? { ...found, field: "iop" as const, eye } : [];
  });
  const both = (severity: "block" | "warn", code: PressureCode, message: string): PressureFinding => ({
    eye: "both",
    field: "iop",
    severity,
    code,
    message,
  });
  const most = limits.pairs.iopDifference;
  if (r !== null && l !== null && Math.abs(r - l) >= most) {
    const amount = formatMeasure(most, limits.quantities.iop);
    findings.push(both("warn", "eyes_differ", `The eyes differ by ${amount} or more.`));
  }
  if (method === null) findings.push(both("block", "method_required", "State how the pressure was measured."));
  if (!timed) findings.push(both("block", "time_required", "State when the pressure was measured."));
  return findings;
}

/** The mean of readings of one eye, in tenths of mmHg. Refuses `not_stated` for none, `out_of_range` for one that cannot be. */
export function meanPressure(readings: readonly TenthsMmHg[]): Computed<TenthsMmHg> {
  if (readings.length === 0) return refused("not_stated", "There is no reading.");
  for (const reading of readings) {
    const found = checkLimit("iop", reading, measureLimits);
    if (found?.severity === "block") return refused("out_of_range", found.message);
  }
  return computed(rounded(readings.reduce((sum, reading) => sum + reading, 0) / readings.length));
}

/** Whether a referral may rest on so many readings of an eye: four with an air puff, one with anything else [S37]. */
export function isEnoughToRefer(
  method: PressureMethod,
  readings: number,
  limits: MeasureLimits = measureLimits,
): boolean {
  return readings >= (method === "nct" ? limits.pairs.nctReadings : 1);
}
