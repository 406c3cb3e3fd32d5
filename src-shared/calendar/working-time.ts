/** Counting in the branch's hours: response times (domain: cases-and-portal §4c.3) and promised dates. */
import { addDays, type LocalDate } from "./dates.ts";
import { type BranchHours, type HoursException, type Interval, isWorkingDay, workingIntervals } from "./opening.ts";
import { type Instant, localDate } from "./zones.ts";

/** A branch without hours for so many days on end has none that could be counted in. */
const patienceDays = 400;

/** The branch's hours from `from` on, in order and never twice, until there are none for `patienceDays`. */
function* hoursFrom(branch: BranchHours, exceptions: readonly HoursException[], from: Instant): Generator<Interval> {
  let cursor = from;
  // Last night's hours may reach into this morning.
  let date = addDays(localDate(from, branch.time_zone), -1);
  for (let idle = 0; idle < patienceDays; idle++, date = addDays(date, 1)) {
    for (const { start, end } of workingIntervals(branch, exceptions, date)) {
      if (end <= cursor) continue;
      yield { start: Math.max(start, cursor), end };
      cursor = end;
      idle = 0;
    }
  }
}

/** Milliseconds of the branch's hours between two instants, negative when `to` is before `from`. */
export function workingTimeBetween(
  from: Instant,
  to: Instant,
  branch: BranchHours,
  exceptions: readonly HoursException[],
): number {
  if (to < from) return 0 - workingTimeBetween(to, from, branch, exceptions);
  let total = 0;
  for (const { start, end } of hoursFrom(branch, exceptions, from)) {
    if (start >= to) break;
    total += Math.min(end, to) - start;
  }
  return total;
}

/**
 * The first instant by which `ms` milliseconds (0 or more) of the branch's hours have passed since `instant`; none
 * needed is `instant` itself. Null when the branch is closed for more than a year: there is no such instant.
 */
export function addWorkingTime(
  instant: Instant,
  ms: number,
  branch: BranchHours,
  exceptions: readonly HoursException[],
): Instant | null {
  if (!(ms >= 0)) throw new RangeError(`${ms} is not a length of time`);
  if (ms === 0) return instant;
  let left = ms;
  for (const { start, end } of hoursFrom(branch, exceptions, instant)) {
    if (left <= end - start) return start + left;
    left -= end - start;
  }
  return null;
}

/**
 * The `days`-th working day after the date; for 0 the date itself, or the next working day where it is none. Null when
 * the branch is closed for more than a year.
 */
export function addWorkingDays(
  date: LocalDate,
  days: number,
  branch: BranchHours,
  exceptions: readonly HoursException[],
): LocalDate | null {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`${days} is not a number of working days`);
  let left = days;
  let candidate = days === 0 ? date : addDays(date, 1);
  for (let idle = 0; idle < patienceDays; idle++, candidate = addDays(candidate, 1)) {
    if (!isWorkingDay(branch, exceptions, candidate)) continue;
    if (left <= 1) return candidate;
    left -= 1;
    idle = 0;
  }
  return null;
}

export interface PromiseTerms {
  /** The business date of the sale. */
  readonly soldOn: LocalDate;
  /** Working days of the maker: the lens's lead time and whatever the practice adds for rush or transport. */
  readonly leadDays: number;
  readonly branch: BranchHours;
  readonly exceptions: readonly HoursException[];
  /** Who makes the glasses, where that is another branch than the one they are collected from. */
  readonly maker?: { readonly branch: BranchHours; readonly exceptions: readonly HoursException[] };
}

/**
 * The date to promise: the maker's `leadDays`-th working day after the sale, and then the first day on which the branch
 * is open for collection. Null when either of them has no working days.
 */
export function promisedDate({ soldOn, leadDays, branch, exceptions, maker }: PromiseTerms): LocalDate | null {
  const made = addWorkingDays(soldOn, leadDays, maker?.branch ?? branch, maker?.exceptions ?? exceptions);
  return made === null ? null : addWorkingDays(made, 0, branch, exceptions);
}
