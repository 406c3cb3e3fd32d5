/** A file that somebody chose, as it was understood: its encoding, what parts its columns, what they are. */
import { hash } from "node:crypto";
import { readBundle } from "../../../../src-shared/patients/fhir.ts";
import {
  distinctHeaders,
  guessKind,
  type Mapping,
  missingTargets,
  proposeMapping,
  targets,
} from "../../../../src-shared/patients/import/columns.ts";
import { type CsvRow, detectSeparator, readCsv, type Separator } from "../../../../src-shared/patients/import/csv.ts";
import { dateOrderOf } from "../../../../src-shared/patients/import/dates.ts";
import type { DateOrder, Finding, ImportKind, MappedLine } from "../../../../src-shared/patients/import/finding.ts";
import { mapRow, tornRow } from "../../../../src-shared/patients/import/table.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";

export type Encoding = "utf-8" | "utf-16" | "windows-1252";

/** How a person wants a file read; kept for the next file with the same headers. */
export interface Reading {
  readonly kind: ImportKind;
  readonly mapping: Mapping;
  /** Null until a person says so. */
  readonly dateOrder: DateOrder | null;
  readonly positive: "owes" | "credit";
}
interface Common {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}
export interface CsvFile extends Common, Reading {
  readonly form: "csv";
  readonly encoding: Encoding;
  readonly separator: Separator;
  readonly headers: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly unclosed: number | null;
  /**
   * Who told whether day or month comes first: the file's own dates, a person, another file on the desk. `nobody` has yet;
   * of `either` order every date reads the same.
   */
  readonly orderFrom: "itself" | "said" | "others" | "nobody" | "either";
}
export interface FhirFile extends Common {
  readonly form: "fhir";
  readonly lines: Readonly<Record<"patients" | "prescriptions", readonly MappedLine[]>>;
  readonly others: ReadonlyMap<string, number>;
}
export type StagedFile = CsvFile | FhirFile;

/** What identifies the headers of a file, whatever it is called. */
export const signatureOf = (headers: readonly string[]) => hash("sha256", JSON.stringify(headers), "hex");

/** Understands a file. `remembered` is asked how a person read the last file with these headers. */
export function readFile(
  id: string,
  name: string,
  bytes: Buffer,
  remembered: (signature: string) => Reading | null,
): StagedFile {
  const common = { id, name, size: bytes.length, sha256: hash("sha256", bytes, "hex") };
  const { text, encoding } = decode(bytes);
  if (/^\uFEFF?\s*\{/.test(text)) return { ...common, form: "fhir", ...bundleOf(name, text) };
  const { rows, unclosed, separator } = tableOf(text);
  const headers = distinctHeaders((rows[0]?.cells ?? []).map((header) => header.trim()));
  if (rows.length < 2) {
    throw refuse("IMPORT_EMPTY", `${name} has no lines below its first one, which holds the names of the columns.`);
  }
  const known = remembered(signatureOf(headers));
  const kind = known?.kind ?? guessKind(headers, name);
  const mapping = known?.mapping ?? proposeMapping(kind, headers);
  const file = { ...common, form: "csv" as const, encoding, separator, headers, rows: rows.slice(1), unclosed };
  const reading = { kind, mapping, positive: known?.positive ?? ("owes" as const) };
  return { ...file, ...reading, ...orderOf(file.rows, mapping, known?.dateOrder ?? null) };
}

/** Spreadsheets write `sep=;` before the names of the columns, and lines of nothing but separators behind the last. */
function tableOf(text: string) {
  const said = /^\uFEFF?sep=([,;\t])\r?\n/i.exec(text);
  const separator = (said?.[1] as Separator | undefined) ?? detectSeparator(text);
  const { rows, unclosed } = readCsv(text, separator);
  const filled = rows.slice(said ? 1 : 0).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  return { rows: filled, unclosed, separator };
}

/** UTF-8 or UTF-16 where the bytes are, else what Windows programs in Western Europe write. */
function decode(bytes: Buffer): { text: string; encoding: Encoding } {
  const wide = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.subarray(0, 2).join()];
  if (wide !== undefined) return { text: new TextDecoder(wide).decode(bytes), encoding: "utf-16" };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252" };
  }
}

function bundleOf(name: string, text: string): Pick<FhirFile, "lines" | "others"> {
  const written = text.replace(/^\uFEFF/, "");
  let json: unknown;
  try {
    json = JSON.parse(written);
  } catch {
    // One resource a line is no JSON as a whole.
    json = written;
  }
  const read = readBundle(json);
  if (read) return read;
  if (json === written) {
    throw refuse("IMPORT_JSON", `${name} breaks off or is damaged: it cannot be read as JSON. Export it again.`);
  }
  throw refuse("IMPORT_JSON", `${name} is no FHIR bundle. Export patients as one bundle, or as CSV.`);
}

const dates = new Set(["date_of_birth", "recall", "issued_on", "expires_on", "ordered_on", "due_on"]);
/** What the file itself says goes before what a person said. */
function orderOf(
  rows: readonly CsvRow[],
  mapping: Mapping,
  said: DateOrder | null,
): Pick<CsvFile, "dateOrder" | "orderFrom"> {
  const columns = mapping.flatMap((target, index) => (target !== null && dates.has(target) ? [index] : []));
  const order = dateOrderOf(rows.flatMap(({ cells }) => columns.map((index) => cells[index] ?? "")));
  if (order === "dmy" || order === "mdy") return { dateOrder: order, orderFrom: "itself" };
  if (order === "either") return { dateOrder: said ?? "dmy", orderFrom: "either" };
  return { dateOrder: said, orderFrom: said === null ? "nobody" : "said" };
}

/** Files of one desk come from one system: where all that know their order agree, the others are read alike. */
export function readAlike(files: readonly StagedFile[]): StagedFile[] {
  const orders = new Set(
    files.flatMap((file) =>
      file.form === "csv" && (file.orderFrom === "itself" || file.orderFrom === "said") ? [file.dateOrder] : [],
    ),
  );
  const [order] = orders;
  if (order === undefined || orders.size > 1) return [...files];
  return files.map((file) =>
    file.form === "csv" && file.orderFrom === "nobody" ? { ...file, dateOrder: order, orderFrom: "others" } : file,
  );
}

/** The same file read in another way. */
export function withReading(file: CsvFile, reading: Partial<Reading>): CsvFile {
  const kind = reading.kind ?? file.kind;
  const mapping = reading.mapping ?? (kind === file.kind ? file.mapping : proposeMapping(kind, file.headers));
  const known = new Set(targets[kind].map(({ target }) => target));
  if (mapping.length !== file.headers.length || mapping.some((target) => target !== null && !known.has(target))) {
    throw refuse("IMPORT_MAPPING", "These columns are not those of the file. Choose the file again.");
  }
  const order = orderOf(file.rows, mapping, reading.dateOrder ?? file.dateOrder);
  // Even what the dates themselves seem to say, a person may know better.
  const said = reading.dateOrder ? ({ dateOrder: reading.dateOrder, orderFrom: "said" } as const) : order;
  return { ...file, ...reading, kind, mapping, ...said };
}

/** What its lines are still missing before they can be read. */
export function lacks(file: StagedFile): string[] {
  if (file.form !== "csv") return [];
  const missing = missingTargets(file.kind, file.mapping);
  return file.orderFrom === "nobody" ? [...missing, "date_order"] : missing;
}

export const lineCountOf = (file: StagedFile): number =>
  file.form === "csv" ? file.rows.length : file.lines.patients.length + file.lines.prescriptions.length;

/** A line to be checked, whatever its file is. */
export interface SourceLine {
  readonly kind: ImportKind;
  readonly line: MappedLine;
  /** A finding about the line as a whole, which then is not read. */
  readonly torn: Finding | null;
}
/** The lines of one kind, mapped one after the other: all of them at once would keep a till waiting. */
export function* linesOf(file: StagedFile, kind: ImportKind): Generator<SourceLine> {
  if (file.form === "fhir") {
    if (kind !== "patients" && kind !== "prescriptions") return;
    for (const line of file.lines[kind]) yield { kind, line, torn: null };
    return;
  }
  if (kind !== file.kind) return;
  for (const row of file.rows) {
    yield {
      kind,
      line: mapRow(row, file.headers, file.mapping),
      torn: tornRow(row, file.headers) ?? unclosedAt(file, row),
    };
  }
}

function unclosedAt({ unclosed }: CsvFile, row: CsvRow): Finding | null {
  if (unclosed === null || row.line > unclosed) return null;
  const last = row.cells.some((cell) => cell.includes("\n"));
  if (row.line !== unclosed && !last) return null;
  return {
    line: row.line,
    column: "",
    value: "",
    severity: "bad",
    message: "A quote is opened in this line and never closed, so everything after it is lost in one cell. Close it.",
  };
}
