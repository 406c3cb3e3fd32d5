/** Calendar dates without a zone, `YYYY-MM-DD` from year 0000 to 9999 (proleptic Gregorian). */

/** A calendar date, `YYYY-MM-DD`. Such texts sort as the dates do. */
export type LocalDate = string;

const dayMs = 86_400_000;

/** Days since 1970-01-01. Throws a RangeError for what is no date, 30 February included: rows are checked at the edge. */
function dayNumber(date: LocalDate): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  // Engines differ in whether 2026-02-30 is refused or rolls over.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date)
    throw new RangeError(`${date} is not a date`);
  return ms / dayMs;
}

/** Whether the text is a date of the calendar. */
export function isDate(text: string): boolean {
  try {
    dayNumber(text);
    return true;
  } catch {
    return false;
  }
}

/** The date `days` whole days later (earlier when negative). Throws a RangeError beyond the years 0000 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  if (!Number.isInteger(days)) throw new RangeError(`${days} is not a number of days`);
  const result = new Date((dayNumber(date) + days) * dayMs).toISOString();
  if (!/^\d{4}-/.test(result)) throw new RangeError(`${days} days from ${date} leave the calendar`);
  return result.slice(0, 10);
}

/** Days from `from` to `to`, negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** A day of the week by ISO 8601: 1 Monday to 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export function weekday(date: LocalDate): Weekday {
  // 1970-01-01 was a Thursday.
  return (((((dayNumber(date) + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/**
 * Completed years on `date`. Somebody born on 29 February is a year older on 1 March of a common year, as in English
 * law. Negative before the birth, which is a typing mistake for the screen to show, not an error here.
 */
export function ageOn(dateOfBirth: LocalDate, date: LocalDate): number {
  dayNumber(dateOfBirth);
  dayNumber(date);
  const years = Number(date.slice(0, 4)) - Number(dateOfBirth.slice(0, 4));
  return date.slice(5) < dateOfBirth.slice(5) ? years - 1 : years;
}
