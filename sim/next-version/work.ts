/** What people can do with the next version only. Its registry is not the one that types know, hence the casts. */
import { z } from "zod";
import { defineCommand } from "../../src-main/engine/write/define.ts";
import { heads } from "../../src-shared/cases/fold.ts";
import type { StoredRow } from "../../src-shared/sync/registry.ts";

const id = z.string();

export const preferName = defineCommand({
  name: "next.prefer-name",
  permission: null,
  input: z.object({ patient: id, name: z.string().nullable(), phone: z.string().nullable() }),
  run(tx, { patient, name, phone }) {
    tx.patch("patient", patient, { preferred_name: name, ...(phone ? { phone } : {}) } as never);
  },
});

/** A new row that has the new column from the start. */
export const registerNamed = defineCommand({
  name: "next.register",
  permission: null,
  input: z.object({ name: z.string() }),
  run(tx, { name }) {
    return tx.insert("patient", {
      number: tx.label("P"),
      given_name: "Margaret",
      family_name: "Ellison",
      date_of_birth: "1958-12-03",
      contact_by_text: true,
      contact_by_email: false,
      branch_id: tx.branch,
      preferred_name: name,
    } as never).id;
  },
});

export const sendLetter = defineCommand({
  name: "next.letter",
  permission: null,
  input: z.object({ patient: id, channel: z.enum(["post", "email"]) }),
  run(tx, { patient, channel }) {
    tx.insert(
      "recall_letter" as "patient",
      {
        patient_id: patient,
        sent_on: "2026-11-12",
        channel,
        at: tx.now,
      } as never,
    );
  },
});

export const wish = defineCommand({
  name: "next.wish",
  permission: null,
  input: z.object({ patient: id, wish: id.nullable(), month: z.string() }),
  run(tx, { patient, wish: row, month }) {
    if (row) tx.patch("recall_wish" as "patient", row, { month, note: `since ${month}` } as never);
    else tx.insert("recall_wish" as "patient", { patient_id: patient, month, note: null } as never);
  },
});

export const payByWallet = defineCommand({
  name: "next.wallet",
  permission: "pos:access",
  input: z.object({ sale: id, amount: z.int() }),
  run(tx, { sale, amount }) {
    tx.insert("payment", {
      sale_id: sale,
      kind: "payment",
      tender: "wallet",
      wallet_reference: `W${amount}`,
      amount,
      given: null,
      change: null,
      reference: null,
      taken_by_id: tx.user,
      branch_id: tx.branch,
      device_id: tx.device,
      till_session_id: null,
      business_date: "2026-11-12",
      at: tx.now,
    } as never);
  },
});

/** A status that today's version does not know. */
export const lend = defineCommand({
  name: "next.lend",
  permission: null,
  input: z.object({ case: id }),
  run(tx, input) {
    const row = tx.need("case_file", input.case);
    const events = tx.children("case_event", "case_id", input.case).filter((event) => event.kind === "status");
    tx.insert("case_event", {
      case_id: input.case,
      kind: "status",
      value: "on_loan" as never,
      follows: heads(events as unknown as StoredRow[]).map((event) => event.id),
      seen_patient_messages: row.patient_messages,
      text: null,
      user_id: tx.user,
      at: tx.now,
    });
  },
});
