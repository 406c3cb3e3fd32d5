/** The diary on one workstation: what is refused, what is asked about, and where a patient is. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { registerPatient } from "../../../sim/work.ts";
import { addDays, instantOf, localDate, weekday } from "../../../src-shared/calendar/index.ts";
import { Refusal } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { patchExam, startExam } from "../exams/draft.ts";
import { signExam } from "../exams/signing.ts";
import { book, change, move, overbook, walkIn } from "./booking.ts";
import { branchCalendar } from "./hours.ts";
import { appointmentsOf, diaryDay, diaryDays, findFree } from "./queries.ts";
import { removeTemplate, restoreTemplate, saveTemplate, saveTimes } from "./templates.ts";
import { cancel, didNotAttend, step } from "./visit.ts";

let db: Database;
let clinic: Clinic;
let desk: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  desk = await clinic.device("single", "Desk");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const zone = "Europe/London";
const today = localDate(Date.now(), zone);
/** A Tuesday that has not come yet. */
const tuesday = addDays(today, 14 - ((weekday(today) + 5) % 7));
const at = (time: string, date = tuesday) => instantOf(date, time, zone);

function patient(givenName: string, device = desk): string {
  const input = { givenName, familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  return (device.as("RC", registerPatient, input) as { id: string }).id;
}
function clinicOf(room = "Room 1", over: object = {}): string {
  const { id } = desk.as("OW", saveTemplate, {
    id: null,
    branchId: clinic.practice.branches.leeds,
    room,
    weekday: 2,
    begins: "09:00",
    ends: "12:00",
    breaks: [["10:30", "11:00"]],
    slotMinutes: 30,
    optometristId: clinic.practice.people.CL,
    validFrom: "2020-01-01",
    validTo: null,
    ...over,
  }) as { id: string };
  return id;
}
const wanted = (patientId: string, time: string, over: object = {}) => ({
  patientId,
  room: "Room 1",
  optometristId: clinic.practice.people.CL,
  startsAt: at(time),
  minutes: 30,
  kind: "sight_test",
  ...over,
});
const booked = (who: string, input: object) => (desk.as(who, book, input) as { id: string }).id;
const stateOf = (id: string, device = desk) => device.rows("appointment").find((row) => row.id === id)?.state;
function codeOf(work: () => unknown): string {
  try {
    work();
    return "done";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}

test("a slot is booked once; who may overbook does, by asking for it; elsewhere one is told that no clinic is held", () => {
  clinicOf();
  const [margaret, sophie] = [patient("Margaret"), patient("Sophie")];
  booked("RC", wanted(margaret, "09:00"));
  expect(codeOf(() => booked("RC", wanted(sophie, "09:15")))).toBe("TAKEN");
  expect(codeOf(() => desk.as("RC", overbook, wanted(sophie, "09:00")))).toBe("NEEDS_COUNTERSIGN");
  expect(codeOf(() => desk.as("CL", overbook, wanted(sophie, "09:00")))).toBe("done");
  // The same optometrist in another room is as taken as the room itself.
  expect(codeOf(() => booked("RC", wanted(sophie, "09:00", { room: "Room 2" })))).toBe("TAKEN");
  expect(codeOf(() => booked("RC", wanted(sophie, "10:30")))).toBe("OUTSIDE_HOURS");
  expect(codeOf(() => booked("RC", wanted(sophie, "10:30", { outside: true })))).toBe("done");
  expect(codeOf(() => booked("LT", wanted(sophie, "11:00")))).toBe("NO_PERMISSION");
});

test("a booking moves to a free time with room and optometrist; kind and note change in place", () => {
  clinicOf();
  const [first, second] = [patient("Margaret"), patient("Sophie")];
  const id = booked("RC", wanted(first, "09:00"));
  booked("RC", wanted(second, "09:30"));
  const to = (time: string) => ({ id, room: "Room 1", optometristId: null, startsAt: at(time) });
  expect(codeOf(() => desk.as("RC", move, to("09:30")))).toBe("TAKEN");
  desk.as("RC", move, to("11:00"));
  desk.as("RC", change, { id, kind: "contact_lens_fit", note: "Brings her old lenses" });
  expect(desk.rows("appointment").find((row) => row.id === id)).toMatchObject({
    starts_at: at("11:00"),
    optometrist_id: null,
    kind: "contact_lens_fit",
    note: "Brings her old lenses",
  });
});

test("a cancelled time is free again, and taken up again only while it is", () => {
  clinicOf();
  const [first, second] = [patient("Margaret"), patient("Sophie")];
  const id = booked("RC", wanted(first, "09:00"));
  expect(codeOf(() => desk.as("RC", cancel, { id, reason: "" }))).toBe("INVALID");
  desk.as("RC", cancel, { id, reason: "Has a cold" });
  expect(stateOf(id)).toBe("cancelled");
  desk.as("RC", step, { id, to: "reopened" });
  expect(stateOf(id)).toBe("booked");
  desk.as("RC", cancel, { id, reason: "Has a cold" });
  booked("RC", wanted(second, "09:00"));
  expect(codeOf(() => desk.as("RC", step, { id, to: "reopened" }))).toBe("TAKEN");
  expect(codeOf(() => desk.as("RC", step, { id, to: "arrived" }))).toBe("CANCELLED");
});

test("nobody stays away before their time, nor who is here", () => {
  const who = patient("Margaret");
  const later = booked("RC", wanted(who, "09:00", { outside: true }));
  expect(codeOf(() => desk.as("RC", didNotAttend, { id: later }))).toBe("TOO_EARLY");
  const earlier = booked("RC", wanted(who, "09:00", { outside: true, startsAt: at("09:00", addDays(today, -1)) }));
  desk.as("RC", didNotAttend, { id: earlier });
  expect(stateOf(earlier)).toBe("did_not_attend");
  desk.as("RC", step, { id: earlier, to: "arrived" });
  expect(stateOf(earlier)).toBe("arrived");
  expect(codeOf(() => desk.as("RC", didNotAttend, { id: earlier }))).toBe("IS_HERE");
});

test("an exam begun from the list takes its patient in, and signing sends them on to the tills", () => {
  const who = patient("Margaret");
  const { id } = desk.as("RC", walkIn, {
    patientId: who,
    room: "Room 1",
    optometristId: null,
    minutes: 30,
    kind: "sight_test",
  }) as { id: string };
  expect(stateOf(id)).toBe("arrived");
  const other = patient("Sophie");
  expect(codeOf(() => desk.as("CL", startExam, { patientId: other, appointmentId: id }))).toBe("OTHER_PATIENT");
  const exam = desk.as("CL", startExam, { patientId: who, appointmentId: id }) as { id: string };
  expect(stateOf(id)).toBe("with_optometrist");
  desk.as("CL", patchExam, { id: exam.id, fields: { outcome: "no_change" } });
  desk.as("CL", signExam, { id: exam.id });
  expect(stateOf(id)).toBe("dispensing");
  expect(desk.rows("handoff")).toHaveLength(1);
  desk.as("DO", step, { id, to: "gone" });
  expect(stateOf(id)).toBe("gone");
});

test("an exam begun from the patient's screen finds today's booking by itself", () => {
  const who = patient("Margaret");
  const { id } = desk.as("RC", walkIn, {
    patientId: who,
    room: "Room 1",
    optometristId: null,
    minutes: 30,
    kind: "sight_test",
  }) as { id: string };
  desk.as("CL", startExam, { patientId: who });
  expect(stateOf(id)).toBe("with_optometrist");
  expect(desk.rows("exam")).toMatchObject([{ appointment_id: id }]);
});

test("a day, its month and the next free time say the same", () => {
  clinicOf();
  const who = patient("Margaret");
  booked("RC", wanted(who, "09:00"));
  const { read } = desk.engine;
  const leeds = clinic.practice.branches.leeds;
  const calendar = branchCalendar(read, leeds);
  if (!calendar) throw new Error("no branch");
  const day = diaryDay(read, calendar, tuesday, { today, names: new Map() });
  expect(day.rooms.map(({ room, slots }) => [room, slots.length])).toEqual([["Room 1", 5]]);
  expect(day.appointments).toMatchObject([{ given_name: "Margaret", state: "booked", clashes: [] }]);
  expect(diaryDays(read, calendar, tuesday, 1, false)).toMatchObject([{ slots: 5, free: 4, booked: 1 }]);
  const wish = { minutes: 30, from: at("00:00"), optometristId: null, weekdays: [2], part: null };
  expect(findFree(read, calendar, wish, 2).map(({ start }) => start)).toEqual([at("09:30"), at("10:00")]);
  expect(appointmentsOf(read, who, Date.now()).next).toMatchObject({ starts_at: at("09:00") });
});

test("a room has one clinic at a time; one that is taken away comes back", () => {
  const id = clinicOf();
  expect(codeOf(() => clinicOf("Room 1", { begins: "11:30", ends: "17:00", breaks: [] }))).toBe("TEMPLATE_CLASH");
  expect(codeOf(() => clinicOf("Room 1", { begins: "12:00", ends: "17:00", breaks: [] }))).toBe("done");
  expect(codeOf(() => clinicOf("Room 2", { begins: "17:00", ends: "09:00" }))).toBe("INVALID");
  desk.as("OW", removeTemplate, { id });
  expect(codeOf(() => desk.as("RC", restoreTemplate, { id }))).toBe("NO_PERMISSION");
  desk.as("OW", restoreTemplate, { id });
  expect(desk.rows("clinic_template").filter((row) => !row.deleted)).toHaveLength(2);
});

test("people and branches that are not on this PC are refused, before the centre would send the booking back", () => {
  clinicOf();
  const nobody = "0".repeat(32);
  const who = patient("Una");
  const booked = desk.as("RC", book, wanted(who, "09:00")) as { id: string };
  const refusing: (() => unknown)[] = [
    () => desk.as("RC", book, wanted(who, "11:00", { optometristId: nobody })),
    () => desk.as("RC", book, wanted(who, "11:00", { branchId: nobody, outside: true })),
    () => desk.as("RC", walkIn, { patientId: who, room: "Room 1", optometristId: nobody, minutes: 20, kind: "repair" }),
    () => desk.as("RC", move, { id: booked.id, room: "Room 1", optometristId: nobody, startsAt: at("11:00") }),
    () => clinicOf("Room 9", { optometristId: nobody }),
    () => clinicOf("Room 9", { branchId: nobody }),
  ];
  for (const each of refusing) expect(each).toThrow("This is not on this PC any more");
});

test("who plans the clinics sets how long visits take and how long anybody waits; the centre agrees, others are refused", async () => {
  const other = await clinic.device("till", "Till");
  const manager = await clinic.person("Manager", "PM");
  await clinic.meet(desk, other);
  const times = { lengths: { sight_test: 40 }, patience: { look: 5, late: 15 } };
  for (const person of ["RC", "CL", "DO"])
    expect(codeOf(() => desk.as(person, saveTimes, times))).toBe("NO_PERMISSION");
  desk.as(manager, saveTimes, times);
  await clinic.meet(desk, other);
  const values = () => other.rows("setting").flatMap(({ key, value }) => (key.includes("minutes") ? [value] : []));
  expect(values()).toEqual(expect.arrayContaining([times.lengths, times.patience]));
});

test("a trainee who sees only their own moves patients of the day on like everybody, and books, moves and cancels none", async () => {
  const other = await clinic.device("till", "Till");
  const trainee = await clinic.person("Trainee", "TD");
  await clinic.meet(desk, other);
  const visit = (desk.as("RC", book, wanted(patient("Margaret"), "09:00", { outside: true })) as { id: string }).id;
  desk.as(trainee, step, { id: visit, to: "arrived" });
  desk.as(trainee, step, { id: visit, to: "dispensing" });
  await clinic.meet(desk, other);
  expect(other.rows("appointment").find(({ id }) => id === visit)?.state).toBe("dispensing");
  const codes = [
    codeOf(() => desk.as(trainee, cancel, { id: visit, reason: "rang up" })),
    codeOf(() => desk.as(trainee, didNotAttend, { id: visit })),
    codeOf(() => desk.as(trainee, change, { id: visit, note: "late" })),
    codeOf(() => desk.as(trainee, book, wanted(patient("Maggie"), "10:00", { outside: true }))),
  ];
  expect(codes).toEqual(["NO_PERMISSION", "NO_PERMISSION", "NO_PERMISSION", "NO_PERMISSION"]);
});
