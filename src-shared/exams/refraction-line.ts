/** A whole line of a refraction, as it is written: powers, axis, add, prism and the acuity reached with it. */
import { type EyeRx, parseRxLine, type RxLimits, rxLimits } from "../optics/index.ts";

export interface RefractionLine {
  readonly eye: EyeRx;
  /** As typed: `6/6-1`, `CF`; null where the line says none. */
  readonly va: string | null;
}
export type ReadLine =
  | { readonly ok: true; readonly value: RefractionLine }
  | { readonly ok: false; readonly message: string };

const acuityBehind =
  /(?:^|[\s,;])((?:\d{1,2}\/\d{1,3}(?:\.\d)?|cf|hm|npl|pl(?=\s*$)|0?\.\d{1,2}(?=\s*$))(?: ?[+-]\d{1,2})?)\s*$/i;

/** Reads `+1.75/-0.50x085 add 2.50 2 in 6/6-1`. Refused whole, with the first reason, when any part cannot be read. */
export function readRefractionLine(text: string, limits: RxLimits = rxLimits): ReadLine {
  const written = text.replaceAll("−", "-");
  const [, acuity] = acuityBehind.exec(written) ?? [];
  const before = acuity === undefined ? written : written.slice(0, written.lastIndexOf(acuity));
  // `pl` alone is a plano lens, and behind a power it is perception of light.
  const [powers, va] = before.trim() === "" ? [written, null] : [before, acuity ?? null];
  const line = parseRxLine(powers, limits);
  if (!line.ok) return { ok: false, message: line.message };
  return { ok: true, value: { eye: line.value, va: va === null ? null : va.replaceAll(" ", "").toUpperCase() } };
}

/** The cells of a line by the names of a section's fields. Only what the line states; the rest of the row stays. */
export function cellsOf({ eye, va }: RefractionLine): Readonly<Record<string, unknown>> {
  const { add, prism_h, base_h, prism_v, base_v, ...lens } = eye;
  const prism = prism_h === null && prism_v === null ? {} : { prism_h, base_h, prism_v, base_v };
  return { ...lens, ...prism, ...(add === null ? {} : { add }), ...(va === null ? {} : { va }) };
}
