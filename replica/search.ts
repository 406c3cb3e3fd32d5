/**
 * What patients are found by. Every entry of the index is one thing that people type — a word of the name, a date of
 * birth as people write it, a phone number or its tail, a post code, a number — followed by the name: "smith ada",
 * "12031958 smith ada". So whatever two or three things are typed, the index itself answers, and it answers in the
 * order of names.
 */

/** Lower case, accents and punctuation gone, so that "O'Brien" and "obrien", "Zoë" and "zoe" meet. */
export function normalise(text: string): string {
  // Most names are plain letters, and a whole practice is read through here.
  if (/^[A-Za-z]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’.\u2010-\u2013-]/g, "")
    .toLowerCase();
}

/** Words of a name that take part; whoever has more is found by these. */
const namesAtMost = 5;

function wordsOf(value: unknown): string[] {
  if (typeof value !== "string") return [];
  if (/^[A-Za-z]+$/.test(value)) return [value.toLowerCase()];
  return value
    .split(/[\s,]+/)
    .map(normalise)
    .filter((word) => word !== "");
}

/** A name as it stands behind every entry, the family's first. */
export function sortedName(patient: Readonly<Record<string, unknown>>): string[] {
  return [...wordsOf(patient.family_name), ...wordsOf(patient.given_name)].slice(0, namesAtMost);
}

const hyphen = /[\u2010-\u2013-]/;

/** The later parts of hyphenated words of a name; the first begins the word itself. */
function laterParts(patient: Readonly<Record<string, unknown>>): string[] {
  const parts = new Set<string>();
  for (const value of [patient.family_name, patient.given_name]) {
    if (typeof value !== "string" || !hyphen.test(value)) continue;
    for (const word of value.split(/[\s,]+/))
      for (const part of word.split(hyphen).slice(1).map(normalise)) if (part !== "") parts.add(part);
  }
  return [...parts].slice(0, namesAtMost);
}

const unspaced = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+$/u;

/** A name of a script that is written without a space, as it is written: 王 and 伟 are 王伟. */
function withoutSpace(patient: Readonly<Record<string, unknown>>): string | null {
  const { family_name: family, given_name: given } = patient;
  if (typeof family !== "string" || typeof given !== "string") return null;
  const text = (family + given).normalize("NFC");
  return family !== "" && given !== "" && unspaced.test(text) ? normalise(text) : null;
}

/** A phone number as it is dialled in its country: +44 7700 900418 and 07700 900418 are one. */
export function dialled(value: unknown): string {
  return (typeof value === "string" ? value : "").replace(/\D/g, "").replace(/^44/, "0");
}

/** Digits of a phone number that are enough to look for: four is what people remember. */
const tailAtLeast = 4;
function backwards(digits: string): string {
  let text = "";
  for (const digit of digits) text = digit + text;
  return text;
}

/** The day as eight digits, as people say it: day, month, year. */
export const spokenDate = (isoDate: string): string => isoDate.split("-").reverse().join("");

/** All entries under which a patient is found, without doubles. */
export function searchEntries(patient: Readonly<Record<string, unknown>>): string[] {
  const names = sortedName(patient);
  const entries = new Set<string>();
  names.forEach((first, i) => {
    const others = names.toSpliced(i, 1);
    // Each pair of words in both orders: whichever two are typed, one of them follows the other somewhere.
    others.forEach((second, j) => {
      entries.add([first, second, ...others.toSpliced(j, 1)].join(" "));
    });
    if (others.length === 0) entries.add(first);
  });
  const parts = laterParts(patient);
  for (const part of parts) {
    for (const [i, other] of names.entries()) {
      const rest = names.toSpliced(i, 1);
      entries.add([part, other, ...rest].join(" "));
      entries.add([other, part, ...rest].join(" "));
    }
  }
  const joined = withoutSpace(patient);
  if (joined !== null) entries.add([joined, ...names].join(" "));
  const name = [...names, ...parts].join(" ");
  const code = (text: string) => entries.add(name === "" ? text : `${text} ${name}`);
  if (typeof patient.date_of_birth === "string") {
    code(spokenDate(patient.date_of_birth));
    code(patient.date_of_birth.replaceAll("-", ""));
  }
  for (const phone of [patient.phone, patient.phone_other]) {
    const digits = dialled(phone);
    if (digits.length < tailAtLeast) continue;
    code(`p${digits}`);
    // Backwards, so that any tail of it is a beginning.
    code(`t${backwards(digits)}`);
  }
  const postcode = typeof patient.postcode === "string" ? normalise(patient.postcode).replace(/\s/g, "") : "";
  if (postcode) code(postcode);
  if (typeof patient.email === "string" && patient.email) code(patient.email.toLowerCase());
  if (typeof patient.number === "string" && patient.number) code(normalise(patient.number));
  return [...entries];
}

/** The entries from the first that begins with a text up to (not including) `to`. */
export interface EntryRange {
  readonly from: string;
  readonly to: string;
}
/** Entries whose first word begins so. */
export const beginning = (text: string): EntryRange => ({ from: text, to: `${text}\uffff` });

/** What a person typed: "ell mar", "12/3/58", "07700 900 418", "0418 ellison", "LS6". */
export interface Typed {
  /** Beginnings of words of the name, though a few letters may also begin a post code or a number. */
  readonly names: readonly string[];
  /** Anything else; of each, one of its readings is meant. */
  readonly codes: readonly (readonly EntryRange[])[];
}

const monthNames = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** "3 Dec 1958", "3rd december 58". */
const dateInWords = new RegExp(
  `(?<![\\w-])(\\d{1,2})(?:st|nd|rd|th)?\\s+(${monthNames.join("|")})[a-z]*\\.?(?:\\s+(\\d{1,4}))?(?!\\w)`,
  "i",
);
// Not the middle of a number such as LDS-T1-04.
const dateInFigures = /(?<![\w-])(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{1,4}))?(?!\w)/;
/** A post code with its space, the second half begun at least: "LS6 9GB", "ls6 9". */
const spacedPostcode = /(?<![\w-])([a-z]{1,2}\d[a-z\d]?)\s+(\d[a-z]{0,2})(?!\w)/i;

/** Takes apart what was typed; all parts must fit. */
export function readTyped(text: string): Typed {
  const figures = dateInFigures.exec(text);
  const date = figures ?? dateInWords.exec(text);
  const rest = (date ? text.replace(date[0], " ") : text).replace(spacedPostcode, "$1$2");
  const names: string[] = [];
  const codes: EntryRange[][] = [];
  if (date) {
    const [, day = "", typed = "", year = ""] = date;
    const month = figures ? typed : String(monthNames.indexOf(typed.toLowerCase()) + 1);
    codes.push(dates(day.padStart(2, "0") + month.padStart(2, "0"), year));
  }
  // A number with its spaces is one thing.
  if (/^[\d\s+()]+$/.test(rest) && dialled(rest).length >= 4) {
    codes.push(readings(dialled(rest)));
    return { names, codes };
  }
  for (const typed of rest.split(/[\s,]+/)) {
    const word = typed.includes("@") ? typed.toLowerCase() : normalise(typed);
    if (word === "") continue;
    if (/^\d{4,}$/.test(word)) codes.push(readings(word));
    else if (/[\d@]/.test(word)) codes.push([beginning(word)]);
    else names.push(word);
  }
  return { names, codes };
}

/** A day of any year, or of a year of four digits, of two, or of which the beginning is typed. */
function dates(dayAndMonth: string, year: string): EntryRange[] {
  const ranges = [beginning(dayAndMonth + year)];
  if (year.length === 2) for (const century of ["19", "20"]) ranges.push(beginning(dayAndMonth + century + year));
  return ranges;
}

/** Digits are the beginning of a phone number, its tail, a date, or a number. */
function readings(digits: string): EntryRange[] {
  const ranges = [beginning(`p${digits}`), beginning(`t${backwards(digits)}`)];
  return [...ranges, ...(digits.length === 6 ? dates(digits.slice(0, 4), digits.slice(4)) : [beginning(digits)])];
}
