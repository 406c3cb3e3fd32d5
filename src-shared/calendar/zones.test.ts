import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "./dates.ts";
import { instantOf, isTimeZone, localDate, localTime, minutesOf } from "./zones.ts";

const utc = (text: string) => Date.parse(`${text}:00Z`);
const london = "Europe/London";

describe("the wall clock", () => {
  test.each([
    [london, "2026-03-29T00:59", "2026-03-29", "00:59"],
    [london, "2026-03-29T01:00", "2026-03-29", "02:00"],
    [london, "2026-10-25T00:59", "2026-10-25", "01:59"],
    [london, "2026-10-25T01:00", "2026-10-25", "01:00"],
    [london, "2026-06-30T23:30", "2026-07-01", "00:30"],
    ["America/New_York", "2026-11-21T03:00", "2026-11-20", "22:00"],
    ["Asia/Kathmandu", "2026-11-21T18:15", "2026-11-22", "00:00"],
    ["Pacific/Kiritimati", "2026-11-21T10:00", "2026-11-22", "00:00"],
  ])("in %s at %s UTC shows %s %s", (zone, at, date, time) => {
    expect(localDate(utc(at), zone)).toBe(date);
    expect(localTime(utc(at), zone)).toBe(time);
  });
  test("before 1970 is read as well", () => {
    expect(localDate(utc("1955-07-01T23:30"), london)).toBe("1955-07-02");
  });
  test("of a zone nobody knows is an error", () => {
    expect(isTimeZone(london)).toBe(true);
    expect(isTimeZone("Europe/Leeds")).toBe(false);
    expect(() => localDate(0, "Europe/Leeds")).toThrow(RangeError);
  });
});

describe("the instant of a wall time", () => {
  test.each([
    ["in winter", london, "2026-01-05", "09:00", "2026-01-05T09:00"],
    ["in summer", london, "2026-07-06", "09:00", "2026-07-06T08:00"],
    ["on leap day", london, "2028-02-29", "09:00", "2028-02-29T09:00"],
    ["at the end of the day", london, "2026-07-06", "24:00", "2026-07-06T23:00"],
    ["just before the spring gap", london, "2026-03-29", "00:59", "2026-03-29T00:59"],
    ["in the spring gap is an hour later", london, "2026-03-29", "01:30", "2026-03-29T01:30"],
    ["just after the spring gap", london, "2026-03-29", "02:00", "2026-03-29T01:00"],
    ["that comes twice in autumn is the first", london, "2026-10-25", "01:30", "2026-10-25T00:30"],
    ["just after the overlap", london, "2026-10-25", "02:00", "2026-10-25T02:00"],
    ["in New York's gap", "America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30"],
    ["in New York's overlap", "America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"],
    ["in Lord Howe's gap of half an hour", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45"],
    ["in Lord Howe's overlap of half an hour", "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45"],
    ["on the day Samoa left out", "Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00"],
  ])("%s", (_name, zone, date, time, expected) => {
    expect(new Date(instantOf(date, time, zone)).toISOString().slice(0, 16)).toBe(expected);
  });
  test.each(["9:00", "24:01", "12:60", "25:00", "noon", ""])("refuses %j", (time) => {
    expect(minutesOf(time)).toBeNull();
    expect(() => instantOf("2026-01-05", time, london)).toThrow(RangeError);
  });
  test("refuses what is no date", () => {
    expect(() => instantOf("2026-02-30", "09:00", london)).toThrow(RangeError);
  });
});

describe("in every zone", () => {
  const hour = 3_600_000;
  const zone = fc.constantFrom(
    london,
    "America/New_York",
    "America/St_Johns",
    "Africa/Casablanca",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "UTC",
  );
  const minute = fc.integer({ min: utc("1972-01-01T00:00") / 60_000, max: utc("2037-12-31T00:00") / 60_000 });
  // Random minutes would hardly ever meet a change of the clocks. Newfoundland's were two hours in 1988, Nepal's a quarter
  // of an hour in 1986.
  const nearAChange = fc
    .tuple(
      fc.constantFrom(
        ...["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-05", "2026-10-04"],
        ...["1988-04-03", "1988-10-30", "1986-01-01"],
      ),
      fc.integer({ min: -2880, max: 2880 }),
    )
    .map(([date, minutes]) => utc(`${date}T00:00`) / 60_000 + minutes);
  const instant = fc.oneof(minute, nearAChange).map((minutes) => minutes * 60_000);

  test("an instant comes back from its wall time, or the first of the two that showed it", () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const back = instantOf(localDate(at, where), localTime(at, where), where);
        expect(back).toBeLessThanOrEqual(at);
        expect(at - back).toBeLessThanOrEqual(2 * hour);
        expect([localDate(back, where), localTime(back, where)]).toEqual([localDate(at, where), localTime(at, where)]);
      }),
    );
  });
  test("a wall time comes back from its instant, unless the clocks left it out", () => {
    const wall = fc.tuple(
      instant.map((at) => new Date(at).toISOString()),
      zone,
    );
    fc.assert(
      fc.property(wall, ([text, where]) => {
        const [date, time] = [text.slice(0, 10), text.slice(11, 16)];
        const at = instantOf(date, time, where);
        const shown = `${localDate(at, where)} ${localTime(at, where)}`;
        const gap = Date.parse(`${shown.replace(" ", "T")}:00Z`) - utc(`${date}T${time}`);
        expect([0, hour / 4, hour / 2, hour, 2 * hour]).toContain(gap);
      }),
    );
  });
  test("a later noon is a later instant, a day of 22 to 26 hours on", () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const date = localDate(at, where);
        const hours = (instantOf(addDays(date, 1), "12:00", where) - instantOf(date, "12:00", where)) / hour;
        expect(hours).toBeGreaterThanOrEqual(22);
        expect(hours).toBeLessThanOrEqual(26);
      }),
    );
  });
});
