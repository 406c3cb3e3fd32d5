import { z } from "zod";
import { ageOn } from "../../../src-shared/calendar/index.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { todayAt } from "../lab/router.ts";
import { bytes, db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { amendExam, discardExam, examFields, patchExam, signExam, startExam } from "./commands.ts";

const clinical = procedure.use(({ ctx, next }) => {
  if (!("patients:view_clinical" in ctx.session.permissions())) {
    throw refuse("NO_PERMISSION", "Your role does not see the clinical record.", {
      permission: "patients:view_clinical",
    });
  }
  return next();
});

function examOf(engine: Engine, id: string) {
  const exam = engine.read.first(db.selectFrom("exam").selectAll().where("id", "=", id).where("deleted", "=", 0));
  if (!exam) return null;
  const patient = engine.read.first(db.selectFrom("patient").selectAll().where("id", "=", exam.patient_id));
  const record = exam.record_id
    ? engine.read.first(db.selectFrom("exam_record").selectAll().where("id", "=", exam.record_id))
    : null;
  const people = new Map(
    engine.read.all(db.selectFrom("app_user").select(["id", "display_name"])).map((row) => [row.id, row.display_name]),
  );
  const today = todayAt(engine);
  return {
    exam,
    patient: patient ? { ...patient, age: ageOn(patient.date_of_birth, today) } : null,
    record: record
      ? {
          id: record.id,
          signedAt: record.signed_at,
          signedBy: people.get(record.signed_by_id) ?? "",
          sha256: record.sha256,
          final: !engine.replica.isUnsettled(record.hlc),
          // Checked when it was taken in; a newer version may have put more into it, which is shown as it is.
          content: (JSON.parse(record.content) as { exam: Record<string, unknown> }).exam,
        }
      : null,
    amendments: engine.read
      .all(db.selectFrom("exam_amendment").selectAll().where("exam_id", "=", id).orderBy("at"))
      .map((row) => ({ ...row, author: people.get(row.author_id) ?? "" })),
    previous: engine.read.first(
      db
        .selectFrom("prescription")
        .selectAll()
        .where("patient_id", "=", exam.patient_id)
        .where("exam_id", "is not", id)
        .where("issued_on", "<=", today)
        .orderBy("issued_on", "desc"),
    ),
  };
}

export const examsRouter = router({
  list: clinical.meta({ shows: ["exam", "patient", "exam_summary"] }).query(({ ctx: { engine, session } }) => ({
    drafts: engine.read.sql<{
      id: string;
      started_at: number;
      reason: string | null;
      given_name: string;
      family_name: string;
      date_of_birth: string;
      mine: number;
    }>(
      `select e.id, e.started_at, e.reason, p.given_name, p.family_name, p.date_of_birth, e.optometrist_id = ? as mine
       from exam e join patient p on p.id = e.patient_id
       where e.record_id is null and e.discarded_at is null and e.deleted = 0 order by e.started_at desc limit 50`,
      bytes(session.user),
    ),
    recent: engine.read.sql<{
      id: string;
      signed_at: number;
      outcome: string | null;
      given_name: string;
      family_name: string;
      optometrist: string;
    }>(
      `select e.id, e.signed_at, e.outcome, p.given_name, p.family_name, u.display_name as optometrist
       from exam e join patient p on p.id = e.patient_id join app_user u on u.id = e.optometrist_id
       where e.record_id is not null order by e.signed_at desc limit 30`,
    ),
  })),
  get: clinical
    .meta({ shows: ["exam", "exam_record", "exam_amendment", "patient", "prescription", "sync_outbox"] })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      const found = examOf(ctx.engine, input.id);
      if (!found) throw refuse("NOT_FOUND", "This exam is not on this PC.");
      return found;
    }),
  start: procedure.input(startExam.input).mutation(({ ctx, input }) => ctx.session.run(startExam, input)),
  patch: procedure
    .input(z.object({ id: idSchema, fields: examFields }))
    .mutation(({ ctx, input }) => ctx.session.run(patchExam, input)),
  sign: procedure.input(signExam.input).mutation(({ ctx, input }) => ctx.session.run(signExam, input)),
  amend: procedure.input(amendExam.input).mutation(({ ctx, input }) => ctx.session.run(amendExam, input)),
  discard: procedure.input(discardExam.input).mutation(({ ctx, input }) => ctx.session.run(discardExam, input)),
});
