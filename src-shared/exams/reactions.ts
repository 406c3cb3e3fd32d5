/** A signed exam writes its prescription and summary and puts the patient on the hand-off list (S3-9, S3-14). */
import { localDate } from "../calendar/index.ts";
import { type DerivedRow, derivedRow, type Reaction } from "../events/reaction.ts";
import type { Id } from "../sync/fields.ts";
import type { NewRow, Row } from "../sync/registry.ts";
import { readExamContent } from "./record-content.ts";

const name = "exam-signed";
/** A spectacle prescription is dispensed for two years (domain §3.8); a shorter recall shortens it. */
const validMonths = 24;

export const examSigned: Reaction = {
  name,
  on: { insert: "exam_record" },
  outputs: [
    { entity: "prescription", derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 0 }) },
    { entity: "exam_summary", derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 1 }) },
    { entity: "handoff", derivation: (fields) => ({ subject: fields.exam_id as Id, reaction: name, index: 2 }) },
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
    const day = localDate(record.signed_at, branch?.time_zone ?? "Europe/London");
    const derive = (index: number) => context.derive({ subject: record.exam_id, reaction: name, index });
    const { exam } = content;
    const hasRx = exam.r_sphere !== null || exam.l_sphere !== null;
    const made: DerivedRow[] = [];
    const prescriptionId = derive(0);
    if (hasRx) {
      made.push(
        derivedRow("prescription", prescriptionId, record.branch_id, {
          ...eyes(exam),
          patient_id: record.patient_id,
          exam_id: record.exam_id,
          branch_id: record.branch_id,
          bvd: exam.bvd,
          issued_on: day,
          expires_on: addMonths(day, Math.min(validMonths, exam.recall_months ?? validMonths)),
          prescriber: signer?.display_name ?? "",
          prescriber_id: record.signed_by_id,
          source: "exam",
          note: null,
          at: record.signed_at,
        } as NewRow<"prescription">),
      );
    }
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
      }),
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

function eyes(exam: Record<string, unknown>): Record<string, unknown> {
  const columns = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"];
  return Object.fromEntries(
    (["r", "l"] as const).flatMap((side) =>
      columns.map((column) => [`${side}_${column}`, exam[`${side}_${column}`] ?? null]),
    ),
  );
}

/** The same day of a later month, or its last day. Dates are `YYYY-MM-DD`. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = index % 12;
  const last = new Date(Date.UTC(targetYear, targetMonth + 1, 0)).getUTCDate();
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  return `${pad(targetYear, 4)}-${pad(targetMonth + 1, 2)}-${pad(Math.min(day, last), 2)}`;
}

export const examReactions: readonly Reaction[] = [examSigned];
