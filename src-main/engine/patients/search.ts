/**
 * Finding patients in the index of `replica/search.ts`. What it costs depends on what is typed and how much is shown,
 * hardly on how many patients there are: nothing here reads all the Smiths to find one John among them.
 */
import { beginning, type EntryRange, readTyped, searchEntries } from "../../../replica/search.ts";
import { bytes, type Reader } from "../read/database.ts";

/** Patients found for each that is shown: among them the order by name decides. */
const perShown = 5;
/** Different first words that are gone through for one text: nobody has more than this behind two letters. */
const wordsAtMost = 400;
/** Entries that are looked at for letters which may begin something else than a name. */
const entriesAtMost = 400;
/** Letters that may begin a post code or a practice's numbers ("LS", "LDS"). */
const codeLetters = 3;

const inRange = "token >= ? and token < ?";

/** Ids of patients for whom everything fits that was typed; at most a few more than `limit`, in no order. */
export function findPatientIds(read: Reader, text: string, limit: number): string[] {
  const { names, codes } = readTyped(text.trim());
  const most = limit * perShown;
  if (codes.length > 0) return byCodes(read, codes, names, most);
  const [first, ...others] = [...names].sort((a, b) => b.length - a.length);
  if (first === undefined) return [];
  if (others.length === 0) return inRanges(read, [beginning(first)], most);
  const found = byNames(read, first, others, most);
  if (found.length >= limit) return found;
  const also = names.flatMap((name, index) =>
    name.length <= codeLetters ? nearBeginning(read, name, names.toSpliced(index, 1), most) : [],
  );
  return [...new Set([...found, ...also])];
}

/** "0417", "000417", "P417", "T1-P000417"; fewer bare digits would be found behind every key of a date. */
const numberEnd = /^(?:(?:[a-z]{3}-)?[a-z]\d{1,3}-)?(p?)(\d+)$/i;
const bareDigitsAtLeast = 4;
/** Terminals that draw numbers for patients; nobody has more. */
const seriesAtMost = 400;

/**
 * Ids of patients whose number ends in what was typed. The index of numbers is not read through: each terminal's series
 * is one step in it, and of a series the few numbers with that end are looked up (of the first million, which no terminal
 * reaches). With its P the number is a whole one, however many noughts were typed.
 */
export function findByNumberEnd(read: Reader, text: string, most: number): string[] {
  const typed = text.trim();
  const [, letter = "", digits = ""] = numberEnd.exec(typed) ?? [];
  if (digits === "" || digits.length > 9 || (letter === "" && digits.length < bareDigitsAtLeast)) return [];
  const before = typed.slice(0, typed.length - digits.length).toUpperCase();
  const series = read
    .sql<{ prefix: string; last: string }>(
      `with recursive s(prefix, n) as (
         select rtrim((select min(number) from patient), '0123456789'), 1
         union all select rtrim((select min(number) from patient where number > s.prefix || ':'), '0123456789'), n + 1
         from s where s.prefix is not null and n < ?
       )
       select prefix, (select max(number) from patient where number >= prefix and number < prefix || ':') as last
       from s where prefix is not null`,
      seriesAtMost,
    )
    .filter(({ prefix }) => prefix.endsWith(before));
  const step = letter === "" ? 10 ** digits.length : Number.POSITIVE_INFINITY;
  const numbers: string[] = [];
  for (const { prefix, last } of series) {
    const end = Number(last.slice(prefix.length));
    for (let counter = Number(digits); counter <= end && numbers.length < most; counter += step)
      numbers.push(prefix + String(counter).padStart(6, "0"));
  }
  return read
    .sql<{ id: string }>(
      "select p.id from json_each(?) c join patient p on p.number = c.value where p.deleted = 0",
      JSON.stringify(numbers),
    )
    .map(({ id }) => id);
}

/** Patients with an entry in one of the ranges, which all names follow. */
export function inRanges(
  read: Reader,
  ranges: readonly EntryRange[],
  most: number,
  names: readonly string[] = [],
): string[] {
  const follows = names.map(() => " and instr(token, ?) > 0").join("");
  const parts = ranges.map(() => `select patient_id from patient_token where ${inRange}${follows}`);
  const parameters = ranges.flatMap(({ from, to }) => [from, to, ...names.map((name) => ` ${name}`)]);
  return idsOf(read, `select distinct patient_id from (${parts.join(" union all ")}) limit ?`, [...parameters, most]);
}

/** The most telling code finds patients, names are in the same entries, and other codes are looked up. */
export function byCodes(
  read: Reader,
  codes: readonly (readonly EntryRange[])[],
  names: readonly string[],
  most: number,
): string[] {
  const telling = (ranges: readonly EntryRange[]) => Math.max(...ranges.map(({ from }) => from.length));
  const [first = [], ...others] = [...codes].sort((a, b) => telling(b) - telling(a));
  if (others.length === 0) return inRanges(read, first, most, names);
  return inRanges(read, first, entriesAtMost, names).filter((id) => {
    const [patient] = read.sql<Record<string, unknown>>("select * from patient where id=?", bytes(id));
    const entries = patient ? searchEntries(patient) : [];
    return others.every((ranges) =>
      entries.some((entry) => ranges.some(({ from, to }) => entry >= from && entry < to)),
    );
  });
}

/**
 * Patients of whom one word begins with `first` and others with the rest. For every word that begins so, the entries in
 * which the second follows are a range of their own.
 */
function byNames(read: Reader, first: string, others: readonly string[], most: number): string[] {
  const [second = "", ...rest] = others;
  const { from, to } = beginning(first);
  const nextWord = (after: string) =>
    `(select substr(token, 1, instr(token || ' ', ' ') - 1) from patient_token where token >= ${after} and token < ? limit 1)`;
  return idsOf(
    read,
    `with recursive w(word, n) as (
       select ${nextWord("?")}, 1
       union all select ${nextWord("w.word || '!'")}, n + 1 from w where w.word is not null and n < ?
     )
     select distinct t.patient_id
     from w cross join patient_token t on t.token >= w.word || ' ' || ? and t.token < w.word || ' ' || ?
     where w.word is not null${rest.map(() => " and instr(t.token, ?) > 0").join("")} limit ?`,
    [from, to, to, wordsAtMost, second, beginning(second).to, ...rest.map((name) => ` ${name}`), most],
  );
}

/** Those of the first entries behind a few letters in which all names follow. */
function nearBeginning(read: Reader, letters: string, names: readonly string[], most: number): string[] {
  const { from, to } = beginning(letters);
  return idsOf(
    read,
    `select distinct patient_id from (select token, patient_id from patient_token where ${inRange} limit ?)
     where ${names.map(() => "instr(token, ?) > 0").join(" and ")} limit ?`,
    [from, to, entriesAtMost, ...names.map((name) => ` ${name}`), most],
  );
}

function idsOf(read: Reader, text: string, parameters: readonly unknown[]): string[] {
  return read.sql<{ patient_id: string }>(text, ...parameters).map((row) => row.patient_id);
}
