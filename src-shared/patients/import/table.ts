/** From the rows of a file to lines whose cells are known by what they are, and from lines to records. */
import type { Mapping } from "./columns.ts";
import type { CsvRow } from "./csv.ts";
import type { Finding, ImportKind, LineRead, MappedLine, ReadingRules } from "./finding.ts";
import { type BalanceRecord, type OrderRecord, readBalance, readOrder } from "./read-account.ts";
import { type PatientRecord, readPatient } from "./read-patient.ts";
import { type PrescriptionRecord, readPrescription } from "./read-prescription.ts";

export interface RecordOf {
  readonly patients: PatientRecord;
  readonly prescriptions: PrescriptionRecord;
  readonly orders: OrderRecord;
  readonly balances: BalanceRecord;
}

/** A row as its mapping says. Blanks around a cell and cells of nothing say nothing. */
export function mapRow(row: CsvRow, headers: readonly string[], mapping: Mapping): MappedLine {
  const values = new Map<string, string>();
  const names = new Map<string, string>();
  mapping.forEach((target, index) => {
    if (target === null) return;
    names.set(target, headers[index] ?? "");
    // Neither a NUL nor a byte order mark can be kept; both are nobody's letters.
    const value = (row.cells[index] ?? "").replaceAll(/[\0\uFEFF]/g, "").trim();
    if (value !== "") values.set(target, value);
  });
  return { line: row.line, values, headers: names };
}

/** A row with more cells than there are columns has been torn: an unquoted separator stands in one of them. */
export function tornRow(row: CsvRow, headers: readonly string[]): Finding | null {
  const more = row.cells.slice(headers.length);
  if (more.every((cell) => cell.trim() === "")) return null;
  return {
    line: row.line,
    column: "",
    value: more.join(" "),
    severity: "bad",
    message: `This line has ${row.cells.length} cells under ${headers.length} columns. A cell with the separator in it has to stand in quotes.`,
  };
}

const readers: { readonly [K in ImportKind]: (line: MappedLine, rules: ReadingRules) => LineRead<RecordOf[K]> } = {
  patients: readPatient,
  prescriptions: readPrescription,
  orders: readOrder,
  balances: readBalance,
};
export function readLine<K extends ImportKind>(kind: K, line: MappedLine, rules: ReadingRules): LineRead<RecordOf[K]> {
  return readers[kind](line, rules);
}
