import { z } from "zod";
import { eyeFields } from "../patients/entities.ts";
import { defineEntity } from "../sync/entity.ts";
import { bool, date, type Id, idField, instant, int, json, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";
import { entryProblem, examProblem, itemProblem } from "./check.ts";
import { specLensesSchema } from "./contact-lens.ts";
import { foldExam } from "./fold.ts";
import { formSectionsSchema } from "./form.ts";
import { handoverSchema } from "./handover.ts";
import { examKinds, questionKinds, urgencies } from "./kinds.ts";
import { line } from "./line.ts";
import { earlyRecallCodes } from "./recall.ts";
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
    kind: nullable(unknownAs("other", oneOf(...examKinds))),
    appointment_id: nullable(idField()),
    /** Why the recall is earlier than the interval of the patient's group (domain §4.3). */
    early_recall: nullable(unknownAs("6", oneOf(...earlyRecallCodes))),
    recall_reason: nullable(text(400)),
    /** How long the prescription may be dispensed, where it is shorter than usual. */
    rx_months: nullable(int(1, 24)),
    /** "For a specific purpose", printed on the prescription. */
    purpose: nullable(text(200)),
  },
  check: examProblem,
  author: "optometrist_id",
  fixed: ["patient_id", "branch_id", "optometrist_id", "started_at"],
  permissions: { insert: "exams:create", patch: "exams:create", owner: "optometrist_id" },
  fold: {
    columns: { record_id: nullable(idField("exam_record")), signed_at: nullable(instant()) },
    from: { exam_record: "exam_id" },
    compute: foldExam,
  },
});

/**
 * What was found, field by field: each is a register of its own, so that two devices on one draft merge. A row is
 * inserted empty and then patched, in one group: an insert whose id is there already is skipped, its patch merges.
 */
export const examEntry = defineEntity({
  name: "exam_entry",
  kind: "register",
  stream: "clinical",
  fields: {
    exam_id: idField("exam"),
    /** `<section>.<field>`, with `.r`, `.l` or `.b` for the eye: see `sections.ts`. */
    key: text(80),
    value: nullable(json(z.unknown())),
  },
  identity: ({ exam_id, key }) => ({ subject: exam_id as Id, reaction: `entry:${key}`, index: 0 }),
  check: entryProblem,
  fixed: ["exam_id", "key"],
  within: "exam_id",
  permissions: { insert: "exams:create", patch: "exams:create" },
});

/** What there can be several of: readings of pressure, drops, pairs of spectacles, trial lenses, strokes of a drawing. */
export const examItem = defineEntity({
  name: "exam_item",
  kind: "register",
  stream: "clinical",
  fields: { exam_id: idField("exam"), list: text(40), data: json(z.record(z.string(), z.unknown())) },
  check: itemProblem,
  fixed: ["exam_id", "list"],
  within: "exam_id",
  permissions: { insert: "exams:create", patch: "exams:create" },
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
    /** Who examined and signed first, where the signer countersigned. */
    prepared_by_id: nullable(idField("app_user")),
    submission_id: nullable(idField()),
  },
  author: "signed_by_id",
  within: "exam_id",
  // One record an exam: a second one could take its place by an earlier stamp.
  identity: (fields) => ({ subject: fields.exam_id as Id, reaction: "exam-record", index: 0 }),
  sealed: { bytes: "content", sha256: "sha256" },
  permissions: { insert: "exams:finalize" },
});

/** A trainee's signature: these bytes wait for the countersignature that makes them the record. */
export const examSubmission = defineEntity({
  name: "exam_submission",
  kind: "fact",
  stream: "clinical",
  fields: {
    exam_id: idField("exam"),
    patient_id: idField("patient"),
    branch_id: idField("branch"),
    content: { ...content, schema: content.schema.refine(isExamContent, "not an exam"), fits: undefined },
    sha256: text(64),
    folded: json(z.array(z.string())),
    author_id: idField("app_user"),
    at: instant(),
  },
  author: "author_id",
  within: "exam_id",
  sealed: { bytes: "content", sha256: "sha256" },
  permissions: { insert: "exams:create" },
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
  author: "optometrist_id",
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
    /** Recommended lenses and coatings with reasons, tasks, cautions, who collects. */
    card: nullable(json(handoverSchema)),
    urgency: nullable(unknownAs("routine", oneOf(...urgencies))),
  },
  author: "from_user_id",
  // A till says that it was handled, and by which sale; what the optometrist said on it stays.
  fixed: [
    "exam_id",
    "patient_id",
    "branch_id",
    "prescription_id",
    "outcome",
    "recommendation",
    "from_user_id",
    "raised_at",
    "card",
    "urgency",
  ],
  permissions: { insert: "exams:finalize", patch: "pos:access" },
});

/** The sections of an exam and what is in them, for a role or (without one) for the practice. Id: derived, one each. */
export const examForm = defineEntity({
  name: "exam_form",
  kind: "set",
  stream: "org",
  fields: { role_id: nullable(idField("role")), sections: json(formSectionsSchema) },
  permissions: { insert: "fields:manage", patch: "fields:manage" },
});

/** A question of the practice's own; its answers stand under the key `<section>.q<question id>`. */
export const examQuestion = defineEntity({
  name: "exam_question",
  kind: "register",
  stream: "org",
  fields: {
    section: text(40),
    label: text(200),
    kind: unknownAs("text", oneOf(...questionKinds)),
    options: json(z.array(line(100)).max(40)),
    unit: nullable(text(20)),
    per_eye: bool(),
    /** Counts as a gap while it is not answered. */
    expected: bool(),
    position: int(0, 10_000),
  },
  permissions: { insert: "fields:manage", patch: "fields:manage" },
});

/** What may be supplied until it expires (domain §4.2): powers in milli-dioptres, radii and diameters in hundredths of a millimetre. */
export const contactLensSpec = defineEntity({
  name: "contact_lens_spec",
  kind: "fact",
  stream: "people",
  fields: {
    patient_id: idField("patient"),
    exam_id: nullable(idField()),
    branch_id: idField("branch"),
    lenses: json(specLensesSchema),
    fitted_on: date(),
    expires_on: date(),
    fitter: text(),
    fitter_registration: nullable(text(40)),
    fitter_id: nullable(idField("app_user")),
    note: nullable(text(1000)),
    at: instant(),
  },
  author: "fitter_id",
  permissions: { insert: "prescriptions:issue" },
});

/** A referral letter as it was sent. */
export const referral = defineEntity({
  name: "referral",
  kind: "fact",
  stream: "clinical",
  fields: {
    patient_id: idField("patient"),
    exam_id: nullable(idField("exam")),
    branch_id: idField("branch"),
    to_name: text(),
    to_address: nullable(text(400)),
    urgency: unknownAs("routine", oneOf(...urgencies)),
    reason: text(1000),
    letter: text(20_000),
    author_id: idField("app_user"),
    at: instant(),
  },
  author: "author_id",
  permissions: { insert: "referrals:send" },
});
