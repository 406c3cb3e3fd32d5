/** Who is in whose way: two bookings of one room, or of one optometrist, at the same time. */
import type { Instant } from "../calendar/index.ts";

/** What a booking takes up. Minutes are real ones, whatever the clocks do meanwhile. */
export interface Taken {
  readonly id: string;
  readonly branch_id: string;
  readonly room: string;
  readonly optometrist_id: string | null;
  readonly starts_at: Instant;
  readonly minutes: number;
  readonly state: string;
  readonly walk_in: boolean | number;
  readonly deleted?: boolean | number;
}

export const endOf = (booking: Pick<Taken, "starts_at" | "minutes">): Instant =>
  booking.starts_at + booking.minutes * 60_000;

type Span = Pick<Taken, "starts_at" | "minutes">;

/** Whether two stretches of time share an instant; one that begins as the other ends does not. */
export function overlaps(a: Span, b: Span): boolean {
  return a.starts_at < endOf(b) && b.starts_at < endOf(a);
}

/**
 * Whether a booking takes up its time: who cancelled or stayed away frees it, and who walked in waits for a gap and
 * holds none.
 */
export function holdsTime(booking: Pick<Taken, "state" | "walk_in" | "deleted">): boolean {
  return !booking.deleted && !booking.walk_in && booking.state !== "cancelled" && booking.state !== "did_not_attend";
}

/** Those of the others that want the same room, or the same optometrist wherever that is, at the same time. */
export function conflictsOf<T extends Taken>(booking: Omit<Taken, "state" | "walk_in">, others: readonly T[]): T[] {
  return others.filter(
    (other) =>
      other.id !== booking.id &&
      holdsTime(other) &&
      overlaps(booking, other) &&
      ((other.branch_id === booking.branch_id && other.room === booking.room) ||
        (booking.optometrist_id !== null && other.optometrist_id === booking.optometrist_id)),
  );
}
