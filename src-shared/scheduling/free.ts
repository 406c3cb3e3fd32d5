/** Finding a free time: "the next with Priya, on a Tuesday afternoon". */
import { type Instant, localDate, localTime, weekday } from "../calendar/index.ts";
import { conflictsOf, type Taken } from "./conflicts.ts";
import type { Slot } from "./slots.ts";

export const partsOfDay = ["morning", "afternoon", "evening"] as const;
export type PartOfDay = (typeof partsOfDay)[number];

/** What somebody asks for; null and empty: any. */
export interface Wish {
  /** Real minutes that the visit takes. */
  readonly minutes: number;
  readonly from: Instant;
  readonly optometristId: string | null;
  /** 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[];
  readonly part: PartOfDay | null;
}

/** By the wall clock: before noon, from noon to five, after five. */
export function partOf(instant: Instant, zone: string): PartOfDay {
  const time = localTime(instant, zone);
  return time < "12:00" ? "morning" : time < "17:00" ? "afternoon" : "evening";
}

export interface FreeTime {
  readonly room: string;
  readonly optometrist_id: string | null;
  readonly start: Instant;
  readonly end: Instant;
}

/**
 * Free times of the branch in the order of time: each begins with a slot, and a visit longer than a slot takes the
 * slots that follow without a gap and under the same optometrist.
 */
export function freeTimes(
  slots: readonly Slot[],
  taken: readonly Taken[],
  branch: { readonly id: string; readonly time_zone: string },
  wish: Wish,
): FreeTime[] {
  const zone = branch.time_zone;
  const long = wish.minutes * 60_000;
  return slots
    .filter(
      (slot) =>
        slot.start >= wish.from &&
        (wish.optometristId === null || slot.optometrist_id === wish.optometristId) &&
        (wish.weekdays.length === 0 || wish.weekdays.includes(weekday(localDate(slot.start, zone)))) &&
        (wish.part === null || partOf(slot.start, zone) === wish.part),
    )
    .flatMap((slot): FreeTime[] => {
      const end = slot.start + long;
      if (!reaches(slots, slot, end)) return [];
      const booking = {
        id: "",
        branch_id: branch.id,
        room: slot.room,
        optometrist_id: slot.optometrist_id,
        starts_at: slot.start,
        minutes: wish.minutes,
      };
      if (conflictsOf(booking, taken).length > 0) return [];
      return [{ room: slot.room, optometrist_id: slot.optometrist_id, start: slot.start, end }];
    })
    .sort((a, b) => a.start - b.start || (a.room < b.room ? -1 : 1));
}

function reaches(slots: readonly Slot[], first: Slot, end: Instant): boolean {
  let last: Slot | undefined = first;
  while (last && last.end < end) {
    const { end: until }: Slot = last;
    last = slots.find(
      (slot) => slot.room === first.room && slot.start === until && slot.optometrist_id === first.optometrist_id,
    );
  }
  return last !== undefined;
}

/** Whether a booking lies in the room's slots from its first minute to its last. */
export function isWithinSlots(slots: readonly Slot[], booking: Pick<Taken, "room" | "starts_at" | "minutes">): boolean {
  const end = booking.starts_at + booking.minutes * 60_000;
  let at = booking.starts_at;
  for (const slot of slots) {
    if (slot.room === booking.room && slot.start <= at && at < slot.end) at = slot.end;
  }
  return at >= end;
}
