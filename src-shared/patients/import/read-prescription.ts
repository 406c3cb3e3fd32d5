/** A line of a prescriptions' file. */
import type { LocalDate } from "../../calendar/index.ts";
import {
  checkRx,
  type EyeColumns,
  type EyeRx,
  type EyeSide,
  emptyEye,
  eyeColumns,
  isEmpty,
  type PowerQuantity,
  parseAxis,
  parsePower,
  parsePrism,
  type Rx,
} from "../../optics/index.ts";
import { nearYears, pastYears, readImportDate } from "./dates.ts";
import { findingsOf, type LineRead, type MappedLine, type ReadingRules } from "./finding.ts";

export type PrescriptionRecord = EyeColumns<"r"> &
  EyeColumns<"l"> & {
    readonly line: number;
    readonly key: string;
    /** Tenths of a millimetre. */
    readonly bvd: number | null;
    readonly issued_on: LocalDate;
    readonly expires_on: LocalDate;
    readonly prescriber: string;
    readonly note: string | null;
  };

type Say = (target: string, message: string) => void;

/** Reads one line by the product's own readers of powers; a prescription that cannot be meant stays out as a whole. */
export function readPrescription(line: MappedLine, { today, dateOrder }: ReadingRules): LineRead<PrescriptionRecord> {
  const { findings, bad, look, isBad } = findingsOf(line);
  const { values } = line;
  const key = values.get("key");
  if (key === undefined) bad("key", "The patient's number is missing, so nobody knows whose this is.");
  const notes: string[] = [];
  const rx: Rx = { r: readEye("r", line, bad, look, notes), l: readEye("l", line, bad, look, notes) };
  if (!isBad()) {
    if (isEmpty(rx.r) && isEmpty(rx.l)) bad("r_sphere", "There is no power in this line.");
    for (const { eye, field, severity, message } of checkRx(rx)) {
      (severity === "block" ? bad : look)(`${eye === "both" ? "r" : eye}_${columnOf(field)}`, message);
    }
  }
  const issued = dateOf(line, "issued_on", (text) => readImportDate(text, dateOrder, pastYears(today)), bad);
  if (!values.has("issued_on")) bad("issued_on", "The date of the test is missing. Add it in the file.");
  else if (issued && issued > today) bad("issued_on", "The date of the test lies ahead. Correct it in the file.");
  const expires = dateOf(line, "expires_on", (text) => readImportDate(text, dateOrder, nearYears(today)), bad);
  if (issued && expires && expires < issued)
    bad("expires_on", "It expires before it was written. Correct it in the file.");
  const bvd = readVertex(values.get("bvd"));
  if (bvd === "unreadable") bad("bvd", "A vertex distance is from 5 to 25 mm, like 12 or 13.5.");
  const prescriber = values.get("prescriber") ?? "Not stated";
  if (prescriber.length > 200) bad("prescriber", "The name is longer than 200 letters.");
  const note = [values.get("notes"), ...notes].filter(Boolean).join("\n");
  if (note.length > 800) bad("notes", "The notes are longer than 800 letters. Shorten them in the file.");
  if (isBad() || !issued || key === undefined || bvd === "unreadable") return { record: null, findings };
  return {
    record: {
      line: line.line,
      key,
      ...eyeColumns(rx.r, "r"),
      ...eyeColumns(rx.l, "l"),
      bvd,
      issued_on: issued,
      expires_on: expires ?? twoYearsAfter(issued),
      prescriber,
      note: note === "" ? null : note,
    },
    findings,
  };
}

const columnOf = (field: string) =>
  ({ prism_h: "prism", base_h: "base", prism_v: "prism_2", base_v: "base_2" })[field] ?? field;

function readEye(side: EyeSide, { values, headers }: MappedLine, bad: Say, look: Say, notes: string[]): EyeRx {
  const of = (name: string) => values.get(`${side}_${name}`);
  const va = of("va");
  if (va !== undefined) notes.push(`${headers.get(`${side}_va`) ?? "VA"}: ${va}`);
  function power(name: PowerQuantity): number | null {
    const text = of(name);
    // Systems write 0.00 where there is no cylinder and no add.
    if (text === undefined || (name !== "sphere" && isNothing(text))) return null;
    const read = parsePower(text, name);
    if (read.ok) return name !== "sphere" && read.value === 0 ? null : read.value;
    bad(`${side}_${name}`, read.message);
    return null;
  }
  const [sphere, cylinder, add] = [power("sphere"), power("cylinder"), power("add")];
  return { ...emptyEye, sphere, cylinder, add, axis: axisOf(), ...prismOf() };

  function axisOf(): number | null {
    const text = of("axis");
    if (text === undefined) return null;
    if (cylinder === null && (of("cylinder") === undefined || isNothing(of("cylinder") as string))) {
      if (isNothing(text)) return null;
      look(`${side}_axis`, "An axis without a cylinder: it is left out and stands in the note.");
      notes.push(`${headers.get(`${side}_axis`) ?? "Axis"}: ${text}`);
      return null;
    }
    const read = parseAxis(text.replace(/\.0+$/, ""));
    if (read.ok) return read.value;
    bad(`${side}_axis`, read.message);
    return null;
  }
  function prismOf() {
    const parts = ["", "_2"].flatMap((nth) => {
      const amount = of(`prism${nth}`);
      if (amount === undefined || isNothing(amount)) return [];
      const base = of(`base${nth}`);
      return [base === undefined ? amount : `${amount} base ${direction(base)}`];
    });
    const read = parsePrism(parts.join(", "));
    if (read.ok) return read.value;
    bad(`${side}_prism`, read.message);
    return {};
  }
}

/** `I`, `BI`, `Base in`. What is none of the four stays as it is, and is refused with its own words. */
function direction(text: string): string {
  const letter = /^(?:b|base)?[\s.]*(in|out|up|down|dn|i|o|u|d)$/i.exec(text.trim())?.[1]?.[0]?.toLowerCase();
  return { i: "in", o: "out", u: "up", d: "down" }[letter ?? ""] ?? text.trim();
}

/** What stands where there is no cylinder, no add, no prism: `0.00`, `DS`, `sph`, `plano`, a dash. */
function isNothing(text: string): boolean {
  const written = text
    .trim()
    .toLowerCase()
    .replace(/^[\u2212\u2013\u2014]/, "-");
  return /^[+-]?0*(?:[.,]0*)?(?:ds?|dc)?$/.test(written) || /^(-+|none|nil|n\/a|sph|pl|plano|∞)$/.test(written);
}

function dateOf(
  { values }: MappedLine,
  target: string,
  read: (text: string) => ReturnType<typeof readImportDate>,
  bad: Say,
): LocalDate | null {
  const text = values.get(target);
  if (text === undefined) return null;
  const answer = read(text);
  if (answer.ok) return answer.value;
  bad(target, answer.message);
  return null;
}

/** Tenths of a millimetre; null where nothing stands. */
function readVertex(text: string | undefined): number | null | "unreadable" {
  if (text === undefined || isNothing(text)) return null;
  const match = /^(\d{1,2})(?:[.,](\d)0*)?\s?(?:mm)?$/i.exec(text);
  const tenths = match ? Number(match[1]) * 10 + Number(match[2] ?? 0) : 0;
  return tenths >= 50 && tenths <= 250 ? tenths : "unreadable";
}

/** Two years after the test, the usual validity (domain: optics-dispensing-lab §3.13); 29 February ends on the 28th. */
function twoYearsAfter(date: LocalDate): LocalDate {
  const [year, rest] = [Number(date.slice(0, 4)) + 2, date.slice(5)];
  return `${year}-${rest === "02-29" ? "02-28" : rest}`;
}
