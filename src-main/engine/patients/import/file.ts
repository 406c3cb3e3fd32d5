/** A file that somebody chose, as it was understood: its encoding, what parts its columns, what they are. */
import { hash } from "node:crypto";
import { readBundle } from "../../../../src-shared/patients/fhir.ts";
import {
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

export type Encoding = "utf-8" | "windows-1252";

/** How a person wants a file read; kept for the next file with the same headers. */
export interface Reading {
  readonly kind: ImportKind;
  readonly mapping: Mapping;
  readonly dateOrder: DateOrder;
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
  /** False where no date of the file tells whether its day or its month comes first. */
  readonly orderKnown: boolean;
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
  const separator = detectSeparator(text);
  const { rows, unclosed } = readCsv(text, separator);
  const headers = (rows[0]?.cells ?? []).map((header) => header.trim());
  if (rows.length < 2) {
    throw refuse("IMPORT_EMPTY", `${name} has no lines below its first one, which holds the names of the columns.`);
  }
  const known = remembered(signatureOf(headers));
  const kind = known?.kind ?? guessKind(headers, name);
  const mapping = known?.mapping ?? proposeMapping(kind, headers);
  const order = orderOf(rows.slice(1), mapping);
  return {
    ...common,
    form: "csv",
    encoding,
    separator,
    headers,
    rows: rows.slice(1),
    unclosed,
    kind,
    mapping,
    // What the file itself says goes before what was remembered.
    dateOrder: order === "unsure" ? (known?.dateOrder ?? "dmy") : order,
    orderKnown: order !== "unsure",
    positive: known?.positive ?? "owes",
  };
}

/** UTF-8 where the bytes are, else what Windows programs in Western Europe write. */
function decode(bytes: Buffer): { text: string; encoding: Encoding } {
  if (bytes.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]))) {
    throw refuse(
      "IMPORT_ENCODING",
      "This file is in UTF-16. Save it as CSV UTF-8 in the spreadsheet and choose it again.",
    );
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), encoding: "utf-8" };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), encoding: "windows-1252" };
  }
}

function bundleOf(name: string, text: string): Pick<FhirFile, "lines" | "others"> {
  let json: unknown = null;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw refuse("IMPORT_JSON", `${name} breaks off or is damaged: it cannot be read as JSON. Export it again.`);
  }
  const read = readBundle(json);
  if (!read) throw refuse("IMPORT_JSON", `${name} is no FHIR bundle. Export patients as one bundle, or as CSV.`);
  return read;
}

const dates = new Set(["date_of_birth", "recall", "issued_on", "expires_on", "ordered_on", "due_on"]);
function orderOf(rows: readonly CsvRow[], mapping: Mapping): DateOrder | "unsure" {
  const columns = mapping.flatMap((target, index) => (target !== null && dates.has(target) ? [index] : []));
  return dateOrderOf(rows.slice(0, 5000).flatMap(({ cells }) => columns.map((index) => cells[index] ?? "")));
}

/** The same file read in another way. */
export function withReading(file: CsvFile, reading: Partial<Reading>): CsvFile {
  const kind = reading.kind ?? file.kind;
  const mapping = reading.mapping ?? (kind === file.kind ? file.mapping : proposeMapping(kind, file.headers));
  const known = new Set(targets[kind].map(({ target }) => target));
  if (mapping.length !== file.headers.length || mapping.some((target) => target !== null && !known.has(target))) {
    throw refuse("IMPORT_MAPPING", "These columns are not those of the file. Choose the file again.");
  }
  const order = orderOf(file.rows, mapping);
  return {
    ...file,
    ...reading,
    kind,
    mapping,
    orderKnown: order !== "unsure",
    ...(reading.dateOrder === undefined && order !== "unsure" ? { dateOrder: order } : {}),
  };
}

/** What its lines are still missing before they can be read. */
export function lacks(file: StagedFile): string[] {
  return file.form === "csv" ? missingTargets(file.kind, file.mapping) : [];
}

/** A line to be checked, whatever its file is. */
export interface SourceLine {
  readonly kind: ImportKind;
  readonly line: MappedLine;
  /** A finding about the line as a whole, which then is not read. */
  readonly torn: Finding | null;
}
export function linesOf(file: StagedFile): SourceLine[] {
  if (file.form === "fhir") {
    return (["patients", "prescriptions"] as const).flatMap((kind) =>
      file.lines[kind].map((line) => ({ kind, line, torn: null })),
    );
  }
  return file.rows.map((row) => ({
    kind: file.kind,
    line: mapRow(row, file.headers, file.mapping),
    torn: tornRow(row, file.headers) ?? unclosedAt(file, row),
  }));
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
