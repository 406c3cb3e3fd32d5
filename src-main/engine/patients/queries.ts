import { sql } from "kysely";
import { searchTerms } from "../../../replica/search.ts";
import { db, type Reader } from "../read/database.ts";

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

const found =
  "p.id, p.number, p.given_name, p.family_name, p.date_of_birth, p.phone, p.postcode, p.allergies, p.warning";
/** Candidates read for the most telling term before the others narrow them; beyond it the typing goes on anyway. */
const candidates = 400;

/** Patients by any beginning of a name, a date of birth, a phone number or its tail, a post code, a number. */
export function searchPatients(read: Reader, typed: string, limit = 12): FoundPatient[] {
  const groups = searchTerms(typed.trim());
  if (groups.length === 0) return [];
  // The longest term is the most telling: it finds the candidates, the others only confirm.
  const [first, ...others] = [...groups].sort((a, b) => longest(b) - longest(a)) as [
    (typeof groups)[number],
    ...typeof groups,
  ];
  const where: string[] = [];
  const parameters: unknown[] = [];
  const match = (term: { text: string; exact: boolean }) => {
    if (term.exact) {
      parameters.push(term.text);
      return "token = ?";
    }
    // `<` the next text after every one that begins so: a range over the key, no scan.
    parameters.push(term.text, `${term.text}\uffff`);
    return "token >= ? and token < ?";
  };
  const source = first.map((term) => `select patient_id from patient_token where ${match(term)}`).join(" union ");
  parameters.push(candidates);
  for (const group of others) {
    const any = group.map((term) => `(${match(term)})`).join(" or ");
    where.push(`exists (select 1 from patient_token k where k.patient_id = c.patient_id and (${any}))`);
  }
  parameters.push(limit);
  return read.sql<FoundPatient>(
    `select ${found} from (select distinct patient_id from (${source}) limit ?) c join patient p on p.id = c.patient_id
     ${where.length > 0 ? `where ${where.join(" and ")}` : ""}
     order by p.family_name, p.given_name limit ?`,
    ...parameters,
  );
}
function longest(group: readonly { text: string }[]): number {
  return Math.max(...group.map(({ text }) => text.length));
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
      balance: sales.reduce((sum, sale) => sum + sale.balance, 0),
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
  return read.all(
    db
      .selectFrom("patient as p")
      .select([
        "p.id",
        "p.number",
        "p.given_name",
        "p.family_name",
        "p.date_of_birth",
        "p.phone",
        "p.postcode",
        "p.allergies",
        "p.warning",
      ])
      .where("p.deleted", "=", 0)
      .where((eb) =>
        eb.or([
          eb.and([
            eb(sql`lower(p.family_name)`, "=", input.familyName.toLowerCase()),
            eb("p.date_of_birth", "=", input.dateOfBirth),
          ]),
          ...(input.phone ? [eb("p.phone", "=", input.phone)] : []),
        ]),
      )
      .limit(5),
  );
}
