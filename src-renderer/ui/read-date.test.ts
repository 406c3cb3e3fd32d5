import { assert, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { readDate } from "./read-date.ts";

const thisYear = 2026;

describe("dates as people type them", () => {
  test.each([
    "3/12/58",
    "03.12.1958",
    "3 12 1958",
    "03121958",
    "031258",
    "3 Dec 1958",
    "3rd december 58",
    "1958-12-03",
  ])("%s is 3 December 1958 where somebody was born", (text) => {
    expect(readDate(text, { past: true, thisYear })).toBe("1958-12-03");
  });
  test.each(["", "31/2/1971", "13/13/90", "3/12/195", "yesterday", "12/3", "1/1/1849"])("%s is no date", (text) => {
    expect(readDate(text, { thisYear })).toBeNull();
  });
  test("a year of two digits is ahead for a recall, behind for a birthday", () => {
    expect(readDate("1/2/27", { thisYear })).toBe("2027-02-01");
    expect(readDate("1/2/27", { past: true, thisYear })).toBe("1927-02-01");
    expect(readDate("1/2/26", { past: true, thisYear })).toBe("2026-02-01");
  });
  test("every day is read back from how it is written", () => {
    assert(
      property(integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(2150, 0, 1) }), (at) => {
        const day = new Date(at).toISOString().slice(0, 10);
        const spoken = day.split("-").reverse();
        for (const written of [day, spoken.join("/"), spoken.join(" "), spoken.join("")])
          expect(readDate(written, { thisYear })).toBe(day);
      }),
    );
  });
});
