/** A referral letter, kept as it was sent. */
import { z } from "zod";
import { urgencies } from "../../../src-shared/exams/kinds.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";

export const referPatient = defineCommand({
  name: "exams.refer",
  permission: "referrals:send",
  input: z.object({
    examId: idSchema,
    toName: z.string().trim().min(2, "say to whom").max(200),
    toAddress: z.string().trim().max(400).nullable(),
    urgency: z.enum(urgencies),
    reason: z.string().trim().min(3, "say why").max(1000),
    letter: z.string().trim().min(10, "write the letter").max(20_000),
  }),
  run(tx, { examId, toName, toAddress, urgency, reason, letter }) {
    const exam = tx.need("exam", examId);
    if (exam.discarded_at !== null)
      throw refuse("DISCARDED", "This exam was discarded. Refer from another one, or begin one.");
    const row = tx.insert("referral", {
      patient_id: exam.patient_id,
      exam_id: examId,
      branch_id: tx.branch,
      to_name: toName,
      to_address: toAddress || null,
      urgency,
      reason,
      letter,
      author_id: tx.user as Id,
      at: tx.now,
    });
    return { id: row.id };
  },
});
