/** Money at the till, whatever it is for: the till's day, and a payment in it. */
import { z } from "zod";
import { businessDate } from "../../../src-shared/calendar/index.ts";
import { tenders } from "../../../src-shared/dispensing/entities.ts";
import type { TakenPayment } from "../../../src-shared/dispensing/tender.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { bytes } from "../read/database.ts";
import type { Transaction } from "../write/transaction.ts";

export const tenderInput = z.object({
  tender: z.enum(tenders),
  amount: z.int(),
  reference: z.string().trim().max(60).nullable().default(null),
});

/** The till's day: opened by its first sale, and its business date is what everything in it carries. */
export function openTillSession(tx: Transaction, branch: Row<"branch">): Row<"till_session"> {
  const day = businessDate({ sessionDate: null, instant: tx.now, zone: branch.time_zone });
  const [open] = tx.sql<{ id: Id }>(
    "select id from till_session where device_id=? and business_date=? order by at desc limit 1",
    bytes(tx.device),
    day,
  );
  if (open) return tx.need("till_session", open.id);
  return tx.insert("till_session", {
    device_id: tx.device,
    branch_id: tx.branch,
    opened_by_id: tx.user as Id,
    business_date: day,
    float: 0,
    at: tx.now,
  });
}

export function addPayment(
  tx: Transaction,
  sale: Row<"sale">,
  session: Row<"till_session">,
  payment: TakenPayment,
): void {
  tx.insert("payment", {
    sale_id: sale.id,
    kind: "payment",
    ...payment,
    taken_by_id: tx.user as Id,
    branch_id: tx.branch,
    device_id: tx.device,
    till_session_id: session.id,
    business_date: session.business_date,
    at: tx.now,
  });
}
