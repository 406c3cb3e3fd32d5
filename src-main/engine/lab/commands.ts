import { z } from "zod";
import { allowedStages } from "../../../src-shared/lab/flow.ts";
import { registrantSchema } from "../../../src-shared/lab/registrant.ts";
import { type JobEventKind, type Stage, stages } from "../../../src-shared/lab/stages.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { bytes } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { collectionText } from "./collection.ts";

function addEvent(tx: Transaction, job: Row<"job">, kind: JobEventKind, text: string | null): void {
  tx.insert(
    "job_event",
    {
      job_id: job.id,
      kind,
      seen_event_id: job.last_event_id,
      text,
      user_id: tx.user,
      branch_id: tx.branch,
      at: tx.now,
    },
    { branch: tx.branch },
  );
}

/** The job reached a further stage: something that happened to the thing itself. */
export const advanceJob = defineCommand({
  name: "lab.advance",
  permission: "orders:update_status",
  input: z.object({
    jobId: idSchema,
    to: z.enum(stages),
    /** Who is there at the collection; needed where the law restricts who may dispense. */
    registrant: registrantSchema.nullable().default(null),
  }),
  run(tx, { jobId, to, registrant }) {
    const job = tx.need("job", jobId);
    if (job.held)
      throw refuse("ON_HOLD", "This job is on hold. Resume it first, then move it.", { reason: job.hold_reason });
    const allowed = allowedStages(job);
    if (!allowed.includes(to)) {
      throw refuse("NOT_NEXT", "The job cannot go there from where it is. Nothing was changed.", {
        from: job.stage,
        to,
        allowed,
      });
    }
    addEvent(tx, job, to, to === "collected" ? collectionText(tx, job, registrant) : null);
    tx.raise(
      "order.status_changed",
      { entity: "job", row: job },
      { jobId, from: job.stage, to, patientId: job.patient_id },
    );
    if (to === "dispatched") {
      tx.raise(
        "order.shipped",
        { entity: "job", row: job },
        { jobId, patientId: job.patient_id, branchId: job.branch_id },
        { once: true },
      );
    }
    return { from: job.stage as Stage, to };
  },
});

const withReason = z.object({ jobId: idSchema, reason: z.string().trim().min(2, "say why").max(400) });

export const holdJob = defineCommand({
  name: "lab.hold",
  permission: "orders:update_status",
  input: withReason,
  run(tx, { jobId, reason }) {
    const job = tx.need("job", jobId);
    if (job.held) throw refuse("ON_HOLD", "This job is on hold already.", { reason: job.hold_reason });
    addEvent(tx, job, "hold", reason);
  },
});

export const resumeJob = defineCommand({
  name: "lab.resume",
  permission: "orders:update_status",
  input: z.object({ jobId: idSchema }),
  run(tx, { jobId }) {
    const job = tx.need("job", jobId);
    if (!job.held) throw refuse("NOT_HELD", "This job is not on hold.");
    if (job.cancelled) throw refuse("CANCELLED", "This job was cancelled and cannot be resumed.");
    addEvent(tx, job, "resume", null);
  },
});

/** Set aside for a remake; who orders the remake decides what is made again. */
export const rejectJob = defineCommand({
  name: "lab.reject",
  permission: "orders:remake",
  input: withReason,
  run(tx, { jobId, reason }) {
    addEvent(tx, tx.need("job", jobId), "reject", reason);
  },
});

export const assignTray = defineCommand({
  name: "lab.tray",
  permission: "orders:update_status",
  input: z.object({ jobId: idSchema, tray: z.string().trim().min(1).max(12) }),
  run(tx, { jobId, tray }) {
    const [other] = tx.sql<{ number: string }>(
      "select number from job where tray=? and id<>? and stage not in ('dispatched','received_branch','ready','collected') and cancelled=0 limit 1",
      tray,
      bytes(jobId),
    );
    if (other)
      throw refuse("TRAY_IN_USE", `Tray ${tray} holds ${other.number}. Take another tray, or free that one.`, {
        number: other.number,
      });
    addEvent(tx, tx.need("job", jobId), "tray", tray);
  },
});

export const noteOnJob = defineCommand({
  name: "lab.note",
  permission: "orders:update_status",
  input: z.object({ jobId: idSchema, text: z.string().trim().min(1).max(1000) }),
  run(tx, { jobId, text }) {
    addEvent(tx, tx.need("job", jobId), "note", text);
  },
});
