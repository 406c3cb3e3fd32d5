/** What is said about a record after it was signed: facts beside it, each with its reason. The record stays as it is. */
import { z } from "zod";
import { localDate } from "../../../src-shared/calendar/index.ts";
import {
  type AmendmentContent,
  amendedRecord,
  changeProblem,
  itemSaid,
  listOfFresh,
  saidIn,
  writeAmendment,
} from "../../../src-shared/exams/amended.ts";
import { type ContentChange, same } from "../../../src-shared/exams/content.ts";
import { type Issue, lensSpecOf, prescriptionOf } from "../../../src-shared/exams/issued.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { checkEye, eyeOf } from "../../../src-shared/optics/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { standingFor } from "../patients/kept.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { limitsOf } from "./limits.ts";

/** An amendment holds no more than a record does, drawings included. */
const contentAtMost = 200_000;
const reason = z.string().trim().min(3, "say why").max(2000);

/** Exam, record and all that was said about it since, as this device knows it. */
function signedExam(tx: Transaction, id: Id) {
  const exam = tx.need("exam", id);
  if (exam.record_id === null) throw refuse("NOT_SIGNED", "This exam is not signed yet; change the draft itself.");
  const record = tx.need("exam_record", exam.record_id);
  return { exam, record, ...amendedRecord(record.content, tx.children("exam_amendment", "exam_id", id)) };
}

/**
 * Each change from what stands now; what says nothing new is left out. An entry that is added to a list gets its id
 * here, so that it stands behind those that were signed.
 */
function changesTo(
  tx: Transaction,
  amended: ExamContent,
  wanted: readonly { key: string; to: unknown }[],
): ContentChange[] {
  const limits = limitsOf(tx, tx.practice);
  return wanted.flatMap(({ key: named, to: said }) => {
    const list = listOfFresh(named);
    const key = list ? `${list}:${tx.newId()}` : named;
    const from = saidIn(amended, key);
    const to = itemSaid(key, said ?? null);
    if (same(from, to)) return [];
    const problem = changeProblem(key, to, limits);
    if (problem)
      throw refuse("INVALID", `Please check the ${wordsOf(key)}: ${problem} Nothing was changed.`, { field: named });
    return [{ key, from, to }];
  });
}
const wordsOf = (key: string) => (key.split(":")[0] as string).split(".").slice(-2).join(" ").replaceAll("_", " ");

function write(tx: Transaction, exam: Row<"exam">, why: string, said: AmendmentContent): Id {
  const content = writeAmendment(said);
  if (content.length > contentAtMost)
    throw refuse("TOO_LONG", "This is more than one amendment can hold. Write it in two.", { length: content.length });
  return tx.insert("exam_amendment", {
    exam_id: exam.id,
    patient_id: exam.patient_id,
    state: "amendment",
    reason: why,
    content,
    author_id: tx.user as Id,
    at: tx.now,
  }).id;
}

/** An amendment says why, and what is otherwise than the record has it; the record stays as it is. */
export const amendExam = defineCommand({
  name: "exams.amend",
  permission: "exams:finalize",
  input: z.object({
    id: idSchema,
    reason,
    content: z.string().trim().max(20_000),
    changes: z
      .array(z.object({ key: z.string().min(1).max(120), to: z.unknown() }))
      .max(200)
      .optional(),
  }),
  run(tx, { id, reason: why, content, changes: wanted = [] }) {
    const { exam, record, amended } = signedExam(tx, id);
    const changes = changesTo(tx, amended, wanted);
    if (content === "" && changes.length === 0)
      throw refuse("EMPTY_AMENDMENT", "Say what is added or corrected.", { field: "content" });
    const amendmentId = write(tx, exam, why, { text: content, changes, answers: null, decision: null });
    return { amendmentId, ...issueAgain(tx, record, why, changes) };
  },
});

/**
 * Decides on what was written elsewhere before the signature was seen, or on a second signature: accepted, its changes
 * become an amendment; set aside, it stays readable and changes nothing. Either way somebody says why.
 */
export const answerAmendment = defineCommand({
  name: "exams.answer-amendment",
  permission: "exams:finalize",
  input: z.object({ amendmentId: idSchema, decision: z.enum(["accepted", "set_aside"]), reason }),
  run(tx, { amendmentId, decision, reason: why }) {
    const row = tx.need("exam_amendment", amendmentId);
    const { exam, record, amended, amendments } = signedExam(tx, row.exam_id);
    const proposal = amendments.find(({ id }) => id === amendmentId);
    if (!proposal || proposal.status === null)
      throw refuse("NOT_PROPOSED", "This is an amendment that somebody signed. Write another one to correct it.");
    if (proposal.status !== "open")
      throw refuse("ANSWERED", "Somebody has decided on this already. Look at what it says now.");
    const changes = decision === "accepted" ? changesTo(tx, amended, proposal.changes) : [];
    write(tx, exam, why, { text: "", changes, answers: amendmentId, decision });
    return issueAgain(tx, record, why, changes);
  },
});

const ofPrescription =
  /^([rl]_(sphere|cylinder|axis|prism_h|base_h|prism_v|base_v|add)|near\.inter_add\.[rl]|bvd|rx_months|purpose)$/;
const ofLenses = /^contact_lenses\.(lens\.[rl]|schedule|solution|expiry_months)$/;

/**
 * What the amendment corrects in a prescription or a specification is issued again, dated as the test was: tills
 * dispense what they find on file, and they do not hold the record.
 */
function issueAgain(tx: Transaction, record: Row<"exam_record">, why: string, changes: readonly ContentChange[]) {
  const touches = (pattern: RegExp) => changes.some(({ key }) => pattern.test(key));
  const again = { prescription: touches(ofPrescription), lenses: touches(ofLenses) };
  if (!again.prescription && !again.lenses) return { prescriptionId: null };
  const { amended } = signedExam(tx, record.exam_id);
  const { rx } = limitsOf(tx, tx.practice);
  for (const side of ["r", "l"] as const) {
    // What nothing is said of was judged when it was signed, by the limits of that day.
    const said = (field: string) => changes.some(({ key }) => key === `${side}_${field}`);
    const wrong = checkEye(eyeOf(amended.exam as never, side), rx).find(
      ({ severity, code, field }) => severity === "block" && (code !== "out_of_range" || said(field)),
    );
    if (wrong)
      throw refuse("RX_INCOMPLETE", `${side === "r" ? "Right" : "Left"}: ${wrong.message} Nothing was changed.`, {
        field: `${side}_${wrong.field}`,
      });
  }
  const issuer = tx.need("app_user", tx.user as Id);
  const zone = tx.get("branch", record.branch_id)?.time_zone ?? "Europe/London";
  const issue: Issue = {
    record,
    patient: standingFor(tx, record.patient_id),
    issuer,
    issuerId: issuer.id,
    day: localDate(record.signed_at, zone),
    at: tx.now,
    note: `Corrected: ${why}`.slice(0, 1000),
  };
  const prescription = again.prescription ? prescriptionOf(amended, issue) : null;
  const spec = again.lenses ? lensSpecOf(amended, issue) : null;
  if (spec) tx.insert("contact_lens_spec", spec);
  return { prescriptionId: prescription ? tx.insert("prescription", prescription).id : null };
}
