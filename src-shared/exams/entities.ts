import { z } from "zod";
import { eyeFields } from "../patients/entities.ts";
import { defineEntity } from "../sync/entity.ts";
import { date, type Id, idField, instant, int, json, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";
import { foldExam } from "./fold.ts";
import { isExamContent, outcomes } from "./record-content.ts";

/** The draft: registers, so that two devices on one draft merge field by field. Its record is a row of its own. */
export const exam = defineEntity({
  name: "exam",
  kind: "register",
  stream: "clinical",
  fields: {
    patient_id: idField("patient"),
    branch_id: idField("branch"),
    optometrist_id: idField("app_user"),
    started_at: instant(),
    reason: nullable(text(2000)),
    history: nullable(text(8000)),
    ...eyeFields("r"),
    ...eyeFields("l"),
    r_va: nullable(text(16)),
    l_va: nullable(text(16)),
    bvd: nullable(int(50, 250)),
    findings: nullable(text(8000)),
    outcome: nullable(oneOf(...outcomes)),
    recall_months: nullable(int(1, 120)),
    advice: nullable(text(4000)),
    recommendation: nullable(text(2000)),
    discarded_at: nullable(instant()),
  },
  permissions: { insert: "exams:create", patch: "exams:create", owner: "optometrist_id" },
  fold: {
    columns: { record_id: nullable(idField("exam_record")), signed_at: nullable(instant()) },
    from: { exam_record: "exam_id" },
    compute: foldExam,
  },
});

/** The legal document: canonical bytes and their SHA-256. `folded` names the changes that the signer had in view. */
const content = text(200_000);

export const examRecord = defineEntity({
  name: "exam_record",
  kind: "record",
  stream: "clinical",
  fields: {
    exam_id: idField("exam"),
    patient_id: idField("patient"),
    branch_id: idField("branch"),
    signed_by_id: idField("app_user"),
    signed_at: instant(),
    // What does not read as an exam is no record: every node makes a prescription and a hand-off card of it.
    content: { ...content, schema: content.schema.refine(isExamContent, "not an exam"), fits: undefined },
    sha256: text(64),
    folded: json(z.array(z.string())),
  },
  author: "signed_by_id",
  // One record an exam: a second one could take its place by an earlier stamp.
  identity: (fields) => ({ subject: fields.exam_id as Id, reaction: "exam-record", index: 0 }),
  sealed: { bytes: "content", sha256: "sha256" },
  permissions: { insert: "exams:finalize" },
});

export const examAmendment = defineEntity({
  name: "exam_amendment",
  kind: "fact",
  stream: "clinical",
  fields: {
    exam_id: idField("exam"),
    patient_id: idField("patient"),
    /** `amendment`: signed by a person. `proposed`: a draft patch the signer had not seen. `concurrent`: a second signature. */
    state: unknownAs("amendment", oneOf("amendment", "proposed", "concurrent")),
    reason: text(2000),
    content: text(200_000),
    author_id: idField("app_user"),
    at: instant(),
  },
  author: "author_id",
  permissions: { insert: "exams:finalize" },
});

/** What everyone who knows the patient may see of an exam. */
export const examSummary = defineEntity({
  name: "exam_summary",
  kind: "fact",
  stream: "people",
  fields: {
    exam_id: idField(),
    patient_id: idField("patient"),
    branch_id: idField("branch"),
    optometrist_id: idField("app_user"),
    optometrist: text(),
    outcome: oneOf(...outcomes),
    recall_on: nullable(date()),
    examined_on: date(),
    at: instant(),
  },
  permissions: { insert: "exams:finalize" },
});

/** The card that appears on the tills of the branch when an exam is signed. */
export const handoff = defineEntity({
  name: "handoff",
  kind: "register",
  stream: "people",
  fields: {
    exam_id: idField(),
    patient_id: idField("patient"),
    branch_id: idField("branch"),
    prescription_id: nullable(idField("prescription")),
    outcome: oneOf(...outcomes),
    recommendation: nullable(text(2000)),
    from_user_id: idField("app_user"),
    raised_at: instant(),
    handled_at: nullable(instant()),
    handled_by_id: nullable(idField("app_user")),
    sale_id: nullable(idField()),
  },
  permissions: { insert: "exams:finalize", patch: "pos:access" },
});
