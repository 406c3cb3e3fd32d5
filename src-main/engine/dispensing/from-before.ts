/**
 * Money that a patient owes, or has to their credit, from the system before. Paying it is a sale of its own, so that it
 * has a number, a receipt and its place in the till's day; a counter-entry that names the sale takes it off what is owed.
 * Two tills that take the same balance offline both count: what was paid too much is then the patient's credit.
 */
import { z } from "zod";
import { balanceLine } from "../../../src-shared/dispensing/from-before.ts";
import { takeTenders } from "../../../src-shared/dispensing/tender.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { broughtBalance } from "../patients/import/brought.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { addPayment, openTillSession, tenderInput } from "./taking.ts";

/** Takes money for what is owed from before, all of it or a part. */
export const payFromBefore = defineCommand({
  name: "dispensing.pay-from-before",
  permission: "pos:access",
  input: z.object({ patientId: idSchema, tenders: z.array(tenderInput).min(1).max(8) }),
  run(tx, input) {
    const patient = tx.need("patient", input.patientId);
    const owed = broughtBalance(tx, patient.id);
    if (owed <= 0) {
      throw refuse("NOTHING_DUE", "Nothing is owed from before any more; a colleague may have taken it.");
    }
    if (input.tenders.some(({ tender }) => tender === "credit")) {
      throw refuse("NO_CREDIT", "What is owed from before cannot be paid with credit from before.");
    }
    const taken = takeTenders(owed, input.tenders);
    if (!taken.ok) throw refuse(taken.code, `${taken.message} Nothing was saved.`);
    const session = openTillSession(tx, tx.need("branch", tx.branch));
    const sale = tx.insert("sale", {
      number: tx.label(""),
      printed_number: null,
      patient_id: patient.id,
      branch_id: tx.branch,
      device_id: tx.device,
      dispenser_id: tx.user as Id,
      till_session_id: session.id,
      business_date: session.business_date,
      currency: tx.need("practice", tx.practice).currency,
      note: null,
      at: tx.now,
    });
    // VAT was accounted for where the goods were sold, in the system before.
    tx.insert("sale_line", {
      sale_id: sale.id,
      ordinal: 1,
      kind: "service",
      product_id: null,
      description: balanceLine,
      quantity: 1,
      unit_price: taken.paid,
      discount: 0,
      line_total: taken.paid,
      vat_rate: 0,
      vat_amount: 0,
    });
    for (const payment of taken.payments) addPayment(tx, sale, session, payment);
    counter(tx, sale, patient.id, -taken.paid);
    return { saleId: sale.id, number: sale.number, paid: taken.paid, change: taken.change, left: owed - taken.paid };
  },
});

/** Takes what a sale was paid with out of the patient's credit from before; refuses more than there is. */
export function spendCredit(
  tx: Transaction,
  sale: Row<"sale">,
  payments: readonly { readonly tender: string; readonly amount: number }[],
): void {
  const used = payments.filter(({ tender }) => tender === "credit").reduce((sum, { amount }) => sum + amount, 0);
  if (used === 0) return;
  const credit = sale.patient_id === null ? 0 : -broughtBalance(tx, sale.patient_id);
  if (sale.patient_id === null || used > credit) {
    throw refuse(
      "NO_CREDIT",
      "The patient does not have that much credit from before. Lower the amount; nothing was saved.",
    );
  }
  counter(tx, sale, sale.patient_id, used);
}

function counter(tx: Transaction, sale: Row<"sale">, patientId: Id, amount: number): void {
  tx.insert("brought_balance", {
    patient_id: patientId,
    amount,
    reference: sale.number,
    branch_id: tx.branch,
    user_id: tx.user,
    at: tx.now,
    sale_id: sale.id,
  });
}
