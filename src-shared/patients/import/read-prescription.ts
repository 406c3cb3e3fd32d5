/** A line of a prescriptions' file. */
import type { LocalDate } from "../../calendar/index.ts";
import {
  checkEye,
  checkLimit,
  checkRx,
  type EyeColumns,
  type EyeRx,
  type EyeSide,
  emptyEye,
  eyeColumns,
  isEmpty,
  parseAxis,
  parsePower,
  parsePrism,
  type Rx,
  type RxLimits,
} from "../../optics/index.ts";
import { nearYears, pastYears, readImportDate } from "./dates.ts";
import { findingsOf, type LineRead, type MappedLine, type ReadingRules } from "./finding.ts";

export type PrescriptionRecord = EyeColumns<"r"> &
  EyeColumns<"l"> & {
    readonly line: number;
    readonly key: string;
    /** Tenths of a millimetre. */
    readonly bvd: number | null;
    /** Additions for between, milli-dioptres. */
    readonly r_inter_add: number | null;
    readonly l_inter_add: number | null;
    readonly issued_on: LocalDate;
    readonly expires_on: LocalDate;
    readonly prescriber: string;
    readonly note: string | null;
  };

interface Say {
  readonly bad: (target: string, message: string) => void;
  readonly look: (target: string, message: string) => void;
  readonly notes: string[];
}

/**
 * Reads one line by the product's own readers of powers and the practice's limits; a prescription that cannot be meant
 * stays out as a whole, and what is unusual in one is told.
 */
export function readPrescription(line: MappedLine, rules: ReadingRules): LineRead<PrescriptionRecord> {
  const { today, dateOrder, limits } = rules;
  const { findings, bad, look, isBad } = findingsOf(line);
  const { values } = line;
  const key = values.get("key");
  if (key === undefined) bad("key", "The patient's number is missing, so nobody knows whose this is.");
  const notes: string[] = [];
  const say = { bad, look, notes };
  const rx: Rx = { r: readEye("r", line, say, limits.rx), l: readEye("l", line, say, limits.rx) };
  const between = { r: readBetween("r", line, rx, say, limits.rx), l: readBetween("l", line, rx, say, limits.rx) };
  if (!isBad()) {
    if (isEmpty(rx.r) && isEmpty(rx.l)) bad("r_sphere", "There is no power in this line.");
    for (const { eye, field, severity, message } of checkRx(rx, {}, limits.rx)) {
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
  if (bvd === "unreadable") bad("bvd", "This is no vertex distance. Write it in mm, like 12 or 13.5.");
  const distance = typeof bvd === "number" ? checkLimit("bvd", bvd, limits.measures) : null;
  if (distance) (distance.severity === "block" ? bad : look)("bvd", distance.message);
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
      r_inter_add: between.r,
      l_inter_add: between.l,
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

type Named = "sphere" | "cylinder" | "add" | "inter_add";

/** A power of an eye; null where nothing stands, or a nothing of any spelling. */
function readPower(side: EyeSide, name: Named, { values }: MappedLine, { bad }: Say, limits: RxLimits): number | null {
  const text = values.get(`${side}_${name}`);
  // Systems write 0.00 where there is no cylinder and no add.
  if (text === undefined || (name !== "sphere" && isNothing(text))) return null;
  if (/^bal(ance)?\b/i.test(text.trim())) {
    bad(
      `${side}_${name}`,
      `${text.trim()} means a balance lens, which has no power of its own. Leave this empty in the file and write "balance lens" in the notes.`,
    );
    return null;
  }
  const read = parsePower(text, name === "inter_add" ? "add" : name, limits);
  if (read.ok) return name !== "sphere" && read.value === 0 ? null : read.value;
  bad(`${side}_${name}`, read.message);
  return null;
}

/** The add for between, which is about half of the add (domain: optics-dispensing-lab §3.2). */
function readBetween(side: EyeSide, line: MappedLine, rx: Rx, say: Say, limits: RxLimits): number | null {
  const power = readPower(side, "inter_add", line, say, limits);
  if (power === null) return null;
  const target = `${side}_inter_add`;
  const { add } = rx[side];
  const unusual = checkEye({ ...emptyEye, add: power }, limits).find(({ code }) => code === "unusual");
  if (unusual) say.look(target, unusual.message);
  if (add !== null && power >= add) say.look(target, "The add for between is usually about half of the add.");
  return power;
}

function readEye(side: EyeSide, line: MappedLine, say: Say, limits: RxLimits): EyeRx {
  const { values, headers } = line;
  const { bad, look, notes } = say;
  const of = (name: string) => values.get(`${side}_${name}`);
  const va = of("va");
  if (va !== undefined) notes.push(`${headers.get(`${side}_va`) ?? "VA"}: ${va}`);
  const power = (name: Named) => readPower(side, name, line, say, limits);
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
    const read = parsePrism(parts.join(", "), limits, side);
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
  bad: Say["bad"],
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
  const match = /^(\d{1,3})(?:[.,](\d)0*)?\s?(?:mm)?$/i.exec(text);
  const tenths = match ? Number(match[1]) * 10 + Number(match[2] ?? 0) : 0;
  return match ? tenths : "unreadable";
}

/** Two years after the test, the usual validity (domain: optics-dispensing-lab §3.13); 29 February ends on the 28th. */
function twoYearsAfter(date: LocalDate): LocalDate {
  const [year, rest] = [Number(date.slice(0, 4)) + 2, date.slice(5)];
  return `${year}-${rest === "02-29" ? "02-28" : rest}`;
}
