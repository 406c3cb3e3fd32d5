/** What the diary knows of a branch: its hours, the templates of its rooms, and who is booked near a time. */
import type { HoursException } from "../../../src-shared/calendar/index.ts";
import type { Taken } from "../../../src-shared/scheduling/conflicts.ts";
import type { ClinicHours } from "../../../src-shared/scheduling/slots.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { recordIds } from "../patients/summary.ts";
import { bytes, db, type Reader } from "../read/database.ts";

export interface BranchCalendar {
  readonly id: Id;
  readonly name: string;
  readonly time_zone: string;
  readonly opening: Readonly<Record<string, readonly (readonly [string, string])[]>>;
  readonly exceptions: readonly HoursException[];
  readonly templates: readonly (ClinicHours & { readonly id: Id })[];
}

/** The branch's hours and clinics; null when it is not on this PC. */
export function branchCalendar(read: Pick<Reader, "all">, branch: Id): BranchCalendar | null {
  const [row] = read.all(
    db.selectFrom("branch").select(["id", "name", "time_zone", "opening"]).where("id", "=", branch).limit(1),
  );
  if (!row) return null;
  const exceptions = read.all(
    db
      .selectFrom("branch_exception")
      .select(["branch_id", "on_date", "intervals"])
      .where("branch_id", "=", branch)
      .where("deleted", "=", 0),
  );
  const templates = read.all(
    db
      .selectFrom("clinic_template")
      .selectAll()
      .where("branch_id", "=", branch)
      .where("deleted", "=", 0)
      .orderBy("room")
      .orderBy("weekday")
      .orderBy("begins"),
  );
  return {
    id: row.id,
    name: row.name,
    time_zone: row.time_zone,
    opening: JSON.parse(row.opening) as BranchCalendar["opening"],
    exceptions: exceptions.map((each) => ({
      branch_id: each.branch_id,
      on_date: each.on_date,
      intervals: JSON.parse(each.intervals) as HoursException["intervals"],
    })),
    templates: templates.map(({ breaks, clocks: _, deleted: __, hlc: ___, ...template }) => ({
      ...template,
      breaks: JSON.parse(breaks) as ClinicHours["breaks"],
    })),
  };
}

/** No booking is longer; what began earlier than this before a time is over by then. */
const longest = 480 * 60_000;

type Booked = Taken & { readonly patient_id: Id };

/** Bookings of any branch that touch the time from `start` to `end`: an optometrist may be booked at another one. */
export function bookedBetween(read: Pick<Reader, "sql">, start: number, end: number): Booked[] {
  const rows = read.sql<Omit<Booked, "id" | "branch_id" | "patient_id" | "optometrist_id"> & Record<string, unknown>>(
    `select id, branch_id, patient_id, room, optometrist_id, starts_at, minutes, state, walk_in from appointment
     where deleted = 0 and branch_id in (select id from branch) and starts_at > ? and starts_at < ? order by starts_at`,
    start - longest,
    end,
  );
  return rows.filter((row) => row.starts_at + row.minutes * 60_000 > start) as unknown as Booked[];
}

/** Today's booking of a patient at a branch that an exam can belong to: not over, not called off; the earliest. */
export function visitOfToday(
  read: Pick<Reader, "sql">,
  { patient, branch, start, end }: { patient: Id; branch: Id; start: number; end: number },
): { readonly id: Id } | null {
  const [row] = read.sql<{ id: Id }>(
    `select id from appointment where patient_id in (select unhex(value) from json_each(?)) and branch_id = ? and deleted = 0 and starts_at >= ? and starts_at < ?
     and state in ('booked','arrived','pre_test','with_optometrist')
     and kind not in ('dispensing','collection','repair') order by starts_at limit 1`,
    JSON.stringify(recordIds(read, patient)),
    bytes(branch),
    start,
    end,
  );
  return row ?? null;
}
