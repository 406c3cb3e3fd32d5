import { keptId, mergedOfRow } from "../../../src-shared/patients/merged.ts";
import { bytes, type Reader } from "../read/database.ts";
import { findByNumberEnd, findPatientIds } from "./search.ts";
import { findAlikeIds } from "./spelling.ts";

export interface FoundPatient {
  readonly id: string;
  readonly number: string;
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly phone: string | null;
  readonly postcode: string | null;
  readonly allergies: string | null;
  readonly warning: string | null;
  /** Found by what stands in a record that was merged into this one: that record's name and number. */
  readonly formerly: string | null;
  /** Nobody is written as it was typed, and this name is like it. */
  readonly alike: boolean;
}

const columns =
  "p.id, p.number, p.given_name, p.family_name, p.date_of_birth, p.phone, p.postcode, p.allergies, p.warning, p.merged_into_id, iif(p.merged_into_id is null, null, p.hlc) as hlc, iif(p.merged_into_id is null, null, p.clocks) as clocks";

/**
 * Patients by any beginning of a name, a date of birth, a phone number or its tail, a post code, a number or its end.
 * Whom the end of a number finds stand behind all others, and are not crowded out by them.
 */
export function searchPatients(read: Reader, typed: string, limit = 12): FoundPatient[] {
  const exact = patientsOf(read, findPatientIds(read, typed, limit));
  const known = new Set(exact.map(({ id }) => id));
  const numbered = patientsOf(read, findByNumberEnd(read, typed, limit * 5)).filter(({ id }) => !known.has(id));
  const kept = Math.max(limit - numbered.length, Math.ceil(limit / 2));
  const people = [...exact.slice(0, kept), ...numbered];
  if (people.length > 0) return people.slice(0, limit).map((person) => ({ ...person, alike: false }));
  return patientsOf(read, findAlikeIds(read, typed, limit))
    .slice(0, limit)
    .map((person) => ({ ...person, alike: true }));
}

type Person = Omit<FoundPatient, "alike">;
type Row = Person & { hlc: string; clocks: string | null; merged_into_id: string | null };

/** In the order of their names; for a record that was merged, the one that is kept. */
function patientsOf(read: Reader, ids: readonly string[]): Person[] {
  if (ids.length === 0) return [];
  const rows = read.sql<Row>(
    `select ${columns} from json_each(?) c join patient p on p.id = unhex(c.value) order by p.family_name, p.given_name, p.id`,
    JSON.stringify(ids),
  );
  // Nearly always so.
  if (rows.every(({ merged_into_id }) => merged_into_id === null)) return rows.map((row) => found(row, null));
  const people = new Map<string, Person>();
  const known = new Map(rows.map((row) => [row.id, row]));
  const rowOf = (id: string): Row | null => {
    const row = known.get(id) ?? read.sql<Row>(`select ${columns} from patient p where p.id = ?`, bytes(id))[0] ?? null;
    if (row) known.set(id, row);
    return row;
  };
  for (const row of rows) {
    const kept = rowOf(
      keptId(row.id, (id) => {
        const merged = rowOf(id);
        // Into one that is not here yet: until then it stands for itself.
        return merged?.merged_into_id && rowOf(merged.merged_into_id) ? mergedOfRow(merged) : null;
      }),
    );
    // What was found under its own name needs no other.
    if (!kept || (kept !== row && people.has(kept.id))) continue;
    people.set(kept.id, found(kept, kept === row ? null : `${row.given_name} ${row.family_name}, ${row.number}`));
  }
  return [...people.values()];
}

function found({ hlc: _, clocks: _clocks, merged_into_id: _into, ...row }: Row, formerly: string | null): Person {
  return { ...row, formerly };
}
