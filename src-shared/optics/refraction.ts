/** What a person writes of one eye in one line: the prescription, and what was seen with it. */
import type { Acuity } from "./acuity.ts";
import { formatAcuity } from "./acuity-format.ts";
import { type AcuityReading, parseAcuity } from "./acuity-parse.ts";
import { formatEye } from "./format.ts";
import { type RxLimits, rxLimits } from "./limits.ts";
import { formatNearAcuity, type NearAcuity, parseNearAcuity } from "./near-acuity.ts";
import { parseRxLine } from "./parse.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import { type EyeRx, type EyeSide, emptyEye } from "./types.ts";

export interface Refraction {
  readonly rx: EyeRx;
  readonly acuity: Acuity | null;
  readonly near: NearAcuity | null;
}

const minus = "[-\u2212\u2013]";
const number = "(?:\\d{1,4}(?:[.,]\\d{1,3})?|[.,]\\d{1,3})";
const fraction = `(?:20|[1-6]|0?[.,]5) ?/ ?${number}(?: ?(?:\\+|${minus}) ?[1-9](?![\\d.,]))?`;
const low = `(?:cf|hm|npl|nlp|lp)(?: ?(?:@|at)? ?${number} ?(?:cm|m))?`;
const logmar = `(?:\\+|${minus})?${number} ?logmar|logmar:? ?(?:\\+|${minus})?${number}`;
/** Behind "VA" a bare number is an acuity too, and PL, which by itself may be plano. */
const acuity = `(?:va:? ?)?(?:${fraction}|${low}|${logmar})|va:? ?[^ ,;]+(?: dec)?`;
const acuityPart = new RegExp(`(?<=[ ,;])(?:ph )?(?:${acuity})(?: ?\\(?ph\\)?)?(?=$|[ ,;])`, "gi");
const nearPart = new RegExp(`(?<=[ ,;])(?:n ?${number}|${number} ?m)(?: ?(?:@|at) ?\\d+ ?(?:cm)?)?(?=$|[ ,;])`, "gi");

/** `CF 1M` may be fingers at a metre, or fingers and print of 1 M. */
const sizeOrDistance = /\b(?:cf|hm|npl|nlp|lp) [\d.,]+ ?(m)(?=$|[ ,;])/i;

/**
 * Reads one eye's line with its acuity: `+1.75/-0.50×085 6/6-1`, `-2.00 DS 20/25 add 2.00 N5 @ 40`. The prescription
 * comes first; then acuity, near acuity, prism and add in any order. A bare number is an acuity only after `VA`
 * (`-2.00 VA 0.8`), as is `PL`, which may be plano as well. Refuses as `parseRxLine`, `parseAcuity` and
 * `parseNearAcuity` do; `stated_twice` for two acuities; `ambiguous` for a `PL` of its own at the end and for `CF 1M`.
 */
export function parseRefraction(
  text: string,
  { eye, limits = rxLimits, ...reading }: AcuityReading & { readonly eye?: EyeSide; readonly limits?: RxLimits } = {},
): Parsed<Refraction> {
  // As it was typed but for its blanks: what is kept of an acuity is what the person wrote.
  const written = text.replaceAll(/\s+/g, " ").trim();
  if (sizeOrDistance.exec(written)?.[1] === "M") {
    return notRead("ambiguous", "M can be metres or a size of print. Write the distance as @ 1 m, or a comma between.");
  }
  const far = taken(written, acuityPart, (part) => parseAcuity(part, reading));
  if (!far.ok) return far;
  const near = taken(far.value.left, nearPart, parseNearAcuity);
  if (!near.ok) return near;
  if (/[ ,;]pl$/i.test(near.value.left.trim())) {
    return notRead("ambiguous", "PL can be plano or perception of light. Write Plano, or VA PL.");
  }
  const rx = parseRxLine(near.value.left, limits, eye);
  return rx.ok ? read({ rx: rx.value, acuity: far.value.found, near: near.value.found }) : rx;
}

/** The one part of a line that has a form, read, and what is left of the line. */
function taken<T>(
  written: string,
  form: RegExp,
  parse: (part: string) => Parsed<T>,
): Parsed<{ readonly found: T | null; readonly left: string }> {
  const parts = written.match(form) ?? [];
  const [part] = parts;
  if (part === undefined) return read({ found: null, left: written });
  if (parts.length > 1) return notRead("stated_twice", `${parts.join(" and ")}: an acuity is stated twice.`);
  const found = parse(part);
  return found.ok ? read({ found: found.value, left: written.replace(form, " ") }) : found;
}

/** `+1.75/−0.50×085 6/6−1 Add +2.00 N5`: as `parseRefraction` reads it again. */
export function formatRefraction({ rx, acuity, near }: Refraction): string {
  const power = formatEye({ ...rx, add: null });
  const add = formatEye({ ...emptyEye, add: rx.add });
  const far = [power, acuity ? besidePower(acuity) : "", add].filter((part) => part !== "").join(" ");
  // Behind CF a size in M would look like a distance in metres.
  return near ? `${far}${acuity?.low ? "," : ""} ${formatNearAcuity(near)}`.trim() : far;
}

/** A bare number or PL would not be known as an acuity beside a power. */
function besidePower(acuity: Acuity): string {
  const word = acuity.notation === "decimal" || acuity.low === "PL" ? "VA " : "";
  return word + formatAcuity(acuity);
}
