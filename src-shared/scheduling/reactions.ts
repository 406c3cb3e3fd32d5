/** A signed exam sends its patient on to the dispensing desk, where the hand-off card is already. */
import { derivedRow, type Reaction } from "../events/reaction.ts";
import type { Id } from "../sync/fields.ts";
import type { Row } from "../sync/registry.ts";

const name = "visit-examined";

const visitExamined: Reaction = {
  name,
  on: { insert: "exam_record" },
  outputs: [
    {
      entity: "appointment_event",
      derivation: (fields) => ({ subject: fields.appointment_id as Id, reaction: name, index: 0 }),
    },
  ],
  decide(context, row) {
    const record = row as unknown as Row<"exam_record">;
    const exam = context.get("exam", record.exam_id);
    const visit = exam?.appointment_id ? context.get("appointment", exam.appointment_id) : null;
    // Who is further on already, or was put aside, stays there.
    if (!visit || !["booked", "arrived", "pre_test", "with_optometrist"].includes(visit.state)) return [];
    return [
      derivedRow(
        "appointment_event",
        context.derive({ subject: visit.id, reaction: name, index: 0 }),
        visit.branch_id,
        {
          appointment_id: visit.id,
          kind: "dispensing",
          text: null,
          user_id: context.actor,
          branch_id: record.branch_id,
          at: record.signed_at,
        },
      ),
    ];
  },
};

export const schedulingReactions: readonly Reaction[] = [visitExamined];
