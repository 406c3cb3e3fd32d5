/** Whether a file names another patient than the one it is about to stand beside. */

/** Whom a file itself names; null where it does not say. */
export interface NamedInFile {
  /** As instruments write it: `ELLISON^MARGARET^ANN`, at times `Ellison, Margaret`. */
  readonly name: string | null;
  /** `1958-12-03`. */
  readonly dateOfBirth: string | null;
  readonly number: string | null;
}
export interface FilePatient {
  readonly givenName: string;
  readonly familyName: string;
  readonly dateOfBirth: string | null;
  readonly number: string | null;
}

/**
 * What of it differs. Instruments cut names, drop accents and give numbers of their own: a name agrees if the family name
 * and one given name do, in whatever order; a number counts only where the file says nothing better.
 */
export function differences(named: NamedInFile, patient: FilePatient): ("name" | "dateOfBirth" | "number")[] {
  const found: ("name" | "dateOfBirth" | "number")[] = [];
  if (named.name && !sameName(named.name, patient)) found.push("name");
  if (named.dateOfBirth && patient.dateOfBirth && named.dateOfBirth !== patient.dateOfBirth) found.push("dateOfBirth");
  const says = named.name !== null || named.dateOfBirth !== null;
  if (!says && named.number && patient.number && named.number !== patient.number) found.push("number");
  return found;
}

function sameName(name: string, { familyName, givenName }: FilePatient): boolean {
  const words = new Set(wordsOf(name));
  const given = wordsOf(givenName);
  return (
    wordsOf(familyName).every((word) => words.has(word)) && (given.length === 0 || given.some((w) => words.has(w)))
  );
}

function wordsOf(text: string): string[] {
  return text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/['’]/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}
