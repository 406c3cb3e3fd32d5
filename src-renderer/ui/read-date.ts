/** Dates as people type them. */

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const iso = /^(\d{4})-(\d{2})-(\d{2})$/;
const figures = /^(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{2}|\d{4})$/;
const solid = /^(\d{2})(\d{2})(\d{2}|\d{4})$/;
const words = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th)?[\\s/.-]*(${months.join("|")})[a-z]*[\\s/.,-]*(\\d{2}|\\d{4})$`,
  "i",
);

/**
 * `12/3/58`, `3 12 1958`, `03121958`, `3 Dec 1958`, `1958-12-03` as `YYYY-MM-DD`; null for what is no day from 1850 on.
 * A year of two digits lies in the past hundred years where `past`, else from fifty years ago to forty-nine ahead: a
 * recall in 27 is not of 1927.
 */
export function readDate(text: string, { past = false, thisYear = new Date().getFullYear() } = {}): string | null {
  const typed = text.trim();
  const [, y = "", m = "", d = ""] = iso.exec(typed) ?? [];
  const [, day = d, month = m, year = y] = figures.exec(typed) ?? solid.exec(typed) ?? inWords(typed) ?? [];
  const full = year.length === 2 ? fullYear(Number(year), thisYear, past ? 0 : 49) : Number(year);
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)));
  if (full < 1850 || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  return date.toISOString().slice(0, 10);
}

function inWords(typed: string): string[] | null {
  const found = words.exec(typed);
  if (!found) return null;
  const [all = "", day = "", name = "", year = ""] = found;
  return [all, day, String(months.indexOf(name.toLowerCase()) + 1), year];
}

/** The year that ends so, at most `ahead` years after this one. */
function fullYear(ending: number, thisYear: number, ahead: number): number {
  const last = thisYear + ahead;
  const inCentury = Math.floor(last / 100) * 100 + ending;
  return inCentury > last ? inCentury - 100 : inCentury;
}
