import { z } from "zod";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { readsOf, requireClinical } from "../patients/emergency.ts";
import { db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { amendExam, answerAmendment } from "./amending.ts";
import {
  addItem,
  changeItem,
  discardExam,
  patchExam,
  removeItems,
  restoreItems,
  startExam,
  takeUpExam,
} from "./draft.ts";
import { copyDrawing, drawingsOf, patientOfExam } from "./drawings.ts";
import { removeForm, removeQuestion, saveForm, saveQuestion } from "./forms.ts";
import { limitVersions, resetLimits, saveLimits, withdrawLimits } from "./limits.ts";
import { paperOf } from "./paper-queries.ts";
import { discardedDrafts, examList, examOf, formFor, questionsOf } from "./queries.ts";
import { recordOf } from "./record-queries.ts";
import { letterOf, referralBasis } from "./referral-queries.ts";
import { referPatient } from "./referring.ts";
import { countersignExam, returnExam, signExam, submitExam } from "./signing.ts";
import { keepUnkept, unkeptInput, unkeptOf, unkeptOfInput } from "./unkept.ts";

const clinical = procedure.use(({ ctx, next }) => {
  if (!("patients:view_clinical" in ctx.session.permissions())) {
    throw refuse("NO_PERMISSION", "Your role does not see the clinical record.", {
      permission: "patients:view_clinical",
    });
  }
  return next();
});

export const examsRouter = router({
  list: clinical
    .meta({
      shows: [
        "exam",
        "patient",
        "exam_summary",
        "exam_submission",
        "exam_record",
        "exam_amendment",
        "app_user",
        "sync_outbox",
      ],
    })
    .query(({ ctx: { engine, session } }) => examList(engine, session.user)),
  /** Discarded drafts, of one patient or the latest of all. */
  discarded: procedure
    .meta({ shows: ["exam", "exam_entry", "exam_item", "patient", "audit_entry", "app_user"] })
    .input(z.object({ patientId: idSchema.nullable() }))
    .query(({ ctx: { engine, session }, input }) => {
      requireClinical(engine, session, input.patientId);
      return discardedDrafts(engine.read, input.patientId);
    }),
  get: procedure
    .meta({
      shows: [
        "exam",
        "exam_entry",
        "exam_item",
        "exam_record",
        "exam_submission",
        "exam_amendment",
        "exam_form",
        "exam_question",
        "exam_summary",
        "field_conflict",
        "patient",
        "prescription",
        "referral",
        "import_run",
        "app_user",
        "sync_outbox",
      ],
    })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      const found = examOf(ctx.engine, input.id, [ctx.session.role]);
      requireClinical(ctx.engine, ctx.session, found?.patient?.id ?? null);
      if (!found) throw refuse("NOT_FOUND", "This exam is not on this PC.");
      const { opened } = readsOf(ctx.engine, ctx.session, found.exam.patient_id);
      return { ...found, emergency: opened };
    }),
  /** What was typed into it on this PC and is not kept yet. */
  unkept: clinical
    .input(unkeptOfInput)
    .query(({ ctx: { engine, session }, input }) => unkeptOf(engine.read, session.user, input.id, input.where)),
  keepUnkept: clinical
    .input(unkeptInput)
    .mutation(({ ctx: { engine, session }, input }) => keepUnkept(engine, session.user, input)),
  /** A signed visit as it reads today and as it was signed. */
  record: procedure
    .meta({
      shows: [
        "exam_record",
        "exam_amendment",
        "exam_submission",
        "exam_question",
        "attachment",
        "audit_entry",
        "prescription",
        "contact_lens_spec",
        "referral",
        "patient",
        "app_user",
        "sync_outbox",
      ],
    })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      const found = recordOf(ctx.engine, input.id);
      requireClinical(ctx.engine, ctx.session, found?.patient?.id ?? null);
      if (!found) throw refuse("NOT_FOUND", "This exam is not signed, or not on this PC.");
      return found;
    }),
  /** What is printed for a patient of a visit; made of what every device with patients holds. */
  paper: procedure
    .meta({ shows: ["prescription", "contact_lens_spec", "exam_summary", "patient", "app_user", "branch", "practice"] })
    .input(z.object({ examId: idSchema }))
    .query(({ ctx: { engine, session }, input }) => {
      if (!("patients:view" in session.permissions()))
        throw refuse("NO_PERMISSION", "Your role does not see patients.", { permission: "patients:view" });
      const found = paperOf(engine, input.examId);
      if (!found) throw refuse("NOT_FOUND", "Nothing was issued at this visit, or it is not on this PC.");
      return found;
    }),
  referralBasis: clinical
    .meta({ shows: ["exam", "exam_entry", "exam_item", "exam_record", "exam_amendment", "patient", "referral"] })
    .input(z.object({ examId: idSchema }))
    .query(({ ctx: { engine }, input }) => {
      const found = referralBasis(engine, input.examId);
      if (!found) throw refuse("NOT_FOUND", "This exam is not on this PC.");
      return found;
    }),
  letter: procedure
    .meta({ shows: ["referral"] })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      const found = letterOf(ctx.engine.read, input.id);
      requireClinical(ctx.engine, ctx.session, found?.patientId ?? null);
      if (!found) throw refuse("NOT_FOUND", "This letter is not on this PC.");
      return found;
    }),
  /** All forms and questions, for whoever changes them. */
  forms: procedure.meta({ shows: ["exam_form", "exam_question", "role"] }).query(({ ctx: { engine, session } }) => {
    if (!("fields:manage" in session.permissions()))
      throw refuse("NO_PERMISSION", "Your role does not change forms.", { permission: "fields:manage" });
    const { read } = engine;
    return {
      practice: formFor(read, []),
      forms: read
        .all(db.selectFrom("exam_form").select(["id", "role_id", "sections"]).where("deleted", "=", 0))
        .map(({ sections, ...form }) => ({ ...form, sections: JSON.parse(sections) as unknown })),
      roles: read.all(db.selectFrom("role").select(["id", "name"]).where("deleted", "=", 0).orderBy("name")),
      questions: questionsOf(read),
    };
  }),
  /** What was drawn of this patient's eyes at the visits before. */
  drawings: procedure
    .meta({ shows: ["exam_record", "patient"] })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      requireClinical(ctx.engine, ctx.session, patientOfExam(ctx.engine.read, input.id));
      return drawingsOf(ctx.engine.read, input.id);
    }),
  copyDrawing: procedure.input(copyDrawing.input).mutation(({ ctx, input }) => ctx.session.run(copyDrawing, input)),
  /** All versions of the practice's own limits, for every screen on which powers and measurements are typed. */
  limits: procedure
    .meta({ shows: ["setting"] })
    .query(({ ctx: { engine } }) => limitVersions(engine.read, engine.identity().practice)),
  saveLimits: procedure.input(saveLimits.input).mutation(({ ctx, input }) => ctx.session.run(saveLimits, input)),
  resetLimits: procedure.input(resetLimits.input).mutation(({ ctx, input }) => ctx.session.run(resetLimits, input)),
  withdrawLimits: procedure
    .input(withdrawLimits.input)
    .mutation(({ ctx, input }) => ctx.session.run(withdrawLimits, input)),
  start: procedure.input(startExam.input).mutation(({ ctx, input }) => ctx.session.run(startExam, input)),
  patch: procedure.input(patchExam.input).mutation(({ ctx, input }) => ctx.session.run(patchExam, input)),
  addItem: procedure.input(addItem.input).mutation(({ ctx, input }) => ctx.session.run(addItem, input)),
  changeItem: procedure.input(changeItem.input).mutation(({ ctx, input }) => ctx.session.run(changeItem, input)),
  removeItems: procedure.input(removeItems.input).mutation(({ ctx, input }) => ctx.session.run(removeItems, input)),
  restoreItems: procedure.input(restoreItems.input).mutation(({ ctx, input }) => ctx.session.run(restoreItems, input)),
  sign: procedure.input(signExam.input).mutation(({ ctx, input }) => ctx.session.run(signExam, input)),
  submit: procedure.input(submitExam.input).mutation(({ ctx, input }) => ctx.session.run(submitExam, input)),
  countersign: procedure
    .input(countersignExam.input)
    .mutation(({ ctx, input }) => ctx.session.run(countersignExam, input)),
  return: procedure.input(returnExam.input).mutation(({ ctx, input }) => ctx.session.run(returnExam, input)),
  amend: procedure.input(amendExam.input).mutation(({ ctx, input }) => ctx.session.run(amendExam, input)),
  answerAmendment: procedure
    .input(answerAmendment.input)
    .mutation(({ ctx, input }) => ctx.session.run(answerAmendment, input)),
  refer: procedure.input(referPatient.input).mutation(({ ctx, input }) => ctx.session.run(referPatient, input)),
  discard: procedure.input(discardExam.input).mutation(({ ctx, input }) => ctx.session.run(discardExam, input)),
  takeUp: procedure.input(takeUpExam.input).mutation(({ ctx, input }) => ctx.session.run(takeUpExam, input)),
  saveForm: procedure.input(saveForm.input).mutation(({ ctx, input }) => ctx.session.run(saveForm, input)),
  removeForm: procedure.input(removeForm.input).mutation(({ ctx, input }) => ctx.session.run(removeForm, input)),
  saveQuestion: procedure.input(saveQuestion.input).mutation(({ ctx, input }) => ctx.session.run(saveQuestion, input)),
  removeQuestion: procedure
    .input(removeQuestion.input)
    .mutation(({ ctx, input }) => ctx.session.run(removeQuestion, input)),
});
