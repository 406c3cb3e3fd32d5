/** A line of a patients' file. */
import type { LocalDate } from "../../calendar/index.ts";
import { usualPostcode } from "../postcode.ts";
import { birthYears, nearYears, readImportDate } from "./dates.ts";
import { findingsOf, type LineRead, type MappedLine, type ReadingRules } from "./finding.ts";
import { readEmail, readFullName, readHealthNumber, readPhone, readYesNo, type ValueRead } from "./values.ts";

export interface PatientRecord {
  readonly line: number;
  /** The number in the system before; null where the file has none. */
  readonly key: string | null;
  readonly title: string | null;
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: LocalDate;
  readonly sex: "female" | "male" | "other" | null;
  readonly phone: string | null;
  readonly phone_other: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly postcode: string | null;
  readonly occupation: string | null;
  readonly doctor: string | null;
  readonly health_number: string | null;
  readonly notes: string | null;
  readonly contact_by_text: boolean;
  readonly contact_by_email: boolean;
  readonly recall_on: LocalDate | null;
}

/** How long a text may be (patients/entities.ts). */
const longest = {
  title: 20,
  name: 100,
  address: 400,
  postcode: 12,
  occupation: 200,
  doctor: 400,
  notes: 3600,
  key: 40,
};

/** Reads one line. Without a whole name and a date of birth nobody can be told apart, so such a line stays out. */
export function readPatient(line: MappedLine, { today, dateOrder }: ReadingRules): LineRead<PatientRecord> {
  const { findings, bad, look, isBad } = findingsOf(line);
  const { values } = line;
  const kept: string[] = [];
  const has = (target: string) => values.get(target) ?? null;

  /** A value that cannot be read stands in the notes under the name of its column. */
  function keepable<T>(target: string, read: (text: string) => ValueRead<T>): T | null {
    const text = has(target);
    if (text === null) return null;
    const answer = read(text);
    if (answer.ok) return answer.value;
    look(target, answer.message);
    kept.push(`${line.headers.get(target) ?? target}: ${text}`);
    return null;
  }
  const within = (most: number) => (text: string) =>
    text.length <= most
      ? { ok: true as const, value: text }
      : {
          ok: false as const,
          message: `This is longer than ${most} letters. It stands in the notes; shorten it there.`,
        };

  const name = nameOf(line, bad);
  const born = bornOn(line, today, dateOrder, bad);
  const key = has("key");
  if (key && key.length > longest.key)
    bad("key", `The number is longer than ${longest.key} letters. Shorten it in all files.`);

  const [mobile, home, work] = (["mobile", "phone", "work_phone"] as const).map((target) =>
    keepable(target, readPhone),
  );
  const phones = [mobile, home, work].filter((phone) => phone !== null && phone !== undefined);
  const [phone = null, phone_other = null, third] = [...new Set(phones)];
  if (third) kept.push(`${line.headers.get("work_phone") ?? "Phone"}: ${third}`);
  const address = ["address_1", "address_2", "address_3", "address_4"]
    .flatMap((target) => has(target)?.split(/[\r\n]+/) ?? [])
    .map((part) => part.trim().replace(/,$/, ""))
    .filter(Boolean)
    .join(", ");
  const recall = keepable("recall", (text) => {
    const read = readImportDate(text, dateOrder, nearYears(today));
    return read.ok ? read : { ok: false, message: `${read.message} It stands in the notes.` };
  });

  const record: PatientRecord = {
    line: line.line,
    key,
    title: name?.title ?? keepable("title", within(longest.title)),
    given_name: name?.given ?? "",
    family_name: name?.family ?? "",
    date_of_birth: born ?? "",
    sex: keepable("sex", readSex),
    phone,
    phone_other,
    email: keepable("email", readEmail),
    address: address === "" ? null : address,
    postcode: keepable("postcode", (text) => within(longest.postcode)(usualPostcode(text.toUpperCase()))),
    occupation: keepable("occupation", within(longest.occupation)),
    doctor: keepable("doctor", within(longest.doctor)),
    health_number: keepable("health_number", readHealthNumber),
    // Nobody has agreed to anything in this system: only a column that says so allows it.
    contact_by_text: keepable("may_text", readYesNo) ?? false,
    contact_by_email: keepable("may_email", readYesNo) ?? false,
    recall_on: recall,
    notes: null,
  };
  if (address.length > longest.address) bad("address_1", `The address is longer than ${longest.address} letters.`);
  const notes = [has("notes"), ...kept].filter((part) => part !== null).join("\n");
  if (notes.length > longest.notes)
    bad("notes", `The notes are longer than ${longest.notes} letters. Shorten them in the file.`);
  return { record: isBad() ? null : { ...record, notes: notes === "" ? null : notes }, findings };
}

type Say = (target: string, message: string) => void;

function nameOf({ values }: MappedLine, bad: Say): { title: string | null; given: string; family: string } | null {
  const [given, family, full] = [values.get("given_name"), values.get("family_name"), values.get("full_name")];
  const named = { title: values.get("title") ?? null, given: given ?? "", family: family ?? "" };
  if (given !== undefined && family !== undefined) {
    if (given.length > longest.name || family.length > longest.name) {
      bad("family_name", `A name is longer than ${longest.name} letters. Shorten it in the file.`);
      return null;
    }
    return withTitle(named, bad);
  }
  if (full === undefined) {
    bad(given === undefined ? "given_name" : "family_name", "The name is missing. Add it in the file.");
    return null;
  }
  const read = readFullName(full);
  if (!read.ok) {
    bad("full_name", read.message);
    return null;
  }
  return withTitle({ ...read.value, title: named.title ?? read.value.title }, bad);
}

function withTitle(name: { title: string | null; given: string; family: string }, bad: Say) {
  if (name.title !== null && name.title.length > longest.title) {
    bad("title", `A title has at most ${longest.title} letters.`);
    return null;
  }
  return name;
}

function bornOn(
  { values }: MappedLine,
  today: LocalDate,
  order: ReadingRules["dateOrder"],
  bad: Say,
): LocalDate | null {
  const text = values.get("date_of_birth");
  if (text === undefined) {
    bad("date_of_birth", "The date of birth is missing. Add it in the file.");
    return null;
  }
  const read = readImportDate(text, order, birthYears(today));
  if (!read.ok) bad("date_of_birth", read.message);
  else if (read.value > today) bad("date_of_birth", "The date of birth lies ahead. Correct it in the file.");
  else return read.value;
  return null;
}

function readSex(text: string): ValueRead<"female" | "male" | "other"> {
  const [letter] = text.trim().toLowerCase();
  if (letter === "f" || letter === "w") return { ok: true, value: "female" };
  if (letter === "m") return { ok: true, value: "male" };
  if (letter === "o" || letter === "x") return { ok: true, value: "other" };
  return { ok: false, message: `${text.trim()} is neither female, male nor other. It stands in the notes.` };
}
