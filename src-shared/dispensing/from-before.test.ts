import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { balanceLine, balanceProblem, type SaleMoney } from "./from-before.ts";

const line = (line_total: number, more: object = {}) => ({
  kind: "service",
  product_id: null,
  description: balanceLine,
  line_total,
  ...more,
});
const frame = (line_total: number) => line(line_total, { kind: "frame", product_id: "f", description: "Ono 18" });
const paid = (amount: number, tender = "card", kind = "payment") => ({ amount, tender, kind });
const counter = (amount: number, patient_id = "p") => ({ amount, patient_id });
const money = (changes: Partial<SaleMoney>): SaleMoney => ({
  patient: "p",
  made: true,
  lines: [],
  payments: [],
  counters: [],
  ...changes,
});
const some = fc.integer({ min: 1, max: 1_000_000 });

describe("a counter-entry agrees with its sale", () => {
  test("when a balance was charged and paid, or credit has paid, by just that amount", () => {
    fc.assert(
      fc.property(some, some, (first, second) => {
        const owed = first + second;
        const settled = { lines: [line(owed)], payments: [paid(first), paid(second, "cash")] };
        expect(balanceProblem(money({ ...settled, counters: [counter(-owed)] }))).toBeNull();
        const bought = { lines: [frame(owed)], payments: [paid(first, "credit"), paid(second)] };
        expect(balanceProblem(money({ ...bought, counters: [counter(first)] }))).toBeNull();
        const later = { made: false, payments: [paid(first, "credit")], counters: [counter(first)] };
        expect(balanceProblem(money(later))).toBeNull();
      }),
    );
  });
  test("and never by another amount", () => {
    fc.assert(
      fc.property(some, fc.integer(), (owed, off) => {
        const settled = { lines: [line(owed)], payments: [paid(owed)] };
        fc.pre(off !== 0);
        expect(balanceProblem(money({ ...settled, counters: [counter(off - owed)] }))).not.toBeNull();
        const bought = { lines: [frame(owed)], payments: [paid(owed, "credit")] };
        expect(balanceProblem(money({ ...bought, counters: [counter(owed + off)] }))).not.toBeNull();
      }),
    );
  });
  test("and is not there where the sale says nothing of a balance", () => {
    expect(balanceProblem(money({ lines: [frame(5)], payments: [paid(5)] }))).toBeNull();
    expect(balanceProblem(money({ lines: [frame(5)], payments: [paid(5)], counters: [counter(-5)] }))).not.toBeNull();
    expect(balanceProblem(money({ made: false, counters: [counter(-5)] }))).not.toBeNull();
    expect(balanceProblem(money({ made: false, counters: [counter(-5), counter(5)] }))).toBeNull();
  });
});

test.each<[string, Partial<SaleMoney>]>([
  ["on another patient", { lines: [line(9)], payments: [paid(9)], counters: [counter(-9, "q")] }],
  ["between two patients", { counters: [counter(-9), counter(9, "q")] }],
  ["without money", { lines: [line(9)], counters: [counter(-9)] }],
  ["with less money", { lines: [line(9)], payments: [paid(8)], counters: [counter(-9)] }],
  ["with credit", { lines: [line(9)], payments: [paid(9, "credit")], counters: [] }],
  ["beside a line that gives it back", { lines: [line(9), frame(-9)], payments: [paid(9)], counters: [counter(-9)] }],
  ["on a sale of another day", { made: false, lines: [line(9)], payments: [paid(9)], counters: [counter(-9)] }],
  ["upside down", { lines: [line(-9)], payments: [paid(-9)], counters: [counter(9)] }],
  ["of an import", { lines: [line(9)], payments: [paid(9)], counters: [{ ...counter(-9), import_id: "i" }] }],
  ["nowhere, though credit has paid", { lines: [frame(9)], payments: [paid(9, "credit")] }],
  ["for credit that comes back", { made: false, payments: [paid(-9, "credit")], counters: [counter(-9)] }],
])("a counter-entry stands not %s", (_, changes) => {
  expect(balanceProblem(money(changes))).not.toBeNull();
});
