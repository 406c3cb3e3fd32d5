/**
 * What HL7 FHIR R4 (4.0.1) demands of a VisionPrescription and of all that ours hold, element by element, in our own
 * words: cardinalities and types of the StructureDefinitions (hl7.org/fhir/R4/visionprescription.html, datatypes.html,
 * references.html, extensibility.html, narrative.html, patient.html; definitions CC0), the value sets fm-status,
 * vision-eye-codes and vision-base-codes, and the invariants by their names. Objects are strict: R4 knows no other element.
 */
import { z } from "zod";

const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);
const absoluteUri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i);
const code = z.string().regex(/^[^\s]+(\s[^\s]+)*$/);
/** No control characters but tab and line ends, no empty string, something that is seen. */
const string = z
  .string()
  .regex(/^[ \r\n\t\S]+$/)
  .regex(/\S/)
  .regex(/^[\t\n\r\P{Cc}]*$/u);
const year = "([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)";
const ofMonth = "(0[1-9]|1[0-2])";
const ofDay = "(0[1-9]|[1-2][0-9]|3[0-1])";
const time = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?";
const zone = "(Z|(\\+|-)((0[0-9]|1[0-3]):[0-5][0-9]|14:00))";
const date = z.string().regex(new RegExp(`^${year}(-${ofMonth}(-${ofDay})?)?$`));
const dateTime = z.string().regex(new RegExp(`^${year}(-${ofMonth}(-${ofDay}(T${time}${zone})?)?)?$`));
const decimal = z.number();
const some = <T extends z.ZodType>(of: T) => z.array(of).min(1);

/** ele-1: an element has a value or children. */
const filled = (element: object) => Object.keys(element).length > 0;
/** ext-1: an extension has one value or extensions, never both; of value[x] there is one. */
const extension = z
  .strictObject({
    url: absoluteUri,
    valueDecimal: decimal.optional(),
    valueDate: date.optional(),
    valueString: string.optional(),
    valueCode: code.optional(),
  })
  .refine(({ url: _, ...values }) => Object.keys(values).length === 1, "ext-1");
const element = { id: string.optional(), extension: some(extension).optional() };
const coding = z.strictObject({
  ...element,
  system: absoluteUri.optional(),
  version: string.optional(),
  code: code.optional(),
  display: string.optional(),
});
const codeableConcept = z
  .strictObject({ ...element, coding: some(coding.refine(filled)).optional(), text: string.optional() })
  .refine(filled, "ele-1");
const identifier = z
  .strictObject({
    ...element,
    use: z.enum(["usual", "official", "temp", "secondary", "old"]).optional(),
    system: absoluteUri.optional(),
    value: string.optional(),
  })
  .refine(filled, "ele-1");
const reference = (...targets: string[]) =>
  z
    .strictObject({
      ...element,
      reference: string.optional(),
      type: z.enum(targets).optional(),
      identifier: identifier.optional(),
      display: string.optional(),
    })
    .refine(filled, "ele-1");
/** sqty-1: a simple quantity has no comparator; qty-3: a code has its system. */
const simpleQuantity = z
  .strictObject({
    ...element,
    value: decimal.optional(),
    unit: string.optional(),
    system: absoluteUri.optional(),
    code: code.optional(),
  })
  .refine(({ code: unit, system }) => unit === undefined || system !== undefined, "qty-3");
const narrative = z.strictObject({
  status: z.enum(["generated", "extensions", "additional", "empty"]),
  /** txt-1: XHTML of a few elements, all of them closed; txt-2: something that is read. */
  div: z
    .string()
    .regex(
      /^<div xmlns="http:\/\/www\.w3\.org\/1999\/xhtml">(<p>([^<&]|&(amp|lt);)*[^<\s]([^<&]|&(amp|lt);)*<\/p>)+<\/div>$/,
    ),
});
const annotation = z.strictObject({ ...element, time: dateTime.optional(), text: string });
const lensSpecification = z.strictObject({
  ...element,
  product: codeableConcept,
  eye: z.enum(["right", "left"]),
  sphere: decimal.optional(),
  cylinder: decimal.optional(),
  axis: z.int().min(-180).max(180).optional(),
  prism: some(z.strictObject({ ...element, amount: decimal, base: z.enum(["up", "down", "in", "out"]) })).optional(),
  add: decimal.optional(),
  power: decimal.optional(),
  backCurve: decimal.optional(),
  diameter: decimal.optional(),
  duration: simpleQuantity.optional(),
  color: string.optional(),
  brand: string.optional(),
  note: some(annotation).optional(),
});
/** dom-2, dom-4, dom-5: what is contained contains nothing and has no meta of its own. */
const containedPatient = z.strictObject({
  resourceType: z.literal("Patient"),
  id,
  name: some(z.strictObject({ ...element, text: string.optional() }).refine(filled, "ele-1")).optional(),
  birthDate: date.optional(),
});

export const r4VisionPrescription = z
  .strictObject({
    resourceType: z.literal("VisionPrescription"),
    id: id.optional(),
    text: narrative.optional(),
    contained: some(containedPatient).optional(),
    extension: some(extension).optional(),
    identifier: some(identifier).optional(),
    status: z.enum(["active", "cancelled", "draft", "entered-in-error"]),
    created: dateTime,
    patient: reference("Patient"),
    encounter: reference("Encounter").optional(),
    dateWritten: dateTime,
    prescriber: reference("Practitioner", "PractitionerRole"),
    lensSpecification: some(lensSpecification),
  })
  .refine(({ contained = [], patient, prescriber, encounter }) => {
    const named = [patient, prescriber, encounter].flatMap((each) => each?.reference ?? []);
    const local = named.filter((each) => each.startsWith("#"));
    const held = contained.map(({ id: own }) => `#${own}`);
    return local.every((each) => held.includes(each)) && held.every((each) => local.includes(each));
  }, "ref-1, dom-3: what is named is contained, and what is contained is named");
