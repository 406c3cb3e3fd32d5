/** Writes acuities, in the notation they were given in or in another (domain: optics-dispensing-lab §3.3). */
import {
  type Acuity,
  type AcuityNotation,
  decimalOfLogmar,
  letterStep,
  type MilliLogMar,
  sizeOfLogmar,
} from "./acuity.ts";
import { nearestLine } from "./acuity-lines.ts";
import { rounded } from "./rounding.ts";

const minus = "\u2212";
/** The most letters beside a line; further away a fraction of its own is written. */
const mostLetters = 9;

/**
 * An acuity in words: `6/9−2`, `20/30−2 ph`, `0.61`, `0.22 logMAR`, `CF @ 50 cm`. In its own notation as it was given;
 * in another as the nearest line with letters beside it, or with the letters counted into the number. CF, HM, PL and
 * NPL are the same in all.
 */
export function formatAcuity(acuity: Acuity, notation: AcuityNotation | "low" = acuity.notation): string {
  return [written(acuity, notation), acuity.pinhole ? "ph" : ""].filter((part) => part !== "").join(" ");
}

function written(acuity: Acuity, notation: AcuityNotation | "low"): string {
  const { logmar, low, fraction, decimal, letters, distance_cm } = acuity;
  if (logmar === null) return distance_cm === null ? (low ?? "") : `${low ?? ""} @ ${distance_cm} cm`;
  const own = notation === acuity.notation;
  switch (notation) {
    case "decimal":
      return own && decimal !== null ? `${thousandths(decimal)}${lettersText(letters)}` : decimalText(logmar);
    case "metres":
    case "feet":
      return own && fraction !== null
        ? `${tenths(fraction.distance)}/${tenths(fraction.size)}${lettersText(letters)}`
        : onLine(logmar, letters, notation);
    default:
      return `${hundredths(rounded(logmar / 10))} logMAR`;
  }
}

/** As the line it was read off where that is one of the chart's, otherwise from the nearest. */
function onLine(logmar: MilliLogMar, letters: number, notation: "metres" | "feet"): string {
  const given = logmar + letters * letterStep;
  const line = nearestLine(given);
  const same = Math.abs(line.logmar - given) <= letterStep / 2;
  const nearest = same ? line : nearestLine(logmar);
  const beside = same ? letters : rounded((nearest.logmar - logmar) / letterStep);
  if (Math.abs(beside) > mostLetters) {
    const distance = notation === "feet" ? 200 : 60;
    const size = sizeOfLogmar(logmar, distance);
    return size.ok ? `${distance / 10}/${tenths(size.value)}` : "";
  }
  const fraction = notation === "feet" ? { distance: 200, size: nearest.feet } : nearest.metres;
  return `${tenths(fraction.distance)}/${tenths(fraction.size)}${lettersText(beside)}`;
}

/** Two decimals, and three below 0.1, where two would say too little. */
function decimalText(logmar: MilliLogMar): string {
  const decimal = decimalOfLogmar(logmar);
  if (!decimal.ok) return "";
  return decimal.value < 100 ? thousandths(decimal.value) : thousandths(rounded(decimal.value / 10) * 10);
}

const lettersText = (letters: number) => (letters === 0 ? "" : `${letters < 0 ? minus : "+"}${Math.abs(letters)}`);
const tenths = (value: number) => String(value / 10);

function hundredths(value: number): string {
  const [whole, part] = [Math.floor(Math.abs(value) / 100), Math.abs(value) % 100];
  return `${value < 0 ? minus : ""}${whole}.${String(part).padStart(2, "0")}`;
}

function thousandths(value: number): string {
  const part = String(value % 1000).padStart(3, "0");
  return `${Math.floor(value / 1000)}.${part.endsWith("0") ? part.slice(0, 2) : part}`;
}
