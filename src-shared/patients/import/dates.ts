/** Dates as other systems write them. What can be read in two ways is refused, never guessed. */
import { isDate, type LocalDate } from "../../calendar/index.ts";
import type { DateOrder } from "./finding.ts";

export type DateRead =
  | { readonly ok: true; readonly value: LocalDate }
  | { readonly ok: false; readonly message: string };

/** Years that a two-digit year may stand for, both inclusive. */
export interface YearSpan {
  readonly from: number;
  readonly to: number;
}
/** A birthday lies in the past 110 years. */
export const birthYears = (today: LocalDate): YearSpan => ({ from: yearOf(today) - 110, to: yearOf(today) });
/** A test or an order lies in the past 40 years. */
export const pastYears = (today: LocalDate): YearSpan => ({ from: yearOf(today) - 40, to: yearOf(today) });
/** A recall, an expiry or a due date lies within 40 years back and 20 ahead. */
export const nearYears = (today: LocalDate): YearSpan => ({ from: yearOf(today) - 40, to: yearOf(today) + 20 });

const yearOf = (date: LocalDate) => Number(date.slice(0, 4));
const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** What exports put behind a date: `1958-12-03T00:00:00`, `03/12/1958 00:00`. */
const clock = /(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?(?:Z|[+-]\d{2}:?\d{2})?)$/i;

/**
 * Reads a date: `03/12/1958`, `3.12.58`, `1958-12-03`, `19581203`, `3 Dec 1958`, `03-Dec-58`, `Dec 3, 1958`, each also with a time
 * behind, which is dropped. A two-digit year is read where one century only fits `span`.
 */
export function readImportDate(text: string, order: DateOrder, span: YearSpan): DateRead {
  const written = text.trim().replace(clock, "");
  const numbers = partsOf(written, order);
  if (!numbers) {
    return /^\d{5}$/.test(written)
      ? no(
          `${written} is a spreadsheet's number for a date. Format the column as a date in the spreadsheet and save again.`,
        )
      : no(`${text.trim()} is not a date. Write it like 31/12/1958 or 1958-12-31.`);
  }
  const { day, month } = numbers;
  const year = fullYear(numbers.year, span);
  if (typeof year !== "number") return year;
  const value = `${String(year).padStart(4, "0")}-${pad(month)}-${pad(day)}`;
  if (isDate(value)) return { ok: true, value };
  if (month > 12 && day <= 12) {
    const other = order === "dmy" ? "month comes first" : "day comes first";
    return no(`There is no month ${month}. If the ${other} in this file, say so under its columns.`);
  }
  return no(`${text.trim()} is no day of the calendar. Correct it in the file.`);
}

function partsOf(written: string, order: DateOrder): { year: string; month: number; day: number } | null {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(written) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(written);
  if (iso) return { year: iso[1] as string, month: Number(iso[2]), day: Number(iso[3]) };
  const short = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(written);
  if (short) {
    const [first, second] = [Number(short[1]), Number(short[2])];
    const [day, month] = order === "dmy" ? [first, second] : [second, first];
    return { year: short[3] as string, month, day };
  }
  const named = /^(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3})[a-z]*[-/. ,]+(\d{4}|\d{2})$/i.exec(written);
  const month = months.indexOf((named?.[2] ?? "").toLowerCase()) + 1;
  if (named && month > 0) return { year: named[3] as string, month, day: Number(named[1]) };
  const american = /^([a-z]{3})[a-z]*[-/. ]+(\d{1,2})(?:st|nd|rd|th)?[-/. ,]+(\d{4}|\d{2})$/i.exec(written);
  const first = months.indexOf((american?.[1] ?? "").toLowerCase()) + 1;
  return american && first > 0 ? { year: american[3] as string, month: first, day: Number(american[2]) } : null;
}

function fullYear(digits: string, { from, to }: YearSpan): number | DateRead {
  if (digits.length === 4) {
    const year = Number(digits);
    if (year >= from && year <= to) return year;
    return no(`The year ${digits} is not possible here: it has to lie between ${from} and ${to}.`);
  }
  const meant = [1800, 1900, 2000, 2100].map((century) => century + Number(digits)).filter((y) => y >= from && y <= to);
  if (meant.length === 1) return meant[0] as number;
  return meant.length > 1
    ? no(`The year ${digits} may be ${meant.join(" or ")}. Write it with four digits.`)
    : no(`The year ${digits} is not possible here. Write it with four digits.`);
}

/**
 * Whether day or month comes first in a column, as far as its dates tell: `unsure` where they do not, or disagree, and
 * `either` where no date of it depends on that.
 */
export function dateOrderOf(texts: Iterable<string>): DateOrder | "unsure" | "either" {
  let [dayFirst, monthFirst, open] = [0, 0, 0];
  for (const text of texts) {
    const match = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](?:\d{4}|\d{2})\b/.exec(text.trim());
    if (!match) continue;
    if (Number(match[1]) > 12) dayFirst += 1;
    else if (Number(match[2]) > 12) monthFirst += 1;
    else if (Number(match[1]) !== Number(match[2])) open += 1;
  }
  if (dayFirst === 0 && monthFirst === 0) return open > 0 ? "unsure" : "either";
  if (monthFirst === 0) return "dmy";
  if (dayFirst === 0) return "mdy";
  return "unsure";
}

const pad = (part: number) => String(part).padStart(2, "0");
const no = (message: string): DateRead => ({ ok: false, message });
