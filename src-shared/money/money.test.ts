import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, formatMoney, maximumMinor, parseMoney, percentOf, roundHalfUp, vatIncluded } from "./money.ts";

const amount = fc.integer({ min: -maximumMinor, max: maximumMinor });
const gain = fc.integer({ min: 0, max: maximumMinor });

describe("an amount is written", () => {
  test.each([
    [123450, "GBP", "£1,234.50"],
    [5, "GBP", "£0.05"],
    [-1250, "GBP", "-£12.50"],
    [0, "GBP", "£0.00"],
    [-0, "GBP", "£0.00"],
    [1250, "EUR", "€12.50"],
    [1250, "JPY", "JP¥1,250"],
  ])("%i %s as %s", (minor, currency, text) => {
    expect(formatMoney(minor, currency)).toBe(text);
  });
  test("as the locale has it", () => {
    expect(formatMoney(123450, "EUR", "de-DE")).toBe("1.234,50\u00a0€");
  });
  test("and read back the same", () => {
    fc.assert(
      fc.property(amount, (minor) => {
        expect(parseMoney(formatMoney(minor, "GBP"))).toEqual({ ok: true, value: minor });
      }),
    );
  });
});

describe("an amount is read", () => {
  test.each([
    ["12", 1200],
    ["12.5", 1250],
    ["£1,234.50", 123450],
    [" 1 234.50 ", 123450],
    [".50", 50],
    ["0", 0],
    ["-0", 0],
    ["-5", -500],
    ["£-5", -500],
    ["\u2212£5.00", -500],
    ["1,000,000", 100000000],
  ])("%j as %i", (text, value) => {
    expect(parseMoney(text)).toEqual({ ok: true, value });
  });
  test.each([
    ["", "empty"],
    ["  ", "empty"],
    ["twelve", "unreadable"],
    ["1,50", "unreadable"],
    ["1,2345", "unreadable"],
    ["12.", "unreadable"],
    [".", "unreadable"],
    ["£", "unreadable"],
    ["--5", "unreadable"],
    ["-£-5", "unreadable"],
    ["1e3", "unreadable"],
    ["12.345", "too_precise"],
    ["12.500", "too_precise"],
    ["1000000000.01", "too_large"],
    ["99999999999999999999", "too_large"],
  ])("%j not at all: %s", (text, code) => {
    expect(parseMoney(text)).toMatchObject({ ok: false, code });
  });
});

describe("rounding", () => {
  test.each([
    [5, 10, 1],
    [4, 10, 0],
    [15, 10, 2],
    [25, 10, 3],
    [-5, 10, -1],
    [-4, 10, 0],
    [9007199254740991, 2, 4503599627370496],
    [0, 3, 0],
  ])("%i / %i is %i", (numerator, denominator, expected) => {
    expect(roundHalfUp(numerator, denominator)).toBe(expected);
  });
  test("is never more than half away, and mirrors for refunds", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 1_000_000 }), (numerator, denominator) => {
        const rounded = roundHalfUp(numerator, denominator);
        const off = BigInt(numerator) - BigInt(rounded) * BigInt(denominator);
        expect(2n * (off < 0n ? -off : off)).toBeLessThanOrEqual(BigInt(denominator));
        expect(roundHalfUp(-numerator, denominator) + rounded).toBe(0);
      }),
    );
  });
  test.each([
    [1, 0],
    [1, -2],
    [0.5, 2],
    [1, Number.NaN],
  ])("refuses %d / %d", (numerator, denominator) => {
    expect(() => roundHalfUp(numerator, denominator)).toThrow(RangeError);
  });
});

describe("a percentage", () => {
  test.each([
    [999, 1250, 125],
    [1000, 1250, 125],
    [1, 5000, 1],
    [-1, 5000, -1],
    [maximumMinor, 10_000, maximumMinor],
    [500, 0, 0],
  ])("of %i at %i hundredths is %i", (of, rate, expected) => {
    expect(percentOf(of, rate)).toBe(expected);
  });
});

describe("the VAT in a price", () => {
  test.each([
    [1200, 2000, 200],
    [1, 2000, 0],
    [3, 2000, 1],
    [9999, 2000, 1667],
    [-9999, 2000, -1667],
    [1050, 500, 50],
    [1200, 0, 0],
  ])("of %i at %i hundredths is %i", (gross, rate, vat) => {
    expect(vatIncluded(gross, rate)).toBe(vat);
  });
  test("is the rate of what remains without it, to the penny", () => {
    fc.assert(
      fc.property(gain, fc.integer({ min: 0, max: 10_000 }), (gross, rate) => {
        const vat = vatIncluded(gross, rate);
        expect(vat).toBeGreaterThanOrEqual(0);
        expect(Math.abs(percentOf(gross - vat, rate) - vat)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("splitting an amount", () => {
  const weights = fc.array(gain, { minLength: 1, maxLength: 12 });

  test.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [100, [1, 2, 1], [25, 50, 25]],
    [10, [1, 1, 2, 2], [1, 1, 5, 3]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [5, [0, 0], [3, 2]],
    [0, [3, 4], [0, 0]],
    [7, [0, 5], [0, 7]],
    [2, [1, 1, 1], [1, 1, 0]],
  ])("%i over %j is %j", (total, over, parts) => {
    expect(allocate(total, over)).toEqual(parts);
  });
  test("gives parts that add up to it, none of another sign", () => {
    fc.assert(
      fc.property(amount, weights, (total, over) => {
        const parts = allocate(total, over);
        expect(parts).toHaveLength(over.length);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        for (const part of parts) expect(part * Math.sign(total)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
  test("never discounts a line by more than its price", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (prices, share) => {
          const sum = prices.reduce((all, price) => all + price, 0);
          const parts = allocate(Math.floor(sum * share), prices);
          parts.forEach((part, line) => {
            expect(part).toBeLessThanOrEqual(prices[line] as number);
          });
        },
      ),
    );
  });
  test("gives every line but the largest its share rounded down", () => {
    fc.assert(
      fc.property(gain, weights, (total, over) => {
        const sum = over.reduce((all, weight) => all + BigInt(weight), 0n);
        fc.pre(sum > 0n && BigInt(total) > sum);
        const largest = over.indexOf(Math.max(...over));
        allocate(total, over).forEach((part, line) => {
          const exact = (BigInt(total) * BigInt(over[line] as number)) / sum;
          if (line !== largest) expect(BigInt(part)).toBe(exact);
          else expect(BigInt(part)).toBeGreaterThanOrEqual(exact);
        });
      }),
    );
  });
  test("refuses no lines and negative weights", () => {
    expect(() => allocate(1, [])).toThrow(RangeError);
    expect(() => allocate(1, [1, -1])).toThrow(RangeError);
    expect(() => allocate(1, [0.5])).toThrow(RangeError);
  });
});
