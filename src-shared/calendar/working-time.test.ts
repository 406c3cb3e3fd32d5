import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "./dates.ts";
import { type BranchHours, type HoursException, isOpen, type WallInterval, workingIntervals } from "./opening.ts";
import { addWorkingDays, addWorkingTime, promisedDate, workingTimeBetween } from "./working-time.ts";
import { instantOf, localDate, localTime } from "./zones.ts";

const hour = 3_600_000;
const london = "Europe/London";
const week = (days: string, ...intervals: WallInterval[]): BranchHours["opening"] =>
  Object.fromEntries([...days].map((day) => [day, intervals]));
const leeds: BranchHours = { id: "leeds", time_zone: london, opening: week("12345", ["09:00", "17:00"]) };
const at = (date: string, time: string, zone = london) => instantOf(date, time, zone);
const shown = (instant: number | null, zone = london) =>
  instant === null ? null : `${localDate(instant, zone)} ${localTime(instant, zone)}`;
const closedOn = (date: string): HoursException => ({ on_date: date, intervals: [] });

describe("adding working time", () => {
  test("an hour from Friday 16:30 ends on Monday at 09:30", () => {
    expect(shown(addWorkingTime(at("2026-11-20", "16:30"), hour, leeds, []))).toBe("2026-11-23 09:30");
  });
  test("a Friday before the clocks go forward makes no difference", () => {
    expect(shown(addWorkingTime(at("2026-03-27", "16:30"), hour, leeds, []))).toBe("2026-03-30 09:30");
  });
  test("nor does one before they go back", () => {
    expect(shown(addWorkingTime(at("2026-10-23", "16:30"), hour, leeds, []))).toBe("2026-10-26 09:30");
  });
  test("a bank holiday is skipped", () => {
    const holiday = closedOn("2026-11-23");
    expect(shown(addWorkingTime(at("2026-11-20", "16:30"), hour, leeds, [holiday]))).toBe("2026-11-24 09:30");
  });
  test("leap day is a day like any other", () => {
    expect(shown(addWorkingTime(at("2028-02-28", "16:30"), hour, leeds, []))).toBe("2028-02-29 09:30");
  });
  test("closing time is still the day's, not the next day's opening", () => {
    expect(shown(addWorkingTime(at("2026-11-20", "16:00"), hour, leeds, []))).toBe("2026-11-20 17:00");
  });
  test("the lunch of a split day does not count", () => {
    const split = { ...leeds, opening: week("12345", ["09:00", "12:30"], ["13:30", "17:30"]) };
    expect(shown(addWorkingTime(at("2026-11-20", "12:00"), hour, split, []))).toBe("2026-11-20 14:00");
  });
  test("nothing to add is the instant itself, open or not", () => {
    expect(addWorkingTime(at("2026-11-22", "03:00"), 0, leeds, [])).toBe(at("2026-11-22", "03:00"));
  });
  test("a branch that never opens has no such instant", () => {
    expect(addWorkingTime(0, hour, { ...leeds, opening: {} }, [])).toBeNull();
    expect(workingTimeBetween(0, 1e12, { ...leeds, opening: {} }, [])).toBe(0);
  });
  test("a night shift is shorter when the clocks go forward and longer when they go back", () => {
    const nights = { ...leeds, opening: week("6", ["22:00", "06:00"]) };
    const length = (saturday: string) =>
      workingTimeBetween(at(saturday, "12:00"), at(addDays(saturday, 1), "12:00"), nights, []) / hour;
    expect(length("2026-03-28")).toBe(7);
    expect(length("2026-07-04")).toBe(8);
    expect(length("2026-10-24")).toBe(9);
  });
  test("in New York the same rules hold in New York's time", () => {
    const zone = "America/New_York";
    const there = { ...leeds, time_zone: zone };
    expect(shown(addWorkingTime(at("2026-03-06", "16:30", zone), hour, there, []), zone)).toBe("2026-03-09 09:30");
  });
});

describe("a branch", () => {
  test("is open from the first minute and closed from the last", () => {
    expect(isOpen(leeds, [], at("2026-11-20", "08:59"))).toBe(false);
    expect(isOpen(leeds, [], at("2026-11-20", "09:00"))).toBe(true);
    expect(isOpen(leeds, [], at("2026-11-20", "16:59"))).toBe(true);
    expect(isOpen(leeds, [], at("2026-11-20", "17:00"))).toBe(false);
    expect(isOpen(leeds, [], at("2026-11-21", "10:00"))).toBe(false);
  });
  test("that opens on Friday night is open on Saturday morning", () => {
    const nights = { ...leeds, opening: week("5", ["22:00", "06:00"]) };
    expect(isOpen(nights, [], at("2026-11-21", "05:59"))).toBe(true);
    expect(isOpen(nights, [], at("2026-11-20", "05:59"))).toBe(false);
  });
  test("is open all day from 00:00 to 24:00, and both halves of the repeated hour", () => {
    const always = { ...leeds, opening: week("1234567", ["00:00", "24:00"]) };
    const day = { start: at("2026-10-25", "00:00"), end: at("2026-10-26", "00:00") };
    expect(workingIntervals(always, [], "2026-10-25")).toEqual([day]);
    expect((day.end - day.start) / hour).toBe(25);
  });
  test("counts hours inside the spring gap where they move to, and once", () => {
    const early = { ...leeds, opening: week("7", ["01:15", "01:45"], ["02:00", "03:00"]) };
    const expected = [{ start: at("2026-03-29", "02:00"), end: at("2026-03-29", "03:00") }];
    expect(workingIntervals(early, [], "2026-03-29")).toEqual(expected);
    expect(workingIntervals({ ...leeds, opening: week("7", ["01:30", "02:00"]) }, [], "2026-03-29")).toEqual([]);
  });
  test("keeps the hours of an exception instead of its weekly ones", () => {
    const late: HoursException = { on_date: "2026-11-20", intervals: [["12:00", "20:00"]] };
    expect(isOpen(leeds, [late], at("2026-11-20", "10:00"))).toBe(false);
    expect(isOpen(leeds, [late], at("2026-11-20", "19:00"))).toBe(true);
  });
  test("does not heed an exception that was deleted or is another branch's", () => {
    const other = { ...closedOn("2026-11-20"), branch_id: "york" };
    const deleted = { ...closedOn("2026-11-20"), branch_id: "leeds", deleted: true };
    expect(isOpen(leeds, [other, deleted], at("2026-11-20", "10:00"))).toBe(true);
  });
  test("with two exceptions for one day is open when both say so, in either order", () => {
    const some: HoursException = { on_date: "2026-11-20", intervals: [["09:00", "13:00"]] };
    const others: HoursException = { on_date: "2026-11-20", intervals: [["12:00", "18:00"]] };
    const expected = [{ start: at("2026-11-20", "12:00"), end: at("2026-11-20", "13:00") }];
    expect(workingIntervals(leeds, [some, others], "2026-11-20")).toEqual(expected);
    expect(workingIntervals(leeds, [others, some], "2026-11-20")).toEqual(expected);
    expect(workingIntervals(leeds, [some, closedOn("2026-11-20")], "2026-11-20")).toEqual([]);
  });
  test("counts overlapping hours once and malformed ones not at all", () => {
    const odd = {
      ...leeds,
      opening: week("5", ["12:00", "17:00"], ["09:00", "13:00"], ["9", "10"], ["18:00", "18:00"]),
    };
    expect(workingIntervals(odd, [], "2026-11-20")).toEqual([
      { start: at("2026-11-20", "09:00"), end: at("2026-11-20", "17:00") },
    ]);
  });
});

describe("a promised date", () => {
  test("counts working days", () => {
    expect(addWorkingDays("2026-11-20", 1, leeds, [])).toBe("2026-11-23");
    expect(addWorkingDays("2026-11-20", 5, leeds, [])).toBe("2026-11-27");
    expect(addWorkingDays("2026-12-23", 2, leeds, [closedOn("2026-12-25")])).toBe("2026-12-28");
    expect(addWorkingDays("2028-02-28", 1, leeds, [])).toBe("2028-02-29");
  });
  test("with no days to wait is today when the branch is open, otherwise the next day it is", () => {
    expect(addWorkingDays("2026-11-20", 0, leeds, [])).toBe("2026-11-20");
    expect(addWorkingDays("2026-11-21", 0, leeds, [])).toBe("2026-11-23");
  });
  test("does not exist for a branch that never opens, and refuses days that are none", () => {
    expect(addWorkingDays("2026-11-20", 1, { ...leeds, opening: {} }, [])).toBeNull();
    expect(() => addWorkingDays("2026-11-20", -1, leeds, [])).toThrow(RangeError);
  });
  test("counts the lab's days for making and then waits for the branch to open", () => {
    const saturdays = { ...leeds, opening: week("6", ["09:00", "17:00"]) };
    const maker = { branch: leeds, exceptions: [closedOn("2026-11-24")] };
    expect(promisedDate({ soldOn: "2026-11-21", leadDays: 2, branch: saturdays, exceptions: [], maker })).toBe(
      "2026-11-28",
    );
    expect(promisedDate({ soldOn: "2026-11-20", leadDays: 2, branch: leeds, exceptions: [] })).toBe("2026-11-24");
  });
});

describe("for any hours", () => {
  const time = fc
    .integer({ min: 0, max: 95 })
    .map(
      (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, "0")}:${String((quarter % 4) * 15).padStart(2, "0")}`,
    );
  const intervals = fc.array(fc.tuple(time, time), { maxLength: 3 });
  const branch: fc.Arbitrary<BranchHours> = fc.record({
    time_zone: fc.constantFrom(london, "America/New_York", "Australia/Lord_Howe"),
    // Monday is always open, so that there is time to count.
    opening: fc.tuple(intervals, intervals, intervals, intervals).map(([tue, fri, sat, sun]) => ({
      ...week("134", ["09:00", "17:00"]),
      2: tue,
      5: fri,
      6: sat,
      7: sun,
    })),
  });
  const exceptions: fc.Arbitrary<HoursException[]> = fc.array(
    fc.record({ on_date: fc.integer({ min: 0, max: 20 }).map((day) => addDays("2026-03-20", day)), intervals }),
    { maxLength: 3 },
  );
  // Around the changes of the clocks in spring and autumn.
  const instant = fc
    .tuple(fc.constantFrom("2026-03-20", "2026-10-20"), fc.integer({ min: 0, max: 18 * 24 * 60 }))
    .map(([date, minutes]) => Date.parse(`${date}T00:00:00Z`) + minutes * 60_000);
  const duration = fc.integer({ min: 0, max: 40 * 60 }).map((minutes) => minutes * 60_000);

  test("the time added is the time that lies between", () => {
    fc.assert(
      fc.property(branch, exceptions, instant, duration, (where, except, from, ms) => {
        const to = addWorkingTime(from, ms, where, except) as number;
        expect(workingTimeBetween(from, to, where, except)).toBe(ms);
        if (ms > 0) expect(workingTimeBetween(from, to - 1, where, except)).toBe(ms - 1);
      }),
    );
  });
  test("working time adds up over a moment in between, and counts back as it counts forth", () => {
    fc.assert(
      fc.property(branch, exceptions, instant, instant, instant, (where, except, a, b, c) => {
        const between = (from: number, to: number) => workingTimeBetween(from, to, where, except);
        expect(between(a, b) + between(b, c)).toBe(between(a, c));
        expect(between(a, b) + between(b, a)).toBe(0);
        if (a <= b) expect(between(a, b)).toBeLessThanOrEqual(b - a);
      }),
    );
  });
  test("starting later or taking longer never ends earlier", () => {
    fc.assert(
      fc.property(
        branch,
        exceptions,
        instant,
        duration,
        fc.nat(3 * 24 * 60),
        duration,
        (where, except, from, ms, later, longer) => {
          const end = addWorkingTime(from, ms, where, except) as number;
          expect(addWorkingTime(from + later * 60_000, ms, where, except)).toBeGreaterThanOrEqual(end);
          expect(addWorkingTime(from, ms + longer, where, except)).toBeGreaterThanOrEqual(end);
        },
      ),
    );
  });
  test("the branch is open exactly when its time passes", () => {
    fc.assert(
      fc.property(branch, exceptions, instant, (where, except, moment) => {
        expect(workingTimeBetween(moment, moment + 1, where, except)).toBe(isOpen(where, except, moment) ? 1 : 0);
      }),
    );
  });
  test("more working days are later, and one after another they add up", () => {
    const day = fc.integer({ min: 0, max: 18 }).map((days) => addDays("2026-03-20", days));
    fc.assert(
      fc.property(
        branch,
        exceptions,
        day,
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 1, max: 15 }),
        (where, except, from, some, more) => {
          const first = addWorkingDays(from, some, where, except) as string;
          expect(first > from).toBe(true);
          expect(addWorkingDays(first, more, where, except)).toBe(addWorkingDays(from, some + more, where, except));
        },
      ),
    );
  });
});
