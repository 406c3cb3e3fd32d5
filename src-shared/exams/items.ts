/** What there can be several of in an exam, list by list. Times are UTC instants, powers milli-dioptres. */
import { z } from "zod";
import { line } from "./line.ts";

const note = line(400).nullable().default(null);
const oneEye = z.enum(["r", "l"]);
const anyEye = z.enum(["r", "l", "b"]);
const power = z.int().min(-100_000).max(100_000).nullable();
const instant = z.int().min(0).max(253402300799999);

/** How intraocular pressure is measured (domain §3.2); a reading without its method says little. */
export const pressureMethods = [
  "goldmann",
  "perkins",
  "non_contact",
  "rebound",
  "tono_pen",
  "ocular_response",
] as const;
export type PressureMethod = (typeof pressureMethods)[number];

export const strokeTools = ["pen", "haemorrhage", "exudate", "drusen", "pigment", "cotton_wool", "label"] as const;
export type StrokeTool = (typeof strokeTools)[number];
export const diagrams = ["posterior", "anterior"] as const;

const eyePowers = z.object({ sphere: power, cylinder: power, axis: z.int().min(1).max(180).nullable(), add: power });

export const itemSchemas = {
  /** One reading; tenths of a millimetre of mercury, within the limits of `item-limits.ts`. */
  pressure: z.object({
    eye: oneEye,
    value: z.int(),
    method: z.enum(pressureMethods),
    at: instant,
    note,
  }),
  drops: z.object({
    drug: line(100).min(1, "Say which."),
    strength: line(40).nullable(),
    eye: anyEye,
    drops: z.int().min(1).max(10),
    at: instant,
    batch: line(40).nullable(),
    expires_on: z.iso.date().nullable(),
  }),
  /** Further pairs that the patient wears; the first stands in the fields of the section. */
  specs: z.object({ use: line(60), r: eyePowers, l: eyePowers, note }),
  /** A lens that is tried on, within the limits of `item-limits.ts`; hundredths of a millimetre. */
  lens_trial: z.object({
    eye: oneEye,
    lens: line(200).min(1, "Say which."),
    base_curve: z.int().nullable(),
    diameter: z.int().nullable(),
    sphere: power,
    cylinder: power,
    axis: z.int().min(1).max(180).nullable(),
    va: line(24).nullable(),
    fit: note,
  }),
  diagnosis: z.object({ text: line(400).min(1, "Say what."), eye: anyEye.nullable(), certain: z.boolean() }),
  /** An expected test that was not done: the law wants the reason and what was advised (domain §4.1). */
  declined: z.object({ test: line(60).min(1), reason: line(400).min(1, "Say why."), advice: note }),
  /** Grid of 1000 by 1000 over the diagram; points as `x,y` and then differences, see `strokes.ts`. */
  stroke: z.object({
    diagram: z.enum(diagrams),
    eye: oneEye,
    tool: z.enum(strokeTools),
    points: line(4000).regex(/^-?\d{1,4},-?\d{1,4}( -?\d{1,4},-?\d{1,4})*$/, "not a stroke"),
    note,
  }),
  /** A supervisor's word on what a trainee signed: what to see to before it is countersigned. */
  supervision: z.object({ note: line(1000).min(1, "Say what to see to."), user_id: line(32), at: instant }),
} as const;
export type ExamList = keyof typeof itemSchemas;
export type ExamItem<L extends ExamList> = z.output<(typeof itemSchemas)[L]>;
export const examLists = Object.keys(itemSchemas) as readonly ExamList[];
