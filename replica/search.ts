/** The words under which a patient is found: name parts, dates of birth as people type them, phone tails, post code. */

/** Lower case, accents and punctuation gone, so that "O'Brien" and "obrien", "Zoë" and "zoe" meet. */
export function normalise(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f'’.-]/g, "")
    .toLowerCase();
}

export function patientTokens(patient: Readonly<Record<string, unknown>>): string[] {
  const tokens = new Set<string>();
  const words = (value: unknown) => (typeof value === "string" ? value : "").split(/[\s,]+/).map(normalise);
  for (const word of [...words(patient.given_name), ...words(patient.family_name)]) if (word) tokens.add(word);
  if (typeof patient.date_of_birth === "string") {
    const [year = "", month = "", day = ""] = patient.date_of_birth.split("-");
    tokens.add(`${day}${month}${year}`);
    tokens.add(`${day}${month}${year.slice(2)}`);
    tokens.add(`${year}${month}${day}`);
  }
  for (const phone of [patient.phone, patient.phone_other]) {
    const digits = typeof phone === "string" ? phone.replace(/\D/g, "") : "";
    if (digits.length < 4) continue;
    // National and international writing of one number share their tail; a tail of four is what people remember.
    tokens.add(`p${digits.replace(/^44/, "0")}`);
    tokens.add(`t${digits.slice(-4)}`);
    tokens.add(`t${digits.slice(-6)}`);
  }
  const postcode = typeof patient.postcode === "string" ? normalise(patient.postcode).replace(/\s/g, "") : "";
  if (postcode) tokens.add(postcode);
  if (typeof patient.email === "string" && patient.email) tokens.add(patient.email.toLowerCase());
  if (typeof patient.number === "string" && patient.number) tokens.add(normalise(patient.number));
  return [...tokens];
}

export interface SearchTerm {
  readonly text: string;
  /** A tail of a phone number matches whole, words match by their beginning. */
  readonly exact: boolean;
}

/** What a person typed, as terms that must all match: "ell mar", "12/3/58", "07700 900 418", "0418". */
export function searchTerms(typed: string): SearchTerm[][] {
  const date = /(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?/.exec(typed);
  const rest = date ? typed.replace(date[0], " ") : typed;
  const groups: SearchTerm[][] = [];
  if (date) {
    const [, day = "", month = "", year = ""] = date;
    groups.push([{ text: day.padStart(2, "0") + month.padStart(2, "0") + year, exact: false }]);
  }
  const digits = rest.replace(/[^\d]/g, "");
  if (/^[\d\s+()]+$/.test(rest) && digits.length >= 4) {
    const national = digits.replace(/^44/, "0");
    groups.push([
      { text: `p${national}`, exact: false },
      { text: `t${digits}`, exact: true },
      { text: digits, exact: false },
    ]);
    return groups;
  }
  for (const word of rest.split(/[\s,]+/)) {
    const text = word.includes("@") ? word.toLowerCase() : normalise(word);
    if (text) groups.push([{ text, exact: false }]);
  }
  return groups;
}
