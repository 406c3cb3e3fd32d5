/** What the exam room looks at: one exam with all that belongs to it, and what was found at the visits before. */
import { ageOn, localDate } from "../../../src-shared/calendar/index.ts";
import { amendedRecord } from "../../../src-shared/exams/amended.ts";
import { drawnBefore, type EarlierVisit, earlierBySection } from "../../../src-shared/exams/earlier.ts";
import { defaultForm, type FormSections } from "../../../src-shared/exams/form.ts";
import { type ExamContent, readExamContent } from "../../../src-shared/exams/record-content.ts";
import type { Engine } from "../engine.ts";
import { todayAt } from "../lab/router.ts";
import { ofNoUndoneImport } from "../patients/import/brought.ts";
import { keptPatient, ofKept } from "../patients/kept.ts";
import { recordIds } from "../patients/summary.ts";
import { bytes, db, type Reader } from "../read/database.ts";

/** Names by person, for whoever signed or wrote something. */
function peopleOf(read: Reader): ReadonlyMap<string, string> {
  return new Map(
    read.all(db.selectFrom("app_user").select(["id", "display_name"])).map((row) => [row.id, row.display_name]),
  );
}

/**
 * Signed visits of a patient, by whichever of their records, the latest first and as they read with their amendments.
 * Found through the patient's exams, which have an index; records have none by patient.
 */
export function pastVisits(read: Reader, patient: string, except: string | null = null): EarlierVisit[] {
  const exams = db.selectFrom("exam").select("id").where("patient_id", "in", recordIds(read, patient));
  const records = read
    .all(
      db
        .selectFrom("exam_record")
        .select(["exam_id", "branch_id", "signed_at", "content"])
        .where("exam_id", "in", exams)
        .orderBy("signed_at", "desc")
        .limit(40),
    )
    .filter(({ exam_id }) => exam_id !== except);
  if (records.length === 0) return [];
  const said = Map.groupBy(
    read.all(
      db
        .selectFrom("exam_amendment")
        .selectAll()
        .where(
          "exam_id",
          "in",
          records.map(({ exam_id }) => exam_id),
        ),
    ),
    ({ exam_id }) => exam_id,
  );
  const zones = new Map(read.all(db.selectFrom("branch").select(["id", "time_zone"])).map((row) => [row.id, row]));
  return records.map(({ exam_id, branch_id, signed_at, content }) => {
    const amendments = said.get(exam_id);
    return {
      examId: exam_id,
      signedAt: signed_at,
      on: localDate(signed_at, zones.get(branch_id)?.time_zone ?? "Europe/London"),
      content: amendments ? amendedRecord(content, amendments).amended : readExamContent(content),
    };
  });
}

/** The form for a person of these roles: their role's, else the practice's, else what comes with the product. */
export function formFor(read: Reader, roles: readonly (string | null)[]): FormSections {
  const forms = read.all(db.selectFrom("exam_form").select(["role_id", "sections"]).where("deleted", "=", 0));
  const found = roles.map((role) => forms.find(({ role_id }) => role_id === role)).find((form) => form !== undefined);
  const form = found ?? forms.find(({ role_id }) => role_id === null);
  return form ? (JSON.parse(form.sections) as FormSections) : defaultForm;
}

export function questionsOf(read: Reader) {
  return read
    .all(db.selectFrom("exam_question").selectAll().where("deleted", "=", 0).orderBy("position").orderBy("id"))
    .map(({ id, section, label, kind, options, unit, per_eye, expected, position }) => ({
      id,
      section,
      label,
      kind,
      options: JSON.parse(options) as string[],
      unit,
      perEye: per_eye === 1,
      expected: expected === 1,
      position,
    }));
}

/** One exam, draft or signed, with what its screen shows; null when it is not on this device. */
export function examOf(engine: Engine, id: string, roles: readonly (string | null)[]) {
  const { read } = engine;
  const exam = read.first(db.selectFrom("exam").selectAll().where("id", "=", id).where("deleted", "=", 0));
  if (!exam) return null;
  const own = recordIds(read, exam.patient_id);
  const patient = keptPatient(read, exam.patient_id);
  const people = peopleOf(read);
  const today = todayAt(engine);
  const entries = read.all(
    db.selectFrom("exam_entry").select(["id", "key", "value"]).where("exam_id", "=", id).where("deleted", "=", 0),
  );
  const items = read.all(
    db
      .selectFrom("exam_item")
      .select(["id", "list", "data"])
      .where("exam_id", "=", id)
      .where("deleted", "=", 0)
      .orderBy("id"),
  );
  const visits = pastVisits(read, exam.patient_id, id);
  const previous = read.first(
    db
      .selectFrom("prescription")
      .selectAll()
      .where("patient_id", "in", own)
      .where("exam_id", "is not", id)
      .where(ofNoUndoneImport)
      .where("issued_on", "<=", today)
      .orderBy("issued_on", "desc")
      .orderBy("at", "desc"),
  );
  return {
    exam,
    patient: patient ? { ...patient, age: ageOn(patient.date_of_birth, today) } : null,
    today,
    entries: Object.fromEntries(
      entries.flatMap(({ key, value }) => (value === null ? [] : [[key, JSON.parse(value) as unknown]])),
    ),
    items: items.map(({ id: item, list, data }) => ({
      id: item,
      list,
      data: JSON.parse(data) as Record<string, unknown>,
    })),
    form: formFor(read, roles),
    questions: questionsOf(read),
    record: recordOf(engine, exam.record_id, people),
    submission: submissionOf(read, id, people),
    amendments: read
      .all(db.selectFrom("exam_amendment").selectAll().where("exam_id", "=", id).orderBy("at"))
      .map((row) => ({ ...row, author: people.get(row.author_id) ?? "" })),
    conflicts: read.sql<{ field: string; kept: string; lost: string; key: string | null; at: number }>(
      `select c.field, c.kept, c.lost, e.key, c.at from field_conflict c left join exam_entry e on e.id = c.row_id
       where c.row_id = ? or e.exam_id = ? order by c.at desc limit 20`,
      bytes(id),
      bytes(id),
    ),
    /** Letters of referral that were written from it. */
    letters: read.all(db.selectFrom("referral").select("id").where("patient_id", "in", own).where("exam_id", "=", id))
      .length,
    /** The visit before this one. */
    last: visits[0] ? { examId: visits[0].examId, on: visits[0].on } : null,
    /** What stands pale behind the fields, by section. */
    earlier: earlierBySection(visits, previous),
    /** What can be shown behind the drawings. */
    drawn: { anterior: drawnBefore(visits, "anterior"), posterior: drawnBefore(visits, "posterior") },
    series: seriesOf(visits),
    previous,
    lastRecall: read.first(
      db
        .selectFrom("exam_summary")
        .select(["recall_on", "examined_on"])
        .where("patient_id", "in", own)
        .where("exam_id", "!=", id)
        .orderBy("examined_on", "desc"),
    ),
  };
}

function recordOf(engine: Engine, id: string | null, people: ReadonlyMap<string, string>) {
  const record = id ? engine.read.first(db.selectFrom("exam_record").selectAll().where("id", "=", id)) : null;
  if (!record) return null;
  return {
    id: record.id,
    signedAt: record.signed_at,
    signedBy: people.get(record.signed_by_id) ?? "",
    preparedBy: record.prepared_by_id ? (people.get(record.prepared_by_id) ?? "") : null,
    sha256: record.sha256,
    final: !engine.replica.isUnsettled(record.hlc),
    // Checked when it was taken in; a newer version may have put more into it, which is shown as it is.
    content: readExamContent(record.content),
  };
}

/** The last signature that waits for a countersignature. */
function submissionOf(read: Reader, exam: string, people: ReadonlyMap<string, string>) {
  const row = read.first(
    db
      .selectFrom("exam_submission")
      .select(["id", "author_id", "at", "sha256"])
      .where("exam_id", "=", exam)
      .orderBy("at", "desc"),
  );
  return row ? { id: row.id, authorId: row.author_id, author: people.get(row.author_id) ?? "", at: row.at } : null;
}

export interface SeriesPoint {
  readonly at: number;
  readonly r: number | null;
  readonly l: number | null;
}

/** Pressure (tenths of mmHg, the mean of a visit's readings), mean sphere and acuity over the visits, oldest first. */
function seriesOf(visits: readonly EarlierVisit[]) {
  const oldest = [...visits].reverse();
  const points = (of: (content: ExamContent, eye: "r" | "l") => number | null): SeriesPoint[] =>
    oldest
      .map(({ signedAt, content }) => ({ at: signedAt, r: of(content, "r"), l: of(content, "l") }))
      .filter(({ r, l }) => r !== null || l !== null);
  return {
    pressure: points((content, eye) => meanPressure(content, eye)),
    sphere: points(({ exam }, eye) => {
      const sphere = exam[`${eye}_sphere`];
      const cylinder = (exam[`${eye}_cylinder`] as number | null) ?? 0;
      return typeof sphere === "number" ? Math.round(sphere + cylinder / 2) : null;
    }),
    acuity: oldest.flatMap(({ signedAt, content }) => {
      const [r, l] = (["r", "l"] as const).map((eye) => content.exam[`${eye}_va`] ?? null);
      return typeof r === "string" || typeof l === "string" ? [{ at: signedAt, r, l }] : [];
    }),
  };
}

function meanPressure({ items }: ExamContent, eye: "r" | "l"): number | null {
  const values = (items.pressure ?? []).flatMap((reading) =>
    reading.eye === eye && typeof reading.value === "number" ? [reading.value] : [],
  );
  return values.length === 0 ? null : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** Fields of an exam that are columns of it, as far as one of them says that somebody wrote. */
const writtenColumns = [
  ...["reason", "history", "findings", "outcome", "advice", "recommendation", "recall_months"],
  ...["r_sphere", "l_sphere", "r_va", "l_va"],
];

/**
 * Drafts that somebody discarded, the latest first: of one patient, by whichever of their records, or of everybody; with
 * how many fields and findings stand in each.
 */
export function discardedDrafts(read: Reader, patient: string | null) {
  const rows = read.sql<{
    id: string;
    patient_id: string;
    merged_into_id: string | null;
    given_name: string;
    family_name: string;
    date_of_birth: string;
    reason: string | null;
    started_at: number;
    discarded_at: number;
    optometrist: string;
    discarded_by: string | null;
    written: number;
  }>(
    `select e.id, e.patient_id, p.merged_into_id, p.given_name, p.family_name, p.date_of_birth, e.reason, e.started_at,
       e.discarded_at, u.display_name as optometrist,
       (select w.display_name from audit_entry a join app_user w on w.id = a.user_id
          where a.subject_id = e.id and a.action = 'exams.discard' order by a.at desc limit 1) as discarded_by,
       (select count(*) from exam_entry f where f.exam_id = e.id and f.value is not null and f.deleted = 0)
         + (select count(*) from exam_item i where i.exam_id = e.id and i.deleted = 0)
         + ${writtenColumns.map((name) => `(e.${name} is not null)`).join(" + ")} as written
     from exam e join patient p on p.id = e.patient_id join app_user u on u.id = e.optometrist_id
     where e.record_id is null and e.discarded_at is not null and e.deleted = 0
       and (? is null or e.patient_id in (select unhex(value) from json_each(?)))
     order by e.discarded_at desc limit 50`,
    patient,
    JSON.stringify(patient === null ? [] : recordIds(read, patient)),
  );
  return ofKept(read, rows, ["given_name", "family_name", "date_of_birth"]);
}

/** Drafts, what waits for a countersignature, and what was signed lately. */
export function examList({ read, replica }: Pick<Engine, "read" | "replica">, user: string) {
  const open = read.sql<{
    id: string;
    patient_id: string;
    merged_into_id: string | null;
    started_at: number;
    reason: string | null;
    given_name: string;
    family_name: string;
    date_of_birth: string;
    optometrist: string;
    mine: number;
    submitted: number | null;
  }>(
    `select e.id, e.patient_id, p.merged_into_id, e.started_at, e.reason, p.given_name, p.family_name, p.date_of_birth, u.display_name as optometrist,
       e.optometrist_id = ? as mine, (select max(s.at) from exam_submission s where s.exam_id = e.id) as submitted
     from exam e join patient p on p.id = e.patient_id join app_user u on u.id = e.optometrist_id
     where e.record_id is null and e.discarded_at is null and e.deleted = 0 order by e.started_at desc limit 50`,
    bytes(user),
  );
  const drafts = ofKept(read, open, ["given_name", "family_name", "date_of_birth"]);
  const recent = read.sql<{
    id: string;
    patient_id: string;
    merged_into_id: string | null;
    signed_at: number;
    outcome: string | null;
    given_name: string;
    family_name: string;
    optometrist: string;
    signed_by: string;
    stamp: string;
    /** What others wrote or signed without seeing the signature, and nobody decided on yet. */
    proposals: number;
  }>(
    `select e.id, e.patient_id, p.merged_into_id, e.signed_at, e.outcome, p.given_name, p.family_name,
       u.display_name as optometrist, s.display_name as signed_by, r.hlc as stamp,
       (select count(*) from exam_amendment a where a.exam_id = e.id and a.state <> 'amendment'
          and not exists (select 1 from exam_amendment d where d.exam_id = e.id and d.state = 'amendment'
            and json_valid(d.content) and json_extract(d.content, '$.answers') = lower(hex(a.id)))) as proposals
     from exam e join patient p on p.id = e.patient_id join app_user u on u.id = e.optometrist_id
     join exam_record r on r.id = e.record_id join app_user s on s.id = r.signed_by_id
     order by e.signed_at desc limit 30`,
  );
  return {
    drafts: drafts.filter(({ submitted }) => submitted === null),
    submitted: drafts.filter(({ submitted }) => submitted !== null),
    recent: ofKept(read, recent, ["given_name", "family_name"]).map(({ stamp, ...exam }) => ({
      ...exam,
      final: !replica.isUnsettled(stamp),
    })),
  };
}
