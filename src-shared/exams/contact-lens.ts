/**
 * One contact lens as a specification names it. Powers in milli-dioptres, radius and diameter in hundredths of a
 * millimetre; ranges of domain §3.2.
 */
import { z } from "zod";
import { line } from "./line.ts";

const stated = (max: number) => line(max).nullable().default(null);

export const lensSchema = z.object({
  brand: line(120).min(1, "Name the lens."),
  material: stated(80),
  design: stated(80),
  base_curve: z
    .int()
    .min(600, "A base curve is from 6 to 10 mm.")
    .max(1000, "A base curve is from 6 to 10 mm.")
    .nullable(),
  diameter: z.int().min(800, "A diameter is from 8 to 25 mm.").max(2500, "A diameter is from 8 to 25 mm.").nullable(),
  sphere: z.int().min(-40_000, "A lens is within 40 dioptres.").max(40_000, "A lens is within 40 dioptres.").nullable(),
  cylinder: z.int().min(-40_000).max(40_000).nullable(),
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
export type ContactLens = z.output<typeof lensSchema>;

/** What is impossible about a lens, in words, or null. */
export function checkLens(value: unknown): string | null {
  const parsed = lensSchema.safeParse(value);
  if (!parsed.success) return parsed.error.issues[0]?.message ?? "This is not a lens.";
  const { cylinder, axis } = parsed.data;
  if (cylinder && axis === null) return "The cylinder needs its axis.";
  return null;
}

export const specLensesSchema = z.object({
  r: lensSchema.nullable(),
  l: lensSchema.nullable(),
  /** How they are worn: daily, monthly, and for how long a day. */
  schedule: stated(200),
  solution: stated(200),
});
export type SpecLenses = z.output<typeof specLensesSchema>;
