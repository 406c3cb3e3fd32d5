/** Taking money: split tenders, and change that comes from cash only (domain §5.1). */
import type { Tender } from "./entities.ts";

export interface TenderInput {
  readonly tender: Tender;
  /** What was handed over or charged, minor units. */
  readonly amount: number;
  readonly reference: string | null;
}
export interface TakenPayment {
  readonly tender: Tender;
  readonly amount: number;
  readonly given: number | null;
  readonly change: number | null;
  readonly reference: string | null;
}
export type TenderResult =
  | { readonly ok: true; readonly payments: TakenPayment[]; readonly paid: number; readonly change: number }
  | { readonly ok: false; readonly code: "NOT_POSITIVE" | "OVER_TENDERED"; readonly message: string };

/**
 * The payments that `tenders` make towards `due`. Cash may exceed what is left, the rest is change; nothing else may.
 * Less than `due` is a part payment and fine.
 */
export function takeTenders(due: number, tenders: readonly TenderInput[]): TenderResult {
  if (tenders.some(({ amount }) => !Number.isInteger(amount) || amount <= 0)) {
    return { ok: false, code: "NOT_POSITIVE", message: "Every amount has to be more than nothing." };
  }
  // Cash last: what the other tenders leave is what the change is counted from.
  const ordered = [
    ...tenders.filter(({ tender }) => tender !== "cash"),
    ...tenders.filter(({ tender }) => tender === "cash"),
  ];
  let left = due;
  let change = 0;
  const payments: TakenPayment[] = [];
  for (const { tender, amount, reference } of ordered) {
    if (tender !== "cash" && amount > left) {
      return {
        ok: false,
        code: "OVER_TENDERED",
        message: "This is more than is due. Only cash gives change; lower the amount.",
      };
    }
    const taken = Math.min(amount, left);
    if (taken <= 0)
      return { ok: false, code: "OVER_TENDERED", message: "Nothing is left to pay. Take this amount out." };
    payments.push({
      tender,
      amount: taken,
      given: tender === "cash" ? amount : null,
      change: tender === "cash" ? amount - taken : null,
      reference,
    });
    change += amount - taken;
    left -= taken;
  }
  return { ok: true, payments, paid: due - left, change };
}
