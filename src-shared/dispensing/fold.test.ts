import fc from "fast-check";
import { expect, test } from "vitest";
import type { StoredRow } from "../sync/entity.ts";
import { foldSale, saleStatus } from "./fold.ts";

const row = (n: number, fields: Record<string, unknown>): StoredRow => ({
  id: n.toString(16).padStart(32, "0"),
  hlc: "0".repeat(32),
  ...fields,
});
const amounts = fc.array(fc.integer({ min: -100_000_00, max: 100_000_00 }), { maxLength: 8 });
const facts = (lines: readonly number[], payments: readonly number[]) => ({
  sale_line: lines.map((line_total, n) => row(n, { line_total })),
  payment: payments.map((amount, n) => row(n, { amount })),
});

test("a sale's money is the sum of its lines and payments, in any order", () => {
  fc.assert(
    fc.property(
      amounts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      amounts.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([lines, otherLines], [payments, otherPayments]) => {
        const sale = foldSale(row(0, {}), facts(lines, payments));
        expect(foldSale(row(0, {}), facts(otherLines, otherPayments))).toEqual(sale);
        expect(sale.total).toBe(lines.reduce((sum, line) => sum + line, 0));
        expect(sale.balance).toBe(sale.total - sale.paid);
      },
    ),
  );
});

test("the status says what is owed", () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (total, paid) => {
      const status = saleStatus(total, paid);
      expect(status === "overpaid").toBe(paid > total);
      expect(status === "paid").toBe(paid === total);
      expect(status === "part_paid").toBe(paid > 0 && paid < total);
      expect(status === "unpaid").toBe(paid === 0 && total > 0);
    }),
  );
});

test("a refund is a payment below nothing", () => {
  expect(foldSale(row(0, {}), facts([44_700], [44_700, -44_700]))).toEqual({
    total: 44_700,
    paid: 0,
    balance: 44_700,
    status: "unpaid",
  });
});
