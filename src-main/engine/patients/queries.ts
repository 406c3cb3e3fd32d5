import { dialled, type EntryRange, exactly, normalise, spokenDate } from "../../../replica/search.ts";
import { db, type Reader } from "../read/database.ts";
import { broughtBalance, ofNoUndoneImport } from "./import/brought.ts";
import { findPatientIds, inRanges } from "./search.ts";

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
}

const columns =
  "p.id, p.number, p.given_name, p.family_name, p.date_of_birth, p.phone, p.postcode, p.allergies, p.warning";

/** Patients by any beginning of a name, a date of birth, a phone number or its tail, a post code, a number. */
export function searchPatients(read: Reader, typed: string, limit = 12): FoundPatient[] {
  const ids = findPatientIds(read, typed, limit);
  return patientsOf(read, ids).slice(0, limit);
}

/** In the order of their names. */
function patientsOf(read: Reader, ids: readonly string[]): FoundPatient[] {
  if (ids.length === 0) return [];
  return read.sql<FoundPatient>(
    `select ${columns} from json_each(?) c join patient p on p.id = unhex(c.value) order by p.family_name, p.given_name, p.id`,
    JSON.stringify(ids),
  );
}

/** Everything about one patient that this device holds, for one screen. */
export function patientSummary(read: Reader, id: string) {
  const patient = read.first(db.selectFrom("patient").selectAll().where("id", "=", id).where("deleted", "=", 0));
  if (!patient) return null;
  const of = (table: "prescription" | "exam_summary" | "handoff" | "sale" | "job" | "case_file") =>
    db.selectFrom(table).selectAll().where("patient_id", "=", id);
  const sales = read.all(of("sale") as never) as SaleRow[];
  const saleIds = sales.map((sale) => sale.id);
  return {
    patient,
    prescriptions: read.all(
      db
        .selectFrom("prescription")
        .selectAll()
        .where("patient_id", "=", id)
        .where(ofNoUndoneImport)
        .orderBy("issued_on", "desc")
        .orderBy("at", "desc"),
    ),
    exams: read.all(
      db.selectFrom("exam_summary").selectAll().where("patient_id", "=", id).orderBy("examined_on", "desc"),
    ),
    handoffs: read.all(db.selectFrom("handoff").selectAll().where("patient_id", "=", id).orderBy("raised_at", "desc")),
    sales: read.all(db.selectFrom("sale").selectAll().where("patient_id", "=", id).orderBy("at", "desc")),
    lines:
      saleIds.length > 0
        ? read.all(db.selectFrom("sale_line").selectAll().where("sale_id", "in", saleIds).orderBy("ordinal"))
        : [],
    payments:
      saleIds.length > 0
        ? read.all(db.selectFrom("payment").selectAll().where("sale_id", "in", saleIds).orderBy("at"))
        : [],
    jobs: read.all(db.selectFrom("job").selectAll().where("patient_id", "=", id).orderBy("at", "desc")),
    cases: read.all(
      db
        .selectFrom("case_file")
        .selectAll()
        .where("patient_id", "=", id)
        .where("deleted", "=", 0)
        .orderBy("opened_at", "desc"),
    ),
    conflicts: read.all(
      db.selectFrom("field_conflict").selectAll().where("row_id", "=", id).orderBy("at", "desc").limit(20),
    ),
    totals: {
      spent: sales.reduce((sum, sale) => sum + sale.paid, 0),
      balance: sales.reduce((sum, sale) => sum + sale.balance, 0) + broughtBalance(read, id),
    },
  };
}
interface SaleRow {
  readonly id: string;
  readonly paid: number;
  readonly balance: number;
}

/** Patients with the same family name and date of birth, or the same phone: shown while a new one is typed. */
export function possibleDuplicates(
  read: Reader,
  input: { familyName: string; dateOfBirth: string; phone: string | null },
): FoundPatient[] {
  const family = normalise(input.familyName).split(/\s+/).join(" ");
  const digits = dialled(input.phone);
  const ranges: EntryRange[] = [exactly(`${spokenDate(input.dateOfBirth)} ${family}`)];
  if (digits.length >= 4) ranges.push(exactly(`p${digits}`));
  return patientsOf(read, inRanges(read, ranges, 5));
}
