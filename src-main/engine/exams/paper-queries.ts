/** What is handed to a patient after a visit. Of the people's stream alone, so that a till prints it too. */
import { ageOn } from "../../../src-shared/calendar/index.ts";
import { specLensesSchema } from "../../../src-shared/exams/contact-lens.ts";
import type { Engine } from "../engine.ts";
import { todayAt } from "../lab/router.ts";
import { keptPatient } from "../patients/kept.ts";
import { db, type Reader } from "../read/database.ts";

/** A practitioner as papers name them. */
function practitioner(read: Reader, id: string | null) {
  if (!id) return null;
  return read.first(
    db.selectFrom("app_user").select(["display_name", "registration_number", "job_title"]).where("id", "=", id),
  );
}

/** Practice and branch as they head a paper. */
export function letterhead(read: Reader, branch: string) {
  return {
    practice: read.first(db.selectFrom("practice").select(["name"])),
    branch: read.first(
      db.selectFrom("branch").select(["name", "address", "phone", "time_zone"]).where("id", "=", branch),
    ),
  };
}

/** Prescription, statement and specification of a visit, the last of each where one was corrected; null for no visit. */
export function paperOf(engine: Engine, examId: string) {
  const { read } = engine;
  const summary = read.first(db.selectFrom("exam_summary").selectAll().where("exam_id", "=", examId));
  if (!summary) return null;
  const [prescription = null, ...before] = read.all(
    db.selectFrom("prescription").selectAll().where("exam_id", "=", examId).orderBy("at", "desc").orderBy("id"),
  );
  const spec = read.first(
    db.selectFrom("contact_lens_spec").selectAll().where("exam_id", "=", examId).orderBy("at", "desc").orderBy("id"),
  );
  const patient = keptPatient(read, summary.patient_id);
  return {
    examId,
    ...letterhead(read, summary.branch_id),
    today: todayAt(engine),
    patient: patient ? { ...patient, ageThen: ageOn(patient.date_of_birth, summary.examined_on) } : null,
    summary,
    prescription: prescription
      ? { ...prescription, practitioner: practitioner(read, prescription.prescriber_id) }
      : null,
    /** An amendment corrected it: what was issued before for this test does not count any more. */
    corrected: before.length > 0,
    examiner: practitioner(read, summary.optometrist_id),
    spec: spec ? { ...spec, lenses: specLensesSchema.parse(JSON.parse(spec.lenses)) } : null,
  };
}
