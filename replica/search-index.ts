/** Fills the index that patients are found by for whole tables at once. */
import type { Sqlite } from "./open.ts";
import { searchEntries } from "./search.ts";

/** What an entry is made of; all of it has been in the table from the first schema on. */
const columns = ["given_name", "family_name", "date_of_birth", "phone", "phone_other", "postcode", "email", "number"];

/** Patients whose entries are sorted and written at once: some ten megabytes. */
const atOnce = 12_500;

/** Makes the entries of patients in the order of their ids, those of an earlier call not again. */
export interface SearchFiller {
  /** To be told of rows that were added; writes entries once they are worth it. */
  added(count: number): void;
  /** Writes what is left. */
  finish(): void;
}

/** For a connection whose `patient` table is being filled in the order of ids, inside a transaction of the caller. */
export function createSearchFiller(db: Sqlite): SearchFiller {
  db.function("search_entries", { deterministic: true, varargs: true }, (...values: unknown[]) =>
    JSON.stringify(searchEntries(Object.fromEntries(columns.map((name, index) => [name, values[index]])))),
  );
  const end = db.prepare("select max(id) from (select id from patient where id > ? order by id limit ?)").pluck();
  // Sorted: entries written in the order of patients would touch every page of the index again and again.
  const write = db.prepare(
    `insert or ignore into patient_token (token, patient_id)
     select e.value, p.id from patient p, json_each(search_entries(${columns.map((name) => `p.${name}`).join(",")})) e
     where p.id > ? and p.id <= ? and p.deleted = 0 order by 1, 2`,
  );
  let after: Buffer = Buffer.alloc(0);
  let waiting = 0;
  const writeNext = (): boolean => {
    const to = end.get(after, atOnce) as Buffer | null;
    if (to === null) return false;
    write.run(after, to);
    after = to;
    return true;
  };
  return {
    added(count) {
      waiting += count;
      for (; waiting >= atOnce; waiting -= atOnce) writeNext();
    },
    finish() {
      while (writeNext());
    },
  };
}

/** Makes the whole index anew, inside a transaction of the caller. */
export function makeSearch(db: Sqlite): void {
  db.exec("delete from patient_token");
  createSearchFiller(db).finish();
}
