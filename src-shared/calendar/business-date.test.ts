import fc from "fast-check";
import { expect, test } from "vitest";
import { businessDate } from "./business-date.ts";
import { addDays } from "./dates.ts";
import { instantOf, localDate } from "./zones.ts";

const zone = "Europe/London";
const at = (date: string, time: string) => instantOf(date, time, zone);

test("an open till session gives its own date, whatever the clock says", () => {
  expect(businessDate({ sessionDate: "2026-11-20", instant: at("2026-11-22", "10:00"), zone })).toBe("2026-11-20");
});
test("without a session it is the branch's local date", () => {
  expect(businessDate({ sessionDate: null, instant: at("2026-07-01", "23:59"), zone })).toBe("2026-07-01");
});
test("the hours after midnight belong to the day before, until 04:00", () => {
  expect(businessDate({ sessionDate: null, instant: at("2026-11-21", "03:59"), zone })).toBe("2026-11-20");
  expect(businessDate({ sessionDate: null, instant: at("2026-11-21", "04:00"), zone })).toBe("2026-11-21");
});
test("the day may begin at another time", () => {
  const instant = at("2026-11-21", "00:10");
  expect(businessDate({ sessionDate: null, instant, zone, dayStart: "00:00" })).toBe("2026-11-21");
});
test("the night the clocks change belongs to the day before as well", () => {
  expect(businessDate({ sessionDate: null, instant: at("2026-10-25", "03:30"), zone })).toBe("2026-10-24");
  expect(businessDate({ sessionDate: null, instant: at("2026-03-29", "03:30"), zone })).toBe("2026-03-28");
});
test("it is the local date or the day before, and never goes back", () => {
  const instant = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
  fc.assert(
    fc.property(instant, fc.nat(10 * 3_600_000), (moment, later) => {
      const day = localDate(moment, zone);
      const date = businessDate({ sessionDate: null, instant: moment, zone });
      expect([day, addDays(day, -1)]).toContain(date);
      expect(businessDate({ sessionDate: null, instant: moment + later, zone }) >= date).toBe(true);
    }),
  );
});
