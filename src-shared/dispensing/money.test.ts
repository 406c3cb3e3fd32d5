import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tenders } from "./entities.ts";
import { defaultPolicy, readPolicy, releaseMet } from "./policy.ts";
import { type BasketItem, depositOf, priceBasket, totalOf } from "./pricing.ts";
import { type TenderInput, takeTenders } from "./tender.ts";

const money = fc.integer({ min: 1, max: 1_000_000 });
const tender = (name: (typeof tenders)[number], amount: number): TenderInput => ({
  tender: name,
  amount,
  reference: null,
});
const given = fc.array(
  fc.record({ tender: fc.constantFrom(...tenders), amount: money, reference: fc.constant(null) }),
  { minLength: 1, maxLength: 5 },
);

describe("taking money", () => {
  test("never takes more than is due, and what is taken and given back is what was handed over", () => {
    fc.assert(
      fc.property(money, given, (due, list) => {
        const result = takeTenders(due, list);
        if (!result.ok) return;
        expect(result.paid).toBeLessThanOrEqual(due);
        expect(result.payments.reduce((sum, payment) => sum + payment.amount, 0)).toBe(result.paid);
        expect(result.paid + result.change).toBe(list.reduce((sum, { amount }) => sum + amount, 0));
        expect(result.payments).toHaveLength(list.length);
        for (const payment of result.payments) {
          expect(payment.amount).toBeGreaterThan(0);
          if (payment.tender === "cash") expect(payment.given).toBe(payment.amount + (payment.change ?? 0));
          else expect([payment.given, payment.change]).toEqual([null, null]);
        }
      }),
    );
  });
  test("gives change from cash only, whatever the order at the till", () => {
    expect(takeTenders(10_000, [tender("cash", 20_000)])).toMatchObject({ ok: true, paid: 10_000, change: 10_000 });
    expect(takeTenders(10_000, [tender("cash", 5_000), tender("card", 8_000)])).toMatchObject({
      ok: true,
      paid: 10_000,
      change: 3_000,
    });
    expect(takeTenders(10_000, [tender("card", 10_001)])).toMatchObject({ ok: false, code: "OVER_TENDERED" });
  });
  test("takes a part payment, and nothing that is not an amount", () => {
    expect(takeTenders(10_000, [tender("card", 4_000)])).toMatchObject({ ok: true, paid: 4_000, change: 0 });
    for (const amount of [0, -1, 0.5, Number.NaN])
      expect(takeTenders(10_000, [tender("card", amount)])).toMatchObject({ ok: false, code: "NOT_POSITIVE" });
    expect(takeTenders(10_000, [tender("card", 10_000), tender("cash", 1)])).toMatchObject({
      ok: false,
      code: "OVER_TENDERED",
    });
  });
});

const item = fc.record({
  product: fc.record({
    id: fc.constant("a".repeat(32)),
    kind: fc.constantFrom("frame" as const, "lens" as const, "accessory" as const),
    name: fc.constant("Ashby"),
    brand: fc.constantFrom(null, "Horn"),
    price: fc.nat(200_000),
    vat_rate: fc.constantFrom(0, 500, 2000),
  }),
  quantity: fc.integer({ min: 1, max: 20 }),
  discount: fc.integer({ min: -100, max: 300_000 }),
});

describe("a basket", () => {
  test("becomes numbered lines whose money adds up", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 6 }), (items: BasketItem[]) => {
        const lines = priceBasket(items);
        expect(lines.map(({ ordinal }) => ordinal)).toEqual(items.map((_, index) => index + 1));
        for (const line of lines) {
          expect(line.line_total).toBe(line.unit_price * line.quantity - line.discount);
          expect(line.discount).toBeGreaterThanOrEqual(0);
          expect(line.line_total).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(line.vat_amount)).toBe(true);
          // VAT is contained: a sixth of a price at 20 %, to the half penny.
          expect(
            Math.abs(line.vat_amount - (line.line_total * line.vat_rate) / (10_000 + line.vat_rate)),
          ).toBeLessThanOrEqual(0.5);
        }
        expect(totalOf(lines)).toBe(lines.reduce((sum, line) => sum + line.line_total, 0));
      }),
    );
  });
  test("reads as brand and name", () => {
    const product = {
      id: "a".repeat(32),
      kind: "frame" as const,
      name: "4107",
      brand: "Ashby",
      price: 12_900,
      vat_rate: 2000,
    };
    expect(priceBasket([{ product, quantity: 1, discount: 0 }])[0]).toMatchObject({
      description: "Ashby 4107",
      vat_amount: 2_150,
    });
  });
});

describe("when glasses may go to the lab", () => {
  const policies = fc.oneof(
    fc.constant({ kind: "full" as const }),
    fc.record({ kind: fc.constant("deposit" as const), percent: fc.integer({ min: 0, max: 100 }) }),
  );
  test("the deposit that is asked for is enough, and a penny less is not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: 1, max: 100 }), (total, percent) => {
        const policy = { kind: "deposit" as const, percent };
        const deposit = depositOf(total, percent);
        expect(releaseMet(total, deposit, policy)).toBe(true);
        expect(releaseMet(total, deposit - 1, policy)).toBe(false);
      }),
    );
  });
  test("more money never takes the release back", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), fc.nat(1_000_000), policies, (total, paid, more, policy) => {
        if (releaseMet(total, paid, policy)) expect(releaseMet(total, paid + more, policy)).toBe(true);
      }),
    );
  });
  test("a setting that makes no sense is the default", () => {
    expect(readPolicy({ kind: "deposit", percent: 30 })).toEqual({ kind: "deposit", percent: 30 });
    for (const value of [null, "full", { kind: "deposit", percent: 101 }, { kind: "deposit" }, { kind: "none" }, 7])
      expect(readPolicy(value)).toEqual(defaultPolicy);
  });
});
