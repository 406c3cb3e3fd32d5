/**
 * Reads patients and prescriptions of a FHIR bundle (R4 and R5) into the lines that files of columns become too, so that
 * both are checked by the same rules.
 */
import { z } from "zod";
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
  address: list(z.object({ use: text, line: list(z.string()), city: text, district: text, postalCode: text, period })),
  generalPractitioner: list(z.object({ display: text })),
});
const decimal = z.number().optional().catch(undefined);
const visionPrescription = z.object({
  id: text,
  status: text,
  patient: z.object({ reference: text }).optional().catch(undefined),
  dateWritten: text,
  created: text,
  prescriber: z.object({ display: text }).optional().catch(undefined),
  lensSpecification: list(
    z.object({
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
const bundle = z.object({
  resourceType: z.literal("Bundle"),
  entry: z.array(
    z.object({
      fullUrl: text,
      resource: z.looseObject({ resourceType: z.string() }).optional().catch(undefined),
    }),
  ),
});

export interface BundleRead {
  /** Lines are entries of the bundle, counted from 1. */
  readonly lines: Readonly<Record<Extract<ImportKind, "patients" | "prescriptions">, readonly MappedLine[]>>;
  /** Resources of other kinds, which are not read, by their type. */
  readonly others: ReadonlyMap<string, number>;
}

/** Reads a bundle; null for what is none. */
export function readBundle(json: unknown): BundleRead | null {
  const read = bundle.safeParse(json);
  if (!read.success) return null;
  const lines: { patients: MappedLine[]; prescriptions: MappedLine[] } = { patients: [], prescriptions: [] };
  const others = new Map<string, number>();
  const ids = new Map<string, string>();
  for (const { fullUrl, resource } of read.data.entry) {
    if (resource?.resourceType === "Patient" && fullUrl) ids.set(fullUrl, String(resource.id ?? fullUrl));
  }
  read.data.entry.forEach(({ fullUrl, resource }, index) => {
    const type = resource?.resourceType ?? "nothing";
    if (type === "Patient") {
      const values = patientValues(patientResource.parse(resource));
      if (!values.has("key") && fullUrl) values.set("key", fullUrl);
      lines.patients.push(lineOf(index + 1, values));
    } else if (type === "VisionPrescription") {
      lines.prescriptions.push(lineOf(index + 1, prescriptionValues(visionPrescription.parse(resource), ids)));
    } else others.set(type, (others.get(type) ?? 0) + 1);
  });
  return { lines, others };
}

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
    ["key", patient.id],
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
  ]);
}

/** The lenses of a VisionPrescription as columns; the first of each eye, since the others are of contact lenses. */
function prescriptionValues(
  prescription: z.infer<typeof visionPrescription>,
  ids: ReadonlyMap<string, string>,
): Map<string, string | undefined> {
  const reference = prescription.patient?.reference;
  const values = new Map<string, string | undefined>([
    ["key", reference && (ids.get(reference) ?? reference.split("/").at(-1))],
    ["issued_on", prescription.dateWritten ?? prescription.created],
    ["prescriber", prescription.prescriber?.display],
  ]);
  for (const [eye, side] of [
    ["right", "r"],
    ["left", "l"],
  ] as const) {
    const lens = prescription.lensSpecification?.find((each) => each.eye === eye);
    if (!lens) continue;
    values.set(`${side}_sphere`, signed(lens.sphere));
    values.set(`${side}_cylinder`, signed(lens.cylinder));
    values.set(`${side}_axis`, lens.axis === undefined ? undefined : String(lens.axis));
    values.set(`${side}_add`, signed(lens.add));
    lens.prism?.slice(0, 2).forEach(({ amount, base }, nth) => {
      values.set(`${side}_prism${nth ? "_2" : ""}`, amount === undefined ? undefined : String(amount));
      values.set(`${side}_base${nth ? "_2" : ""}`, base);
    });
  }
  return values;
}

/** A decimal as prescriptions are written; FHIR states the sign always. */
function signed(power: number | undefined): string | undefined {
  if (power === undefined) return undefined;
  return power < 0 ? power.toFixed(3) : `+${power.toFixed(3)}`;
}
