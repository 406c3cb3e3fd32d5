import type { StoredRow } from "../sync/entity.ts";

export type SaleStatus = "unpaid" | "part_paid" | "paid" | "overpaid";

function sumOf(facts: readonly StoredRow[] | undefined, column: string): number {
  return (facts ?? []).reduce((sum, fact) => sum + (fact[column] as number), 0);
}

/** Total, paid, balance and status of a sale in minor units: sums over its lines and payments, in any order. */
export function foldSale(_sale: StoredRow, facts: Readonly<Record<string, readonly StoredRow[]>>) {
  const total = sumOf(facts.sale_line, "line_total");
  const paid = sumOf(facts.payment, "amount");
  return { total, paid, balance: total - paid, status: saleStatus(total, paid) };
}

export function saleStatus(total: number, paid: number): SaleStatus {
  if (paid > total) return "overpaid";
  if (paid === total) return "paid";
  return paid > 0 ? "part_paid" : "unpaid";
}
