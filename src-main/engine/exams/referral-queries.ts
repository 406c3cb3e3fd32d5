/** Referral letters: what one is written from, and one as it was sent. */
import { localDate } from "../../../src-shared/calendar/index.ts";
import { amendedRecord } from "../../../src-shared/exams/amended.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import type { Engine } from "../engine.ts";
import { keptPatient } from "../patients/kept.ts";
import { db, type Reader } from "../read/database.ts";
import { letterhead } from "./paper-queries.ts";
import { withWordings } from "./record-queries.ts";

/** What a referral letter is written from: findings, and people it may go to. */
export function referralBasis(engine: Engine, examId: string) {
  const { read } = engine;
  const exam = read.first(db.selectFrom("exam").selectAll().where("id", "=", examId).where("deleted", "=", 0));
  const patient = exam && keptPatient(read, exam.patient_id);
  if (!exam || !patient) return null;
  const head = letterhead(read, exam.branch_id);
  const zone = head.branch?.time_zone ?? "Europe/London";
  const sent = read.all(
    db.selectFrom("referral").select(["to_name", "to_address"]).orderBy("at", "desc").orderBy("id").limit(60),
  );
  const known = new Map(sent.map(({ to_name, to_address }) => [to_name, { name: to_name, address: to_address }]));
  const [doctor, ...where] = (patient.doctor ?? "").split(/\n|, /);
  return {
    examId,
    ...head,
    zone,
    content: contentNow(read, exam),
    examinedOn: localDate(exam.signed_at ?? exam.started_at, zone),
    patient: {
      name: [patient.title, patient.given_name, patient.family_name].filter(Boolean).join(" "),
      born: patient.date_of_birth,
      address: [patient.address?.replaceAll("\n", ", "), patient.postcode].filter(Boolean).join(", ") || null,
      phone: patient.phone,
      healthNumber: patient.health_number,
    },
    recipients: [
      ...(doctor ? [{ name: doctor, address: where.join(", ") || null, doctor: true }] : []),
      ...[...known.values()].filter(({ name }) => name !== doctor).map((each) => ({ ...each, doctor: false })),
    ],
  };
}

/** What an exam says now: the record as amended, or the draft as far as it is written. */
function contentNow(read: Reader, exam: { id: string; record_id: string | null }): ExamContent {
  const record = exam.record_id
    ? read.first(db.selectFrom("exam_record").select("content").where("id", "=", exam.record_id))
    : null;
  if (record) {
    const rows = read.all(db.selectFrom("exam_amendment").selectAll().where("exam_id", "=", exam.id));
    return withWordings(read, amendedRecord(record.content, rows).amended);
  }
  const entries = read.all(
    db.selectFrom("exam_entry").select(["key", "value"]).where("exam_id", "=", exam.id).where("deleted", "=", 0),
  );
  const items = read.all(
    db
      .selectFrom("exam_item")
      .select(["id", "list", "data"])
      .where("exam_id", "=", exam.id)
      .where("deleted", "=", 0)
      .orderBy("id"),
  );
  return withWordings(read, {
    ...(exam as never as ExamContent),
    exam: exam as never,
    entries: Object.fromEntries(
      entries.flatMap(({ key, value }) => (value === null ? [] : [[key, JSON.parse(value)]])),
    ),
    items: Object.fromEntries(
      [...Map.groupBy(items, ({ list }) => list)].map(([list, rows]) => [
        list,
        rows.map(({ id, data }) => ({ id, ...(JSON.parse(data) as object) })),
      ]),
    ),
    questions: {},
  });
}

/** A referral letter with whom it is about and who signed it. */
export function letterOf(read: Reader, id: string) {
  const row = read.first(db.selectFrom("referral").selectAll().where("id", "=", id));
  if (!row) return null;
  const patient = keptPatient(read, row.patient_id);
  const author = read.first(
    db.selectFrom("app_user").select(["display_name", "registration_number"]).where("id", "=", row.author_id),
  );
  return {
    ...letterhead(read, row.branch_id),
    patientId: patient?.id ?? row.patient_id,
    patientName: patient ? `${patient.given_name} ${patient.family_name}` : "",
    toName: row.to_name,
    toAddress: row.to_address,
    urgency: row.urgency,
    letter: row.letter,
    at: row.at,
    author: author?.display_name ?? "",
    registration: author?.registration_number ?? null,
  };
}
