/** Two values for one field: both are kept with who wrote them, and a person says which holds. */
import { beforeEach, expect, test } from "vitest";
import { margaret, tillAndOffice } from "../../../../sim/attention.ts";
import type { Clinic, ClinicDevice } from "../../../../sim/clinic.ts";
import { registerPatient, updatePatient } from "../../../../sim/work.ts";

const { made, cards, only, act } = tillAndOffice();
let clinic: Clinic;
let till: ClinicDevice;
let office: ClinicDevice;
beforeEach(() => {
  ({ clinic, till, office } = made());
});

/** Longer than two devices of a busy machine may differ in what they take for now. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 300));
const allergies = (device: ClinicDevice) => device.rows("patient")[0]?.allergies;
const edit = (device: ClinicDevice, who: string, id: string, details: object) =>
  device.as(who, updatePatient, { id, details });

/** Reception writes one allergy, head office a moment later another, neither seeing the other's. */
async function conflict(first: object, second: object): Promise<string> {
  const { id } = till.as("DO", registerPatient, margaret) as { id: string };
  await clinic.meet(till, office);
  for (const { engine } of [till, office]) engine.sync.setPlugged(false);
  edit(till, "RC", id, first);
  await soon();
  edit(office, "OW", id, second);
  await clinic.meet(till, office);
  await clinic.meet(till, office);
  return id;
}

test("both values of a safety field are there, who wrote each, when and on which PC; the one in use is kept", async () => {
  await conflict({ allergies: "latex" }, { allergies: "chloramphenicol" });
  expect(only(till, "OW")).toMatchObject({
    kind: "conflict",
    about: { name: "Margaret Ellison" },
    conflict: {
      field: "allergies",
      kept: "chloramphenicol",
      lost: "latex",
      now: "chloramphenicol",
      changedSince: false,
      keptBy: { name: "Person OW", device: "Office", at: expect.any(Number) },
      lostBy: { name: "Person RC", device: "Till 1", at: expect.any(Number) },
      safety: true,
    },
    actions: ["keep", "restore"],
  });
  // A technician is not asked, nor shown.
  expect(cards(till, "LT")).toEqual([]);
  act(till, "OW", { action: "keep" });
  await clinic.meet(till, office);
  expect([cards(till, "OW"), cards(office, "OW"), allergies(till)]).toEqual([[], [], "chloramphenicol"]);
});

test("the other value is restored everywhere; after yet another edit one is asked again first", async () => {
  const id = await conflict({ allergies: "latex" }, { allergies: "chloramphenicol" });
  edit(office, "OW", id, { allergies: "latex, chloramphenicol" });
  await clinic.meet(till, office);
  expect(only(till, "OW").conflict).toMatchObject({ now: "latex, chloramphenicol", changedSince: true });
  expect(() => act(till, "OW", { action: "restore" })).toThrow("edited again since");
  expect(() => act(till, "OW", { action: "restore", seen: "chloramphenicol" })).toThrow("edited again since");
  expect(allergies(till)).toBe("latex, chloramphenicol");
  act(till, "OW", { action: "restore", seen: "latex, chloramphenicol" });
  await clinic.meet(till, office);
  expect([allergies(till), allergies(office), cards(till, "OW")]).toEqual(["latex", "latex", []]);
});

test("a restore that had not seen a newer edit is asked about in its turn", async () => {
  const id = await conflict({ allergies: "latex" }, { allergies: "chloramphenicol" });
  for (const { engine } of [till, office]) engine.sync.setPlugged(false);
  edit(office, "OW", id, { allergies: "none known" });
  await soon();
  act(till, "OW", { action: "restore" });
  await clinic.meet(office);
  await clinic.meet(till, office);
  expect(allergies(office)).toBe("latex");
  expect(only(office, "OW").conflict).toMatchObject({ kept: "latex", lost: "none known" });
});

test("of two who decide at once the first to arrive has decided, in what is in use too", async () => {
  await conflict({ allergies: "latex" }, { allergies: "chloramphenicol" });
  for (const { engine } of [till, office]) engine.sync.setPlugged(false);
  act(office, "OW", { action: "keep" });
  await soon();
  act(till, "CL", { action: "restore" });
  expect(allergies(till)).toBe("latex");
  await clinic.meet(office);
  await clinic.meet(till, office);
  expect([allergies(till), allergies(office)]).toEqual(["chloramphenicol", "chloramphenicol"]);
  for (const device of [till, office]) expect(device.rows("review_task")).toMatchObject([{ decision: "keep" }]);
  expect(only(till, "CL")).toMatchObject({ kind: "rejected", code: "DECIDED", actions: ["noted"] });
});

test("a plain field is asked about only where a wrong clock decided", async () => {
  await conflict({ notes: "left-handed" }, { notes: "prefers mornings" });
  expect(cards(office, "OW")).toEqual([]);
  till = till.restarted({ skew: 3 * 86_400_000, plugged: false });
  const [patient] = office.rows("patient");
  edit(till, "RC", patient?.id ?? "", { notes: "from the day after tomorrow" });
  edit(office, "OW", patient?.id ?? "", { notes: "from today" });
  await clinic.meet(office);
  await clinic.meet(till, office);
  expect(office.rows("patient")[0]?.notes).toBe("from the day after tomorrow");
  expect(only(office, "OW").conflict).toMatchObject({
    field: "notes",
    lost: "from today",
    safety: false,
    clockSuspect: true,
    keptBy: { device: "Till 1" },
  });
});
