import fc from "fast-check";
import { expect, test } from "vitest";
import { birthYears, dateOrderOf, nearYears, pastYears, readImportDate } from "./dates.ts";

const today = "2026-11-28";
const birth = birthYears(today);

test.each([
  ["03/12/1958", "1958-12-03"],
  ["3.12.58", "1958-12-03"],
  ["1958-12-03", "1958-12-03"],
  ["1958/12/3", "1958-12-03"],
  ["19581203", "1958-12-03"],
  ["3 Dec 1958", "1958-12-03"],
  ["03-Dec-58", "1958-12-03"],
  ["3rd December 1958", "1958-12-03"],
  ["Dec 3, 1958", "1958-12-03"],
  ["December 3rd 58", "1958-12-03"],
  ["03/12/1958 12:00:00 AM", "1958-12-03"],
  ["1958-12-03T10:00:00+01:00", "1958-12-03"],
  ["03/12/1958 00:00:00", "1958-12-03"],
  ["1958-12-03T00:00:00.000Z", "1958-12-03"],
])("%s is a date", (text, date) => {
  expect(readImportDate(text, "dmy", birth)).toEqual({ ok: true, value: date });
});

test.each([
  ["12/31/1958", "no month 31"],
  ["30/02/1958", "no day of the calendar"],
  ["03/12/20", "1920 or 2020"],
  ["03/12/1858", "between 1916 and 2026"],
  ["21522", "spreadsheet"],
  ["1958", "not a date"],
  ["yesterday", "not a date"],
  ["00/00/0000", "not possible"],
])("%s is refused", (text, why) => {
  const read = readImportDate(text, "dmy", birth);
  expect(read.ok ? "" : read.message).toContain(why);
});

test("whatever day it is, it is read from each way of writing it", () => {
  const day = fc.date({ min: new Date("1926-12-01"), max: new Date(today), noInvalidDate: true });
  fc.assert(
    fc.property(day, (moment) => {
      const date = moment.toISOString().slice(0, 10);
      const [y, m, d] = date.split("-");
      for (const [text, order] of [
        [date, "mdy"],
        [`${y}${m}${d}`, "dmy"],
        [`${d}/${m}/${y}`, "dmy"],
        [`${m}/${d}/${y}`, "mdy"],
        [`${Number(d)}.${Number(m)}.${y}`, "dmy"],
      ] as const) {
        expect(readImportDate(text, order, birth)).toEqual({ ok: true, value: date });
      }
    }),
  );
});

test("two digits of a year are read where one century only is possible", () => {
  expect(readImportDate("1/2/27", "dmy", birth)).toMatchObject({ ok: true, value: "1927-02-01" });
  expect(readImportDate("1/2/27", "dmy", nearYears(today))).toMatchObject({ ok: true, value: "2027-02-01" });
  expect(readImportDate("1/2/20", "dmy", pastYears(today))).toMatchObject({ ok: true, value: "2020-02-01" });
});

test("a column tells whether its days or its months come first, or says that it cannot", () => {
  expect(dateOrderOf(["3/4/1958", "25/4/1958"])).toBe("dmy");
  expect(dateOrderOf(["3/4/1958", "4/25/1958"])).toBe("mdy");
  expect(dateOrderOf(["3/4/1958", "1958-12-31"])).toBe("unsure");
  expect(dateOrderOf(["25/4/1958", "4/25/1958"])).toBe("unsure");
  expect(dateOrderOf(["3/3/1958", "1958-12-31", "3 Dec 1958", ""])).toBe("either");
});
