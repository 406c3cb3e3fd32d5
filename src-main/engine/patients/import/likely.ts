/** Who is here already like somebody in a file. One function, so that likeness can become cleverer in one place. */
import { dialled, normalise } from "../../../../replica/search.ts";
import type { PatientRecord } from "../../../../src-shared/patients/import/read-patient.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Reader } from "../../read/database.ts";
import { type LikePatient, patientLike, possibleDuplicates } from "../duplicates.ts";

/**
 * `number`: brought over before under the same number, and alike. `same`: all of name and birthday. `like`: some of it.
 * `other`: only the number is the same, which may be that of another system.
 */
export type Likeness = "number" | "same" | "like" | "other";
export interface Likely {
  readonly patient: LikePatient;
  readonly why: Likeness;
}

/** Who came under a number before, though nothing else proposes them. */
export function numberedPatient(read: Reader, id: Id): Likely | null {
  const patient = patientLike(read, id);
  return patient && { patient, why: "other" };
}

/** What the same number says: a number alone may be that of another system, where it is another person's. */
export function numbered(patient: Person, record: Person): Likeness {
  const named = nameKey({ ...patient, date_of_birth: record.date_of_birth }) === nameKey(record);
  return named || patient.date_of_birth === record.date_of_birth ? "number" : "other";
}

type Person = Pick<PatientRecord, "given_name" | "family_name" | "date_of_birth">;
/** What two records of one person have in common. */
export function nameKey({ given_name, family_name, date_of_birth }: Person): string {
  const first = normalise(given_name).trim().split(/\s+/)[0];
  return `${normalise(family_name).trim()}|${first}|${date_of_birth}`;
}

/** Likely ones, the likeliest first. A telephone alone is a household, not a person. */
export function likelyPatients(read: Reader, record: PatientRecord): Likely[] {
  const phones = [record.phone, record.phone_other].filter((phone) => phone !== null);
  return possibleDuplicates(read, record)
    .flatMap((patient): Likely[] => {
      // By what stands on the record that is alike: it may have been merged into another since.
      const { found } = patient;
      if (nameKey(found) === nameKey(record)) return [{ patient, why: "same" }];
      const given = normalise(found.given_name).trim() === normalise(record.given_name).trim();
      const born = found.date_of_birth === record.date_of_birth;
      const phone = phones.some((number) => dialled(number) === dialled(found.phone));
      // Twins share a birthday and a family name, and often a telephone: only a given name or a slip makes one of two.
      return given || (born && phone && !sameHousehold(found, record)) ? [{ patient, why: "like" }] : [];
    })
    .sort((a, b) => Number(b.why === "same") - Number(a.why === "same"));
}

const sameHousehold = (a: Person, b: Person) =>
  normalise(a.family_name) === normalise(b.family_name) && normalise(a.given_name)[0] !== normalise(b.given_name)[0];
