/** Reading FHIR R4 VisionPrescription resources of any system: taken whole, or refused with what is wrong. */
import { z } from "zod";
import { builtInTables, checkEye, checkLimit, type EyeRx, emptyEye, eyes, formatPower } from "../optics/index.ts";
import { statements } from "../patients/lists.ts";
import { type ContactLens, checkLens, lensSchema, type SpecLenses } from "./contact-lens.ts";
import type { FhirPrescription, PrescriptionCommon } from "./fhir.ts";
import {
  type LensSpecification,
  nameOf,
  ours,
  type PersonResource,
  personResource,
  type VisionResource,
  visionResource,
} from "./fhir-shape.ts";
import type { Ranges } from "./item-limits.ts";

type Json = Record<string, unknown>;
/** What came of reading: every prescription of the text, the newest first, or why none of it can be taken. */
export type ReadPrescriptions =
  | { readonly ok: true; readonly prescriptions: readonly FhirPrescription[] }
  | { readonly ok: false; readonly message: string };

/** Thrown inside this module to give up reading with words for the person. */
class Unreadable extends Error {}
const longest = 1_000_000;

/**
 * Reads a VisionPrescription, or a Bundle that holds some, of any system. Nothing is guessed: a power that no lens has,
 * a prism of unknown base or a date that is none refuses the whole text, with what is wrong; so does what the practice's
 * limits rule out.
 */
export function readVisionPrescriptions(text: string, limits: Ranges = builtInTables): ReadPrescriptions {
  try {
    const { resources, people } = resourcesOf(text);
    const found = resources.map((each) => read(each, resources.length > 1, people, limits));
    return { ok: true, prescriptions: found.sort((a, b) => (a.issuedOn < b.issuedOn ? 1 : -1)) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message };
    throw error;
  }
}

/** Patients and practitioners by what refers to them. */
type People = ReadonlyMap<string, PersonResource>;

function resourcesOf(text: string): { readonly resources: readonly unknown[]; readonly people: People } {
  if (text.length > longest) throw new Unreadable("This file is too large for a prescription.");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Unreadable("This is not a FHIR file: it is not JSON. Ask for the prescription as a FHIR R4 JSON file.");
  }
  const type = (json as Json | null)?.resourceType;
  if (type === "VisionPrescription") return { resources: [json], people: new Map() };
  if (type !== "Bundle")
    throw new Unreadable(
      typeof type === "string"
        ? `This is a FHIR ${type.slice(0, 40)}, not a prescription. A VisionPrescription or a Bundle with one is needed.`
        : "This is not a FHIR file: it does not say what it is. Ask for the prescription as a FHIR R4 JSON file.",
    );
  const written = (json as { entry?: unknown }).entry;
  const entries = (Array.isArray(written) ? written : []) as ({ fullUrl?: unknown; resource?: Json } | null)[];
  const resources = entries.flatMap((each) =>
    each?.resource?.resourceType === "VisionPrescription" ? [each.resource] : [],
  );
  if (resources.length === 0) throw new Unreadable("This bundle holds no prescription of glasses or contact lenses.");
  return { resources, people: peopleOf(entries) };
}

function peopleOf(entries: readonly ({ fullUrl?: unknown; resource?: Json } | null)[]): People {
  const people = new Map<string, PersonResource>();
  for (const entry of entries) {
    const person = personResource.safeParse(entry?.resource).data;
    if (!person || !["Patient", "Practitioner"].includes(person.resourceType)) continue;
    if (typeof entry?.fullUrl === "string") people.set(entry.fullUrl, person);
    if (person.id !== undefined) people.set(`${person.resourceType}/${person.id}`, person);
  }
  return people;
}

function read(json: unknown, several: boolean, people: People, limits: Ranges): FhirPrescription {
  const parsed = visionResource.safeParse(json);
  const which = several ? "One of the prescriptions" : "The prescription";
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Unreadable(`${which} cannot be read: ${issue?.path.join(".") || "it"}, ${issue?.message}.`);
  }
  const it = parsed.data;
  if (it.status === "entered-in-error" || it.status === "cancelled")
    throw new Unreadable(`${which} was withdrawn by whoever wrote it (${it.status}).`);
  if (it.status === "draft") throw new Unreadable(`${which} is a draft that nobody has signed. Ask for the final one.`);
  const codes = it.lensSpecification.map(({ product }) => product.coding.map(({ code }) => code));
  const lenses = codes.every((each) => each.includes("contact"));
  if (!lenses && codes.some((each) => each.includes("contact")))
    throw new Unreadable(`${which} mixes glasses and contact lenses. Ask for one of each.`);
  const common = commonOf(it, people);
  return lenses
    ? { ...common, kind: "lenses", lenses: lensesOf(it) }
    : { ...common, kind: "glasses", ...glassesOf(it, limits) };
}

function commonOf(it: VisionResource, people: People): PrescriptionCommon {
  const find = (reference: string | undefined): PersonResource | undefined =>
    it.contained.find(({ id }) => id !== undefined && `#${id}` === reference) ?? people.get(reference ?? "");
  const [patient, prescriber] = [find(it.patient.reference), find(it.prescriber.reference)];
  const issuedOn = it.dateWritten.slice(0, 10);
  if (!z.iso.date().safeParse(issuedOn).success) throw new Unreadable(`${issuedOn} is no day of the calendar.`);
  const at = it.created && it.created.length > 10 ? Date.parse(it.created) : Number.NaN;
  return {
    id: it.identifier[0]?.value ?? "",
    patient: { name: nameOf(patient) ?? it.patient.display ?? "", dateOfBirth: patient?.birthDate ?? null },
    prescriber: {
      name: it.prescriber.display ?? nameOf(prescriber) ?? "",
      registration: it.prescriber.identifier?.value ?? prescriber?.identifier?.[0]?.value ?? null,
    },
    issuedOn,
    expiresOn: ours(it.extension, "expires")?.valueDate ?? null,
    at: Number.isNaN(at) ? null : at,
    note: noteOf(it),
  };
}
/** The note of ours, then what others wrote at a lens; once where both eyes have the same. */
function noteOf(it: VisionResource): string | null {
  const atLenses = it.lensSpecification.flatMap(({ note }) => note.map(({ text }) => text.trim()));
  const said = [ours(it.extension, "note")?.valueString ?? "", ...new Set(atLenses)];
  return said.filter((each) => each !== "").join("\n") || null;
}
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

function glassesOf(it: VisionResource, { rx, measures }: Ranges) {
  const bvd = unitsIn(ours(it.extension, "back-vertex-distance")?.valueDecimal, 10, "The vertex distance");
  const distance = bvd === null ? null : checkLimit("bvd", bvd, measures);
  if (distance?.severity === "block") throw new Unreadable(distance.message);
  const restricted = ours(it.extension, "restricted")?.valueCode;
  const statement = ours(it.extension, "statement")?.valueCode;
  const intermediate = { r: null as number | null, l: null as number | null };
  const written = { r: emptyEye, l: emptyEye };
  for (const side of eyes) {
    const lines = it.lensSpecification.filter((line) => sideOf(line) === side);
    const use = (line: LensSpecification) => ours(line.extension, "use")?.valueCode ?? "distance";
    const distance = lines.filter((line) => use(line) === "distance");
    if (distance.length > 1) throw new Unreadable(`${nameOfSide(side)} is stated twice for distance.`);
    const [line] = distance;
    if (!line && lines.length > 0)
      throw new Unreadable(`${nameOfSide(side)} is stated for near or between only; the distance is needed.`);
    if (!line) continue;
    let eye = eyeIn(line, side);
    intermediate[side] = powerIn(
      ours(line.extension, "intermediate-add")?.valueDecimal,
      `${nameOfSide(side)} intermediate add`,
    );
    for (const other of lines) {
      if (other === line) continue;
      const nearer = addBetween(eye, eyeIn(other, side), side);
      if (use(other) === "near") eye = { ...eye, add: nearer };
      else if (use(other) === "intermediate") intermediate[side] = nearer;
      else throw new Unreadable(`${nameOfSide(side)} has a line whose use (${use(other)}) is not known here.`);
    }
    const between = checkEye({ ...emptyEye, add: intermediate[side] }, rx).find(({ severity }) => severity === "block");
    if (between) throw new Unreadable(`${nameOfSide(side)} intermediate: ${between.message}`);
    const wrong = checkEye(eye, rx).find(({ severity }) => severity === "block");
    if (wrong) throw new Unreadable(`${nameOfSide(side)}: ${wrong.message}`);
    written[side] = eye;
  }
  return {
    ...written,
    intermediate,
    bvd,
    purpose: ours(it.extension, "purpose")?.valueString ?? null,
    restricted: (["under_16", "SI", "SSI"] as const).find((each) => each === restricted) ?? null,
    statement: statements.find((each) => each === statement) ?? null,
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
    // Without a cylinder it says nothing.
    axis: cylinder ? axisIn(line) : null,
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

/** Horizontal is written 180 here; others write 0, or -30 for 150, which are the same meridians. */
function axisIn({ axis }: LensSpecification): number | null {
  return axis === undefined ? null : axis > 0 ? axis : axis + 180 || 180;
}

const daysOf: Readonly<Record<string, number>> = { d: 1, wk: 7, mo: 30, a: 365 };
/** For how long a lens is worn before the next. A month counts 30 days, as makers pack them. */
function daysIn({ duration }: LensSpecification, name: string): number | null {
  if (duration?.value === undefined) return null;
  const of = duration.code ?? duration.unit ?? "";
  const unit = daysOf[of] ?? daysOf[units.find((each) => of.toLowerCase().startsWith(each[0]))?.[1] ?? ""];
  const days = (unit ?? Number.NaN) * duration.value;
  if (!Number.isInteger(days))
    throw new Unreadable(`${name} is worn for ${duration.value} ${of}, which is no whole number of days.`);
  return days;
}
const units = [
  ["day", "d"],
  ["week", "wk"],
  ["month", "mo"],
  ["year", "a"],
] as const;

function lensesOf(it: VisionResource): SpecLenses {
  const of = (side: "r" | "l"): ContactLens | null => {
    const lines = it.lensSpecification.filter((line) => sideOf(line) === side);
    if (lines.length > 1)
      throw new Unreadable(`${nameOfSide(side)} has more than one lens. Ask for the one that is worn.`);
    const [line] = lines;
    if (!line) return null;
    const name = nameOfSide(side);
    const lens = {
      brand: line.brand ?? "",
      material: ours(line.extension, "lens-material")?.valueString ?? null,
      design: ours(line.extension, "lens-design")?.valueString ?? null,
      base_curve: unitsIn(line.backCurve, 100, `${name} base curve`),
      diameter: unitsIn(line.diameter, 100, `${name} diameter`),
      sphere: powerIn(line.power ?? line.sphere, `${name} power`),
      cylinder: powerIn(line.cylinder, `${name} cylinder`),
      axis: axisIn(line),
      colour: line.color ?? null,
      replace_days: daysIn(line, name),
      add: ours(line.extension, "lens-add")?.valueString ?? (line.add === undefined ? null : String(line.add)),
    };
    const problem = checkLens(lens);
    if (problem) throw new Unreadable(`${name}: ${problem}`);
    return lensSchema.parse(lens);
  };
  return {
    r: of("r"),
    l: of("l"),
    schedule: ours(it.extension, "wearing-schedule")?.valueString ?? null,
    solution: ours(it.extension, "solution")?.valueString ?? null,
  };
}
