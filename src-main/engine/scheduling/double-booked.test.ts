/** Two desks without a line book one slot: both bookings stand, one question is asked, and moving one answers it. */
import { beforeEach, expect, test } from "vitest";
import { tillAndOffice } from "../../../sim/attention.ts";
import type { Clinic, ClinicDevice } from "../../../sim/clinic.ts";
import { registerPatient } from "../../../sim/work.ts";
import { book, move, overbook } from "./booking.ts";
import { cancel, step } from "./visit.ts";

const { made, cards, only, act } = tillAndOffice();
let clinic: Clinic;
let till: ClinicDevice;
let office: ClinicDevice;
let patients: string[];
beforeEach(async () => {
  ({ clinic, till, office } = made());
  patients = ["Margaret", "Sophie"].map((givenName) => {
    const input = { givenName, familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
    return (till.as("RC", registerPatient, input) as { id: string }).id;
  });
  await clinic.meet(till, office);
});

const ten = Math.floor(Date.now() / 86_400_000 + 3) * 86_400_000 + 10 * 3_600_000;
const minute = 60_000;
function booking(index: number, over: object = {}) {
  const place = { room: "Room 1", optometristId: null, minutes: 30, kind: "sight_test", outside: true };
  return { patientId: patients[index], startsAt: ten, ...place, ...over };
}
const bookAt = (device: ClinicDevice, who: string, input: object) => (device.as(who, book, input) as { id: string }).id;
const unplug = (...devices: ClinicDevice[]) => {
  for (const { engine } of devices) engine.sync.setPlugged(false);
};
const moved = (id: string, startsAt: number) => ({ id, room: "Room 1", optometristId: null, startsAt, outside: true });

/** Both desks book ten o'clock without seeing each other, then meet. */
async function twice(): Promise<[string, string]> {
  unplug(till, office);
  const first = bookAt(till, "RC", booking(0));
  const second = bookAt(office, "OW", booking(1));
  await clinic.meet(till, office);
  return [first, second];
}

test("both stand on every device, and one task is raised, once", async () => {
  await twice();
  for (const device of [till, office]) {
    expect(device.rows("appointment").filter(({ state }) => state === "booked")).toHaveLength(2);
    expect(device.rows("review_task")).toMatchObject([{ kind: "double_booked", decided_at: null }]);
  }
  expect(only(office, "OW")).toMatchObject({ kind: "task", code: "double_booked", actions: ["noted"] });
  // Something else about one of them is no news.
  const [row] = till.rows("appointment");
  till.as("RC", step, { id: row?.id, to: "arrived" });
  await clinic.meet(till, office);
  expect(office.rows("review_task")).toHaveLength(1);
});

test("moving one answers it, whoever does; the card is gone everywhere", async () => {
  const [first] = await twice();
  till.as("RC", move, moved(first, ten + 30 * minute));
  await clinic.meet(till, office);
  for (const device of [till, office])
    expect(device.rows("review_task")).toMatchObject([{ decision: "moved", decided_by_id: clinic.practice.people.RC }]);
  expect(cards(office, "OW")).toEqual([]);
});

test("cancelling one answers it; taking it up again where the other one is seen is refused", async () => {
  const [first] = await twice();
  till.as("RC", cancel, { id: first, reason: "Rang up" });
  await clinic.meet(till, office);
  expect(cards(office, "OW")).toEqual([]);
  expect(() => till.as("RC", step, { id: first, to: "reopened" })).toThrow("taken");
});

test("moved onto each other while apart, they are asked about too, and again if they meet elsewhere", async () => {
  const first = bookAt(till, "RC", booking(0));
  const second = bookAt(till, "RC", booking(1, { startsAt: ten + 60 * minute }));
  await clinic.meet(till, office);
  expect(office.rows("review_task")).toEqual([]);
  for (const [index, time] of [ten + 120 * minute, ten + 240 * minute].entries()) {
    unplug(till, office);
    till.as("RC", move, moved(first, time));
    office.as("OW", move, moved(second, time));
    await clinic.meet(till, office);
    expect(office.rows("review_task")).toHaveLength(index + 1);
    expect(only(office, "OW").code).toBe("double_booked");
    till.as("RC", move, moved(first, time + 30 * minute));
    await clinic.meet(till, office);
    expect(cards(office, "OW")).toEqual([]);
  }
});

test("the same optometrist in two rooms at once is asked about; two free rooms are not", async () => {
  unplug(till, office);
  bookAt(till, "RC", booking(0));
  bookAt(office, "OW", booking(1, { room: "Room 2" }));
  await clinic.meet(till, office);
  expect(cards(office, "OW")).toEqual([]);
  unplug(till, office);
  const optometristId = clinic.practice.people.CL;
  bookAt(till, "RC", booking(0, { optometristId, startsAt: ten + 60 * minute }));
  bookAt(office, "OW", booking(1, { optometristId, startsAt: ten + 75 * minute, room: "Room 2" }));
  await clinic.meet(till, office);
  expect(only(office, "OW").code).toBe("double_booked");
});

test("who overbooks knows what they do, and nobody is asked; a task can simply be noted", async () => {
  bookAt(till, "RC", booking(0));
  till.as("CL", overbook, booking(1));
  await clinic.meet(till, office);
  expect(cards(office, "OW")).toEqual([]);
  unplug(till, office);
  bookAt(till, "RC", booking(0, { startsAt: ten + 60 * minute }));
  bookAt(office, "OW", booking(1, { startsAt: ten + 60 * minute }));
  await clinic.meet(till, office);
  act(office, "OW", { action: "noted", reason: "Mother and daughter, seen together" });
  await clinic.meet(till, office);
  expect(cards(till, "OW")).toEqual([]);
});
