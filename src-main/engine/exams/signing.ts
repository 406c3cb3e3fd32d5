/** Signing: the exam's bytes from now on, for everybody and for ever; and what is said about them afterwards. */
import { z } from "zod";
import { sha256Hex } from "../../../replica/crypto.ts";
import { askedQuestions, canonicalExam } from "../../../src-shared/exams/content.ts";
import { statedValidity } from "../../../src-shared/exams/issued.ts";
import { outcomes } from "../../../src-shared/exams/record-content.ts";
import { checkEye, eyeOf, type MeasureLimits } from "../../../src-shared/optics/index.ts";
import type { StoredRow } from "../../../src-shared/sync/entity.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Body } from "../../../src-shared/sync/group.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { draft, writeEntry } from "./draft.ts";
import { limitsOf } from "./limits.ts";
import { dropUnkept } from "./unkept.ts";

/** What a record may take: drawings are most of it. */
const contentAtMost = 200_000;

/** The content of a draft that is ready to be signed, or why it is not. */
function readyContent(tx: Transaction, exam: Row<"exam">): string {
  if (exam.outcome === null)
    throw refuse("NO_OUTCOME", "Choose the outcome first; everything else may stay open.", { field: "outcome" });
  if (!outcomes.includes(exam.outcome))
    throw refuse(
      "NEWER_OUTCOME",
      "This outcome was chosen on a PC with a newer version of Horopter. Sign the exam there, update this PC, or choose another.",
      { field: "outcome" },
    );
  const { rx, measures } = limitsOf(tx, tx.practice);
  for (const side of ["r", "l"] as const) {
    const wrong = checkEye(eyeOf(exam as never, side), rx).find((finding) => finding.severity === "block");
    if (wrong)
      throw refuse("RX_INCOMPLETE", `${side === "r" ? "Right" : "Left"}: ${wrong.message}`, {
        field: `${side}_${wrong.field}`,
      });
  }
  sayValidity(tx, exam, measures);
  const content = contentOf(tx, tx.need("exam", exam.id));
  if (content.length > contentAtMost)
    throw refuse("TOO_LONG", "The drawings hold more than a record can. Rub out what is drawn twice, then sign.", {
      length: content.length,
    });
  return content;
}

/** Papers that do not say how long they are valid last as the practice's limits of today have it, whenever issued. */
function sayValidity(tx: Transaction, exam: Row<"exam">, measures: MeasureLimits): void {
  const entry = (key: string) => tx.children("exam_entry", "exam_id", exam.id).find((row) => row.key === key)?.value;
  const specified = (["r", "l"] as const).some((side) => entry(`contact_lenses.lens.${side}`) != null);
  const stated = statedValidity(
    {
      given: exam.r_sphere === null && exam.l_sphere === null ? undefined : exam.rx_months,
      lenses: specified ? ((entry(lensValidity) as number | undefined) ?? null) : undefined,
    },
    measures,
  );
  if (stated.rx !== null) tx.patch("exam", exam.id, { rx_months: stated.rx });
  if (stated.lenses !== null) writeEntry(tx, exam.id, lensValidity, stated.lenses);
}
const lensValidity = "contact_lenses.expiry_months";

function contentOf(tx: Transaction, exam: Row<"exam">): string {
  const of = (name: "exam_entry" | "exam_item") => tx.children(name, "exam_id", exam.id) as unknown as StoredRow[];
  const [entries, items] = [of("exam_entry"), of("exam_item")];
  const questions = askedQuestions(entries, items).flatMap((id) => tx.get("exam_question", id) ?? []);
  return canonicalExam({
    exam: exam as unknown as Record<string, unknown>,
    entries,
    items,
    questions: questions as unknown as StoredRow[],
  });
}

/**
 * The changes of the draft that this device wrote and that the centre has not settled: should one of them settle after
 * the record, it was in view all the same.
 */
function changesFolded(tx: Transaction, exam: Id): string[] {
  const rows = tx.sql<{ bodies: string }>(
    "select bodies from sync_outbox where command like 'exams.%' and state in ('pending','review')",
  );
  const parts = new Set(
    (["exam_entry", "exam_item"] as const).flatMap((name) => tx.children(name, "exam_id", exam).map(({ id }) => id)),
  );
  return rows.flatMap(({ bodies }) =>
    (JSON.parse(bodies) as { body: string }[])
      .map(({ body }) => JSON.parse(body) as Body)
      .filter((body) => body.row === exam || parts.has(body.row) || body.fields.exam_id === exam)
      .map((body) => body.id),
  );
}

function writeRecord(
  tx: Transaction,
  exam: Row<"exam">,
  content: string,
  prepared: { by: Id; submission: Id } | null,
): { recordId: Id } {
  const recordId = tx.derive({ subject: exam.id, reaction: "exam-record", index: 0 });
  tx.insertOnce("exam_record", recordId, {
    exam_id: exam.id,
    patient_id: exam.patient_id,
    branch_id: tx.branch,
    signed_by_id: tx.user as Id,
    signed_at: tx.now,
    content,
    sha256: sha256Hex(content),
    folded: changesFolded(tx, exam.id),
    prepared_by_id: prepared?.by ?? null,
    submission_id: prepared?.submission ?? null,
  });
  dropUnkept(tx, exam.id);
  return { recordId };
}

/** Signing writes the record and with it, by reaction, the prescription, the summary and the hand-off card. */
export const signExam = defineCommand({
  name: "exams.sign",
  permission: "exams:finalize",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    const exam = draft(tx, id);
    return writeRecord(tx, exam, readyContent(tx, exam), null);
  },
});

/** A trainee signs: the bytes wait for a supervisor's countersignature. Nothing is handed over until then. */
export const submitExam = defineCommand({
  name: "exams.submit",
  permission: "exams:create",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    const exam = draft(tx, id);
    const content = readyContent(tx, exam);
    const sha256 = sha256Hex(content);
    if (lastSubmission(tx, id)?.sha256 === sha256)
      throw refuse("SUBMITTED", "This is signed already and waits for the countersignature.");
    const row = tx.insert("exam_submission", {
      exam_id: id,
      patient_id: exam.patient_id,
      branch_id: tx.branch,
      content,
      sha256,
      folded: changesFolded(tx, id),
      author_id: tx.user as Id,
      at: tx.now,
    });
    return { submissionId: row.id };
  },
});

function lastSubmission(tx: Transaction, exam: Id): Row<"exam_submission"> | null {
  return tx.children("exam_submission", "exam_id", exam).sort((a, b) => b.at - a.at)[0] ?? null;
}

/**
 * A supervisor signs what the trainee signed. If the draft has changed since, the trainee signs again first: nobody
 * countersigns what the other did not sign.
 */
export const countersignExam = defineCommand({
  name: "exams.countersign",
  permission: "exams:finalize",
  input: z.object({ id: idSchema, submissionId: idSchema }),
  run(tx, { id, submissionId }) {
    const exam = draft(tx, id);
    const submission = tx.need("exam_submission", submissionId);
    if (submission.exam_id !== id || lastSubmission(tx, id)?.id !== submissionId)
      throw refuse("SIGNED_ANEW", "This was signed again meanwhile. Look at the newer one.");
    if (submission.author_id === tx.user)
      throw refuse("OWN_SUBMISSION", "Somebody else countersigns. Ask your supervisor.");
    if (sha256Hex(contentOf(tx, exam)) !== submission.sha256)
      throw refuse(
        "CHANGED_SINCE",
        "The exam was changed after it was signed. It has to be signed again before it is countersigned.",
      );
    return writeRecord(tx, exam, submission.content, { by: submission.author_id, submission: submissionId });
  },
});

/** A supervisor sends it back, saying what to see to. */
export const returnExam = defineCommand({
  name: "exams.return",
  permission: "exams:finalize",
  input: z.object({ id: idSchema, note: z.string().trim().min(3, "say what to see to").max(1000) }),
  run(tx, { id, note }) {
    draft(tx, id);
    tx.insert("exam_item", {
      exam_id: id,
      list: "supervision",
      data: { note, user_id: tx.user as Id, at: tx.now },
    });
  },
});
