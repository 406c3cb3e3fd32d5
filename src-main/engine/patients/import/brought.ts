/** What came from the system before: of one patient, and all runs. Runs that were undone do not count. */
import { sql } from "kysely";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Reader } from "../../read/database.ts";
import { recordIds } from "../summary.ts";

/**
 * For queries over prescriptions: leaves out what an undone import brought. The facts stay. The import is asked for once
 * the row has one at all, which few have.
 */
export const ofNoUndoneImport = sql<boolean>`(prescription.import_id is null or not exists (
  select 1 from import_run r where r.id = prescription.import_id and r.undone_at is not null))`;

const ownRecords = "(select unhex(value) from json_each(?))";

/** What a patient owes (plus) or has to their credit (minus) from the system before, pence. 0 where money is not on this PC. */
function broughtBalance(read: Reader, own: string): number {
  const [row] = read.sql<{ amount: number | null }>(
    `select sum(amount) as amount from brought_balance where patient_id in ${ownRecords}`,
    own,
  );
  return row?.amount ?? 0;
}

/** Everything on the patient's screen that was brought over. */
export function broughtOf(read: Reader, patientId: Id) {
  const own = JSON.stringify(recordIds(read, patientId));
  return {
    /** Where the patient, or something of theirs, came from. */
    runs: read.sql<{ id: Id; name: string; at: number; by: string | null; whole: number }>(
      `select r.id, r.name, r.started_at as at, u.display_name as by,
         exists (select 1 from patient p where p.id in ${ownRecords} and p.import_id=r.id) as whole
       from import_run r left join app_user u on u.id=r.user_id
       where r.undone_at is null and r.id in (
         select import_id from patient where id in ${ownRecords}
         union select import_id from prescription where patient_id in ${ownRecords}
         union select import_id from brought_order where patient_id in ${ownRecords}
         union select import_id from brought_balance where patient_id in ${ownRecords})
       order by r.started_at`,
      ...Array.from({ length: 5 }, () => own),
    ),
    orders: read.sql<{
      id: Id;
      reference: string | null;
      description: string;
      supplier: string | null;
      ordered_on: string | null;
      due_on: string | null;
    }>(
      `select id, reference, description, supplier, ordered_on, due_on from brought_order
       where patient_id in ${ownRecords} and closed_at is null and deleted=0 order by due_on, id`,
      own,
    ),
    balance: broughtBalance(read, own),
    balances: read.sql<{ id: Id; amount: number; reference: string | null; note: string | null; at: number }>(
      `select id, amount, reference, note, at from brought_balance where patient_id in ${ownRecords} order by at, id`,
      own,
    ),
  };
}

/** All runs, the latest first. */
export function importRuns(read: Reader) {
  return read
    .sql<{
      id: Id;
      name: string;
      source: string;
      sha256: string;
      counts: string;
      started_at: number;
      by: string | null;
      branch: string | null;
      undone_at: number | null;
      undone_by: string | null;
      here: number;
    }>(
      `select r.id, r.name, r.source, r.sha256, r.counts, r.started_at, r.undone_at, u.display_name as by,
         d.display_name as undone_by, b.name as branch,
         (select count(*) from patient p where p.import_id=r.id and p.deleted=0) as here
       from import_run r
       left join app_user u on u.id=r.user_id left join app_user d on d.id=r.undone_by_id
       left join branch b on b.id=r.branch_id
       where r.deleted=0 order by r.started_at desc`,
    )
    .map((run) => ({ ...run, counts: JSON.parse(run.counts) as Readonly<Record<string, number>> }));
}
