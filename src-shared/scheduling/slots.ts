/** The slots of a clinic's day, as instants: templates say wall times, the branch's calendar says when it is open. */
import {
  addDays,
  type BranchHours,
  type HoursException,
  type Instant,
  instantOf,
  type LocalDate,
  localTime,
  minutesOf,
  type WallTime,
  weekday,
  workingIntervals,
} from "../calendar/index.ts";

/** What the slots of a day need of a `clinic_template` row. */
export interface ClinicHours {
  readonly room: string;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  readonly begins: WallTime;
  readonly ends: WallTime;
  readonly breaks: readonly (readonly [WallTime, WallTime])[];
  readonly slot_minutes: number;
  readonly optometrist_id: string | null;
  readonly valid_from: LocalDate;
  readonly valid_to: LocalDate | null;
}

export interface Slot {
  readonly room: string;
  readonly optometrist_id: string | null;
  readonly start: Instant;
  readonly end: Instant;
}

/** Whether the template holds on the date: its weekday, between the first and the last day of its validity. */
export function isInForce(template: ClinicHours, date: LocalDate): boolean {
  return (
    template.weekday === weekday(date) &&
    template.valid_from <= date &&
    (template.valid_to === null || date <= template.valid_to)
  );
}

/** Wall times at which the template's slots begin: as many whole slots as fit between its breaks. */
function wallStarts(template: ClinicHours): number[] {
  const from = minutesOf(template.begins);
  const until = minutesOf(template.ends);
  const length = template.slot_minutes;
  // A malformed row came from another device and must not stop this one: no slots.
  if (from === null || until === null || !(length > 0)) return [];
  const breaks = template.breaks
    .flatMap(([begin, end]): [number, number][] => {
      const [a, b] = [minutesOf(begin), minutesOf(end)];
      return a === null || b === null || a >= b ? [] : [[a, b]];
    })
    .sort((a, b) => a[0] - b[0]);
  const starts: number[] = [];
  for (let at = from; at + length <= until; ) {
    const pause = breaks.find(([begin, end]) => at < end && begin < at + length);
    if (pause) at = pause[1];
    else {
      starts.push(at);
      at += length;
    }
  }
  return starts;
}

const wallText = (minutes: number): WallTime =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/**
 * The slots of the date in order of room and time, within the branch's hours. Each begins at its wall time whatever the
 * clocks did that day: a wall time that the day skips has no slot, one that the day has twice has one slot, at the
 * first. A slot lasts its real minutes, so one that would begin before the one before it has ended is left out.
 */
export function slotsOf(
  templates: readonly ClinicHours[],
  branch: BranchHours,
  exceptions: readonly HoursException[],
  date: LocalDate,
): Slot[] {
  const zone = branch.time_zone;
  // Last night's hours may reach into this morning.
  const open = [addDays(date, -1), date].flatMap((day) => workingIntervals(branch, exceptions, day));
  const made = templates
    .filter((template) => isInForce(template, date))
    .flatMap((template) =>
      wallStarts(template).flatMap((minutes): Slot[] => {
        const wall = wallText(minutes);
        const start = instantOf(date, wall, zone);
        if (localTime(start, zone) !== wall) return [];
        const end = start + template.slot_minutes * 60_000;
        if (!open.some((hours) => hours.start <= start && end <= hours.end)) return [];
        return [{ room: template.room, optometrist_id: template.optometrist_id, start, end }];
      }),
    )
    .sort((a, b) => (a.room < b.room ? -1 : a.room > b.room ? 1 : a.start - b.start));
  const until = new Map<string, Instant>();
  return made.filter((slot) => {
    if ((until.get(slot.room) ?? Number.NEGATIVE_INFINITY) > slot.start) return false;
    until.set(slot.room, slot.end);
    return true;
  });
}

/** From the date's midnight to the next one, as instants; 23 to 25 hours where the clocks change. */
export function dayRange(date: LocalDate, zone: string): { readonly start: Instant; readonly end: Instant } {
  return { start: instantOf(date, "00:00", zone), end: instantOf(addDays(date, 1), "00:00", zone) };
}
