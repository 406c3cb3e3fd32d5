/** A signed exam writes its prescription and summary and puts the patient on the hand-off list (S3-9, S3-14). */
import { ageOn, localDate } from "../calendar/index.ts";
import { type DerivedRow, derivedRow, type Reaction } from "../events/reaction.ts";
import type { Id } from "../sync/fields.ts";
import type { NewRow, Row } from "../sync/registry.ts";
import { lensSchema } from "./contact-lens.ts";
import { handoverSchema } from "./handover.ts";
import { urgencies } from "./kinds.ts";
import { type ExamContent, readExamContent } from "./record-content.ts";

const name = "exam-signed";
/** A spectacle prescription is dispensed for two years (domain §3.8); a shorter recall shortens it. */
const validMonths = 24;
/** A contact lens specification without an expiry of its own ends with the year: clinical judgement sets another. */
const lensMonths = 12;

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
    const patient = context.get("patient", record.patient_id);
    const day = localDate(record.signed_at, branch?.time_zone ?? "Europe/London");
    const derive = (index: number) => context.derive({ subject: record.exam_id, reaction: name, index });
    const { exam } = content;
    const hasRx = exam.r_sphere !== null || exam.l_sphere !== null;
    const restricted = patient ? restrictionOf(patient, day) : null;
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
          expires_on: addMonths(day, Math.min(validMonths, exam.rx_months ?? exam.recall_months ?? validMonths)),
          prescriber: signer?.display_name ?? "",
          prescriber_id: record.signed_by_id,
          source: "exam",
          note: null,
          at: record.signed_at,
          restricted,
          statement: statementOf(exam.outcome),
          purpose: exam.purpose,
          import_id: null,
        } as NewRow<"prescription">),
      );
    }
    const lenses = lensesOf(content);
    if (lenses) {
      const months = content.entries["contact_lenses.expiry_months"];
      made.push(
        derivedRow("contact_lens_spec", derive(3), record.branch_id, {
          patient_id: record.patient_id,
          exam_id: record.exam_id,
          branch_id: record.branch_id,
          lenses,
          fitted_on: day,
          expires_on: addMonths(day, typeof months === "number" ? months : lensMonths),
          fitter: signer?.display_name ?? "",
          fitter_registration: signer?.registration_number ?? null,
          fitter_id: record.signed_by_id,
          note: null,
          at: record.signed_at,
        } as NewRow<"contact_lens_spec">),
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

function eyes(exam: Record<string, unknown>): Record<string, unknown> {
  const columns = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"];
  return Object.fromEntries(
    (["r", "l"] as const).flatMap((side) =>
      columns.map((column) => [`${side}_${column}`, exam[`${side}_${column}`] ?? null]),
    ),
  );
}

type Restriction = "under_16" | "SI" | "SSI" | null;

/** Whose glasses only a registrant may dispense: children under 16, and who is registered sight impaired (domain §4.2). */
export function restrictionOf(
  patient: { readonly date_of_birth: string; readonly sight_impaired: string | null },
  day: string,
): Restriction {
  if (ageOn(patient.date_of_birth, day) < 16) return "under_16";
  return patient.sight_impaired === "SI" || patient.sight_impaired === "SSI" ? patient.sight_impaired : null;
}

/** What is handed over with the outcome (domain §4.1). */
function statementOf(outcome: ExamContent["exam"]["outcome"]): string {
  if (outcome === "no_rx") return "no_rx_needed";
  if (outcome === "no_change") return "no_significant_change";
  return outcome === "refer" ? "referred" : "prescription";
}

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

/** The lenses that the exam specifies; null where it specifies none. */
function lensesOf({ entries }: ExamContent): unknown {
  const lens = (side: "r" | "l") => lensSchema.safeParse(entries[`contact_lenses.lens.${side}`]).data ?? null;
  const [r, l] = [lens("r"), lens("l")];
  if (!r && !l) return null;
  const words = (key: string) => (typeof entries[key] === "string" ? entries[key] : null);
  return { r, l, schedule: words("contact_lenses.schedule"), solution: words("contact_lenses.solution") };
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
