/**
 * What stands on a record that was merged is shown, and written, under the record that is kept. Rows stay where they
 * are, so that undoing the merge has nothing to move back.
 */
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { db, type Reader } from "../read/database.ts";
import type { Transaction } from "../write/transaction.ts";
import { keptRecord, recordIds } from "./summary.ts";

/** The id under which a person is shown now: the kept record's, or the one asked for when nobody by it is here. */
export function shownId(read: Pick<Reader, "sql">, id: Id): Id {
  return keptRecord(read, id)?.kept.id ?? id;
}

/** The row of the kept record, as the database holds it; null when nobody by this id is on this device. */
export function keptPatient(read: Reader, id: Id) {
  return read.first(db.selectFrom("patient").selectAll().where("id", "=", shownId(read, id)).where("deleted", "=", 0));
}

/**
 * The record that stands for a patient, for what is written now. Whoever held on to the one that was given up (a till
 * in mid-sale, a diary opened before) writes on the kept one.
 *
 * @throws Refusal `NOT_FOUND`.
 */
export function standingFor(tx: Transaction, id: Id): Row<"patient"> {
  return tx.need("patient", shownId(tx, id));
}

/** Whether two ids stand for one person. */
export function samePerson(read: Pick<Reader, "sql">, one: Id, other: Id): boolean {
  return one === other || recordIds(read, one).includes(other);
}

interface Listed {
  readonly patient_id: Id | null;
  readonly merged_into_id: Id | null;
}
/**
 * Rows of a list that name a patient, with the id of the kept record and its words in `columns`. Only rows of records
 * that were merged cost a look.
 */
export function ofKept<R extends Listed, C extends keyof Row<"patient"> & keyof R>(
  read: Pick<Reader, "sql">,
  rows: readonly R[],
  columns: readonly C[],
): R[] {
  return rows.map((row) => {
    if (row.merged_into_id === null || row.patient_id === null) return row;
    const kept = keptRecord(read, row.patient_id)?.kept;
    if (!kept) return row;
    return { ...row, ...Object.fromEntries(columns.map((name) => [name, kept[name]])), patient_id: kept.id };
  });
}
