/** Single values as other systems write them: names, numbers, amounts. */
import { z } from "zod";
import { type Minor, parseMoney } from "../../money/index.ts";

export type ValueRead<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };
const yes = <T>(value: T): ValueRead<T> => ({ ok: true, value });
const no = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message });

/**
 * Reads a telephone number, 7 to 15 digits with what people put between. A British number whose first 0 a spreadsheet
 * dropped is refused with the number that was probably meant, since nobody can know.
 */
export function readPhone(text: string): ValueRead<string> {
  const written = text.trim().replaceAll(/\s+/g, " ");
  const digits = written.replaceAll(/\D/g, "");
  if (!/^[+\d\s()./-]+(?:\s?(?:x|ext\.?)\s?\d+)?$/i.test(written) || digits.length < 7 || digits.length > 15) {
    return no(`${written} is not one telephone number. It stands in the notes; correct it there or in the file.`);
  }
  if (/^[1237]\d{9}$/.test(written)) {
    return no(
      `${written} lacks its first 0, as spreadsheets do. It stands in the notes; format the column as text to keep the 0.`,
    );
  }
  return yes(written);
}

const email = z.email().max(254);
/** Reads one e-mail address. */
export function readEmail(text: string): ValueRead<string> {
  const read = email.safeParse(text.trim());
  return read.success
    ? yes(read.data)
    : no(`${text.trim()} is not an e-mail address. It stands in the notes; correct it there or in the file.`);
}

/** Reads a number of the national health service: ten digits, of which the last checks the others (modulo 11). */
export function readHealthNumber(text: string): ValueRead<string> {
  const digits = text.replaceAll(/[\s-]/g, "");
  const wrong = no(`${text.trim()} is not an NHS number: its check digit does not fit. It stands in the notes.`);
  if (!/^\d{10}$/.test(digits)) return no(`${text.trim()} is not an NHS number of ten digits. It stands in the notes.`);
  const sum = [...digits.slice(0, 9)].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  if (check !== Number(digits[9])) return wrong;
  return yes(`${digits.slice(0, 3)} ${digits.slice(3, 6)} ${digits.slice(6)}`);
}

/** Reads an amount of money to pence: `12.50`, `£1,234.50`, `(12.50)`, `-5`, `12.50 CR`, `12.50 DR`, `DR 12.50`. */
export function readAmount(text: string): ValueRead<Minor> {
  const written = text.trim();
  const bracketed = /^\((.+)\)$/.exec(written);
  const [, amount, mark] = /^(.+?)\s?(CR|DR)$/i.exec(written.replace(/^(CR|DR)\s?(.+)$/i, "$2 $1")) ?? [];
  const read = parseMoney(bracketed?.[1] ?? amount ?? written);
  if (!read.ok) return no(read.message);
  const turned = bracketed !== null || mark?.toUpperCase() === "CR";
  if (turned && read.value < 0) return no(`${written} is negative twice. Write it like -12.50.`);
  return yes(turned && read.value !== 0 ? -read.value : read.value);
}

const titles = /^(mr|mrs|ms|miss|mx|dr|prof|rev|sir|lady|lord|master|dame)\.?$/i;
export interface NameRead {
  readonly title: string | null;
  readonly given: string;
  readonly family: string;
}
/** Takes a whole name apart: `Ellison, Mrs Margaret Anne`, `Mrs Margaret Ellison`. One word is not taken apart. */
export function readFullName(text: string): ValueRead<NameRead> {
  const [before = "", after, ...more] = text.split(",").map((part) => part.trim());
  const words = (after ?? before).split(/\s+/).filter(Boolean);
  const title = titles.test(words[0] ?? "") ? (words.shift() ?? null) : null;
  const family = after === undefined ? (words.pop() ?? "") : before;
  const given = words.join(" ");
  if (more.length > 0 || given === "" || family === "") {
    return no(`${text.trim()} cannot be told into given and family name. Write it like "Ellison, Margaret".`);
  }
  return yes({ title, given, family });
}

/** Reads a yes or no. */
export function readYesNo(text: string): ValueRead<boolean> {
  if (/^(y|yes|true|1|t|x)$/i.test(text.trim())) return yes(true);
  if (/^(n|no|false|0|f)$/i.test(text.trim())) return yes(false);
  return no(`${text.trim()} is neither yes nor no.`);
}
