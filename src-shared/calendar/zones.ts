/**
 * Instants and wall clocks: the only code that knows time zones and daylight saving. It reads the zone database that
 * comes with the engine through `Intl`, which is data, not a clock. Node 24 has no `Temporal`; the rules are its own.
 */
import { addDays, type LocalDate } from "./dates.ts";

/** A UTC instant in milliseconds since 1970. */
export type Instant = number;
/** Local wall time `HH:MM`, 00:00 to 23:59; `24:00` is accepted as the end of a day. */
export type WallTime = string;

/** Making a format costs a hundred times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the engine knows the zone (IANA name such as `Europe/London`). */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

interface WallClock {
  readonly date: LocalDate;
  readonly time: WallTime;
  /** What the wall clock shows, as if it were UTC, in milliseconds. */
  readonly ms: number;
}

function wallClock(instant: Instant, zone: string): WallClock {
  const shown: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(instant)) shown[part.type] = part.value;
  const date = `${shown.year?.padStart(4, "0")}-${shown.month}-${shown.day}`;
  const time = `${shown.hour}:${shown.minute}`;
  return { date, time, ms: Date.parse(`${date}T${time}:${shown.second}Z`) };
}

/** How far the wall clock is ahead of UTC, in milliseconds. */
function offsetAt(instant: Instant, zone: string): number {
  const second = Math.floor(instant / 1000) * 1000;
  return wallClock(second, zone).ms - second;
}

/** The date on the wall at an instant. Throws a RangeError for an unknown zone. */
export function localDate(instant: Instant, zone: string): LocalDate {
  return wallClock(instant, zone).date;
}

/** The time on the wall at an instant, `HH:MM`. Throws a RangeError for an unknown zone. */
export function localTime(instant: Instant, zone: string): WallTime {
  return wallClock(instant, zone).time;
}

/** Minutes since midnight, 0 to 1440, or null for what is no wall time. */
export function minutesOf(time: WallTime): number | null {
  const match = /^(\d{2}):([0-5]\d)$/.exec(time);
  const minutes = match ? Number(match[1]) * 60 + Number(match[2]) : Number.POSITIVE_INFINITY;
  return minutes <= 1440 ? minutes : null;
}

const dayMs = 86_400_000;

/**
 * The instant at which the wall shows `time` on `date`. Where the clocks go forward over it, the time is as much later
 * as the gap is long; where they go back over it, it is the first of the two ("compatible" of TC39 Temporal).
 * Throws a RangeError for a malformed date or time and for an unknown zone.
 */
export function instantOf(date: LocalDate, time: WallTime, zone: string): Instant {
  const minutes = minutesOf(time);
  if (minutes === null) throw new RangeError(`${time} is not a time of day`);
  const wall = Date.parse(`${addDays(date, 0)}T00:00:00Z`) + minutes * 60_000;
  // No zone is further than 14 hours from UTC, so the change, if there is one nearby, lies between these two.
  const before = offsetAt(wall - dayMs, zone);
  const after = offsetAt(wall + dayMs, zone);
  if (offsetAt(wall - before, zone) === before || before === after) return wall - before;
  return offsetAt(wall - after, zone) === after ? wall - after : wall - before;
}
