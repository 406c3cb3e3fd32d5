/** When the rooms of the demo practice see patients, and who is booked: today as it stands by now, and days to come. */
import { addDays, type Instant, type LocalDate } from "../../src-shared/calendar/index.ts";
import { type Slot, slotsOf } from "../../src-shared/scheduling/slots.ts";
import type { AppointmentKind, VisitStep } from "../../src-shared/scheduling/states.ts";
import { examOfToday } from "./handoffs.ts";
import type { Patient, Patients } from "./patients.ts";
import { foundedDaysAgo, openingOf, type PersonKey, type Staff } from "./people.ts";
import { type BranchCode, type DemoRow, type World, zone } from "./world.ts";

const minute = 60_000;
/** How many of a hundred slots are taken today and on each day after it. */
const fullness = [82, 62, 55, 48, 40, 34, 28, 22, 18, 14, 10] as const;

interface Room {
  readonly branch: BranchCode;
  readonly name: string;
  readonly optometrist: PersonKey | null;
  readonly days: readonly number[];
}
const rooms: readonly Room[] = [
  { branch: "LDS", name: "Room 1", optometrist: "priya.raman", days: [1, 2, 3, 4, 5, 6, 7] },
  { branch: "LDS", name: "Contact lens room", optometrist: null, days: [1, 3, 5, 6] },
  { branch: "YRK", name: "Room 1", optometrist: "alan.birch", days: [1, 2, 3, 4, 5, 6] },
];
type Template = DemoRow<"clinic_template">;

export function addDiary(world: World, staff: Staff, { all, known }: Patients, examined: readonly Patient[]): void {
  const templates = rooms.flatMap((room) => room.days.map((day) => addTemplate(world, staff, room, day)));
  for (const branch of ["LDS", "YRK"] as const) {
    const own = templates.filter((template) => template.branch_id === staff.branches[branch]);
    const here = examined.filter((patient) => patient.branch === branch);
    const spare = world.random.shuffle(
      all.filter((each) => each.branch === branch && !here.includes(each) && !Object.values(known).includes(each)),
    );
    fullness.forEach((percent, index) => {
      const slots = slotsOn(branch, own, addDays(world.today, index));
      const taken = index === 0 ? addExamined(world, staff, slots, examined, here) : new Set<Slot>();
      for (const slot of slots) {
        if (taken.has(slot) || !world.random.chance(percent / 100)) continue;
        const patient = spare.pop();
        if (patient) addVisit(world, staff, patient, slot, stepsBy(world, slot));
      }
    });
  }
}

function addTemplate(world: World, staff: Staff, room: Room, day: number): Template {
  const [[begins, ends] = ["09:00", "17:00"]] = openingOf(room.branch)[`${day as 1}`];
  return world.add("clinic_template", world.at(foundedDaysAgo - 1, 600), {
    branch_id: staff.branches[room.branch],
    room: room.name,
    weekday: day,
    begins: room.optometrist ? begins : "10:00",
    ends: room.optometrist ? ends : "16:00",
    breaks: [["13:00", "14:00"]],
    slot_minutes: 30,
    optometrist_id: room.optometrist ? staff.people[room.optometrist] : null,
    valid_from: world.date(foundedDaysAgo),
    valid_to: null,
  });
}

function slotsOn(branch: BranchCode, templates: readonly Template[], date: LocalDate): Slot[] {
  const whole = templates.map((template) => ({
    ...template,
    optometrist_id: template.optometrist_id ?? null,
    valid_to: null,
  }));
  return slotsOf(whole, { time_zone: zone, opening: openingOf(branch) }, [], date).sort((a, b) => a.start - b.start);
}

/** Those whom nobody at the tills has served yet were seen in the slots before their exams were signed. */
function addExamined(
  world: World,
  staff: Staff,
  slots: readonly Slot[],
  examined: readonly Patient[],
  here: readonly Patient[],
): Set<Slot> {
  const taken = new Set<Slot>();
  for (const patient of here) {
    const { signedAt } = examOfToday(world, patient, examined.indexOf(patient));
    const slot = slots.findLast(
      (each) => each.optometrist_id !== null && each.start <= signedAt - 12 * minute && !taken.has(each),
    );
    // Started early in the morning or late at night, the demo has exams at hours at which no room is open.
    if (!slot || signedAt - slot.start > 90 * minute) continue;
    taken.add(slot);
    addVisit(world, staff, patient, slot, [
      ["arrived", slot.start - 6 * minute],
      ["with_optometrist", slot.start + 2 * minute],
      ["dispensing", signedAt],
    ]);
  }
  return taken;
}

type Steps = readonly (readonly [VisitStep, Instant])[];

/** Where somebody booked for the slot is by now. */
function stepsBy(world: World, slot: Slot): Steps {
  const latest = world.now - 2 * minute;
  if (slot.start > world.now + 25 * minute) return [];
  if (slot.end < latest - 20 * minute && world.random.chance(0.07)) return [["did_not_attend", slot.end]];
  const way: Steps = [
    ["arrived", slot.start - world.random.int(2, 14) * minute],
    ["pre_test", slot.start - minute],
    ["with_optometrist", slot.start + world.random.int(3, 8) * minute],
    ["dispensing", slot.end - minute],
    ["gone", slot.end + world.random.int(9, 24) * minute],
  ];
  return way.filter(([, at]) => at <= latest);
}

function kindFor(world: World, patient: Patient, slot: Slot): AppointmentKind {
  if (slot.optometrist_id === null)
    return world.random.pick(["contact_lens_aftercare", "contact_lens_fit", "extra_tests"] as const);
  if (patient.age < 16) return "child_test";
  return world.random.chance(0.85) ? "sight_test" : "extra_tests";
}

const notes = [
  "Brings her old glasses",
  "Wants a check of the reading addition",
  "Headaches at the screen",
  "Comes with his daughter",
  "Please ring when there is a gap earlier",
] as const;

function addVisit(world: World, staff: Staff, patient: Patient, slot: Slot, steps: Steps): void {
  const { random } = world;
  const bookedAt = world.at(random.int(2, 24), random.int(560, 1000));
  const desk = staff.people["ruth.calloway"];
  const { id, branch_id } = world.add("appointment", bookedAt, {
    patient_id: patient.row.id,
    branch_id: staff.branches[patient.branch],
    room: slot.room,
    optometrist_id: slot.optometrist_id,
    starts_at: slot.start,
    minutes: (slot.end - slot.start) / minute,
    kind: kindFor(world, patient, slot),
    note: random.chance(0.2) ? random.pick(notes) : null,
    walk_in: false,
    booked_by_id: desk,
    booked_at: bookedAt,
  });
  for (const [kind, at] of steps)
    world.add("appointment_event", at, { appointment_id: id, kind, text: null, user_id: desk, branch_id, at });
}
