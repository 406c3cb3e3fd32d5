import { z } from "zod";
import { caseMessage } from "../../../src-shared/cases/entities.ts";
import { heads } from "../../../src-shared/cases/fold.ts";
import {
  type CaseStatus,
  caseStatuses,
  type Urgency,
  urgencies,
  urgencyRank,
} from "../../../src-shared/cases/status.ts";
import { mayFollow } from "../../../src-shared/cases/transitions.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { understood } from "../../../src-shared/sync/newer.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row, StoredRow } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { standingFor } from "../patients/kept.ts";
import { keptRecord } from "../patients/summary.ts";
import { bytes } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";

const words = z.string().trim().min(1, "write something first").max(20_000);
const channel = z.enum(["counter", "phone", "email", "portal", "chat"]);

/** An event follows what its author saw as the latest of its kind; two that did not see each other both stand. */
function addEvent(
  tx: Transaction,
  file: Row<"case_file">,
  kind: "status" | "urgency",
  value: CaseStatus | Urgency,
  text: string | null,
): void {
  const before = tx.children("case_event", "case_id", file.id).filter((event) => event.kind === kind);
  tx.insert("case_event", {
    case_id: file.id,
    kind,
    value,
    follows: heads(before as unknown as StoredRow[]).map((event) => event.id),
    seen_patient_messages: file.patient_messages,
    text,
    user_id: tx.user,
    at: tx.now,
  });
}

function addMessage(
  tx: Transaction,
  file: Row<"case_file">,
  from: "staff" | "patient",
  body: string,
  by: string,
): void {
  const message = tx.insert("case_message", {
    case_id: file.id,
    from,
    // A channel that only newer versions know would be refused here.
    channel: understood(caseMessage.fields.channel, file.channel),
    body,
    author_id: from === "staff" ? tx.user : null,
    author: by,
    at: tx.now,
  });
  tx.raise("case.message_added", { entity: "case_file", row: file }, { caseId: file.id, messageId: message.id, from });
}

function nameOf(tx: Transaction): string {
  return tx.user ? (tx.get("app_user", tx.user)?.display_name ?? "") : "";
}
function dropDraft(tx: Transaction, id: Id): void {
  tx.sql("delete from local_draft where kind='case' and key=? and user_id=? returning key", id, bytes(tx.user as Id));
}

export const openCase = defineCommand({
  name: "cases.open",
  permission: "cases:create",
  input: z.object({
    patientId: idSchema.nullable(),
    subject: z.string().trim().min(3, "a few words on what it is about").max(300),
    channel,
    urgency: z.enum(urgencies).default("R"),
    body: z.string().trim().max(20_000).default(""),
  }),
  run(tx, input) {
    const patient = input.patientId ? standingFor(tx, input.patientId) : null;
    const file = tx.insert("case_file", {
      number: tx.label("K"),
      printed_number: null,
      patient_id: patient?.id ?? null,
      subject: input.subject,
      channel: input.channel,
      branch_id: tx.branch,
      owner_id: null,
      opened_by_id: tx.user as Id,
      opened_at: tx.now,
    });
    // What is folded over a row is there after the command only; a case that begins has heard nothing yet.
    if (input.urgency !== "R") addEvent(tx, { ...file, patient_messages: 0 }, "urgency", input.urgency, null);
    if (input.body)
      addMessage(tx, file, "patient", input.body, patient ? `${patient.given_name} ${patient.family_name}` : "");
    tx.raise(
      "case.opened",
      { entity: "case_file", row: file },
      { caseId: file.id, patientId: patient?.id ?? null, urgency: input.urgency },
    );
    return { id: file.id, number: file.number };
  },
});

export const replyToCase = defineCommand({
  name: "cases.reply",
  permission: "cases:reply",
  input: z.object({ id: idSchema, body: words, thenWait: z.boolean().default(false) }),
  run(tx, { id, body, thenWait }) {
    const file = tx.need("case_file", id);
    addMessage(tx, file, "staff", body, nameOf(tx));
    if (thenWait && mayFollow(file.status, "awaiting_patient")) addEvent(tx, file, "status", "awaiting_patient", null);
    dropDraft(tx, id);
  },
});

/** What a patient said on the phone or at the counter, written down by staff as the patient's own words. */
export const notePatientWords = defineCommand({
  name: "cases.patient-message",
  permission: "cases:create",
  input: z.object({ id: idSchema, body: words }),
  run(tx, { id, body }) {
    const file = tx.need("case_file", id);
    const patient = file.patient_id ? keptRecord(tx, file.patient_id)?.kept : null;
    addMessage(tx, file, "patient", body, patient ? `${patient.given_name} ${patient.family_name}` : "");
    dropDraft(tx, id);
  },
});

export const noteInternally = defineCommand({
  name: "cases.note",
  permission: "cases:note_internal",
  input: z.object({ id: idSchema, body: words }),
  run(tx, { id, body }) {
    tx.need("case_file", id);
    tx.insert("case_note", { case_id: id, body, author_id: tx.user as Id, at: tx.now });
    dropDraft(tx, id);
  },
});

export const assignCase = defineCommand({
  name: "cases.assign",
  permission: null,
  input: z.object({ id: idSchema, ownerId: idSchema.nullable() }),
  run(tx, { id, ownerId }) {
    const file = tx.need("case_file", id);
    tx.require(ownerId === tx.user || ownerId === null ? "cases:assign_self" : "cases:assign_others", {
      owner: file.owner_id,
    });
    if (ownerId) tx.need("app_user", ownerId);
    const previousOwnerId = file.owner_id;
    if (!tx.patch("case_file", id, { owner_id: ownerId })) return;
    if (ownerId && file.status === "open") addEvent(tx, file, "status", "assigned", null);
    tx.raise("case.assigned", { entity: "case_file", row: file }, { caseId: id, ownerId, previousOwnerId });
  },
});

export const setCaseStatus = defineCommand({
  name: "cases.set-status",
  permission: null,
  input: z.object({ id: idSchema, status: z.enum(caseStatuses), text: z.string().trim().max(2000).default("") }),
  run(tx, { id, status, text }) {
    const file = tx.need("case_file", id);
    const from = file.status as CaseStatus;
    if (!mayFollow(from, status))
      throw refuse("NOT_NEXT", "The case cannot go there from where it is.", { from, status });
    if (status === "awaiting_patient" && !asked(tx, id)) {
      throw refuse("NOTHING_ASKED", "Write to the patient first, so that there is something to wait for.");
    }
    if (status === "closed" && text.length < 3)
      throw refuse("CLOSING_WORDS", "Say in a sentence how it ended; the patient will read it.");
    addEvent(tx, file, "status", status, text || null);
  },
});

/** Whether staff wrote after the patient's last word: waiting for the patient needs a question on the case (§4c). */
function asked(tx: Transaction, id: Id): boolean {
  const messages = tx.children("case_message", "case_id", id);
  const last = messages.sort((a, b) => (a.hlc < b.hlc ? -1 : 1)).at(-1);
  return last?.from === "staff";
}

export const setCaseUrgency = defineCommand({
  name: "cases.set-urgency",
  permission: null,
  input: z.object({ id: idSchema, urgency: z.enum(urgencies) }),
  run(tx, { id, urgency }) {
    const file = tx.need("case_file", id);
    if (file.urgency === urgency) return;
    addEvent(tx, file, "urgency", urgency, urgencyRank(urgency) < urgencyRank(file.urgency) ? "lower" : null);
  },
});
