/** A frame in the boxed lens system of ISO 8624 (domain: optics-dispensing-lab §3.2, §3.10). */
import { checkLimit, formatMeasure, type LimitCode } from "./check-limit.ts";
import { type FittingLimits, type FittingQuantity, fittingLimits } from "./fitting-limits.ts";
import { notRead, type Parsed, read } from "./parsed.ts";
import type { TenthsMm } from "./types.ts";
import type { Finding } from "./validate.ts";

/** Tenths of a millimetre; null is not known. Printed marks vary, so what was measured or traced is preferred. */
export interface Frame {
  /** Width of the box. */
  readonly a: TenthsMm | null;
  /** Height of the box. */
  readonly b: TenthsMm | null;
  /** Distance between lenses. */
  readonly dbl: TenthsMm | null;
  /** Effective diameter: twice the longest radius from the centre of the box. */
  readonly ed: TenthsMm | null;
  /** Overall length of a side. */
  readonly side: TenthsMm | null;
}

export const unknownFrame: Frame = { a: null, b: null, dbl: null, ed: null, side: null };

export type FrameFinding = Finding<FittingQuantity | "ed", LimitCode | "not_of_this_box">;

/**
 * Whether a frame can be: each measure by its own limits, and the effective diameter against the box, 0.95 of the
 * larger side at least and 1 mm more than the diagonal at most. Tenths of a millimetre.
 */
export function checkFrame(frame: Frame, limits: FittingLimits = fittingLimits): FrameFinding[] {
  const quantities = { a: "box_a", b: "box_b", dbl: "dbl", side: "side" } as const;
  const findings: FrameFinding[] = (["a", "b", "dbl", "side"] as const).flatMap((key) => {
    const value = frame[key];
    return (value === null ? null : checkLimit(quantities[key], value, limits)) ?? [];
  });
  const { a, b, ed } = frame;
  if (ed === null) return findings;
  if (!Number.isInteger(ed)) {
    return [...findings, finding("not_whole", "Effective diameter is finer than 0.1 mm.")];
  }
  if (a === null || b === null) return findings;
  const { edOfSide, edOverDiagonal } = limits.pairs;
  const [least, most] = [(Math.max(a, b) * edOfSide) / 100, Math.hypot(a, b) + edOverDiagonal];
  if (ed >= least && ed <= most) return findings;
  const range = `${Math.ceil(least) / 10} to ${formatMeasure(Math.floor(most), { unit: "mm", perUnit: 10 })}`;
  return [...findings, finding("not_of_this_box", `The effective diameter of this box is ${range}.`)];
}

function finding(code: FrameFinding["code"], message: string): FrameFinding {
  return { field: "ed", severity: "block", code, message };
}

/** What is printed in a frame: `52□18 140` is A, distance between lenses and side, in whole millimetres. */
export type FrameMarking = Pick<Frame, "a" | "dbl" | "side">;

/**
 * Reads a marking: `52□18 140`, `52-18-140`, `52 18`, `52/18 140`. Millimetres in, tenths out. Refuses what is no
 * marking, and sizes that no frame has.
 */
export function parseFrameMarking(text: string, limits: FittingLimits = fittingLimits): Parsed<FrameMarking> {
  const written = text.trim();
  if (written === "") return notRead("empty", "Enter the marking.");
  const match = /^(\d{2}) ?(?:□|▢|\[\]|[-–/ ]) ?(\d{1,2})(?: ?[-–/ ] ?(\d{2,3}))?$/.exec(written);
  if (!match) return notRead("unreadable", `${written} is not a marking. Write it like 52-18 140.`);
  const [a = 0, dbl = 0, side] = match.slice(1).map((part) => (part === undefined ? undefined : Number(part) * 10));
  const marking = { a, dbl, side: side ?? null };
  const impossible = checkFrame({ ...unknownFrame, ...marking }, limits).find(({ severity }) => severity === "block");
  return impossible ? notRead("out_of_range", impossible.message) : read(marking);
}

/** `52□18 140`, rounded to whole millimetres as frames are marked; parts that are not known are left out from the end. */
export function formatFrameMarking({ a, dbl, side }: FrameMarking): string {
  const mm = (value: TenthsMm) => String(Math.round(value / 10));
  if (a === null) return "";
  const box = dbl === null ? mm(a) : `${mm(a)}□${mm(dbl)}`;
  return dbl === null || side === null ? box : `${box} ${mm(side)}`;
}
