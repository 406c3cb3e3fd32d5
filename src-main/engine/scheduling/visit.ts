/** Where a patient is: facts that any workstation adds, none of which is ever taken back but by another one. */
import { z } from "zod";
import { type VisitStep, visitStates } from "../../../src-shared/scheduling/states.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { requireFree } from "./booking.ts";

function addEvent(tx: Transaction, appointment: Id, kind: VisitStep, text: string | null = null): void {
  tx.insert("appointment_event", {
    appointment_id: appointment,
    kind,
    text,
    user_id: tx.user,
    branch_id: tx.branch,
    at: tx.now,
  });
}

/** Moves a patient on, or back, or past a station; `reopened` makes it a booking again. */
export const step = defineCommand({
  name: "scheduling.step",
  permission: "appointments:view",
  input: z.object({ id: idSchema, to: z.enum([...visitStates, "reopened"]) }),
  run(tx, { id, to }) {
    const row = tx.need("appointment", id);
    if (row.state === to || (to === "reopened" && row.state === "booked")) return;
    if (row.state === "cancelled" && to !== "reopened")
      throw refuse("CANCELLED", "This booking was cancelled. Book it again first.");
    if (to === "reopened" && (row.state === "cancelled" || row.state === "did_not_attend")) {
      tx.require("appointments:change");
      // The time may have been given to somebody else meanwhile.
      if (!row.walk_in) requireFree(tx, row, false);
    }
    addEvent(tx, id, to);
  },
});

export const cancel = defineCommand({
  name: "scheduling.cancel",
  permission: "appointments:change",
  input: z.object({ id: idSchema, reason: z.string().trim().min(2, "say why in a word").max(400) }),
  run(tx, { id, reason }) {
    const { state } = tx.need("appointment", id);
    if (state === "gone") throw refuse("GONE", "This patient has been here and has gone; there is nothing to cancel.");
    if (state !== "cancelled") addEvent(tx, id, "cancelled", reason);
  },
});

export const didNotAttend = defineCommand({
  name: "scheduling.did-not-attend",
  permission: "appointments:change",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    const row = tx.need("appointment", id);
    if (row.state === "did_not_attend") return;
    if (row.state !== "booked")
      throw refuse("IS_HERE", "This patient has arrived, so they cannot have stayed away. Put them back first.");
    if (row.starts_at > tx.now)
      throw refuse("TOO_EARLY", "The time of this booking has not come yet. Cancel it, if they will not come.");
    addEvent(tx, id, "did_not_attend");
  },
});

/** An exam began: its patient is with the optometrist, unless they are there or further already. */
export function beginVisit(tx: Transaction, appointment: Id): void {
  const row = tx.get("appointment", appointment);
  if (
    row &&
    ["booked", "arrived", "pre_test"].includes(row.state) &&
    tx.can("appointments:view", { branch: row.branch_id })
  )
    addEvent(tx, appointment, "with_optometrist");
}
