/**
 * Prescriptions of glasses and contact lenses as FHIR R4 VisionPrescription resources, written and read. What the
 * standard has no element for (domain §3.13) stands in extensions under `extensionBase`, described in docs/fhir.md.
 */
import { z } from "zod";
import { checkEye, type EyeRx, emptyEye, eyes, formatPower } from "../optics/index.ts";
import { type ContactLens, checkLens, lensSchema, type SpecLenses } from "./contact-lens.ts";

export const extensionBase = "https://horopter.example/fhir/StructureDefinition/";
const identifierSystem = "https://horopter.example/fhir/prescription";
const registerSystem = "https://horopter.example/fhir/practitioner-register";
const productSystem = "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct";

/** What both kinds say. Dates are `YYYY-MM-DD`, `at` is a UTC instant in milliseconds. */
interface Common {
  readonly id: string;
  readonly patient: { readonly name: string; readonly dateOfBirth: string | null };
  readonly prescriber: { readonly name: string; readonly registration: string | null };
  readonly issuedOn: string;
  readonly expiresOn: string | null;
  readonly at: number | null;
  readonly note: string | null;
}
export interface GlassesPrescription extends Common {
  readonly kind: "glasses";
  readonly r: EyeRx;
  readonly l: EyeRx;
  /** Additions for intermediate distance, milli-dioptres. */
  readonly intermediate: { readonly r: number | null; readonly l: number | null };
  /** Tenths of a millimetre. */
  readonly bvd: number | null;
  readonly purpose: string | null;
  readonly restricted: "under_16" | "SI" | "SSI" | null;
}
export interface LensPrescription extends Common {
  readonly kind: "lenses";
  readonly lenses: SpecLenses;
}
export type FhirPrescription = GlassesPrescription | LensPrescription;

type Json = Record<string, unknown>;
type Value = { valueDecimal: number } | { valueDate: string } | { valueString: string } | { valueCode: string };
const extension = (name: string, value: Value | null): Json[] =>
  value ? [{ url: extensionBase + name, ...value }] : [];
const decimal = (value: number | null, unit: number) => (value === null ? null : { valueDecimal: value / unit });
const words = (value: string | null) => (value === null ? null : { valueString: value });
/** Leaves out what is not stated: FHIR has no nulls and no empty lists. */
const stated = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );

/** The resource of a prescription; what it says comes back from `readVisionPrescriptions` unchanged. */
export function visionPrescription(prescription: FhirPrescription): Json {
  const { patient, prescriber, note } = prescription;
  const glasses = prescription.kind === "glasses";
  return stated({
    resourceType: "VisionPrescription",
    contained: [
      stated({
        resourceType: "Patient",
        id: "patient",
        name: [{ text: patient.name }],
        birthDate: patient.dateOfBirth,
      }),
    ],
    extension: [
      ...extension("expires", prescription.expiresOn === null ? null : { valueDate: prescription.expiresOn }),
      ...extension("note", words(note)),
      ...(glasses
        ? [
            ...extension("back-vertex-distance", decimal(prescription.bvd, 10)),
            ...extension("purpose", words(prescription.purpose)),
            ...extension("restricted", prescription.restricted ? { valueCode: prescription.restricted } : null),
          ]
        : [
            ...extension("wearing-schedule", words(prescription.lenses.schedule)),
            ...extension("solution", words(prescription.lenses.solution)),
          ]),
    ],
    identifier: [{ system: identifierSystem, value: prescription.id }],
    status: "active",
    created: prescription.at === null ? prescription.issuedOn : new Date(prescription.at).toISOString(),
    patient: { reference: "#patient", display: patient.name },
    dateWritten: prescription.issuedOn,
    prescriber: stated({
      display: prescriber.name,
      identifier: prescriber.registration ? { system: registerSystem, value: prescriber.registration } : null,
    }),
    lensSpecification: eyes.flatMap((side) => {
      if (!glasses) {
        const lens = prescription.lenses[side];
        return lens ? [lensOf(lens, side)] : [];
      }
      const eye = prescription[side];
      return Object.values(eye).every((value) => value === null) && prescription.intermediate[side] === null
        ? []
        : [eyeOf(eye, side, prescription.intermediate[side])];
    }),
  });
}

const milli = (value: number | null) => (value === null ? null : value / 1000);
const head = (code: "lens" | "contact", side: "r" | "l"): Json => ({
  product: { coding: [{ system: productSystem, code }] },
  eye: side === "r" ? "right" : "left",
});

function eyeOf(eye: EyeRx, side: "r" | "l", intermediate: number | null): Json {
  return stated({
    extension: [
      ...extension("use", { valueCode: "distance" }),
      ...extension("intermediate-add", decimal(intermediate, 1000)),
    ],
    ...head("lens", side),
    sphere: milli(eye.sphere),
    cylinder: milli(eye.cylinder),
    axis: eye.axis,
    prism: [
      ...(eye.prism_h === null ? [] : [{ amount: eye.prism_h / 100, base: eye.base_h }]),
      ...(eye.prism_v === null ? [] : [{ amount: eye.prism_v / 100, base: eye.base_v }]),
    ],
    add: milli(eye.add),
  });
}

function lensOf(lens: ContactLens, side: "r" | "l"): Json {
  const add = lens.add === null ? Number.NaN : Number(lens.add);
  return stated({
    extension: [
      ...extension("lens-add", words(lens.add)),
      ...extension("lens-material", words(lens.material)),
      ...extension("lens-design", words(lens.design)),
    ],
    ...head("contact", side),
    power: milli(lens.sphere),
    cylinder: milli(lens.cylinder),
    axis: lens.axis,
    add: Number.isFinite(add) && lens.add?.trim() ? add : null,
    backCurve: lens.base_curve === null ? null : lens.base_curve / 100,
    diameter: lens.diameter === null ? null : lens.diameter / 100,
    brand: lens.brand,
  });
}

const anyExtension = z.looseObject({
  url: z.string(),
  valueDecimal: z.number().optional(),
  valueDate: z.iso.date().optional(),
  valueString: z.string().max(2000).optional(),
  valueCode: z.string().max(40).optional(),
});
const extended = { extension: z.array(anyExtension).max(100).default([]) };
const lensSpecification = z.looseObject({
  ...extended,
  product: z.looseObject({ coding: z.array(z.looseObject({ code: z.string().optional() })).default([]) }),
  eye: z.enum(["right", "left"]),
  sphere: z.number().optional(),
  cylinder: z.number().optional(),
  axis: z.int().min(0).max(180).optional(),
  prism: z
    .array(z.looseObject({ amount: z.number().min(0), base: z.enum(["up", "down", "in", "out"]) }))
    .max(4)
    .default([]),
  add: z.number().optional(),
  power: z.number().optional(),
  backCurve: z.number().optional(),
  diameter: z.number().optional(),
  brand: z.string().max(120).optional(),
});
type LensSpecification = z.output<typeof lensSpecification>;
const humanName = z.looseObject({
  text: z.string().optional(),
  given: z.array(z.string()).optional(),
  family: z.string().optional(),
});
const contained = z.looseObject({
  resourceType: z.string(),
  id: z.string().optional(),
  name: z.array(humanName).optional(),
  birthDate: z.string().optional(),
});
const person = z.looseObject({
  reference: z.string().optional(),
  display: z.string().optional(),
  identifier: z.looseObject({ value: z.string().optional() }).optional(),
});
const resource = z.looseObject({
  ...extended,
  resourceType: z.literal("VisionPrescription"),
  contained: z.array(contained).max(20).default([]),
  identifier: z.array(z.looseObject({ value: z.string().optional() })).default([]),
  status: z.string().default("active"),
  created: z.string().optional(),
  patient: person.default({}),
  dateWritten: z.string().regex(/^\d{4}-\d{2}-\d{2}/, "it has no day on which it was written"),
  prescriber: person.default({}),
  lensSpecification: z.array(lensSpecification).min(1, "it names no lens").max(12),
});
type Resource = z.output<typeof resource>;

/** What came of reading: every prescription of the text, the newest first, or why none of it can be taken. */
export type ReadPrescriptions =
  | { readonly ok: true; readonly prescriptions: readonly FhirPrescription[] }
  | { readonly ok: false; readonly message: string };

/** Thrown inside this module to give up reading with words for the person. */
class Unreadable extends Error {}
const longest = 1_000_000;

/**
 * Reads a VisionPrescription, or a Bundle that holds some, of any system. Nothing is guessed: a power that no lens has,
 * a prism of unknown base or a date that is none refuses the whole text, with what is wrong.
 */
export function readVisionPrescriptions(text: string): ReadPrescriptions {
  try {
    const found = resourcesOf(text).map((each, _, all) => read(each, all.length > 1));
    return { ok: true, prescriptions: found.sort((a, b) => (a.issuedOn < b.issuedOn ? 1 : -1)) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message };
    throw error;
  }
}

function resourcesOf(text: string): readonly unknown[] {
  if (text.length > longest) throw new Unreadable("This file is too large for a prescription.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Unreadable("This is not a FHIR file: it is not JSON. Ask for the prescription as a FHIR R4 JSON file.");
  }
  const type = (json as Json | null)?.resourceType;
  if (type === "VisionPrescription") return [json];
  if (type !== "Bundle")
    throw new Unreadable(
      typeof type === "string"
        ? `This is a FHIR ${type.slice(0, 40)}, not a prescription. A VisionPrescription or a Bundle with one is needed.`
        : "This is not a FHIR file: it does not say what it is. Ask for the prescription as a FHIR R4 JSON file.",
    );
  const entries = (json as { entry?: unknown }).entry;
  const found = (Array.isArray(entries) ? entries : [])
    .map((entry) => (entry as { resource?: Json } | null)?.resource)
    .filter((each) => each?.resourceType === "VisionPrescription");
  if (found.length === 0) throw new Unreadable("This bundle holds no prescription of glasses or contact lenses.");
  return found;
}

function read(json: unknown, several: boolean): FhirPrescription {
  const parsed = resource.safeParse(json);
  const which = several ? "One of the prescriptions" : "The prescription";
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Unreadable(`${which} cannot be read: ${issue?.path.join(".") || "it"}, ${issue?.message}.`);
  }
  const it = parsed.data;
  if (it.status === "entered-in-error" || it.status === "cancelled")
    throw new Unreadable(`${which} was withdrawn by whoever wrote it (${it.status}).`);
  const codes = it.lensSpecification.map(({ product }) => product.coding.map(({ code }) => code));
  const lenses = codes.every((each) => each.includes("contact"));
  if (!lenses && codes.some((each) => each.includes("contact")))
    throw new Unreadable(`${which} mixes glasses and contact lenses. Ask for one of each.`);
  const common = commonOf(it);
  return lenses
    ? { ...common, kind: "lenses", lenses: lensesOf(it) }
    : { ...common, kind: "glasses", ...glassesOf(it) };
}

function commonOf(it: Resource): Common {
  const patient = it.contained.find(
    ({ resourceType, id }) => resourceType === "Patient" && `#${id}` === it.patient.reference,
  );
  const issuedOn = it.dateWritten.slice(0, 10);
  if (!z.iso.date().safeParse(issuedOn).success) throw new Unreadable(`${issuedOn} is no day of the calendar.`);
  const at = it.created && it.created.length > 10 ? Date.parse(it.created) : Number.NaN;
  return {
    id: it.identifier[0]?.value ?? "",
    patient: { name: nameOf(patient?.name?.[0]) ?? it.patient.display ?? "", dateOfBirth: patient?.birthDate ?? null },
    prescriber: { name: it.prescriber.display ?? "", registration: it.prescriber.identifier?.value ?? null },
    issuedOn,
    expiresOn: find(it.extension, "expires")?.valueDate ?? null,
    at: Number.isNaN(at) ? null : at,
    note: find(it.extension, "note")?.valueString ?? null,
  };
}
const nameOf = (name: z.output<typeof humanName> | undefined) =>
  name ? (name.text ?? [...(name.given ?? []), name.family].filter(Boolean).join(" ")) : undefined;
const find = (all: readonly z.output<typeof anyExtension>[], name: string) =>
  all.find(({ url }) => url === extensionBase + name);

/** A decimal of the file in our integers; eighths written as .12, .37, .62 or .87 are what they stand for [S26]. */
function powerIn(value: number | undefined, what: string): number | null {
  if (value === undefined) return null;
  const thousandths = Math.round(value * 1000);
  const cut = Math.abs(thousandths) % 250;
  const power = cut === 120 ? thousandths + Math.sign(thousandths) * 5 : thousandths;
  if (Math.abs(value * 1000 - thousandths) > 1e-6 || power % 125 !== 0)
    throw new Unreadable(`${what} ${value} is not in steps of 0.25 or 0.125.`);
  return power + 0;
}
/** A decimal in integers of `unit`. */
function unitsIn(value: number | undefined, unit: number, what: string): number | null {
  if (value === undefined) return null;
  const units = Math.round(value * unit);
  if (Math.abs(value * unit - units) > 1e-6) throw new Unreadable(`${what} ${value} is finer than it can be.`);
  return units;
}
const sideOf = ({ eye }: LensSpecification) => (eye === "right" ? "r" : "l");
const nameOfSide = (side: "r" | "l") => (side === "r" ? "Right" : "Left");

function glassesOf(it: Resource) {
  const bvd = unitsIn(find(it.extension, "back-vertex-distance")?.valueDecimal, 10, "The vertex distance");
  if (bvd !== null && (bvd < 50 || bvd > 250)) throw new Unreadable("A vertex distance is from 5 to 25 mm.");
  const restricted = find(it.extension, "restricted")?.valueCode;
  const intermediate = { r: null as number | null, l: null as number | null };
  const written = { r: emptyEye, l: emptyEye };
  for (const side of eyes) {
    const lines = it.lensSpecification.filter((line) => sideOf(line) === side);
    const use = (line: LensSpecification) => find(line.extension, "use")?.valueCode ?? "distance";
    const distance = lines.filter((line) => use(line) === "distance");
    if (distance.length > 1) throw new Unreadable(`${nameOfSide(side)} is stated twice for distance.`);
    const [line] = distance;
    if (!line && lines.length > 0)
      throw new Unreadable(`${nameOfSide(side)} is stated for near or between only; the distance is needed.`);
    if (!line) continue;
    let eye = eyeIn(line, side);
    intermediate[side] = powerIn(
      find(line.extension, "intermediate-add")?.valueDecimal,
      `${nameOfSide(side)} intermediate add`,
    );
    for (const other of lines) {
      if (other === line) continue;
      const nearer = addBetween(eye, eyeIn(other, side), side);
      if (use(other) === "near") eye = { ...eye, add: nearer };
      else if (use(other) === "intermediate") intermediate[side] = nearer;
      else throw new Unreadable(`${nameOfSide(side)} has a line whose use (${use(other)}) is not known here.`);
    }
    const wrong = checkEye(eye).find(({ severity }) => severity === "block");
    if (wrong) throw new Unreadable(`${nameOfSide(side)}: ${wrong.message}`);
    written[side] = eye;
  }
  return {
    ...written,
    intermediate,
    bvd,
    purpose: find(it.extension, "purpose")?.valueString ?? null,
    restricted: (["under_16", "SI", "SSI"] as const).find((each) => each === restricted) ?? null,
  };
}

/** What a line for nearer adds to the one for distance; they differ in nothing else. */
function addBetween(distance: EyeRx, nearer: EyeRx, side: "r" | "l"): number {
  if (distance.sphere === null || nearer.sphere === null)
    throw new Unreadable(`${nameOfSide(side)} has a line without a sphere.`);
  if (distance.cylinder !== nearer.cylinder || distance.axis !== nearer.axis)
    throw new Unreadable(
      `${nameOfSide(side)} has another cylinder for near (${formatPower(nearer.cylinder ?? 0)}). Type it as two prescriptions.`,
    );
  return nearer.sphere - distance.sphere;
}

function eyeIn(line: LensSpecification, side: "r" | "l"): EyeRx {
  const name = nameOfSide(side);
  const cylinder = powerIn(line.cylinder, `${name} cylinder`) || null;
  let eye: EyeRx = {
    ...emptyEye,
    sphere: powerIn(line.sphere, `${name} sphere`),
    cylinder,
    // Horizontal is written 180 here; others write 0, which is the same meridian. Without a cylinder it says nothing.
    axis: cylinder ? (line.axis === 0 ? 180 : (line.axis ?? null)) : null,
    add: powerIn(line.add, `${name} add`) || null,
  };
  for (const { amount, base } of line.prism) {
    const hundredths = unitsIn(amount, 100, `${name} prism`);
    const horizontal = base === "in" || base === "out";
    if ((horizontal ? eye.prism_h : eye.prism_v) !== null)
      throw new Unreadable(`${name}: the ${horizontal ? "horizontal" : "vertical"} prism is stated twice.`);
    eye = horizontal
      ? { ...eye, prism_h: hundredths, base_h: base }
      : { ...eye, prism_v: hundredths, base_v: base as "up" | "down" };
  }
  return eye;
}

function lensesOf(it: Resource): SpecLenses {
  const of = (side: "r" | "l"): ContactLens | null => {
    const lines = it.lensSpecification.filter((line) => sideOf(line) === side);
    if (lines.length > 1)
      throw new Unreadable(`${nameOfSide(side)} has more than one lens. Ask for the one that is worn.`);
    const [line] = lines;
    if (!line) return null;
    const name = nameOfSide(side);
    const lens = {
      brand: line.brand ?? "",
      material: find(line.extension, "lens-material")?.valueString ?? null,
      design: find(line.extension, "lens-design")?.valueString ?? null,
      base_curve: unitsIn(line.backCurve, 100, `${name} base curve`),
      diameter: unitsIn(line.diameter, 100, `${name} diameter`),
      sphere: powerIn(line.power ?? line.sphere, `${name} power`),
      cylinder: powerIn(line.cylinder, `${name} cylinder`),
      axis: line.axis === 0 ? 180 : (line.axis ?? null),
      add: find(line.extension, "lens-add")?.valueString ?? (line.add === undefined ? null : String(line.add)),
    };
    const problem = checkLens(lens);
    if (problem) throw new Unreadable(`${name}: ${problem}`);
    return lensSchema.parse(lens);
  };
  return {
    r: of("r"),
    l: of("l"),
    schedule: find(it.extension, "wearing-schedule")?.valueString ?? null,
    solution: find(it.extension, "solution")?.valueString ?? null,
  };
}
