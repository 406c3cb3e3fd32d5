import { addDays, type LocalDate } from "./dates.ts";
import { type Instant, localDate, localTime, type WallTime } from "./zones.ts";

export interface BusinessMoment {
  /** The business date of the open till session, which every sale in it carries. */
  readonly sessionDate: LocalDate | null;
  readonly instant: Instant;
  readonly zone: string;
  /** Wall time at which a new business day begins, `00:00` to `12:00`. */
  readonly dayStart?: WallTime;
}

/**
 * The business date: the till session's, whatever the wall clock says (domain: optics-dispensing-lab §5.4, §5.5); with
 * no session the branch's local date, where the hours before `dayStart` belong to the day before.
 */
export function businessDate({ sessionDate, instant, zone, dayStart = "04:00" }: BusinessMoment): LocalDate {
  if (sessionDate !== null) return sessionDate;
  const date = localDate(instant, zone);
  return localTime(instant, zone) < dayStart ? addDays(date, -1) : date;
}
