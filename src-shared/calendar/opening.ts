/** When a branch is open: weekly hours in local wall time, and the days that differ. */
import { addDays, type LocalDate, weekday } from "./dates.ts";
import { type Instant, instantOf, localDate, minutesOf, type WallTime } from "./zones.ts";

/**
 * From and until in local wall time. Until before from means the next morning (`["22:00","06:00"]`), `24:00` the end of
 * the day. A malformed one counts as closed: the row came from another device and must not stop this one.
 */
export type WallInterval = readonly [from: WallTime, until: WallTime];

/** What the calendar needs of a branch row. */
export interface BranchHours {
  readonly id?: string;
  readonly time_zone: string;
  /** Day 1 (Monday) to 7 → the hours that begin on it, several where the day is split; absent is closed. */
  readonly opening: Readonly<Partial<Record<"1" | "2" | "3" | "4" | "5" | "6" | "7", readonly WallInterval[]>>>;
}

/** A day whose hours replace the weekly ones; no intervals is closed. Rows of other branches are left out. */
export interface HoursException {
  readonly branch_id?: string;
  readonly on_date: LocalDate;
  readonly intervals: readonly WallInterval[];
  readonly deleted?: boolean;
}

/** Instants from `start` up to, not including, `end`. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

/** From and until: minutes since the date's midnight, where beyond 1440 is the next day, or instants. */
type Span = readonly [from: number, until: number];

function toMinutes(intervals: readonly WallInterval[]): Span[] {
  const read = intervals.flatMap(([fromText, untilText]): Span[] => {
    const from = minutesOf(fromText);
    const until = minutesOf(untilText);
    if (from === null || until === null || from === until || from === 1440) return [];
    return [[from, until < from ? until + 1440 : until]];
  });
  return joined(read);
}

/** Sorted, and those that touch or overlap made one. */
function joined(spans: readonly Span[]): Span[] {
  const result: Span[] = [];
  for (const [from, until] of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], until)];
    else result.push([from, until]);
  }
  return result;
}

function intersection(some: readonly Span[], others: readonly Span[]): Span[] {
  return some.flatMap(([from, until]) =>
    others
      .map(([otherFrom, otherUntil]): Span => [Math.max(from, otherFrom), Math.min(until, otherUntil)])
      .filter(([start, end]) => start < end),
  );
}

/**
 * Hours that begin on the date. Two exceptions for one day, entered apart on two devices, leave what both allow, so
 * that nothing is promised for hours that somebody knows to be closed.
 */
function hoursOn(branch: BranchHours, exceptions: readonly HoursException[], date: LocalDate): Span[] {
  const differing = exceptions.filter(
    (row) =>
      !row.deleted &&
      row.on_date === date &&
      (row.branch_id === undefined || branch.id === undefined || row.branch_id === branch.id),
  );
  if (differing.length === 0) return toMinutes(branch.opening[`${weekday(date)}`] ?? []);
  return differing.map((row) => toMinutes(row.intervals)).reduce(intersection);
}

/** Whether the branch has any hours that begin on the date. */
export function isWorkingDay(branch: BranchHours, exceptions: readonly HoursException[], date: LocalDate): boolean {
  return hoursOn(branch, exceptions, date).length > 0;
}

/**
 * The branch's hours that begin on the date, sorted and apart from each other, as instants in its zone. Hours that a
 * change of the clocks runs through are as long as they really last; times inside the gap move as `instantOf` has it.
 */
export function workingIntervals(
  branch: BranchHours,
  exceptions: readonly HoursException[],
  date: LocalDate,
): Interval[] {
  const at = (minutes: number): Instant => {
    const wall = minutes % 1440;
    const time = `${String(Math.floor(wall / 60)).padStart(2, "0")}:${String(wall % 60).padStart(2, "0")}`;
    return instantOf(minutes < 1440 ? date : addDays(date, 1), time, branch.time_zone);
  };
  const spans = hoursOn(branch, exceptions, date).map(([from, until]): Span => [at(from), at(until)]);
  // What begins inside the gap and ends with it has come to end before it begins.
  return joined(spans.filter(([start, end]) => start < end)).map(([start, end]) => ({ start, end }));
}

/** Whether the branch is open at the instant; the last minute is the one before closing time. */
export function isOpen(branch: BranchHours, exceptions: readonly HoursException[], instant: Instant): boolean {
  const today = localDate(instant, branch.time_zone);
  // Last night's hours may reach into this morning.
  return [addDays(today, -1), today].some((date) =>
    workingIntervals(branch, exceptions, date).some(({ start, end }) => start <= instant && instant < end),
  );
}
