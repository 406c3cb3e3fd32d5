/**
 * One contact lens as a specification names it. Powers in milli-dioptres, radius and diameter in hundredths of a
 * millimetre. What is possible is the limits' to say (domain §3.2), for a specification and a trial lens alike.
 */
import { z } from "zod";
import {
  checkContactLens,
  checkLimit,
  eighth,
  formatPower,
  type LimitTables,
  type MeasureLimits,
  measureLimits,
} from "../optics/index.ts";
import { line } from "./line.ts";

const stated = (max: number) => line(max).nullable().default(null);
const figure = z.int().nullable();

const form = z.object({
  brand: line(120).min(1, "Name the lens."),
  material: stated(80),
  design: stated(80),
  base_curve: figure,
  diameter: figure,
  sphere: figure,
  cylinder: figure,
  axis: z.int().min(1).max(180).nullable(),
  /** As the maker writes it: Low, Medium, High, or dioptres. */
  add: stated(20),
  colour: stated(40),
  /** How many days one is worn before the next: 1, 14, 30 … */
  replace_days: z
    .int()
    .min(1, "A lens is replaced after 1 to 730 days.")
    .max(730, "A lens is replaced after 1 to 730 days.")
    .nullable()
    .default(null),
});

/** The figures of a lens; null where they are not stated. */
type Figures = Pick<z.output<typeof form>, "base_curve" | "diameter" | "sphere" | "cylinder">;
type Figure = keyof Figures;

const quantities = {
  base_curve: "cl_base_curve",
  diameter: "cl_diameter",
  sphere: "cl_power",
  cylinder: "cl_power",
} as const;
const figures = Object.keys(quantities) as readonly Figure[];

/** The first figure that no lens has, in words, or null. */
export function figureProblem(
  lens: Partial<Figures>,
  measures: MeasureLimits = measureLimits,
): { readonly field: Figure; readonly message: string } | null {
  for (const field of figures) {
    const value = lens[field] ?? null;
    if (value === null) continue;
    const found = checkLimit(quantities[field], value, measures);
    if (found?.severity === "block") return { field, message: found.message };
    if (quantities[field] === "cl_power" && value % eighth !== 0)
      return { field, message: "A power is in steps of 0.25 or 0.125." };
  }
  return null;
}

export const lensSchema = form.superRefine((lens, context) => {
  const problem = figureProblem(lens);
  if (problem) context.addIssue({ code: "custom", path: [problem.field], message: problem.message });
});
export type ContactLens = z.output<typeof form>;

/** What is impossible about a lens, in words, or null. */
export function checkLens(value: unknown, measures: MeasureLimits = measureLimits): string | null {
  const parsed = lensSchema.safeParse(value);
  if (!parsed.success) return parsed.error.issues[0]?.message ?? "This is not a lens.";
  const problem = figureProblem(parsed.data, measures);
  if (problem) return problem.message;
  const { cylinder, axis } = parsed.data;
  if (cylinder && axis === null) return "The cylinder needs its axis.";
  return null;
}

const soft = { base_curve: "cl_base_curve_soft", diameter: "cl_diameter_soft" } as const;

/**
 * What to look at in one figure of a possible lens: outside what is usual, of a soft lens unless it is rigid; not in the
 * steps or the range that soft lenses are made in. Null where nothing is unusual.
 */
export function lookAtLens(
  part: Figure | "axis",
  lens: Partial<Figures & { readonly axis: number | null }>,
  rigid: boolean,
  { measures, contact_lenses }: Pick<LimitTables, "measures" | "contact_lenses">,
): string | null {
  const value = lens[part] ?? null;
  if (value === null) return null;
  if (part === "base_curve" || part === "diameter") {
    const all = checkLimit(quantities[part], value, measures);
    const found = all ?? (rigid ? null : checkLimit(soft[part], value, measures));
    if (found) return found.severity === "warn" ? found.message : null;
    const { step, perUnit, name } = measures.quantities[quantities[part]];
    return value % step === 0 ? null : `${name} is usually in steps of ${step / perUnit} mm.`;
  }
  if (part !== "axis") {
    const [least, most] = measures.quantities.cl_power.warn;
    if ((least !== null && value < least) || (most !== null && value > most))
      return `Usually ${formatPower(least ?? measures.quantities.cl_power.block[0])} to ${formatPower(most ?? measures.quantities.cl_power.block[1])}.`;
  }
  if (rigid) return null;
  const { sphere = null, cylinder = null, axis = null } = lens;
  const powers = { sphere: sphere ?? 0, cylinder: cylinder === 0 ? null : cylinder, axis };
  return checkContactLens(powers, contact_lenses).find(({ field }) => field === part)?.message ?? null;
}

export const specLensesSchema = z.object({
  r: lensSchema.nullable(),
  l: lensSchema.nullable(),
  /** How they are worn: daily, monthly, and for how long a day. */
  schedule: stated(200),
  solution: stated(200),
});
export type SpecLenses = z.output<typeof specLensesSchema>;
