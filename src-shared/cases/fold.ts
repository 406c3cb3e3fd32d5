import type { StoredRow } from "../sync/entity.ts";
import { byStamp } from "../sync/order.ts";
import { type CaseStatus, knownStatus, statusVisibility, type Urgency, urgencyRank } from "./status.ts";

/** The events that no other event follows: more than one means that they were made without seeing each other. */
export function heads(events: readonly StoredRow[]): StoredRow[] {
  const followed = new Set(events.flatMap((event) => event.follows as string[]));
  return events.filter((event) => !followed.has(event.id));
}

const closedStates = new Set<string>(["resolved", "closed", "archived"]);

/**
 * Status and urgency of a case as a pure function of its events and messages (domain §4d): what is causally later
 * wins, of concurrent ones the status that keeps the case visible and the higher urgency; and a message of the
 * patient that whoever resolved or closed the case had not seen reopens it.
 */
export function foldCase(row: StoredRow, facts: Readonly<Record<string, readonly StoredRow[]>>) {
  const events = [...(facts.case_event ?? [])].sort(byStamp);
  const messages = facts.case_message ?? [];
  const patientMessages = messages.filter((message) => message.from === "patient").length;

  let status: CaseStatus = "open";
  const statusHeads = heads(events.filter((event) => event.kind === "status"));
  for (const head of statusHeads) {
    const value = knownStatus(head.value as string);
    if (head === statusHeads[0] || statusVisibility[value] > statusVisibility[status]) status = value;
  }
  const decider = statusHeads.find((head) => knownStatus(head.value as string) === status);
  if (closedStates.has(status) && decider && patientMessages > (decider.seen_patient_messages as number)) {
    status = "reopened";
  }

  let urgency: Urgency = "R";
  for (const head of heads(events.filter((event) => event.kind === "urgency"))) {
    if (urgencyRank(head.value as string) > urgencyRank(urgency)) urgency = head.value as Urgency;
  }
  const last = [...events, ...messages].reduce((at, fact) => Math.max(at, fact.at as number), row.opened_at as number);
  return { status, urgency, last_activity_at: last, patient_messages: patientMessages, messages: messages.length };
}
