import { minutesOf, type WallTime } from "./zones.ts";

/**
 * A time of day as people type it, `00:00` to `24:00`: `9`, `930`, `14.30`, `2pm`, `2:30 pm`. Null for what is none.
 * A plain hour is of the 24-hour clock: nobody is asked which half of the day they meant by `9`.
 */
export function readTime(text: string): WallTime | null {
  const match = /^(\d{1,2})(?:[:.\sh]?([0-5]\d))?h?\s*(?:([ap])\.?m\.?)?$/i.exec(text.trim());
  if (!match) return null;
  const [, hourText, minuteText = "00", half] = match;
  const hour = Number(hourText);
  if (half && (hour < 1 || hour > 12)) return null;
  const whole = half ? (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0) : hour;
  const time = `${String(whole).padStart(2, "0")}:${minuteText}`;
  return minutesOf(time) === null ? null : time;
}

/**
 * Stretches of a day, `13:00-14:00, 16:00-16:15`; in `1-2pm` the afternoon is meant of both. Null where one is none or
 * does not end after it begins.
 */
export function readSpans(text: string): [WallTime, WallTime][] | null {
  const spans: [WallTime, WallTime][] = [];
  for (const part of text.split(",").filter((each) => each.trim() !== "")) {
    const [from = "", to = "", ...more] = part.split(/[-–]/);
    const end = readTime(to);
    const half = /[ap]\.?m\.?\s*$/i.exec(to)?.[0] ?? "";
    const begin = [readTime(from + half), readTime(from)].find((time) => time && end && time < end);
    if (!begin || !end || more.length > 0) return null;
    spans.push([begin, end]);
  }
  return spans;
}
