import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, type BranchHours, instantOf, localDate, localTime, weekday } from "../calendar/index.ts";
import { type ClinicHours, dayRange, slotsOf } from "./slots.ts";

const allDay: [string, string][] = [["00:00", "24:00"]];
const always = { 1: allDay, 2: allDay, 3: allDay, 4: allDay, 5: allDay, 6: allDay, 7: allDay };
const branchIn = (time_zone: string, opening: BranchHours["opening"] = always): BranchHours => ({ time_zone, opening });
const london = branchIn("Europe/London");

function clinic(over: Partial<ClinicHours> = {}): ClinicHours {
  return {
    room: "Room 1",
    weekday: 7,
    begins: "09:00",
    ends: "12:00",
    breaks: [],
    slot_minutes: 30,
    optometrist_id: null,
    valid_from: "2020-01-01",
    valid_to: null,
    ...over,
  };
}
const walls = (template: ClinicHours, branch: BranchHours, date: string) =>
  slotsOf([{ ...template, weekday: weekday(date) }], branch, [], date).map(({ start }) =>
    localTime(start, branch.time_zone),
  );

describe("a day's slots", () => {
  const monday = "2026-03-16";
  test("fill the time between breaks, and only whole", () => {
    const template = clinic({ ends: "12:10", breaks: [["10:15", "10:30"]] });
    expect(walls(template, london, monday)).toEqual(["09:00", "09:30", "10:30", "11:00", "11:30"]);
  });

  test("are there from the first to the last day of the template, on its weekday", () => {
    const template = clinic({ weekday: 1, valid_from: "2026-03-16", valid_to: "2026-03-23" });
    const on = (date: string) => slotsOf([template], london, [], date).length > 0;
    expect(["2026-03-09", "2026-03-16", "2026-03-17", "2026-03-23", "2026-03-30"].map(on)).toEqual([
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  test("keep to the branch's hours and to days that differ", () => {
    const short = branchIn("Europe/London", { ...always, 1: [["10:00", "11:15"]] });
    expect(walls(clinic(), short, monday)).toEqual(["10:00", "10:30"]);
    const closed = [{ on_date: monday, intervals: [] }];
    expect(slotsOf([clinic({ weekday: 1 })], london, closed, monday)).toEqual([]);
  });

  test("of a malformed template there are none", () => {
    for (const wrong of [{ begins: "9am" }, { slot_minutes: 0 }, { ends: "08:00" }, { breaks: [["x", "y"] as const] }])
      expect(walls(clinic(wrong), london, monday).length).toBe("breaks" in wrong ? 6 : 0);
  });
});

describe("on the days on which clocks change", () => {
  const night = clinic({ begins: "00:00", ends: "05:00" });
  test("a wall time that the day skips has no slot, and no other moves: London, 29 March 2026", () => {
    expect(walls(night, london, "2026-03-29")).toEqual([
      "00:00",
      "00:30",
      "02:00",
      "02:30",
      "03:00",
      "03:30",
      "04:00",
      "04:30",
    ]);
  });

  test("a wall time that comes twice has one slot, at the first: London, 25 October 2026", () => {
    const slots = slotsOf([night], london, [], "2026-10-25");
    expect(slots.map(({ start }) => localTime(start, "Europe/London"))).toEqual(walls(night, london, "2026-10-26"));
    expect(slots[2]?.start).toBe(Date.parse("2026-10-25T00:00:00Z"));
  });

  test("by half an hour too, and at midnight: Lord Howe, Cairo", () => {
    expect(walls(night, branchIn("Australia/Lord_Howe"), "2026-10-04").slice(3, 6)).toEqual([
      "01:30",
      "02:30",
      "03:00",
    ]);
    expect(walls(night, branchIn("Africa/Cairo"), "2026-04-24").slice(0, 2)).toEqual(["01:00", "01:30"]);
  });

  test("the shop's hours are the same by the wall on every day of the year", () => {
    for (const zone of ["Europe/London", "Europe/Berlin", "America/New_York", "Pacific/Auckland"]) {
      const expected = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"];
      for (let day = "2026-01-01"; day < "2027-01-01"; day = addDays(day, 1))
        expect(walls(clinic(), branchIn(zone), day), `${zone} ${day}`).toEqual(expected);
    }
  });

  const zones = ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago"];
  const days = fc.tuple(fc.constantFrom(...zones), fc.integer({ min: 0, max: 3650 })).map(([zone, offset]) => ({
    zone,
    date: addDays("2022-01-01", offset),
  }));
  const time = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

  test("no two slots of a room overlap, all lie within the day, and each shows the wall time that was meant", () => {
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 0, max: 1380 }),
        fc.integer({ min: 0, max: 1440 }),
        fc.integer({ min: 5, max: 120 }),
        ({ zone, date }, from, until, slot_minutes) => {
          const template = clinic({ begins: time(from), ends: time(until), slot_minutes, weekday: weekday(date) });
          const slots = slotsOf([template, { ...template, begins: "09:00" }], branchIn(zone), [], date);
          const day = dayRange(date, zone);
          slots.forEach((slot, index) => {
            const before = slots[index - 1];
            if (before) expect(before.end).toBeLessThanOrEqual(slot.start);
            expect(slot.end - slot.start).toBe(slot_minutes * 60_000);
            expect(localDate(slot.start, zone)).toBe(date);
            expect(instantOf(date, localTime(slot.start, zone), zone)).toBe(slot.start);
            expect(slot.start).toBeGreaterThanOrEqual(day.start);
          });
        },
      ),
    );
  });

  test("no slot is lost whose wall time the day has", () => {
    fc.assert(
      fc.property(days, fc.constantFrom(15, 20, 30, 60), ({ zone, date }, slot_minutes) => {
        const found = new Set(walls(clinic({ begins: "00:00", ends: "23:00", slot_minutes }), branchIn(zone), date));
        for (let at = 0; at + slot_minutes <= 23 * 60; at += slot_minutes) {
          const start = instantOf(date, time(at), zone);
          const exists = localTime(start, zone) === time(at);
          expect(found.has(time(at)), `${zone} ${date} ${time(at)}`).toBe(exists);
        }
      }),
    );
  });
});
