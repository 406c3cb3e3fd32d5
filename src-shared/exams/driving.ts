/** Whether somebody who drives sees well enough for it, as far as the acuity written in the exam tells. */
import { parseAcuity } from "../optics/index.ts";

/** Milli-logMAR of 6/12, the least binocular acuity for driving in Great Britain, beside the number plate (domain §3.3). */
const drivingLogmar = 301;
const drives = new Set<unknown>(["without_glasses", "with_glasses", "professional"]);

/**
 * The acuity on which a driver falls short of 6/12, as it was written; null where they meet it, do not drive, or no
 * acuity is known. The best of today's correction counts: both eyes together, else the better one; before there is one,
 * what was seen with the patient's own glasses.
 */
export function belowDrivingStandard(entries: Readonly<Record<string, unknown>>): string | null {
  if (!drives.has(entries["history.driving"])) return null;
  for (const field of ["subjective.va", "contact_lenses.va", "vision.own"]) {
    const both = measured(entries[`${field}.b`]);
    const eyes = [measured(entries[`${field}.r`]), measured(entries[`${field}.l`])].filter((each) => each !== null);
    // One eye alone says nothing of the other.
    const best = both ?? (eyes.length === 2 ? eyes.reduce((a, b) => (a.logmar <= b.logmar ? a : b)) : null);
    if (best) return best.logmar > drivingLogmar ? best.text : null;
  }
  return null;
}

function measured(written: unknown): { text: string; logmar: number } | null {
  if (typeof written !== "string") return null;
  const acuity = parseAcuity(written);
  // Fingers, a hand and light are less than any letter.
  return acuity.ok ? { text: written, logmar: acuity.value.logmar ?? Number.POSITIVE_INFINITY } : null;
}
