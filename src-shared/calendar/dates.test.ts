import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, ageOn, daysBetween, isDate, weekday } from "./dates.ts";

const date = fc
  .date({ min: new Date("1850-01-01T00:00:00Z"), max: new Date("2150-12-31T00:00:00Z"), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));

describe("adding days", () => {
  test.each([
    ["2026-02-28", 1, "2026-03-01"],
    ["2028-02-28", 1, "2028-02-29"],
    ["2028-02-29", 366, "2029-03-01"],
    ["2026-01-01", -1, "2025-12-31"],
    ["1900-02-28", 1, "1900-03-01"],
    ["2026-03-28", 2, "2026-03-30"],
  ])("to %s: %i gives %s", (from, days, to) => {
    expect(addDays(from, days)).toBe(to);
    expect(addDays(to, -days)).toBe(from);
    expect(daysBetween(from, to)).toBe(days);
  });
  test("forth and back is where one was, and later days sort later", () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -20_000, max: 20_000 }), (from, days) => {
        const to = addDays(from, days);
        expect(addDays(to, -days)).toBe(from);
        expect(daysBetween(from, to)).toBe(days);
        expect(Math.sign(days)).toBe(to > from ? 1 : to < from ? -1 : 0);
      }),
    );
  });
  test.each(["2026-02-29", "2026-13-01", "2026-1-01", "01/02/2026", ""])("%s is no date", (text) => {
    expect(isDate(text)).toBe(false);
    expect(() => addDays(text, 1)).toThrow(RangeError);
  });
  test("does not leave the calendar", () => {
    expect(() => addDays("9999-12-31", 1)).toThrow(RangeError);
    expect(() => addDays("0000-01-01", -1)).toThrow(RangeError);
    expect(() => addDays("2026-01-01", 0.5)).toThrow(RangeError);
  });
});

describe("the day of the week", () => {
  test.each([
    ["2026-11-21", 6],
    ["2026-11-22", 7],
    ["2026-11-23", 1],
    ["1969-12-31", 3],
    ["1899-12-31", 7],
  ])("of %s is %i", (day, expected) => {
    expect(weekday(day)).toBe(expected);
  });
  test("goes round in sevens", () => {
    fc.assert(
      fc.property(date, (day) => {
        expect(weekday(addDays(day, 7))).toBe(weekday(day));
        expect(weekday(addDays(day, 1))).toBe((weekday(day) % 7) + 1);
      }),
    );
  });
});

describe("age", () => {
  test.each([
    ["1980-06-15", "2026-06-14", 45],
    ["1980-06-15", "2026-06-15", 46],
    ["2008-02-29", "2026-02-28", 17],
    ["2008-02-29", "2026-03-01", 18],
    ["2008-02-29", "2028-02-29", 20],
    ["2026-11-21", "2026-11-21", 0],
    ["2026-11-21", "2026-11-20", -1],
  ])("of somebody born on %s on %s is %i", (born, on, years) => {
    expect(ageOn(born, on)).toBe(years);
  });
  test("never falls as days pass", () => {
    fc.assert(
      fc.property(date, date, fc.nat(400), (born, on, days) => {
        expect(ageOn(born, addDays(on, days))).toBeGreaterThanOrEqual(ageOn(born, on));
      }),
    );
  });
});
