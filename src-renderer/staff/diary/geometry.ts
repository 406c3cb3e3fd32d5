/** Where things stand in a day's columns: minutes to pixels, and who stands beside whom. */
import { instantOf, localDate, localTime } from "../../../src-shared/calendar/index.ts";
import { conflictsOf, holdsTime } from "../../../src-shared/scheduling/conflicts.ts";
import type { Output } from "../../api/index.ts";

export type Day = Output<"scheduling.day">;
export type Visit = Day["appointments"][number];
export type FreeSlot = { readonly room: string; readonly start: number; readonly end: number } & {
  readonly optometrist_id: string | null;
};

/** Half an hour is two lines of a card high. */
export const pixelsPerMinute = 1.6;
const minute = 60_000;
const hour = 60 * minute;

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The stretch that the columns show: all slots, hours and bookings of the day, in whole hours. */
export function spanOf(day: Day, fallback: Span): Span {
  const spans: Span[] = [
    ...day.open,
    ...day.rooms.flatMap(({ slots }) => slots),
    ...day.appointments.filter(shown).map((visit) => ({ start: visit.starts_at, end: endsAt(visit) })),
  ];
  if (spans.length === 0) return fallback;
  const start = Math.min(...spans.map((span) => span.start));
  const end = Math.max(...spans.map((span) => span.end));
  return { start: Math.floor(start / hour) * hour, end: Math.ceil(end / hour) * hour };
}

export const endsAt = (visit: Visit): number => visit.starts_at + visit.minutes * minute;
/** Who cancelled is in the list, not in the way of whoever takes the time. */
export const shown = (visit: Visit): boolean => visit.state !== "cancelled";

export const top = (span: Span, instant: number): number => ((instant - span.start) / minute) * pixelsPerMinute;

/** Bookings of a room, each with its place among those at the same time. */
export function lanesOf(visits: readonly Visit[]): { visit: Visit; lane: number; of: number }[] {
  const placed: { visit: Visit; lane: number; of: number }[] = [];
  let cluster: { visit: Visit; lane: number; of: number }[] = [];
  let until = Number.NEGATIVE_INFINITY;
  const close = () => {
    const of = Math.max(1, ...cluster.map(({ lane }) => lane + 1));
    for (const each of cluster) each.of = of;
    placed.push(...cluster);
    cluster = [];
  };
  for (const visit of [...visits].sort((a, b) => a.starts_at - b.starts_at || b.minutes - a.minutes)) {
    if (visit.starts_at >= until) close();
    const busy = new Set(cluster.filter((each) => endsAt(each.visit) > visit.starts_at).map(({ lane }) => lane));
    let lane = 0;
    while (busy.has(lane)) lane += 1;
    cluster.push({ visit, lane, of: 1 });
    until = Math.max(until, endsAt(visit));
  }
  close();
  return placed;
}

/** Slots of a room that nobody holds. */
export function freeSlots(day: Day, room: Day["rooms"][number]): FreeSlot[] {
  return room.slots.filter(
    (slot) =>
      conflictsOf(
        {
          id: "",
          branch_id: day.branch.id,
          room: slot.room,
          optometrist_id: slot.optometrist_id,
          starts_at: slot.start,
          minutes: (slot.end - slot.start) / minute,
        },
        day.appointments.filter(holdsTime),
      ).length === 0,
  );
}

/** Times at which something may be dropped in a room: its slots, or every quarter of an hour where it has none. */
export function dropTimes(room: Day["rooms"][number], span: Span): number[] {
  if (room.slots.length > 0) return room.slots.map(({ start }) => start);
  const count = Math.floor((span.end - span.start) / (15 * minute));
  return Array.from({ length: count }, (_, index) => span.start + index * 15 * minute);
}

/** A place in a column. */
export interface Target {
  readonly room: string;
  readonly start: number;
}

/** Where a booking that is in hand lies first on a day: at its own time, in its own room if that is held there. */
export function landingOf(day: Day, span: Span, visit: Visit): Target | null {
  const zone = day.branch.timeZone;
  const room = day.rooms.find((each) => each.room === visit.room) ?? day.rooms[0];
  if (!room) return null;
  if (localDate(visit.starts_at, zone) === day.date) return { room: visit.room, start: visit.starts_at };
  const start = instantOf(day.date, localTime(visit.starts_at, zone), zone);
  const times = dropTimes(room, span);
  return { room: room.room, start: times.findLast((time) => time <= start) ?? times[0] ?? start };
}

/** The drop time nearest above a height in the column. */
export function timeAt(room: Day["rooms"][number], span: Span, y: number): number {
  const instant = span.start + (y / pixelsPerMinute) * minute;
  const times = dropTimes(room, span);
  const hit = times.findLast((time) => time <= instant);
  // Outside the clinic, to five minutes.
  const edge = room.slots.at(-1)?.end ?? span.end;
  if (hit === undefined || instant >= edge) return Math.floor(instant / (5 * minute)) * 5 * minute;
  return hit;
}
