/** The resources of a FHIR export, one bundle or one resource a line, and whom a reference to a patient means. */
import { z } from "zod";

const text = z.string().optional().catch(undefined);
const identifiers = z
  .array(z.object({ system: text, value: text }))
  .optional()
  .catch(undefined);
const resourceShape = z.looseObject({
  resourceType: z.string(),
  id: text,
  contained: z
    .array(z.looseObject({ resourceType: text, id: text }))
    .optional()
    .catch(undefined),
});
type Resource = z.infer<typeof resourceShape>;
const bundleShape = z.object({
  resourceType: z.literal("Bundle"),
  entry: z.array(z.object({ fullUrl: text, resource: resourceShape.optional().catch(undefined) })).default([]),
});
const referenceShape = z
  .object({ reference: text, identifier: z.object({ value: text }).optional().catch(undefined) })
  .optional()
  .catch(undefined);

export interface FhirEntry {
  /** The entry of the bundle, or the line of a file with one resource a line; from 1. */
  readonly line: number;
  readonly fullUrl: string | undefined;
  readonly resource: Resource | undefined;
}

/** The entries of a bundle; null for what is none. */
export function entriesOfBundle(json: unknown): FhirEntry[] | null {
  const read = bundleShape.safeParse(json);
  if (!read.success) return null;
  return read.data.entry.map(({ fullUrl, resource }, index) => ({ line: index + 1, fullUrl, resource }));
}

/** The entries of a text with a resource, or a bundle, in each line (NDJSON); null where a line is neither. */
export function entriesOfLines(content: string): FhirEntry[] | null {
  const entries: FhirEntry[] = [];
  for (const [index, written] of content.split(/\r?\n/).entries()) {
    if (written.trim() === "") continue;
    const json = parsed(written);
    const line = index + 1;
    const bundle = entriesOfBundle(json);
    const resource = resourceShape.safeParse(json);
    if (bundle) entries.push(...bundle.map((entry) => ({ ...entry, line })));
    else if (resource.success) entries.push({ line, fullUrl: undefined, resource: resource.data });
    else return null;
  }
  return entries.length > 0 ? entries : null;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

/** The longest number that a patient can have had before (patients/entities.ts). */
const longestKey = 40;
/** What identifies the patient of an entry in these files: its id, else its own number, else its address. */
export function patientKey({ fullUrl, resource }: Pick<FhirEntry, "fullUrl" | "resource">): string | undefined {
  const names = [resource?.id, ...numbersOf(resource), fullUrl?.replace(/^urn:(?:uuid|oid):/, "")];
  const known = names.filter((name) => name !== undefined);
  return known.find(({ length }) => length <= longestKey) ?? known[0];
}
const numbersOf = (resource: Resource | undefined): string[] =>
  (identifiers.parse(resource?.identifier) ?? []).flatMap(({ value }) => (value ? [value] : []));

/** Finds the patient that a resource names: by address, by type and id, by number, or contained in it. */
export function patientsOf(entries: readonly FhirEntry[]) {
  const keys = new Map<string, string>();
  const add = (name: string | undefined, key: string | undefined) => {
    if (name !== undefined && key !== undefined && !keys.has(name)) keys.set(name, key);
  };
  for (const entry of entries) {
    if (entry.resource?.resourceType !== "Patient") continue;
    const key = patientKey(entry);
    add(entry.fullUrl, key);
    add(entry.resource.id && `Patient/${entry.resource.id}`, key);
    for (const number of numbersOf(entry.resource)) add(`number ${number}`, key);
  }
  return (resource: Resource): { key: string | undefined; contained: Resource | undefined } => {
    const named = referenceShape.parse(resource.patient);
    const reference = named?.reference?.replace(/\/_history\/.*$/, "");
    const contained = reference?.startsWith("#")
      ? resource.contained?.find(({ id, resourceType }) => resourceType === "Patient" && `#${id}` === reference)
      : undefined;
    if (contained) {
      const [number] = numbersOf(contained as Resource);
      const known = number === undefined ? undefined : keys.get(`number ${number}`);
      return known === undefined
        ? { key: number, contained: contained as Resource }
        : { key: known, contained: undefined };
    }
    const number = named?.identifier?.value;
    const found =
      (reference === undefined ? undefined : keys.get(reference)) ??
      (reference === undefined ? undefined : keys.get(reference.split("/").slice(-2).join("/"))) ??
      (number === undefined ? undefined : keys.get(`number ${number}`));
    return { key: found ?? reference?.split("/").at(-1) ?? number, contained: undefined };
  };
}
