/**
 * Databases as older versions left them, for the tests of migrations: the tables of one schema, filled with two rows
 * each. Columns come from the database itself, whose first schema is frozen; values that have a meaning stand here as
 * that version wrote them, and are never edited. Ids are the same in every table, so that every reference holds.
 */

import { type Migration, statementsOf } from "../migrations/index.ts";
import type { Sqlite } from "../replica/open.ts";
import type { Queryable } from "../sync-server/database/database.ts";

export const oldIds = ["01234567012345670123456701234567", "89abcdef89abcdef89abcdef89abcdef"] as const;

const job = {
  rx: { r_sphere: -4250 },
  lens: { name: "Norvue Arc 1.60" },
  frame: { name: "Ashby 4107" },
  measurements: { pd_r: 315 },
  coatings: ["hard"],
};
const wireBody = {
  id: oldIds[0],
  branch: null,
  stream: "people",
  entity: "patient",
  row: oldIds[0],
  op: "patch",
  fields: { notes: "rings back" },
  base: { notes: oldIds[0] },
};
const header = {
  v: 1,
  practice: oldIds[0],
  group: oldIds[0],
  device: oldIds[0],
  epoch: 1,
  seq: 1,
  prev: "A".repeat(43),
  user: oldIds[0],
  role: null,
  authz: 0,
  schema: 10,
  app: "0.1.0",
  command: "patients.update",
  after: [],
  hlc: oldIds[0],
  bodies: ["B".repeat(43)],
};
const bodies = [{ i: 0, salt: "C".repeat(22), body: JSON.stringify(wireBody) }];

/** By `table.column`, or by the column alone. */
const values: Readonly<Record<string, unknown>> = {
  "branch.opening": { "1": [["09:00", "17:30"]] },
  "branch.time_zone": "Europe/London",
  "branch_exception.intervals": [["09:00", "12:00"]],
  "device.profile": "till",
  "device.status": "active",
  "role_permission.scope": "A",
  "role_change_audit.before": [],
  "role_change_audit.after": ["pos:access"],
  "setting.value": 50,
  "product.kind": "frame",
  "product.details": { colour: "black", a: 510, b: 380, dbl: 180 },
  "stock_movement.kind": "receipt",
  "patient.sex": "female",
  "patient.sight_impaired": "SI",
  "prescription.source": "exam",
  "exam_summary.outcome": "new_rx",
  "handoff.outcome": "refer",
  "exam.outcome": "no_change",
  "exam_record.content": JSON.stringify({
    version: 1,
    patient_id: oldIds[0],
    optometrist_id: oldIds[0],
    started_at: 1_790_000_000_000,
    exam: {
      outcome: "no_change",
      recall_months: 24,
      recommendation: null,
      bvd: null,
      r_sphere: -4250,
      l_sphere: -4000,
    },
  }),
  "exam_record.folded": [oldIds[0]],
  "exam_amendment.state": "proposed",
  "exam.kind": "contact_lens_fit",
  "exam.early_recall": "3.1",
  "exam_entry.key": "posterior.disc.r",
  "exam_entry.value": "healthy_rim",
  "exam_item.list": "pressure",
  "exam_item.data": { eye: "r", value: 165, method: "goldmann", at: 1_790_000_000_000, note: null },
  "exam_submission.content": JSON.stringify({
    version: 2,
    patient_id: oldIds[0],
    optometrist_id: oldIds[0],
    started_at: 1_790_000_000_000,
    exam: { outcome: "refer", recall_months: null, recommendation: null, bvd: null, r_sphere: -500, l_sphere: null },
    entries: { "posterior.disc.r": "healthy_rim" },
    items: {},
    questions: {},
  }),
  "exam_submission.folded": [oldIds[0]],
  "exam_form.sections": [{ section: "history", label: null, hidden: [], folded: false }],
  "exam_question.section": "history",
  "exam_question.kind": "choice",
  "exam_question.options": ["yes", "no"],
  "contact_lens_spec.lenses": {
    r: {
      brand: "Clarity One",
      material: null,
      design: null,
      base_curve: 860,
      diameter: 1420,
      sphere: -4000,
      cylinder: null,
      axis: null,
      add: null,
    },
    l: null,
    schedule: "daily",
    solution: null,
  },
  "contact_lens_spec.fitted_on": "2026-03-02",
  "referral.urgency": "urgent",
  "prescription.restricted": "under_16",
  "prescription.statement": "no_significant_change",
  "handoff.card": { lensTypes: ["varifocal"], coatings: [] },
  "handoff.urgency": "soon",
  "clinic_template.weekday": 1,
  "clinic_template.begins": "09:00",
  "clinic_template.ends": "17:00",
  "clinic_template.breaks": [["12:30", "13:30"]],
  "clinic_template.slot_minutes": 30,
  "appointment.kind": "sight_test",
  "appointment.minutes": 30,
  "appointment.state": "booked",
  "appointment_event.kind": "arrived",
  "consent.purpose": "marketing",
  "consent.how": "in_person",
  "patient_link.relation": "spouse",
  "patient_change.before": "07700 900418",
  "patient_change.after": null,
  "import_run.source": "csv",
  "import_run.counts": { patients: 2 },
  "attachment.kind": "fundus",
  "attachment.eye": "r",
  "attachment.mime": "image/png",
  "api_token.scopes": ["patients:view_360"],
  "sale.currency": "GBP",
  "practice.country": "GB",
  "practice.currency": "GBP",
  "role.built_in": "DO",
  "sale_line.kind": "lens",
  "sale_pair.measurements": job.measurements,
  "sale_pair.job": { patient_name: "Margaret Ellison", content: job },
  "payment.kind": "payment",
  "payment.tender": "gift_voucher",
  "job.content": job,
  "job_event.kind": "edging",
  "case_file.channel": "phone",
  "case_message.from": "patient",
  "case_message.channel": "email",
  "case_event.kind": "status",
  "case_event.value": "awaiting_patient",
  "case_event.follows": [],
  "domain_event.source": "staff",
  "domain_event.payload": {},
  "audit_entry.changed": ["patient.phone"],
  "review_task.args": {},
  "field_conflict.kept": "07700 900418",
  "field_conflict.lost": null,
  "sync_outbox.state": "pending",
  "sync_outbox.header": JSON.stringify(header),
  "sync_outbox.bodies": JSON.stringify(bodies),
  "sync_overlay.entity": "patient",
  stream: "people",
  tray: "T27",
  code: "LDS",
  terminal_code: "T2",
  r_base_h: "in",
  l_base_h: "out",
  r_base_v: "up",
  l_base_v: "down",
  bvd: 120,
  r_axis: 15,
  l_axis: 180,
  recall_months: 24,
  vat_rate: 2000,
};
const dates = new Set([
  "date_of_birth",
  "on_date",
  "issued_on",
  "expires_on",
  "recall_on",
  "examined_on",
  "business_date",
  "promised_on",
  "fitted_on",
  "valid_from",
  "valid_to",
  "ordered_on",
  "due_on",
]);

type Plain = "id" | "text" | "int" | "bool";

/** The value of a column in one of the two rows; the first has a value everywhere, the second null where it may. */
function oldValue(table: string, column: string, type: Plain, nullable: boolean, row: 0 | 1): unknown {
  if (nullable && row === 1) return null;
  // The engine's one row about itself.
  if (column === "one") return row + 1;
  const known = `${table}.${column}` in values ? values[`${table}.${column}`] : values[column];
  if (known !== undefined) return typeof known === "object" || isJson(table, column) ? JSON.stringify(known) : known;
  if (type === "id") return oldIds[row];
  if (type === "text") return dates.has(column) ? "1958-12-03" : `${column} ${row}`.slice(0, 12);
  return type === "bool" ? row === 0 : row + 1;
}
const bare = new Set([
  "setting.value",
  "field_conflict.kept",
  "field_conflict.lost",
  "exam_entry.value",
  "patient_change.before",
  "patient_change.after",
]);
/** JSON columns whose value is not an object. */
const isJson = (table: string, column: string) => bare.has(`${table}.${column}`);

interface OldColumn {
  readonly name: string;
  readonly type: Plain;
  readonly nullable: boolean;
}

export function sqliteColumns(db: Sqlite): Map<string, OldColumn[]> {
  const plain = { blob: "id", text: "text", integer: "int" } as const;
  const names = db
    .prepare("select name from sqlite_master where type='table' and name not like 'sqlite_%' order by name")
    .pluck()
    .all() as string[];
  return new Map(
    names.map((name) => {
      const columns = db.pragma(`table_info("${name}")`) as { name: string; type: string; notnull: number }[];
      return [
        name,
        columns.map((column) => ({
          name: column.name,
          type: plain[column.type.toLowerCase() as keyof typeof plain],
          nullable: column.notnull === 0,
        })),
      ];
    }),
  );
}

/** A replica as the version of the last of `steps` left it. */
export function oldReplica(db: Sqlite, steps: readonly Migration[]): void {
  for (const step of steps) for (const statement of statementsOf(step, "sqlite")) db.exec(statement);
  db.pragma(`user_version=${steps.at(-1)?.number ?? 0}`);
  db.transaction(() => {
    for (const [table, columns] of sqliteColumns(db)) {
      const insert = db.prepare(
        `insert into "${table}" (${columns.map(({ name }) => `"${name}"`).join(",")}) values (${columns.map(() => "?").join(",")})`,
      );
      for (const row of [0, 1] as const)
        insert.run(
          columns.map(({ name, type, nullable }) => {
            const value = oldValue(table, name, type, nullable, row);
            if (type === "id" && value !== null) return Buffer.from(value as string, "hex");
            return typeof value === "boolean" ? Number(value) : value;
          }),
        );
    }
  })();
}

/** Every row of every table, by the columns named: what a migration must leave as it is. */
export function sqliteRows(db: Sqlite, tables: ReadonlyMap<string, readonly OldColumn[]>): string {
  return JSON.stringify(
    [...tables].map(([table, columns]) => [
      table,
      db.prepare(`select ${columns.map(({ name }) => `"${name}"`).join(",")} from "${table}" order by 1, 2`).all(),
    ]),
  );
}

export async function centreColumnsOf(db: Queryable): Promise<Map<string, (OldColumn & { readonly sql: string })[]>> {
  const plain: Record<string, Plain> = { uuid: "id", bytea: "id", text: "text", bigint: "int", boolean: "bool" };
  const rows = await db.query<{ table_name: string; column_name: string; data_type: string; is_nullable: string }>(
    `select table_name, column_name, data_type, is_nullable from information_schema.columns
     where table_schema='public' and table_name <> 'schema_migration' order by table_name, ordinal_position`,
  );
  return new Map(
    [...Map.groupBy(rows, ({ table_name }) => table_name)].map(([table, columns]) => [
      table,
      columns.map((column) => ({
        name: column.column_name,
        type: plain[column.data_type] as Plain,
        nullable: column.is_nullable === "YES",
        sql: column.data_type,
      })),
    ]),
  );
}

/** A centre's database as the version of the last of `steps` left it. */
export async function oldCentre(tx: Queryable, steps: readonly Migration[]): Promise<void> {
  await tx.query("create table schema_migration (number bigint primary key, name text not null)");
  for (const step of steps) {
    for (const statement of statementsOf(step, "postgres")) await tx.query(statement);
    await tx.query("insert into schema_migration (number, name) values ($1, $2)", [step.number, step.name]);
  }
  for (const [table, columns] of await centreColumnsOf(tx)) {
    const names = columns.map(({ name }) => `"${name}"`).join(",");
    const places = columns.map(({ sql }, i) => (sql === "bytea" ? `decode($${i + 1}::text,'hex')` : `$${i + 1}`));
    for (const row of [0, 1] as const)
      await tx.query(
        `insert into "${table}" (${names}) values (${places.join(",")})`,
        columns.map(({ name, type, nullable }) =>
          // Both rows are of one practice.
          name === "practice_id" && columns.some((other) => other.name === "id")
            ? oldIds[0]
            : oldValue(table, name, type, nullable, row),
        ),
      );
  }
}

export async function centreRowsOf(db: Queryable, tables: ReadonlyMap<string, readonly OldColumn[]>): Promise<string> {
  const all: unknown[] = [];
  for (const [table, columns] of tables)
    all.push(
      table,
      await db.query(`select ${columns.map(({ name }) => `"${name}"`).join(",")} from "${table}" order by 1, 2`),
    );
  return JSON.stringify(all);
}
