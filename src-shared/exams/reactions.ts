/** A signed exam writes its prescription and summary and puts the patient on the hand-off list (S3-9, S3-14). */
import { localDate } from "../calendar/index.ts";
import { type DerivedRow, derivedRow, type Reaction } from "../events/reaction.ts";
import { standingRow } from "../patients/merged.ts";
import type { Id } from "../sync/fields.ts";
import type { NewRow, Row } from "../sync/registry.ts";
import { handoverSchema } from "./handover.ts";
import { addMonths, lensSpecOf, prescriptionOf, type Restriction, restrictionOf } from "./issued.ts";
import { urgencies } from "./kinds.ts";
import { type ExamContent, readExamContent } from "./record-content.ts";

const name = "exam-signed";
export const examSigned: Reaction = {
  name,
  on: { insert: "exam_record" },
  outputs: [
    { entity: "prescription", derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 0 }) },
    { entity: "exam_summary", derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 1 }) },
    { entity: "handoff", derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 2 }) },
    {
      entity: "contact_lens_spec",
      derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 3 }),
    },
    {
      entity: "domain_event",
      derivation: (fields) => ({ subject: fields.subject_id as Id, reaction: fields.type as string, index: 0 }),
    },
  ],
  decide(context, row) {
    const record = row as unknown as Row<"exam_record">;
    const content = readExamContent(record.content);
    const branch = context.get("branch", record.branch_id);
    const signer = context.get("app_user", record.signed_by_id);
    // What restricts dispensing stands on the record that is kept.
    const patient = standingRow((id) => context.get("patient", id), record.patient_id);
    const day = localDate(record.signed_at, branch?.time_zone ?? "Europe/London");
    const derive = (index: number) => context.derive({ subject: record.exam_id, reaction: name, index });
    const { exam } = content;
    const restricted = patient ? restrictionOf(patient, day) : null;
    const made: DerivedRow[] = [];
    const issue = {
      record,
      patient,
      issuer: signer,
      issuerId: record.signed_by_id,
      day,
      at: record.signed_at,
      note: null,
    };
    const prescription = prescriptionOf(content, issue);
    const hasRx = prescription !== null;
    const prescriptionId = derive(0);
    if (prescription) made.push(derivedRow("prescription", prescriptionId, record.branch_id, prescription));
    const spec = lensSpecOf(content, issue);
    if (spec) made.push(derivedRow("contact_lens_spec", derive(3), record.branch_id, spec));
    made.push(
      derivedRow("exam_summary", derive(1), record.branch_id, {
        exam_id: record.exam_id,
        patient_id: record.patient_id,
        branch_id: record.branch_id,
        optometrist_id: record.signed_by_id,
        optometrist: signer?.display_name ?? "",
        outcome: exam.outcome,
        recall_on: exam.recall_months === null ? null : addMonths(day, exam.recall_months),
        examined_on: day,
        at: record.signed_at,
      }),
      derivedRow("handoff", derive(2), record.branch_id, {
        exam_id: record.exam_id,
        patient_id: record.patient_id,
        branch_id: record.branch_id,
        prescription_id: hasRx ? prescriptionId : null,
        outcome: exam.outcome,
        recommendation: exam.recommendation,
        from_user_id: record.signed_by_id,
        raised_at: record.signed_at,
        handled_at: null,
        handled_by_id: null,
        sale_id: null,
        card: cardOf(content, restricted),
        urgency: oneOf(urgencies, content.entries["handover.urgency"]),
      } as NewRow<"handoff">),
      derivedRow(
        "domain_event",
        context.derive({ subject: derive(2), reaction: "exam.finalized", index: 0 }),
        record.branch_id,
        {
          type: "exam.finalized",
          version: 1,
          source: "staff",
          // The hand-off card, not the exam: the tills that must hear of it do not hold the clinical stream.
          subject_entity: "handoff",
          subject_id: derive(2),
          branch_id: record.branch_id,
          actor_id: record.signed_by_id,
          at: record.signed_at,
          payload: {
            examId: record.exam_id,
            patientId: record.patient_id,
            optometristId: record.signed_by_id,
            prescriptionId: hasRx ? prescriptionId : null,
            outcome: exam.outcome,
          },
          stream: "people",
        },
      ),
    );
    return made;
  },
};

function oneOf<V extends string>(values: readonly V[], value: unknown): V | null {
  return values.find((each) => each === value) ?? null;
}

/** The hand-off card out of what stands in the section of that name. */
function cardOf({ entries }: ExamContent, restricted: Restriction): unknown {
  const list = (key: string) => (Array.isArray(entries[key]) ? entries[key] : []);
  const words = (key: string) => (typeof entries[key] === "string" ? entries[key] : null);
  return handoverSchema.parse({
    lensTypes: list("handover.lens_types"),
    coatings: list("handover.coatings"),
    coatingReasons: words("handover.coating_reasons"),
    tasks: words("handover.tasks"),
    cautions: words("handover.cautions"),
    collector: words("handover.collector"),
    doNotDispense: entries["handover.do_not_dispense"] === true,
    restricted,
  });
}

export const examReactions: readonly Reaction[] = [examSigned];
