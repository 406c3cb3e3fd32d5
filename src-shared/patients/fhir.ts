/**
 * Reads patients and prescriptions of a FHIR bundle (R4 and R5) into the lines that files of columns become too, so that
 * both are checked by the same rules.
 */
import { z } from "zod";
import { extensionBase } from "../exams/fhir.ts";
import { entriesOfBundle, entriesOfLines, type FhirEntry, patientKey, patientsOf } from "./fhir-entries.ts";
import type { ImportKind, MappedLine } from "./import/finding.ts";

const text = z.string().optional().catch(undefined);
const list = <T extends z.ZodType>(of: T) => z.array(of).optional().catch(undefined);
const coded = z
  .object({ text, coding: list(z.object({ code: text, display: text })) })
  .optional()
  .catch(undefined);
const period = z.object({ end: text }).optional().catch(undefined);

const patientResource = z.object({
  id: text,
  identifier: list(z.object({ system: text, value: text })),
  name: list(z.object({ use: text, text, family: text, given: list(z.string()), prefix: list(z.string()), period })),
  telecom: list(z.object({ system: text, value: text, use: text, period })),
  gender: text,
  birthDate: text,
  deceasedBoolean: z.boolean().optional().catch(undefined),
  deceasedDateTime: text,
  address: list(z.object({ use: text, line: list(z.string()), city: text, district: text, postalCode: text, period })),
  generalPractitioner: list(z.object({ display: text })),
});
const decimal = z.number().optional().catch(undefined);
const extension = list(
  z.object({ url: text, valueDecimal: decimal, valueDate: text, valueString: text, valueCode: text }),
);
const visionPrescription = z.object({
  id: text,
  extension,
  status: text,
  dateWritten: text,
  created: text,
  prescriber: z.object({ display: text }).optional().catch(undefined),
  lensSpecification: list(
    z.object({
      extension,
      product: coded,
      eye: text,
      sphere: decimal,
      cylinder: decimal,
      axis: decimal,
      add: decimal,
      prism: list(z.object({ amount: decimal, base: text })),
      note: list(z.object({ text })),
    }),
  ),
});
export interface BundleRead {
  /** Lines are entries of the bundle, counted from 1. */
  readonly lines: Readonly<Record<Extract<ImportKind, "patients" | "prescriptions">, readonly MappedLine[]>>;
  /** Resources of other kinds, which are not read, by their type. */
  readonly others: ReadonlyMap<string, number>;
}

/** Reads a bundle, or a text with a resource a line; null for what is neither. */
export function readBundle(content: unknown): BundleRead | null {
  const entries = typeof content === "string" ? entriesOfLines(content) : entriesOfBundle(content);
  return entries && readEntries(entries);
}

function readEntries(entries: readonly FhirEntry[]): BundleRead {
  const lines: { patients: MappedLine[]; prescriptions: MappedLine[] } = { patients: [], prescriptions: [] };
  const others = new Map<string, number>();
  const other = (type: string) => others.set(type, (others.get(type) ?? 0) + 1);
  const ownerOf = patientsOf(entries);
  /** People who stand in their prescriptions only: one line each, however many those are. */
  const contained = new Map<string, string>();
  for (const entry of entries) {
    const { line, resource } = entry;
    if (resource?.resourceType === "Patient") {
      const values = patientValues(patientResource.parse(resource));
      values.set("key", patientKey(entry));
      lines.patients.push(lineOf(line, values));
    } else if (resource?.resourceType === "VisionPrescription") {
      const prescription = visionPrescription.parse(resource);
      const { key, contained: inside } = ownerOf(resource);
      if (prescription.status !== undefined && notInForce.has(prescription.status)) {
        other("prescription that was withdrawn or never signed");
        continue;
      }
      if (!isOfGlasses(prescription)) {
        other("contact lens specification");
        continue;
      }
      lines.prescriptions.push(
        lineOf(line, prescriptionValues(prescription, inside ? containedKey(inside, key, line) : key)),
      );
    } else other(resource?.resourceType ?? "nothing");
  }
  return { lines, others };

  function containedKey(patient: unknown, number: string | undefined, line: number): string {
    const values = patientValues(patientResource.parse(patient));
    values.delete("key");
    const same = JSON.stringify([number, ...values]);
    const known = contained.get(same);
    if (known !== undefined) return known;
    const key = number ?? `in entry ${line}`;
    contained.set(same, key);
    values.set("key", key);
    lines.patients.push(lineOf(line, values));
    return key;
  }
}

const notInForce = new Set(["cancelled", "draft", "entered-in-error"]);
/** Glasses have a lens that is no contact lens; of a prescription that says nothing glasses are meant. */
const isOfGlasses = ({ lensSpecification }: z.infer<typeof visionPrescription>) =>
  !lensSpecification?.length || lensSpecification.some((lens) => !isContactLens(lens));
const isContactLens = ({ product }: { product?: z.infer<typeof coded> }) =>
  product?.coding?.some(({ code }) => code === "contact") ?? /contact/i.test(product?.text ?? "");

/** In findings an element is named as the bundle names it. */
function lineOf(line: number, all: ReadonlyMap<string, string | undefined>): MappedLine {
  const values = new Map<string, string>();
  for (const [target, value] of all) if (value?.trim()) values.set(target, value.trim());
  return { line, values, headers: new Map([...all.keys()].map((target) => [target, elements[target] ?? target])) };
}
const elements: Readonly<Record<string, string>> = {
  key: "id",
  given_name: "name.given",
  family_name: "name.family",
  full_name: "name.text",
  date_of_birth: "birthDate",
  sex: "gender",
  phone: "telecom",
  mobile: "telecom",
  work_phone: "telecom",
  email: "telecom",
  address_1: "address.line",
  postcode: "address.postalCode",
  health_number: "identifier",
  issued_on: "dateWritten",
};

/** The present one of several: without an end, the official or home one first. */
function present<T extends { use?: string | undefined; period?: { end?: string | undefined } | undefined }>(
  several: readonly T[] | undefined,
): T | undefined {
  const open = (several ?? []).filter(({ use, period }) => use !== "old" && period?.end === undefined);
  return open.find(({ use }) => use === "official" || use === "home") ?? open[0];
}

function patientValues(patient: z.infer<typeof patientResource>): Map<string, string | undefined> {
  const name = present(patient.name);
  const address = present(patient.address);
  const telecom = (patient.telecom ?? []).filter(({ use, period }) => use !== "old" && period?.end === undefined);
  const phones = telecom.filter(({ system }) => system === "phone" || system === "sms");
  const mobile = phones.find(({ use }) => use === "mobile");
  const [phone, other] = phones.filter((each) => each !== mobile);
  const whole = name?.family !== undefined && name.given !== undefined;
  return new Map<string, string | undefined>([
    ["title", name?.prefix?.[0]],
    ...(whole
      ? ([
          ["given_name", name.given?.join(" ")],
          ["family_name", name.family],
        ] as const)
      : ([["full_name", name?.text]] as const)),
    ["date_of_birth", patient.birthDate],
    ["sex", patient.gender === "unknown" ? undefined : patient.gender],
    ["mobile", mobile?.value],
    ["phone", phone?.value],
    ["work_phone", other?.value],
    ["email", telecom.find(({ system }) => system === "email")?.value],
    ["address_1", [...(address?.line ?? []), address?.city, address?.district].filter(Boolean).join(", ")],
    ["postcode", address?.postalCode],
    ["health_number", patient.identifier?.find(({ system }) => system?.includes("nhs-number"))?.value],
    ["doctor", patient.generalPractitioner?.[0]?.display],
    [
      "notes",
      patient.deceasedBoolean || patient.deceasedDateTime ? `Deceased ${patient.deceasedDateTime ?? ""}` : undefined,
    ],
  ]);
}

type VisionPrescription = z.infer<typeof visionPrescription>;
type Lens = NonNullable<VisionPrescription["lensSpecification"]>[number];
const said = (all: z.infer<typeof extension>, name: string) => all?.find(({ url }) => url === extensionBase + name);
/** For what a line is: `distance`, `intermediate`, `near`. */
const farOf = (lens: Lens) => said(lens.extension, "use")?.valueCode ?? "distance";

/** The lenses of a VisionPrescription as columns, those of glasses for the distance; what is said beside them as a note. */
function prescriptionValues(
  prescription: VisionPrescription,
  key: string | undefined,
): Map<string, string | undefined> {
  const vertex = said(prescription.extension, "back-vertex-distance")?.valueDecimal;
  const values = new Map<string, string | undefined>([
    ["key", key],
    ["issued_on", prescription.dateWritten ?? prescription.created],
    ["expires_on", said(prescription.extension, "expires")?.valueDate],
    ["bvd", vertex === undefined ? undefined : String(vertex)],
    ["prescriber", prescription.prescriber?.display],
  ]);
  const notes = ["purpose", "note"].map((name) => said(prescription.extension, name)?.valueString);
  for (const [eye, side] of [
    ["right", "r"],
    ["left", "l"],
  ] as const) {
    const ofEye = prescription.lensSpecification?.filter((each) => each.eye === eye && !isContactLens(each)) ?? [];
    const lens = ofEye.find((each) => farOf(each) === "distance") ?? ofEye[0];
    if (!lens) continue;
    values.set(`${side}_sphere`, signed(lens.sphere));
    values.set(`${side}_cylinder`, signed(lens.cylinder));
    values.set(`${side}_axis`, axisOf(lens));
    values.set(`${side}_add`, signed(lens.add));
    values.set(`${side}_inter_add`, signed(said(lens.extension, "intermediate-add")?.valueDecimal));
    lens.prism?.slice(0, 2).forEach(({ amount, base }, nth) => {
      values.set(`${side}_prism${nth ? "_2" : ""}`, amount === undefined ? undefined : String(amount));
      values.set(`${side}_base${nth ? "_2" : ""}`, base);
    });
    for (const other of ofEye) if (other !== lens) notes.push(`Also ${eye}, ${farOf(other)}: ${inWords(other)}`);
    notes.push(...ofEye.flatMap(({ note }) => note?.map(({ text }) => text) ?? []));
  }
  values.set("notes", [...new Set(notes)].filter(Boolean).join("\n"));
  return values;
}

/** R4 counts axes from -180 to 180; one below 1 is the meridian 180 further on. */
function axisOf({ axis }: Lens): string | undefined {
  return axis === undefined ? undefined : String(axis > 0 ? axis : axis + 180 || 180);
}

/** A line that has no column here, as a note. */
function inWords(lens: Lens): string {
  const toric = lens.cylinder === undefined ? "" : `/${signed(lens.cylinder)}x${axisOf(lens) ?? "?"}`;
  const add = lens.add === undefined ? "" : ` add ${signed(lens.add)}`;
  const prism = lens.prism?.map(({ amount, base }) => ` ${amount ?? "?"} base ${base ?? "?"}`).join("") ?? "";
  return `${signed(lens.sphere) ?? "?"}${toric}${add}${prism}`;
}

/** A decimal as prescriptions are written; FHIR states the sign always. */
function signed(power: number | undefined): string | undefined {
  if (power === undefined) return undefined;
  return power < 0 ? power.toFixed(3) : `+${power.toFixed(3)}`;
}
