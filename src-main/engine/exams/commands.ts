import { z } from "zod";
import { sha256Hex } from "../../../replica/crypto.ts";
import { canonicalExam } from "../../../src-shared/exams/content.ts";
import { outcomes } from "../../../src-shared/exams/record-content.ts";
import { checkEye, eyeOf } from "../../../src-shared/optics/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Body } from "../../../src-shared/sync/group.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { bytes } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";

const eyeFields = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"] as const;
const emptyEyes = Object.fromEntries(
  ["r", "l"].flatMap((side) => eyeFields.map((field) => [`${side}_${field}`, null])),
);

export const startExam = defineCommand({
  name: "exams.start",
  permission: "exams:create",
  input: z.object({ patientId: idSchema }),
  run(tx, { patientId }) {
    tx.need("patient", patientId);
    const [open] = tx.sql<{ id: Id }>(
      "select id from exam where patient_id=? and optometrist_id=? and record_id is null and discarded_at is null and deleted=0 limit 1",
      bytes(patientId),
      bytes(tx.user as Id),
    );
    if (open) return { id: open.id };
    const exam = tx.insert("exam", {
      ...emptyEyes,
      patient_id: patientId,
      branch_id: tx.branch,
      optometrist_id: tx.user as Id,
      started_at: tx.now,
      reason: null,
      history: null,
      r_va: null,
      l_va: null,
      bvd: null,
      findings: null,
      outcome: null,
      recall_months: null,
      advice: null,
      recommendation: null,
      discarded_at: null,
    } as never);
    return { id: exam.id };
  },
});

const text = (max: number) => z.string().max(max).nullable();
const power = z.int().min(-100_000).max(100_000).nullable();
const eye = (side: "r" | "l") => ({
  [`${side}_sphere`]: power,
  [`${side}_cylinder`]: power,
  [`${side}_axis`]: z.int().min(1).max(180).nullable(),
  [`${side}_prism_h`]: z.int().min(0).max(4000).nullable(),
  [`${side}_base_h`]: z.enum(["in", "out"]).nullable(),
  [`${side}_prism_v`]: z.int().min(0).max(4000).nullable(),
  [`${side}_base_v`]: z.enum(["up", "down"]).nullable(),
  [`${side}_add`]: power,
  [`${side}_va`]: text(16),
});
export const examFields = z
  .object({
    ...eye("r"),
    ...eye("l"),
    bvd: z.int().min(50).max(250).nullable(),
    reason: text(2000),
    history: text(8000),
    findings: text(8000),
    outcome: z.enum(outcomes).nullable(),
    recall_months: z.int().min(1).max(120).nullable(),
    advice: text(4000),
    recommendation: text(2000),
  })
  .partial();

function draft(tx: Transaction, id: Id): Row<"exam"> {
  const exam = tx.need("exam", id);
  if (exam.record_id !== null)
    throw refuse("EXAM_SIGNED", "This exam is signed and stays as it is. Write an amendment instead.");
  return exam;
}

/** Autosave: single fields, each a register of its own, so that two devices on one draft overwrite nothing. */
export const patchExam = defineCommand({
  name: "exams.patch",
  permission: "exams:create",
  input: z.object({ id: idSchema, fields: examFields }),
  run(tx, { id, fields }) {
    const exam = draft(tx, id);
    const merged = { ...exam, ...fields } as unknown as Record<string, unknown>;
    // A half-typed line is fine while writing; only what no lens could be is refused here.
    for (const side of ["r", "l"] as const) {
      const impossible = checkEye(eyeOf(merged as never, side)).find(
        (finding) =>
          finding.severity === "block" && `${side}_${finding.field}` in fields && finding.code === "out_of_range",
      );
      if (impossible) throw refuse("IMPOSSIBLE", impossible.message, { field: `${side}_${impossible.field}` });
    }
    return { changed: tx.patch("exam", id, fields as never) };
  },
});

/** Signing writes the record: its bytes are the exam from now on, for everybody and for ever. */
export const signExam = defineCommand({
  name: "exams.sign",
  permission: "exams:finalize",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    const exam = draft(tx, id);
    if (exam.outcome === null)
      throw refuse("NO_OUTCOME", "Choose the outcome first; everything else may stay open.", { field: "outcome" });
    if (!outcomes.includes(exam.outcome))
      throw refuse(
        "NEWER_OUTCOME",
        "This outcome was chosen on a PC with a newer version of Horopter. Sign the exam there, update this PC, or choose another.",
        { field: "outcome" },
      );
    for (const side of ["r", "l"] as const) {
      const wrong = checkEye(eyeOf(exam as never, side)).find((finding) => finding.severity === "block");
      if (wrong)
        throw refuse("RX_INCOMPLETE", `${side === "r" ? "Right" : "Left"}: ${wrong.message}`, {
          field: `${side}_${wrong.field}`,
        });
    }
    const content = canonicalExam(exam as unknown as Record<string, unknown>);
    const recordId = tx.derive({ subject: id, reaction: "exam-record", index: 0 });
    tx.insertOnce("exam_record", recordId, {
      exam_id: id,
      patient_id: exam.patient_id,
      branch_id: tx.branch,
      signed_by_id: tx.user as Id,
      signed_at: tx.now,
      content,
      sha256: sha256Hex(content),
      folded: changesFolded(tx, id),
    });
    return { recordId };
  },
});

/** The changes of the draft that this device had in view: those it wrote itself and still holds the bytes of. */
function changesFolded(tx: Transaction, exam: Id): string[] {
  const rows = tx.sql<{ bodies: string }>(
    "select bodies from sync_outbox where command='exams.patch' and state in ('pending','review','settled') and instr(bodies, ?) > 0",
    exam,
  );
  return rows.flatMap(({ bodies }) =>
    (JSON.parse(bodies) as { body: string }[])
      .map(({ body }) => JSON.parse(body) as Body)
      .filter((body) => body.entity === "exam" && body.row === exam)
      .map((body) => body.id),
  );
}

export const amendExam = defineCommand({
  name: "exams.amend",
  permission: "exams:finalize",
  input: z.object({
    id: idSchema,
    reason: z.string().trim().min(3, "say why").max(2000),
    content: z.string().trim().min(1).max(20_000),
  }),
  run(tx, { id, reason, content }) {
    const exam = tx.need("exam", id);
    if (exam.record_id === null) throw refuse("NOT_SIGNED", "This exam is not signed yet; change the draft itself.");
    tx.insert("exam_amendment", {
      exam_id: id,
      patient_id: exam.patient_id,
      state: "amendment",
      reason,
      content,
      author_id: tx.user as Id,
      at: tx.now,
    });
  },
});

export const discardExam = defineCommand({
  name: "exams.discard",
  permission: "exams:create",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    draft(tx, id);
    tx.patch("exam", id, { discarded_at: tx.now });
  },
});
