/** What the diary shows: days, weeks and months of a branch, free times, and a patient's own bookings. */
import {
  addDays,
  ageOn,
  type LocalDate,
  localDate,
  weekday,
  workingIntervals,
} from "../../../src-shared/calendar/index.ts";
import { conflictsOf, holdsTime } from "../../../src-shared/scheduling/conflicts.ts";
import { type FreeTime, freeTimes, type Wish } from "../../../src-shared/scheduling/free.ts";
import { dayRange, isInForce, type Slot, slotsOf } from "../../../src-shared/scheduling/slots.ts";
import type { AppointmentKind, AppointmentState } from "../../../src-shared/scheduling/states.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { ofKept } from "../patients/kept.ts";
import { recordIds } from "../patients/summary.ts";
import { bytes, type Reader } from "../read/database.ts";
import { type BranchCalendar, bookedBetween } from "./hours.ts";

export interface DiaryItem {
  readonly id: Id;
  readonly patient_id: Id;
  readonly given_name: string;
  readonly family_name: string;
  readonly date_of_birth: string;
  readonly number: string;
  readonly phone: string | null;
  readonly sight_impaired: string | null;
  readonly allergies: string | null;
  readonly warning: string | null;
  readonly needs: string | null;
  readonly branch_id: Id;
  readonly room: string;
  readonly optometrist_id: Id | null;
  readonly optometrist: string | null;
  readonly starts_at: number;
  readonly minutes: number;
  readonly kind: AppointmentKind;
  readonly note: string | null;
  readonly walk_in: number;
  readonly state: AppointmentState;
  readonly state_at: number | null;
  readonly booked_by: string | null;
  readonly booked_at: number;
  /** Why it was cancelled, as it was last said. */
  readonly reason: string | null;
  /** The exam that was begun from it, where this PC holds exams. */
  readonly exam_id: Id | null;
}

const shownOfPatient = [
  ...(["given_name", "family_name", "date_of_birth", "number", "phone"] as const),
  ...(["sight_impaired", "allergies", "warning", "needs"] as const),
] as const;

function itemsBetween(read: Reader, branch: Id, start: number, end: number): DiaryItem[] {
  const items = read.sql<DiaryItem & { merged_into_id: Id | null }>(
    `select a.id, a.patient_id, p.merged_into_id, p.given_name, p.family_name, p.date_of_birth, p.number, p.phone, p.sight_impaired, p.allergies,
       p.warning, p.needs, a.branch_id, a.room, a.optometrist_id, o.display_name as optometrist, a.starts_at, a.minutes, a.kind,
       a.note, a.walk_in, a.state, a.state_at, b.display_name as booked_by, a.booked_at,
       (select e.text from appointment_event e where e.appointment_id = a.id and e.kind = 'cancelled' order by e.hlc desc limit 1)
         as reason,
       (select x.id from exam x where x.appointment_id = a.id and (x.discarded_at is null or x.record_id is not null) and x.deleted = 0
         order by x.started_at desc limit 1) as exam_id
     from appointment a join patient p on p.id = a.patient_id
       left join app_user o on o.id = a.optometrist_id left join app_user b on b.id = a.booked_by_id
     where a.branch_id = ? and a.deleted = 0 and a.starts_at >= ? and a.starts_at < ?
     order by a.starts_at, a.room, a.id`,
    bytes(branch),
    start,
    end,
  );
  return ofKept(read, items, shownOfPatient).map(({ merged_into_id: _, ...item }) => item);
}

/** Rooms of a day, in order: those with a clinic or a booking, else all that the branch knows. */
function roomsOf(calendar: BranchCalendar, slots: readonly Slot[], items: readonly { room: string }[]): string[] {
  const busy = new Set([...slots.map(({ room }) => room), ...items.map(({ room }) => room)]);
  const known = busy.size > 0 ? busy : new Set(calendar.templates.map(({ room }) => room));
  return [...known].sort((a, b) => a.localeCompare(b, "en-GB", { numeric: true }));
}

const daySlots = (calendar: BranchCalendar, date: LocalDate): Slot[] =>
  slotsOf(calendar.templates, calendar, calendar.exceptions, date);

/** A day of a branch, room by room. `today` for ages, `names` of people by id. */
export function diaryDay(
  read: Reader,
  calendar: BranchCalendar,
  date: LocalDate,
  { today, names }: { today: LocalDate; names: ReadonlyMap<Id, string> },
) {
  const { start, end } = dayRange(date, calendar.time_zone);
  const items = itemsBetween(read, calendar.id, start, end);
  const slots = daySlots(calendar, date);
  const near = bookedBetween(read, start, end);
  return {
    date,
    open: workingIntervals(calendar, calendar.exceptions, date),
    rooms: roomsOf(calendar, slots, items).map((room) => {
      const own = slots.filter((slot) => slot.room === room);
      const who = [...new Set(own.map((slot) => slot.optometrist_id))];
      return {
        room,
        slots: own,
        optometrists: who.flatMap((id) => (id ? [{ id, name: names.get(id) ?? "" }] : [])),
        breaks: breaksOf(calendar, room, date),
      };
    }),
    appointments: items.map((item) => ({
      ...item,
      age: ageOn(item.date_of_birth, today),
      /** Others in the same room or with the same optometrist at the same time. */
      clashes: holdsTime(item) ? conflictsOf({ ...item, branch_id: calendar.id }, near).map(({ id }) => id) : [],
    })),
  };
}

function breaksOf(calendar: BranchCalendar, room: string, date: LocalDate) {
  return calendar.templates
    .filter((template) => template.room === room && isInForce(template, date))
    .flatMap(({ breaks }) => breaks);
}

/** So many days from a date on, with how full each is; bookings by name only where the week is shown. */
export function diaryDays(read: Reader, calendar: BranchCalendar, from: LocalDate, count: number, withItems: boolean) {
  return Array.from({ length: count }, (_, index) => {
    const date = addDays(from, index);
    const { start, end } = dayRange(date, calendar.time_zone);
    const slots = daySlots(calendar, date);
    const taken = bookedBetween(read, start, end);
    const free = slots.filter((slot) => isFree(slot, calendar.id, taken));
    const here = taken.filter((each) => each.branch_id === calendar.id && each.starts_at >= start && holdsTime(each));
    return {
      date,
      weekday: weekday(date),
      slots: slots.length,
      free: free.length,
      booked: here.length,
      items: withItems ? itemsBetween(read, calendar.id, start, end) : [],
      rooms: [...new Set(slots.map(({ room }) => room))],
    };
  });
}

function isFree(slot: Slot, branch: Id, taken: ReturnType<typeof bookedBetween>): boolean {
  const minutes = (slot.end - slot.start) / 60_000;
  const booking = {
    id: "",
    branch_id: branch,
    room: slot.room,
    optometrist_id: slot.optometrist_id,
    starts_at: slot.start,
    minutes,
  };
  return conflictsOf(booking, taken).length === 0;
}

/** Who plans further ahead turns the pages. */
const searchedDays = 120;

/** The next free times, at most `limit`, in the next four months. */
export function findFree(read: Reader, calendar: BranchCalendar, wish: Wish, limit: number): FreeTime[] {
  const first = localDate(wish.from, calendar.time_zone);
  const found: FreeTime[] = [];
  for (let index = 0; index < searchedDays && found.length < limit; index++) {
    const date = addDays(first, index);
    const slots = daySlots(calendar, date);
    if (slots.length === 0) continue;
    const { start, end } = dayRange(date, calendar.time_zone);
    found.push(...freeTimes(slots, bookedBetween(read, start, end), calendar, wish));
  }
  return found.slice(0, limit);
}

interface PatientVisit {
  readonly id: Id;
  readonly starts_at: number;
  readonly minutes: number;
  readonly kind: AppointmentKind;
  readonly state: AppointmentState;
  readonly room: string;
  readonly note: string | null;
  readonly walk_in: number;
  readonly branch: string | null;
  readonly time_zone: string | null;
  readonly optometrist: string | null;
  readonly reason: string | null;
}

/** A patient's bookings: the next one, and all others with the latest first; how often they stayed away. */
export function appointmentsOf(read: Reader, patient: Id, now: number) {
  const visits = read.sql<PatientVisit & Record<string, unknown>>(
    `select a.id, a.starts_at, a.minutes, a.kind, a.state, a.room, a.note, a.walk_in, b.name as branch, b.time_zone,
       o.display_name as optometrist,
       (select e.text from appointment_event e where e.appointment_id = a.id and e.kind = 'cancelled' order by e.hlc desc limit 1)
         as reason
     from appointment a left join branch b on b.id = a.branch_id left join app_user o on o.id = a.optometrist_id
     where a.patient_id in (select unhex(value) from json_each(?)) and a.deleted = 0 order by a.starts_at desc limit 100`,
    JSON.stringify(recordIds(read, patient)),
  );
  const next = visits.findLast((visit) => visit.starts_at + visit.minutes * 60_000 > now && visit.state === "booked");
  return {
    next: next ?? null,
    others: visits.filter(({ id }) => id !== next?.id),
    missed: visits.filter(({ state }) => state === "did_not_attend").length,
  };
}
