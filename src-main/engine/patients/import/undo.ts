/** What undoing a run takes away, and what it leaves alone. */
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { allEntities } from "../../../../src-shared/sync/registry.ts";
import { bytes, type Reader } from "../../read/database.ts";

type Sql = Pick<Reader, "sql">;

/** Rows that tell of a patient without being theirs: who looked at what, which values met. */
const besides = new Set(["audit_entry", "domain_event", "review_task", "field_conflict"]);
const naming = allEntities
  .filter(({ name }) => !besides.has(name))
  .flatMap((entity) =>
    entity.columns
      .filter((column) => entity.fields[column]?.ref === "patient")
      .map((column) => ({
        table: entity.name,
        column,
        imported: entity.columns.includes("import_id"),
        removable: entity.mergeable,
      })),
  );

/**
 * Those of the patients who have got anything since they were brought over: an exam, a sale, a booking, a case, a prescription
 * of another origin, a relative, or a detail that somebody corrected. They stay when their import is undone.
 */
export function othersOf(at: Sql, runId: Id, patients: readonly Id[]): Set<Id> {
  const list = JSON.stringify(patients);
  const these = "(select unhex(value) from json_each(?))";
  const kept = at.sql<{ id: Id }>(`select id from patient where id in ${these} and clocks is not null`, list);
  for (const { table, column, imported, removable } of naming) {
    const own = imported ? " and import_id is not ?" : "";
    const gone = removable ? " and deleted = 0" : "";
    const rows = at.sql<{ id: Id }>(
      `select distinct "${column}" as id from "${table}" where "${column}" in ${these}${gone}${own}`,
      list,
      ...(imported ? [bytes(runId)] : []),
    );
    kept.push(...rows);
  }
  return new Set(kept.map(({ id }) => id));
}

export interface Undoable {
  readonly patients: readonly Id[];
  readonly orders: readonly Id[];
  readonly balances: readonly Id[];
}
/** What of a run is still to be undone. */
export function undoable(read: Sql, runId: Id): Undoable {
  const ids = (text: string, ...more: unknown[]) => read.sql<{ id: Id }>(text, ...more).map(({ id }) => id);
  const run = bytes(runId);
  const patients = ids("select id from patient where import_id=? and deleted=0 order by id", run);
  const kept = othersOf(read, runId, patients);
  return {
    patients: patients.filter((id) => !kept.has(id)),
    orders: ids("select id from brought_order where import_id=? and closed_at is null and deleted=0 order by id", run),
    // Those that are reversed already are told by the counter's derived id when it is written.
    balances: ids("select id from brought_balance where import_id=? and note is not ? order by id", run, reversedNote),
  };
}
/** What a counter-fact of an undone balance says. */
export const reversedNote = "Taken back with its import";

/** Patients of a run who stay when it is undone, by name: how many, and the first of them. */
export function keptOf(read: Sql, runId: Id, gone: readonly Id[]) {
  const where = "import_id=? and deleted=0 and id not in (select unhex(value) from json_each(?))";
  const parameters = [bytes(runId), JSON.stringify(gone)];
  const [count] = read.sql<{ n: number }>(`select count(*) as n from patient where ${where}`, ...parameters);
  return {
    keptCount: count?.n ?? 0,
    kept: read.sql<{ id: Id; number: string; given_name: string; family_name: string; date_of_birth: string }>(
      `select id, number, given_name, family_name, date_of_birth from patient where ${where}
       order by family_name, given_name limit 50`,
      ...parameters,
    ),
  };
}

/**
 * Money that this practice's tills took for balances that a run brought, minor units. It stays in sales and tills when the
 * run is undone, since it was paid; with the balance gone it is the patients' credit.
 */
export function takenOf(read: Sql, runId: Id): { payments: number; amount: number } {
  const [row] = read.sql<{ payments: number; amount: number | null }>(
    `select count(*) as payments, sum(-amount) as amount from brought_balance
     where sale_id is not null and amount < 0
       and patient_id in (select patient_id from brought_balance where import_id = ?)`,
    bytes(runId),
  );
  return { payments: row?.payments ?? 0, amount: row?.amount ?? 0 };
}
