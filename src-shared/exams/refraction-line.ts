/** A whole line of a refraction, as it is written: powers, axis, add, prism and the acuity reached with it. */
import { type EyeRx, type EyeSide, type ParseCode, parseRxLine, type RxLimits, rxLimits } from "../optics/index.ts";

export interface RefractionLine {
  readonly eye: EyeRx;
  /** As typed: `6/6-1`, `CF`; null where the line says none. */
  readonly va: string | null;
}
export type ReadLine =
  | { readonly ok: true; readonly value: RefractionLine }
  | { readonly ok: false; readonly code: ParseCode; readonly message: string };

const acuityBehind =
  /(?:^|[\s,;])((?:\d{1,2}\/\d{1,3}(?:\.\d)?|cf|hm|npl|pl(?=\s*$)|(?<!add ?:? ?)0?\.\d{1,2}(?=\s*$))(?: ?[+-]\d{1,2})?)\s*$/i;

/** The acuity with prism or add behind it: a decimal one only where a number follows, so that it is no amount itself. */
const acuityBetween =
  /[\s,;](\d{1,2}\/\d{1,3}(?:\.\d)?(?: ?[+-]\d{1,2}(?![\d.,]))?|cf|hm|npl|pl|(?<!add ?:? ?)0?\.\d{1,2}(?=[\s,;]+[\d.]))(?=[\s,;]+\S)/i;

/**
 * Reads `+1.75/-0.50x085 add 2.50 2 in 6/6-1`; add, prism and acuity stand in any order behind the lens. Refused whole,
 * with the first reason, when any part cannot be read. A prism at an angle (`2.50Δ@37`) needs the eye.
 */
export function readRefractionLine(text: string, limits: RxLimits = rxLimits, eye?: EyeSide): ReadLine {
  const { powers, va } = acuityIn(text.replaceAll("−", "-"));
  const line = parseRxLine(powers, limits, eye);
  if (!line.ok) return { ok: false, code: line.code, message: line.message };
  return { ok: true, value: { eye: line.value, va: va === null ? null : va.replaceAll(" ", "").toUpperCase() } };
}

/** The acuity of a line, and the line without it. */
function acuityIn(written: string): { powers: string; va: string | null } {
  const [, behind] = acuityBehind.exec(written) ?? [];
  if (behind !== undefined) {
    const powers = written.slice(0, written.lastIndexOf(behind));
    // `pl` alone is a plano lens, and behind a power it is perception of light.
    return powers.trim() === "" ? { powers: written, va: null } : { powers, va: behind };
  }
  const between = acuityBetween.exec(written);
  const va = between?.[1];
  if (!between || va === undefined || written.slice(0, between.index).trim() === "")
    return { powers: written, va: null };
  return { powers: `${written.slice(0, between.index)} ${written.slice(between.index + between[0].length)}`, va };
}

/** The cells of a line by the names of a section's fields. Only what the line states; the rest of the row stays. */
export function cellsOf({ eye, va }: RefractionLine): Readonly<Record<string, unknown>> {
  const { add, prism_h, base_h, prism_v, base_v, ...lens } = eye;
  const prism = prism_h === null && prism_v === null ? {} : { prism_h, base_h, prism_v, base_v };
  return { ...lens, ...prism, ...(add === null ? {} : { add }), ...(va === null ? {} : { va }) };
}
