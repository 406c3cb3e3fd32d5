/** The four exams of today whose patients nobody at the tills has served yet. */
import { type Instant, localDate } from "../../src-shared/calendar/index.ts";
import { type HandoverCard, handoverSchema } from "../../src-shared/exams/handover.ts";
import { restrictionOf } from "../../src-shared/exams/issued.ts";
import type { Urgency } from "../../src-shared/exams/kinds.ts";
import type { Rx } from "../../src-shared/optics/index.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { NewRow } from "../../src-shared/sync/registry.ts";
import type { Patient } from "./patients.ts";
import type { Staff } from "./people.ts";
import { type DemoRow, type World, zone } from "./world.ts";

export type Prescription = DemoRow<"prescription">;
type Outcome = NewRow<"exam_summary">["outcome"];
/** The name under which the product derives a signed exam's rows: seeded ones have the ids it would give them. */
export const reaction = "exam-signed";
const minute = 60_000;

export interface Exam {
  readonly signedAt: Instant;
  readonly rx: Rx | null;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly history: string;
  /** Null: one of the usual ones. */
  readonly findings: string | null;
  readonly recommendation: string | null;
  /** What else the hand-off card says. */
  readonly handover: Partial<HandoverCard>;
  readonly urgency: Urgency | null;
}

const todays: readonly Omit<Exam, "rx" | "signedAt">[] = [
  {
    outcome: "new_rx",
    reason: "Floaters in the left eye since this morning; reading has become harder too",
    history: "No flashes, no curtain. Wears varifocals all day, two years old.",
    findings: "Left posterior vitreous detachment, retina flat all round after dilation. Discs and maculae healthy.",
    recommendation: "New varifocals for all day, thin lenses. Nickel allergy: no metal frame.",
    handover: {
      lensTypes: ["varifocal"],
      coatings: ["anti_reflection", "photochromic"],
      coatingReasons: "Glare while driving at dusk",
      tasks: "Reads music, sews",
      cautions: "Nickel allergy: plastic or titanium frame",
      collector: "Her daughter collects",
    },
    urgency: null,
  },
  {
    outcome: "new_rx",
    reason: "Cannot read the board at school",
    history: "Wears glasses in class only. Plays hockey.",
    findings: null,
    recommendation: "Full-time wear. Impact-resistant lenses; ask about sports glasses.",
    handover: { lensTypes: ["single_vision", "sports"], tasks: "Hockey", collector: "Her mother" },
    urgency: "soon",
  },
  {
    outcome: "small_change",
    reason: "Routine sight test",
    history: "Works at a screen for eight hours a day.",
    findings: null,
    recommendation: "A second pair for the desk would help.",
    handover: {
      lensTypes: ["varifocal", "office"],
      coatings: ["anti_reflection"],
      tasks: "Eight hours at a screen",
    },
    urgency: null,
  },
  {
    outcome: "small_change",
    reason: "Frame broken, wants a check before a new pair",
    history: "No complaints about vision.",
    findings: null,
    recommendation: "New frame, same kind of lens.",
    handover: { lensTypes: ["single_vision"] },
    urgency: null,
  },
];

/** The exam of the patient at that place of the list, the first the latest; signed within the last two hours. */
export function examOfToday(world: World, patient: Patient, place: number): Exam {
  const exam = todays[place % todays.length] as (typeof todays)[number];
  return { ...exam, rx: patient.rx, signedAt: world.now - (18 + place * 31) * minute };
}

/** The card on the tills of the branch, and the event that says so, as the product derives them. */
export function addHandoff(
  world: World,
  staff: Staff,
  patient: Patient,
  exam: Exam,
  examId: Id,
  prescription: Prescription | null,
): void {
  const id = world.derive({ subject: examId, reaction, index: 2 });
  const from = staff.people[patient.branch === "YRK" ? "alan.birch" : "priya.raman"];
  const branch = staff.branches[patient.branch];
  world.put("handoff", id, {
    exam_id: examId,
    patient_id: patient.row.id,
    branch_id: branch,
    prescription_id: prescription?.id ?? null,
    outcome: exam.outcome,
    recommendation: exam.recommendation,
    from_user_id: from,
    raised_at: exam.signedAt,
    handled_at: null,
    handled_by_id: null,
    sale_id: null,
    card: handoverSchema.parse({
      ...exam.handover,
      restricted: restrictionOf(
        { ...patient.row, sight_impaired: patient.row.sight_impaired ?? null },
        localDate(exam.signedAt, zone),
      ),
    }),
    urgency: exam.urgency,
  });
  world.put("domain_event", world.derive({ subject: id, reaction: "exam.finalized", index: 0 }), {
    type: "exam.finalized",
    version: 1,
    source: "staff",
    subject_entity: "handoff",
    subject_id: id,
    branch_id: branch,
    actor_id: from,
    at: exam.signedAt,
    payload: {
      examId,
      patientId: patient.row.id,
      optometristId: from,
      prescriptionId: prescription?.id ?? null,
      outcome: exam.outcome,
    },
    stream: "people",
  });
}
