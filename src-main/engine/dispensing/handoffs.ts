/** Cards that the exam rooms hand over: what they say to the tills, and taking one off the list without a sale. */
import { z } from "zod";
import { ageOn } from "../../../src-shared/calendar/index.ts";
import { type HandoverCard, handoverSchema } from "../../../src-shared/exams/handover.ts";
import { patienceSetting, readPatience } from "../../../src-shared/scheduling/waiting.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { ofKept } from "../patients/kept.ts";
import { db, type Reader } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";

/** Patients whom the exam rooms of this branch have handed over and nobody has taken yet; the oldest first. */
export function openHandoffs(read: Reader, branch: string, today: string) {
  const rows = read.all(
    db
      .selectFrom("handoff as h")
      .innerJoin("patient as p", "p.id", "h.patient_id")
      .leftJoin("app_user as u", "u.id", "h.from_user_id")
      .select([
        "h.id",
        "h.patient_id",
        "p.merged_into_id",
        "h.outcome",
        "h.recommendation",
        "h.raised_at",
        "h.card",
        "h.urgency",
        "p.given_name",
        "p.family_name",
        "p.date_of_birth",
        "p.number",
        "p.allergies",
        "p.warning",
        "p.needs",
        "u.display_name as from",
      ])
      .where("h.branch_id", "=", branch)
      .where("h.handled_at", "is", null)
      .where("h.deleted", "=", 0)
      .orderBy("h.raised_at")
      .limit(100),
  );
  const shown = ofKept(read, rows, [
    ...(["given_name", "family_name", "date_of_birth", "number"] as const),
    ...(["allergies", "warning", "needs"] as const),
  ]);
  return shown.map((row) => ({ ...row, age: ageOn(row.date_of_birth, today), card: readCard(row.card) }));
}

/** Cards of older versions have none; of a newer one, what this version knows of it. */
export function readCard(text: string | null): HandoverCard | null {
  return text === null ? null : (handoverSchema.safeParse(JSON.parse(text)).data ?? null);
}

/** Minutes after which a card that nobody has taken is looked at, and is too old. */
export function handoffPatience(read: Reader) {
  const row = read.first(
    db.selectFrom("setting").select("value").where("key", "=", patienceSetting).where("deleted", "=", 0),
  );
  return readPatience(row ? JSON.parse(row.value) : null);
}

/** The patient buys nothing now; the card goes from every till, the prescription stays. */
export const settleHandoff = defineCommand({
  name: "dispensing.settle-handoff",
  permission: "pos:access",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    if (tx.need("handoff", id).handled_at !== null) return;
    tx.patch("handoff", id, { handled_at: tx.now, handled_by_id: tx.user });
  },
});

/** Undo: the card is back. One that a sale took stays taken. */
export const reopenHandoff = defineCommand({
  name: "dispensing.reopen-handoff",
  permission: "pos:access",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    if (tx.need("handoff", id).sale_id === null) tx.patch("handoff", id, { handled_at: null, handled_by_id: null });
  },
});
