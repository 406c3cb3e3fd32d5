/** The shape of a FHIR R4 VisionPrescription of any system, as far as it is read. */
import { z } from "zod";
import { extensionBase } from "./fhir.ts";

const anyExtension = z.looseObject({
  url: z.string(),
  valueDecimal: z.number().optional(),
  valueDate: z.iso.date().optional(),
  valueString: z.string().max(2000).optional(),
  valueCode: z.string().max(40).optional(),
});
const extended = {
  extension: z.array(anyExtension).max(100).default([]),
  /** What may change the sense of all the rest: nobody may read on who does not know it (R4, Extensibility). */
  modifierExtension: z.array(z.unknown()).max(0, "it carries a condition that is not known here").optional(),
};
const lensSpecification = z.looseObject({
  ...extended,
  product: z.looseObject({ coding: z.array(z.looseObject({ code: z.string().optional() })).default([]) }),
  eye: z.enum(["right", "left"]),
  sphere: z.number().optional(),
  cylinder: z.number().optional(),
  /** R4 has it from -180 to 180. */
  axis: z.int().min(-180).max(180).optional(),
  prism: z
    .array(z.looseObject({ amount: z.number().min(0), base: z.enum(["up", "down", "in", "out"]) }))
    .max(4)
    .default([]),
  add: z.number().optional(),
  power: z.number().optional(),
  backCurve: z.number().optional(),
  diameter: z.number().optional(),
  brand: z.string().max(120).optional(),
  color: z.string().max(40).optional(),
  duration: z
    .looseObject({ value: z.number().optional(), unit: z.string().optional(), code: z.string().optional() })
    .optional(),
  note: z.array(z.looseObject({ text: z.string().max(2000) })).default([]),
});
export type LensSpecification = z.output<typeof lensSpecification>;
const humanName = z.looseObject({
  text: z.string().optional(),
  given: z.array(z.string()).optional(),
  family: z.string().optional(),
});
/** A patient or practitioner who stands in the resource or beside it in a bundle. */
export const personResource = z.looseObject({
  resourceType: z.string(),
  id: z.string().optional(),
  name: z.array(humanName).optional(),
  birthDate: z.string().optional(),
  identifier: z.array(z.looseObject({ value: z.string().optional() })).optional(),
});
export type PersonResource = z.output<typeof personResource>;
const person = z.looseObject({
  reference: z.string().optional(),
  display: z.string().optional(),
  identifier: z.looseObject({ value: z.string().optional() }).optional(),
});
export const visionResource = z.looseObject({
  ...extended,
  resourceType: z.literal("VisionPrescription"),
  contained: z.array(personResource).max(20).default([]),
  identifier: z.array(z.looseObject({ value: z.string().optional() })).default([]),
  status: z.string().default("active"),
  created: z.string().optional(),
  patient: person.default({}),
  dateWritten: z.string().regex(/^\d{4}-\d{2}-\d{2}/, "it has no day on which it was written"),
  prescriber: person.default({}),
  lensSpecification: z.array(lensSpecification).min(1, "it names no lens").max(12),
});
export type VisionResource = z.output<typeof visionResource>;

/** The name of a person as it is said, the given names first. */
export function nameOf(person: PersonResource | undefined): string | undefined {
  const [name] = person?.name ?? [];
  return name ? (name.text ?? [...(name.given ?? []), name.family].filter(Boolean).join(" ")) : undefined;
}

/** One of our own extensions. */
export const ours = (all: readonly z.output<typeof anyExtension>[], name: string) =>
  all.find(({ url }) => url === extensionBase + name);
