/** What a corrected acuity should be told for (domain: optics-dispensing-lab §3.2, [S38]). */
import type { Acuity, MilliLogMar } from "./acuity.ts";
import { isDrop, nearestLine } from "./acuity-lines.ts";
import type { Finding } from "./validate.ts";

export interface AcuityLimits {
  readonly date: string;
  readonly source: string;
  /** Worse than this, best corrected, is confirmed: 6/9. */
  readonly usualTo: MilliLogMar;
  /** So many lines worse than the last time is confirmed. */
  readonly dropLines: number;
  /** Worse than this in one eye, corrected, is a reason for an early recall (code 4.2): 6/60. */
  readonly earlyRecallBelow: MilliLogMar;
}

export const acuityLimits: AcuityLimits = {
  date: "2026-11-28",
  source:
    "domain: optics-dispensing-lab §3.2. Early recall: memorandum of understanding of 2002 [S38]; 6/9 and two lines: general knowledge, for the practice to confirm.",
  usualTo: 176,
  dropLines: 2,
  earlyRecallBelow: 1000,
};

export type AcuityFinding = Finding<"acuity", "below_usual" | "dropped" | "early_recall">;

/** Best corrected acuity of one eye now, and at the last visit where there was one. All of it is `warn`. */
export function checkAcuity(
  now: Acuity,
  before: Acuity | null = null,
  limits: AcuityLimits = acuityLimits,
): AcuityFinding[] {
  const worseThan = (limit: MilliLogMar) => now.logmar === null || now.logmar > limit;
  const findings: AcuityFinding[] = [];
  if (worseThan(limits.usualTo)) {
    findings.push(warn("below_usual", `The corrected acuity is worse than ${lineOf(limits.usualTo)}. Say why.`));
  }
  if (before && isDrop(before, now, limits.dropLines)) {
    findings.push(warn("dropped", `The acuity is ${limits.dropLines} lines or more worse than before.`));
  }
  if (worseThan(limits.earlyRecallBelow)) {
    findings.push(
      warn(
        "early_recall",
        `Corrected acuity below ${lineOf(limits.earlyRecallBelow)}: an early recall is allowed (4.2).`,
      ),
    );
  }
  return findings;
}

/** As the chart names it: `6/9`. */
function lineOf(logmar: MilliLogMar): string {
  const { distance, size } = nearestLine(logmar).metres;
  return `${distance / 10}/${size / 10}`;
}

function warn(code: AcuityFinding["code"], message: string): AcuityFinding {
  return { field: "acuity", severity: "warn", code, message };
}
