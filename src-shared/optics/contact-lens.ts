/** The powers that contact lenses are made in (domain: optics-dispensing-lab §3.2). For the power itself see `vertex.ts`. */
import type { LensPower, MilliDioptres } from "./types.ts";
import type { Finding } from "./validate.ts";

export interface ContactLensRange {
  readonly date: string;
  readonly source: string;
  /** Spheres up to this either way come in steps of `fineStep`, stronger ones in `coarseStep`. */
  readonly fineTo: MilliDioptres;
  readonly fineStep: MilliDioptres;
  readonly coarseStep: MilliDioptres;
  /** Minus cylinders that are made. A brand has a list of its own. */
  readonly cylinders: readonly MilliDioptres[];
  /** Axes come in steps of so many degrees. */
  readonly axisStep: number;
}

/** What many soft lenses come in. */
export const softRange: ContactLensRange = {
  date: "2026-11-28",
  source: "domain: optics-dispensing-lab §3.2. All of it general knowledge, for the practice to confirm.",
  fineTo: 6_000,
  fineStep: 250,
  coarseStep: 500,
  cylinders: [-750, -1_250, -1_750, -2_250],
  axisStep: 10,
};

/** The step that a sphere of this strength is made in: 0.25 to ±6.00, 0.50 beyond. Milli-dioptres. */
export function contactLensStep(sphere: MilliDioptres, range: ContactLensRange = softRange): MilliDioptres {
  return Math.abs(sphere) <= range.fineTo ? range.fineStep : range.coarseStep;
}

export type ContactLensFinding = Finding<"sphere" | "cylinder" | "axis", "not_in_range">;

/** Which parts of a contact lens are not in a range, as warnings: it may be made to order. Cylinders in minus form. */
export function checkContactLens(
  { sphere, cylinder, axis }: LensPower,
  range: ContactLensRange = softRange,
): ContactLensFinding[] {
  const finding = (field: ContactLensFinding["field"], message: string): ContactLensFinding => ({
    field,
    severity: "warn",
    code: "not_in_range",
    message,
  });
  const findings: ContactLensFinding[] = [];
  const step = contactLensStep(sphere, range);
  if (sphere % step !== 0) {
    findings.push(finding("sphere", `This sphere comes in steps of ${(step / 1000).toFixed(2)}.`));
  }
  if (cylinder !== null && !range.cylinders.includes(cylinder)) {
    findings.push(finding("cylinder", "This cylinder is not in the range."));
  }
  if (axis !== null && axis % range.axisStep !== 0) {
    findings.push(finding("axis", `Axes come in steps of ${range.axisStep}°.`));
  }
  return findings;
}
