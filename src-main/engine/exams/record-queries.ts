/** A signed visit: the record, everything said about it since, what was issued from it, and the visits beside it. */
import { ageOn } from "../../../src-shared/calendar/index.ts";
import { amendedRecord } from "../../../src-shared/exams/amended.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import type { Engine } from "../engine.ts";
import { todayAt } from "../lab/router.ts";
import { keptPatient } from "../patients/kept.ts";
import { recordIds } from "../patients/summary.ts";
import { db, type Reader } from "../read/database.ts";
import { letterhead, paperOf } from "./paper-queries.ts";
import { writersOf } from "./writers.ts";

/** Everything its screen shows of one signed exam; null when it is not signed, or not on this device. */
export function recordOf(engine: Engine, examId: string) {
  const { read, replica } = engine;
  const record = read.first(
    db
      .selectFrom("exam_record")
      .innerJoin("exam", "exam.record_id", "exam_record.id")
      .selectAll("exam_record")
      .where("exam.id", "=", examId),
  );
  if (!record) return null;
  const people = new Map(
    read
      .all(db.selectFrom("app_user").select(["id", "display_name", "registration_number"]))
      .map((person) => [person.id, person]),
  );
  const name = (id: string | null) => (id ? (people.get(id)?.display_name ?? "") : null);
  const rows = read.all(db.selectFrom("exam_amendment").selectAll().where("exam_id", "=", examId));
  const { signed, amended, amendments } = amendedRecord(record.content, rows);
  const patient = keptPatient(read, record.patient_id);
  const of = new Map(rows.map((row) => [row.id, row]));
  return {
    examId,
    patient: patient ? { ...patient, age: ageOn(patient.date_of_birth, todayAt(engine)) } : null,
    ...letterhead(read, record.branch_id),
    signedAt: record.signed_at,
    signedBy: name(record.signed_by_id) ?? "",
    registration: people.get(record.signed_by_id)?.registration_number ?? null,
    preparedBy: name(record.prepared_by_id),
    sha256: record.sha256,
    final: !replica.isUnsettled(record.hlc),
    signed: withWordings(read, signed),
    amended: withWordings(read, amended),
    amendments: amendments.map((amendment) => {
      const row = of.get(amendment.id) as (typeof rows)[number];
      return {
        ...amendment,
        state: row.state,
        reason: row.reason,
        author: name(row.author_id) ?? "",
        at: row.at,
        final: !replica.isUnsettled(row.hlc),
      };
    }),
    /** Who wrote which field, where more than one person did. */
    writers: writersOf(read, examId, signed),
    /** What was signed first: a trainee's signatures, the one that was countersigned last. */
    submissions: read
      .all(
        db.selectFrom("exam_submission").select(["id", "author_id", "at"]).where("exam_id", "=", examId).orderBy("at"),
      )
      .map((row) => ({ id: row.id, author: name(row.author_id) ?? "", at: row.at })),
    attachments: read.all(
      db
        .selectFrom("attachment")
        .select(["id", "kind", "eye", "name", "taken_at"])
        .where("subject_id", "=", examId)
        .where("deleted", "=", 0)
        .orderBy("taken_at"),
    ),
    visits: visitsBeside(read, record.patient_id, record.signed_at, record.exam_id),
    issued: paperOf(engine, examId),
    referrals: read
      .all(db.selectFrom("referral").selectAll().where("exam_id", "=", examId).orderBy("at"))
      .map((row) => ({ ...row, author: name(row.author_id) ?? "" })),
  };
}

/** The wording of a question stands in the record; one that an amendment answers later has that of today. */
export function withWordings(read: Reader, content: ExamContent): ExamContent {
  const asked = new Set(Object.keys(content.entries).flatMap((key) => /\.q([0-9a-f]{32})/.exec(key)?.[1] ?? []));
  const missing = [...asked].filter((id) => !content.questions[id]);
  if (missing.length === 0) return content;
  const rows = read.all(
    db.selectFrom("exam_question").select(["id", "section", "label", "unit"]).where("id", "in", missing),
  );
  const added = rows.map(({ id, section, label, unit }) => [id, { section, label, unit }] as const);
  return { ...content, questions: { ...content.questions, ...Object.fromEntries(added) } };
}

/** The signed visit before and the one after, of the same patient. */
function visitsBeside(read: Reader, patient: string, at: number, exam: string) {
  const signed = db
    .selectFrom("exam_record")
    .select(["exam_id", "signed_at"])
    .where("patient_id", "in", recordIds(read, patient))
    .where("exam_id", "!=", exam);
  return {
    previous: read.first(signed.where("signed_at", "<=", at).orderBy("signed_at", "desc").orderBy("exam_id")),
    next: read.first(signed.where("signed_at", ">", at).orderBy("signed_at").orderBy("exam_id")),
  };
}
