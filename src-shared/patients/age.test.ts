import fc from "fast-check";
import { expect, test } from "vitest";
import { addDays, ageOn } from "../calendar/index.ts";
import { ageFlag, isTooLongAgo } from "./age.ts";

const today = "2026-11-16";

test.each([
  ["2011-11-02", { kind: "under16" }],
  ["2010-11-17", { kind: "under16" }],
  ["2010-11-16", null],
  ["1990-01-31", null],
  ["1966-12-03", { kind: "soon", age: 60, on: "2026-12-03" }],
  ["1966-11-16", { kind: "over60" }],
  ["1957-01-10", { kind: "soon", age: 70, on: "2027-01-10" }],
  ["1956-11-16", { kind: "over70" }],
])("born %s", (born, flag) => {
  expect(ageFlag(born, today)).toEqual(flag);
});

test("who was born on a leap day has a birthday in every year", () => {
  expect(ageFlag("1968-02-29", "2028-01-15")).toEqual({ kind: "soon", age: 60, on: "2028-02-29" });
  expect(ageFlag("1956-02-29", "2026-01-15")).toEqual({ kind: "soon", age: 70, on: "2026-03-01" });
});

test("a birthday that is said to be near is: on it the patient is so old, the day before not", () => {
  const born = fc
    .date({ min: new Date("1930-01-01"), max: new Date("2020-01-01"), noInvalidDate: true })
    .map((day) => day.toISOString().slice(0, 10));
  fc.assert(
    fc.property(born, fc.nat(20_000), (date, days) => {
      const at = addDays("1990-01-01", days);
      const flag = date < at ? ageFlag(date, at) : null;
      if (flag?.kind !== "soon") return;
      expect(ageOn(date, flag.on)).toBe(flag.age);
      expect(ageOn(date, addDays(flag.on, -1))).toBe(flag.age - 1);
    }),
  );
});

test("nobody was born more than 130 years ago; the birthday itself is still taken", () => {
  expect(isTooLongAgo("1896-11-27", "2026-11-28")).toBe(true);
  expect(isTooLongAgo("1896-11-28", "2026-11-28")).toBe(false);
  expect(isTooLongAgo("1850-03-12", "2026-11-28")).toBe(true);
});
