/**
 * Prescriptions of glasses and contact lenses as FHIR R4 VisionPrescription resources. What the
 * standard has no element for (domain §3.13) stands in extensions under `extensionBase`, described in docs/fhir.md.
 */
import { type EyeRx, eyes } from "../optics/index.ts";
import type { statements } from "../patients/lists.ts";
import type { ContactLens, SpecLenses } from "./contact-lens.ts";

export const extensionBase = "https://horopter.example/fhir/StructureDefinition/";
const identifierSystem = "https://horopter.example/fhir/prescription";
const registerSystem = "https://horopter.example/fhir/practitioner-register";
const productSystem = "http://terminology.hl7.org/CodeSystem/ex-visionprescriptionproduct";

/** What both kinds say. Dates are `YYYY-MM-DD`, `at` is a UTC instant in milliseconds. */
export interface PrescriptionCommon {
  readonly id: string;
  readonly patient: { readonly name: string; readonly dateOfBirth: string | null };
  readonly prescriber: { readonly name: string; readonly registration: string | null };
  readonly issuedOn: string;
  readonly expiresOn: string | null;
  readonly at: number | null;
  readonly note: string | null;
}
type Statement = (typeof statements)[number];
export interface GlassesPrescription extends PrescriptionCommon {
  readonly kind: "glasses";
  readonly r: EyeRx;
  readonly l: EyeRx;
  /** Additions for intermediate distance, milli-dioptres. */
  readonly intermediate: { readonly r: number | null; readonly l: number | null };
  /** Tenths of a millimetre. */
  readonly bvd: number | null;
  readonly purpose: string | null;
  readonly restricted: "under_16" | "SI" | "SSI" | null;
  /** What it was handed over with: `no_significant_change` says that the glasses that are worn will do. */
  readonly statement: Statement | null;
}
export interface LensPrescription extends PrescriptionCommon {
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

/** The resource of a prescription; what it says comes back from `readVisionPrescriptions` (fhir-read.ts) unchanged. */
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
            ...extension("statement", prescription.statement ? { valueCode: prescription.statement } : null),
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

const days = { unit: "days", system: "http://unitsofmeasure.org", code: "d" };
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
    duration: lens.replace_days === null ? null : { value: lens.replace_days, ...days },
    color: lens.colour,
    brand: lens.brand,
  });
}
