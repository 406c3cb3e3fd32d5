import { z } from "zod";
import { defineEntity } from "../sync/entity.ts";
import { bool, date, idField, instant, int, json, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";
import { foldJob } from "./fold.ts";
import { controlKinds, noteKinds, stages } from "./stages.ts";

/** Frozen into the job when it is released: what the bench makes the glasses from. */
export const jobContentSchema = z.looseObject({
  rx: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  lens: z.looseObject({ name: z.string(), design: z.string().optional(), index: z.number().optional() }),
  frame: z.looseObject({ name: z.string() }).nullable(),
  measurements: z.record(z.string(), z.unknown()),
  coatings: z.array(z.string()),
  /** Whether the law restricted who may dispense to the patient when they were sold (domain §4.2); a bench knows no more. */
  restricted: z.boolean().optional(),
});

export const job = defineEntity({
  name: "job",
  kind: "fact",
  stream: "jobs",
  fields: {
    number: text(40),
    /** What was printed before a forked terminal had to draw the number anew; searchable. */
    printed_number: nullable(text(40)),
    sale_id: idField(),
    pair_id: idField(),
    patient_id: idField("patient"),
    patient_name: text(),
    branch_id: idField("branch"),
    lab_branch_id: idField("branch"),
    content: json(jobContentSchema),
    promised_on: date(),
    rush: bool(),
    at: instant(),
  },
  permissions: { insert: "pos:access" },
  fold: {
    columns: {
      stage: oneOf(...stages),
      stage_at: instant(),
      tray: nullable(text(12)),
      held: bool(),
      hold_reason: nullable(text(400)),
      cancelled: bool(),
      last_event_id: nullable(idField("job_event")),
      late_events: int(0),
    },
    from: { job_event: "job_id" },
    compute: foldJob,
  },
});

export const jobEvent = defineEntity({
  name: "job_event",
  kind: "fact",
  stream: "jobs",
  parent: { entity: "job", column: "job_id" },
  fields: {
    job_id: idField("job"),
    kind: unknownAs("note", oneOf(...stages, ...controlKinds, ...noteKinds)),
    /** The job's latest physical event that the author saw; a control event that saw less is kept as late. */
    seen_event_id: nullable(idField("job_event")),
    text: nullable(text(1000)),
    user_id: nullable(idField("app_user")),
    branch_id: nullable(idField("branch")),
    at: instant(),
  },
  author: "user_id",
  permissions: { insert: ({ fields }) => (fields.kind === "reject" ? "orders:remake" : "orders:update_status") },
});
