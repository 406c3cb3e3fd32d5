/** Lines of orders that were open and of balances that stood in the system before. */
import type { LocalDate } from "../../calendar/index.ts";
import type { Minor } from "../../money/index.ts";
import { nearYears, pastYears, readImportDate } from "./dates.ts";
import { findingsOf, type LineRead, type MappedLine, type ReadingRules } from "./finding.ts";
import { readAmount } from "./values.ts";

export interface OrderRecord {
  readonly line: number;
  readonly key: string;
  readonly reference: string | null;
  readonly description: string;
  readonly supplier: string | null;
  readonly ordered_on: LocalDate | null;
  readonly due_on: LocalDate | null;
}

const noKey = "The patient's number is missing, so nobody knows whose this is.";

export function readOrder(line: MappedLine, { today, dateOrder }: ReadingRules): LineRead<OrderRecord> {
  const { findings, bad, isBad } = findingsOf(line);
  const { values } = line;
  const key = values.get("key") ?? "";
  const description = values.get("description") ?? "";
  if (key === "") bad("key", noKey);
  if (description === "") bad("description", "It does not say what was ordered. Add it in the file.");
  const short = (target: string, most: number) => {
    const text = values.get(target) ?? null;
    if (text && text.length > most) bad(target, `This is longer than ${most} letters. Shorten it in the file.`);
    return text;
  };
  short("description", 400);
  const date = (target: string, years: typeof pastYears) => {
    const text = values.get(target);
    if (text === undefined) return null;
    const read = readImportDate(text, dateOrder, years(today));
    if (!read.ok) bad(target, read.message);
    return read.ok ? read.value : null;
  };
  const record: OrderRecord = {
    line: line.line,
    key,
    reference: short("reference", 80),
    description,
    supplier: short("supplier", 200),
    ordered_on: date("ordered_on", pastYears),
    due_on: date("due_on", nearYears),
  };
  return { record: isBad() ? null : record, findings };
}

export interface BalanceRecord {
  readonly line: number;
  readonly key: string;
  /** Pence; plus is owed by the patient, minus is to their credit. */
  readonly amount: Minor;
  readonly reference: string | null;
  readonly note: string | null;
}

/** Reads one line; of nothing owed there is nothing to bring, which is no fault. */
export function readBalance(line: MappedLine, { positive }: ReadingRules): LineRead<BalanceRecord> {
  const { findings, bad, look, isBad } = findingsOf(line);
  const { values } = line;
  const key = values.get("key") ?? "";
  if (key === "") bad("key", noKey);
  const text = values.get("amount");
  const amount = text === undefined ? null : readAmount(text);
  if (amount === null) bad("amount", "The amount is missing. Add it in the file.");
  else if (!amount.ok) bad("amount", amount.message);
  for (const [target, most] of [
    ["reference", 80],
    ["notes", 300],
  ] as const) {
    if ((values.get(target)?.length ?? 0) > most)
      bad(target, `This is longer than ${most} letters. Shorten it in the file.`);
  }
  if (isBad() || !amount?.ok) return { record: null, findings };
  if (amount.value === 0) {
    look("amount", "Nothing is owed, so there is nothing to bring over.");
    return { record: null, findings };
  }
  // CR and brackets mean credit whichever way the column counts; only the bare sign is turned.
  const marked = /[()]|^[CD]R|[CD]R$/i.test(text?.trim() ?? "");
  const owed = positive === "owes" || marked ? amount.value : -amount.value;
  const reference = values.get("reference") ?? null;
  return { record: { line: line.line, key, amount: owed, reference, note: values.get("notes") ?? null }, findings };
}
