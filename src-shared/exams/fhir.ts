/**
 * Prescriptions of glasses and contact lenses as FHIR R4 VisionPrescription resources. What the
 * standard has no element for (domain §3.13) stands in extensions under `extensionBase`, described in docs/fhir.md.
 */
import { type EyeRx, eyes, formatEye, formatPower } from "../optics/index.ts";
import type { statements } from "../patients/lists.ts";
import type { ContactLens, SpecLenses } from "./contact-lens.ts";

export const extensionBase = "https://horopter.example/fhir/StructureDefinition/";
const identifierSystem = "https://horopter.example/fhir/prescription";
const registerSystem = "https://horopter.example/fhir/practitioner-register";
const absent = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
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
/** A text, or nothing: a string of FHIR is never empty and holds no control characters but tabs and line ends. */
function text(value: string | null): string | null {
  const clean = value?.replaceAll(/[^\P{Cc}\t\r\n]/gu, "").toWellFormed();
  return clean?.trim() ? clean : null;
}
function words(value: string | null): Value | null {
  const valueString = text(value);
  return valueString === null ? null : { valueString };
}
/** Leaves out what is not stated: FHIR has no nulls and no empty lists. */
const stated = (object: Json): Json =>
  Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)),
  );

/** The resource of a prescription; what it says comes back from `readVisionPrescriptions` (fhir-read.ts) unchanged. */
export function visionPrescription(prescription: FhirPrescription): Json {
  const { patient, note } = prescription;
  const name = text(patient.name);
  const glasses = prescription.kind === "glasses";
  return stated({
    resourceType: "VisionPrescription",
    text: { status: "generated", div: narrative(prescription) },
    contained: [
      stated({
        resourceType: "Patient",
        id: "patient",
        name: name === null ? [] : [{ text: name }],
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
    patient: stated({ reference: "#patient", display: name }),
    dateWritten: prescription.issuedOn,
    prescriber: prescriberOf(prescription.prescriber),
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

/** Whoever wrote it, by name and register; who is not known is said to be so, since the element has to be there. */
function prescriberOf(prescriber: PrescriptionCommon["prescriber"]): Json {
  const [display, registration] = [text(prescriber.name), text(prescriber.registration)];
  if (display === null && registration === null) return { extension: [{ url: absent, valueCode: "unknown" }] };
  return stated({
    type: "Practitioner",
    identifier: registration === null ? null : { system: registerSystem, value: registration },
    display,
  });
}

/** What a person reads who has no other way of reading the resource: a line an eye. */
function narrative(prescription: FhirPrescription): string {
  const line = (side: "r" | "l") => {
    if (prescription.kind === "glasses") return formatEye(prescription[side]);
    const lens = prescription.lenses[side];
    return lens ? `${text(lens.brand)} ${lens.sphere === null ? "" : formatPower(lens.sphere)}` : "";
  };
  const lines = [
    prescription.kind === "glasses" ? "Spectacles" : "Contact lenses",
    ...eyes.flatMap((side) => (line(side) ? [`${side === "r" ? "Right" : "Left"} ${line(side)}`] : [])),
  ];
  const xhtml = lines.map((each) => `<p>${each.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</p>`).join("");
  return `<div xmlns="http://www.w3.org/1999/xhtml">${xhtml}</div>`;
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
    prism: (
      [
        [eye.prism_h, eye.base_h],
        [eye.prism_v, eye.base_v],
      ] as const
    ).flatMap(([amount, base]) => (amount && base ? [{ amount: amount / 100, base }] : [])),
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
    color: text(lens.colour),
    brand: text(lens.brand),
  });
}

/** Powers and lengths in two decimals, eighths in three, since the precision of a FHIR decimal is part of what it says. */
const written = new Set(["sphere", "cylinder", "add", "power", "amount", "backCurve", "diameter"]);

/** The resource as the text of a file. */
export function fhirText(prescription: FhirPrescription): string {
  return JSON.stringify(
    visionPrescription(prescription),
    function (this: unknown, key: string, value: unknown) {
      if (typeof value !== "number") return value;
      if (written.has(key)) return exact(value, 2);
      if (key !== "valueDecimal") return value;
      return exact(value, (this as { url: string }).url.endsWith("vertex-distance") ? 1 : 2);
    },
    2,
  );
}
function exact(value: number, digits: number): unknown {
  const short = value.toFixed(digits);
  return JSON.rawJSON(Number(short) === value ? short : value.toFixed(digits + 1));
}
declare global {
  interface JSON {
    /** A number as it is to stand in the text (ECMAScript 2026; in our Node and Chromium). */
    rawJSON(text: string): unknown;
  }
}
