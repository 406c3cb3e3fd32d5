/**
 * Several fields of a section in one line: `lids:clear; lens r:1+ NS; disc l:0.65 thin inferior rim`. Parts stand
 * between semicolons; before the colon a field (its name, the beginning of its name or of its words, or a short form of
 * the profession), and the eye where it is not both. In a refraction the parts are whole lines: `r:+1.75/-0.50x085 6/6`.
 * The line is refused whole with the first reason found, so that nothing of it is dropped unseen.
 */
import { builtInTables } from "../optics/index.ts";
import type { ExamField } from "./field.ts";
import type { Ranges } from "./item-limits.ts";
import { type Reading, readValue, type Words } from "./reading.ts";
import { cellsOf, readRefractionLine } from "./refraction-line.ts";

/** What a line may name: the fields of one section with their words. */
export interface Nameable {
  readonly field: ExamField;
  readonly label: string;
}
export type Shorthand =
  | { readonly ok: true; readonly values: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly message: string };

/** Short forms as they are written on record cards. */
const shortForms: Readonly<Record<string, string>> = {
  "anterior.l": "anterior.lens",
  "anterior.k": "anterior.cornea",
  "anterior.c": "anterior.cornea",
  "anterior.conj": "anterior.conjunctiva",
  "anterior.ac": "anterior.chamber",
  "anterior.vh": "anterior.van_herick",
  "anterior.i": "anterior.iris",
  "anterior.tbut": "anterior.break_up",
  "posterior.cd": "posterior.cd_ratio",
  "posterior.c:d": "posterior.cd_ratio",
  "posterior.d": "posterior.disc",
  "posterior.m": "posterior.macula",
  "posterior.v": "posterior.vessels",
  "posterior.p": "posterior.periphery",
  "history.gh": "history.general",
  "history.oh": "history.ocular",
  "history.meds": "history.medication",
  "history.fh": "history.family",
  "binocular.ct": "binocular.cover_distance",
  "binocular.ctn": "binocular.cover_near",
  "binocular.npc": "binocular.convergence",
  "binocular.om": "binocular.motility",
};

type Eye = "r" | "l" | "b";
const eyeWords: Readonly<Record<string, Eye>> = {
  r: "r",
  right: "r",
  re: "r",
  od: "r",
  l: "l",
  left: "l",
  le: "l",
  os: "l",
  b: "b",
  both: "b",
  be: "b",
  ou: "b",
};

/** Reads a line for one section, by the limits of the practice. The values stand under the keys of entries. */
export function readShorthand(
  line: string,
  section: string,
  names: readonly Nameable[],
  words: Words,
  limits: Ranges = builtInTables,
): Shorthand {
  const values: Record<string, unknown> = {};
  const parts = line.split(";").filter((part) => part.trim() !== "");
  if (parts.length === 0) return refused("Write like lids:clear; lens r:1+ NS.");
  for (const part of parts) {
    const at = splitAt(part);
    if (at < 0) return refused(`Put a colon behind the field: ${part.trim()}.`);
    const [name, text] = [part.slice(0, at).trim().toLowerCase(), part.slice(at + 1).trim()];
    if (text === "") return refused(`Say what stands behind ${name}.`);
    const read = readPart(section, name, text, names, (field, typed) => readValue(field, typed, words, limits), limits);
    if (!read.ok) return read;
    for (const [key, value] of Object.entries(read.values)) {
      if (key in values) return refused(`${name} is named twice.`);
      values[key] = value;
    }
  }
  return { ok: true, values };
}

/** The colon behind the field; the one within `c:d` is none. */
function splitAt(part: string): number {
  const within = /^\s*c:d\b/i.exec(part);
  return part.indexOf(":", within ? within[0].length : 0);
}
const refused = (message: string): Shorthand => ({ ok: false, message });

type Read = (field: ExamField, text: string) => Reading;

function readPart(
  section: string,
  name: string,
  text: string,
  names: readonly Nameable[],
  read: Read,
  limits: Ranges,
): Shorthand {
  const refraction = names.some(({ field }) => field.key === `${section}.sphere`);
  const line = refraction ? eyeWords[name] : undefined;
  if (line) return readWholeLine(section, line, text, names, limits);
  const found = findField(section, name, names);
  if (!found.ok) return refused(found.message);
  const { field, eye } = found;
  const disc =
    section === "posterior" && field.key === "posterior.disc" ? /^([01]?\.\d{1,2})(?:\s+|$)(.*)$/.exec(text) : null;
  const ratio = disc && names.find((each) => each.field.key === "posterior.cd_ratio");
  if (disc && ratio) return discWithRatio(field, ratio.field, eye, disc, read);
  const said = read(field, text);
  if (!said.ok) return refused(`${name}: ${said.message}`);
  return { ok: true, values: Object.fromEntries(keysFor(field, eye).map((key) => [key, said.value])) };
}

/** `disc r:0.5 healthy` says the ratio of cup and disc before the words. */
function discWithRatio(
  disc: ExamField,
  ratio: ExamField,
  eye: Eye | null,
  [, number = "", rest = ""]: RegExpExecArray,
  read: Read,
): Shorthand {
  const measured = read(ratio, number);
  if (!measured.ok) return refused(`C:D: ${measured.message}`);
  const said = read(disc, rest);
  if (!said.ok) return refused(said.message);
  const pairs = keysFor(ratio, eye).map((key): [string, unknown] => [key, measured.value]);
  if (said.value !== null) for (const key of keysFor(disc, eye)) pairs.push([key, said.value]);
  return { ok: true, values: Object.fromEntries(pairs) };
}

function readWholeLine(section: string, eye: Eye, text: string, names: readonly Nameable[], { rx }: Ranges): Shorthand {
  const read = readRefractionLine(text, rx, eye === "b" ? undefined : eye);
  if (!read.ok) return refused(read.message);
  const values: Record<string, unknown> = {};
  for (const [cell, value] of Object.entries(cellsOf(read.value))) {
    if (!names.some(({ field }) => field.key === `${section}.${cell}`)) {
      if (value !== null) return refused(`This section has no ${cell === "va" ? "acuity" : cell.replace(/_.$/, "")}.`);
      continue;
    }
    for (const side of eye === "b" ? ["r", "l"] : [eye]) values[`${section}.${cell}.${side}`] = value;
  }
  return { ok: true, values };
}

/** Where a value goes: the eye that was said, or both eyes one by one where none was. */
function keysFor(field: ExamField, eye: Eye | null): readonly string[] {
  if (field.eyes === "none") return [field.key];
  if (eye === "b" && field.eyes === "rlb") return [`${field.key}.b`];
  return eye === null || eye === "b" ? [`${field.key}.r`, `${field.key}.l`] : [`${field.key}.${eye}`];
}

type Found =
  | { readonly ok: true; readonly field: ExamField; readonly eye: Eye | null }
  | { readonly ok: false; readonly message: string };

function findField(section: string, name: string, names: readonly Nameable[]): Found {
  const whole = lookUp(section, name, names);
  if (whole.length === 1) return { ok: true, field: (whole[0] as Nameable).field, eye: null };
  const [, base = "", eye = ""] = /^(.+?)[\s.]+([a-z]+)$/.exec(name) ?? [];
  const side = eyeWords[eye];
  const behind = side ? lookUp(section, base, names).filter(({ field }) => field.eyes !== "none") : [];
  if (side && behind.length === 1) return { ok: true, field: (behind[0] as Nameable).field, eye: side };
  const many = [...whole, ...behind];
  return {
    ok: false,
    message:
      many.length > 1
        ? `${name} may be ${many.map(({ label }) => label).join(" or ")}. Write more of it.`
        : `There is no field ${name} here.`,
  };
}

/** The fields that a name means: a short form, else the whole name or words, else what begins so. */
function lookUp(section: string, name: string, names: readonly Nameable[]): readonly Nameable[] {
  const short = shortForms[`${section}.${name}`];
  const spelled = name.replaceAll(" ", "_");
  const own = ({ field }: Nameable) => field.key.slice(field.key.indexOf(".") + 1);
  const steps: ((each: Nameable) => boolean)[] = [
    (each) => each.field.key === short,
    (each) => own(each) === spelled || each.label.toLowerCase() === name,
    (each) => own(each).startsWith(spelled) || each.label.toLowerCase().startsWith(name),
  ];
  for (const step of steps) {
    const found = names.filter(step);
    if (found.length > 0) return found;
  }
  return [];
}
