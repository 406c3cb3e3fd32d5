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

/** From here on every zone is a whole number of minutes from UTC and changes only as a minute begins. */
const wholeMinutesSince = Date.UTC(1973, 0, 1);
/** Offsets by zone and minute: what a screen or a sale asks is nearly always the same few minutes. */
const offsets = new Map<string, number>();

/** How far the wall clock is ahead of UTC, in milliseconds. Throws a RangeError for an unknown zone. */
function offsetAt(instant: Instant, zone: string): number {
  const second = Math.floor(instant / 1000) * 1000;
  if (second < wholeMinutesSince) return readOffset(second, zone);
  const key = `${zone} ${Math.floor(second / 60_000)}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    offset = readOffset(second, zone);
    if (offsets.size >= 4096) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

function readOffset(second: number, zone: string): number {
  const shown: Record<string, string> = {};
  for (const part of formatOf(zone).formatToParts(second)) shown[part.type] = part.value;
  const { year, month, day, hour, minute } = shown;
  return Date.parse(`${year?.padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${shown.second}Z`) - second;
}

/** What the wall shows, as ISO text. */
function wallText(instant: Instant, zone: string): string {
  return new Date(instant + offsetAt(instant, zone)).toISOString();
}

/** The date on the wall at an instant. Throws a RangeError for an unknown zone. */
export function localDate(instant: Instant, zone: string): LocalDate {
  return wallText(instant, zone).slice(0, 10);
}

/** The time on the wall at an instant, `HH:MM`. Throws a RangeError for an unknown zone. */
export function localTime(instant: Instant, zone: string): WallTime {
  return wallText(instant, zone).slice(11, 16);
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
