/** A change that came too late is decided at head office: by whoever may, wherever they are, once. */
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { margaret, tillAndOffice } from "../../../../sim/attention.ts";
import type { Clinic, ClinicDevice } from "../../../../sim/clinic.ts";
import { correctTwice, pay, prescribe, registerPatient, sell, updatePatient } from "../../../../sim/work.ts";
import type { Row } from "../../../../src-shared/sync/registry.ts";
import { defineCommand } from "../../write/define.ts";
import type { AttentionAction } from "./cards.ts";
import { decideTasks } from "./task-commands.ts";

const { made, session, cards, act: decideAbout } = tillAndOffice();
let clinic: Clinic;
let till: ClinicDevice;
let office: ClinicDevice;
beforeEach(() => {
  ({ clinic, till, office } = made());
});

const kinds = (device: ClinicDevice, who: string) => cards(device, who).map(({ kind }) => kind);
const first = (device: ClinicDevice, who: string) => {
  const [card] = cards(device, who);
  if (!card) throw new Error(`${who} sees nothing`);
  return card;
};
/** Decides about the first card that somebody sees. */
function act(device: ClinicDevice, who: string, action: AttentionAction, reason?: string) {
  decideAbout(device, who, { action, reason }, first(device, who));
}
const phoneAt = (device: ClinicDevice) => device.rows("patient")[0]?.phone;

/** A phone corrected offline by a receptionist whose role is taken away before the till meets the centre again. */
async function tooLate(): Promise<string> {
  const { id } = till.as("RC", registerPatient, margaret) as { id: string };
  await clinic.meet(till, office);
  till.engine.sync.setPlugged(false);
  till.as("RC", updatePatient, { id, details: { phone: "07700 900999" } });
  await clinic.role(clinic.practice.people.RC, "RC", false);
  await clinic.meet(till, office);
  return id;
}

test("scenario 18: head office sees what was typed, by whom and where, and its author sees that it waits", async () => {
  await tooLate();
  expect(first(till, "RC")).toMatchObject({
    kind: "review",
    code: "AUTHZ_LATE",
    place: { at: "centre" },
    decides: "manager",
    actions: [],
  });
  expect(phoneAt(till)).toBe("07700 900999");
  expect(phoneAt(office)).toBe("07700 900418");
  expect(cards(office, "OW")).toMatchObject([
    {
      kind: "held",
      code: "AUTHZ_LATE",
      command: "patients.update",
      who: "Person RC",
      device: "Till 1",
      about: { entity: "patient", name: "Margaret Ellison" },
      typed: [{ entity: "patient", field: "phone", value: "07700 900999", now: "07700 900418", editable: false }],
      actions: ["approve", "decline"],
    },
  ]);
  // A technician neither decides nor reads it.
  expect(kinds(office, "LT")).toEqual([]);
});

test("approved, it settles as its author's on the decider's right, without anybody reconnecting", async () => {
  await tooLate();
  expect(() => act(office, "OW", "approve")).toThrow("Say why");
  act(office, "OW", "approve", "She typed it before she left");
  await clinic.meet(till, office);
  expect([phoneAt(till), phoneAt(office)]).toEqual(["07700 900999", "07700 900999"]);
  expect([kinds(till, "RC"), kinds(office, "OW")]).toEqual([[], []]);
  const [task] = await clinic.rows("review_task");
  expect(task).toMatchObject({
    kind: "held_group",
    decision: "approve",
    decided_by_id: clinic.practice.people.OW,
    note: "She typed it before she left",
  });
  const [row] = await clinic
    .centre()
    .db.query<{ authz_late: boolean; header: string }>("select authz_late, header from change_log where group_id=$1", [
      task?.subject_id,
    ]);
  expect(row?.authz_late).toBe(true);
  expect(JSON.parse(row?.header ?? "{}").user).toBe(clinic.practice.people.RC);
  expect(await verdicts()).toEqual([]);
  expect((await clinic.rows("audit_entry")).map(({ action }) => action)).toContain("sync.decide");
});

test("turned down, it is undone at its author's, who is told by whom and why, and can drop it", async () => {
  await tooLate();
  act(office, "OW", "decline", "The old number is right");
  await clinic.meet(till, office);
  expect(phoneAt(till)).toBe("07700 900418");
  expect(first(till, "RC")).toMatchObject({
    kind: "rejected",
    code: "DECLINED",
    args: { byName: "Person OW", note: "The old number is right" },
    typed: [{ field: "phone", value: "07700 900999" }],
  });
  expect(await verdicts()).toMatchObject([{ code: "DECLINED" }]);
  act(till, "RC", "discard", "settled by phone");
  expect(kinds(till, "RC")).toEqual([]);
});

test("a decision made offline counts when it arrives, also after both devices were restarted", async () => {
  await tooLate();
  office.engine.sync.setPlugged(false);
  act(office, "OW", "approve", "fine");
  expect(kinds(office, "OW")).toEqual([]);
  office = office.restarted();
  till = till.restarted();
  expect(phoneAt(till)).toBe("07700 900999");
  await clinic.meet(office);
  await clinic.meet(till, office);
  expect([phoneAt(till), phoneAt(office)]).toEqual(["07700 900999", "07700 900999"]);
  expect(kinds(till, "RC")).toEqual([]);
});

test("of two people who decide at once, the first to arrive has decided; the other is told and loses nothing", async () => {
  await tooLate();
  const second = await clinic.device("desk", "Desk");
  const other = await clinic.person("Priya Raman", "PM");
  await clinic.meet(office, second);
  office.engine.sync.setPlugged(false);
  second.engine.sync.setPlugged(false);
  act(office, "OW", "approve", "fine");
  act(second, other, "decline", "not fine");
  await clinic.meet(office);
  await clinic.meet(second, office, till);
  expect(phoneAt(till)).toBe("07700 900999");
  for (const device of [office, second, till])
    expect(device.rows("review_task")).toMatchObject([{ decision: "approve", note: "fine" }]);
  expect(first(second, other)).toMatchObject({ kind: "rejected", code: "DECIDED", actions: ["noted"] });
  act(second, other, "noted");
  expect(kinds(second, other)).toEqual([]);
});

const reprice = defineCommand({
  name: "access.save-product",
  permission: null,
  input: z.object({ product: z.string(), price: z.int() }),
  run: (tx, { product, price }) => tx.patch("product", product, { price }),
});

test("who has not the right to it cannot approve it, here or at the centre; somebody else still can", async () => {
  till.engine.sync.setPlugged(false);
  till.as("DO", reprice, { product: clinic.practice.products.frame, price: 9_900 });
  await clinic.role(clinic.practice.people.DO, "DO", false);
  await clinic.meet(till, office);
  const price = () => office.rows("product").find(({ id }) => id === clinic.practice.products.frame)?.price;
  expect(first(office, "CL")).toMatchObject({ kind: "held", typed: [{ field: "price", value: 9_900, now: 12_900 }] });
  expect(() => act(office, "CL", "approve", "fine")).toThrow("somebody else has to approve it");
  const tasks = office.rows("review_task");
  session(office, "CL").run(decideTasks(tasks, "approve"), { note: "past the check of this PC" });
  await clinic.meet(till, office);
  expect(price()).toBe(12_900);
  expect(cards(office, "CL").map(({ code, kind }) => [kind, code])).toEqual([
    ["rejected", "NO_PERMISSION"],
    ["held", "AUTHZ_LATE"],
  ]);
  const held = cards(office, "OW").find(({ kind }) => kind === "held");
  decideAbout(office, "OW", { action: "approve", reason: "agreed" }, held);
  await clinic.meet(till, office);
  expect(price()).toBe(9_900);
});

test("a decision that itself came too late is decided in its turn, and takes what it was about along", async () => {
  await tooLate();
  office.engine.sync.setPlugged(false);
  act(office, "CL", "approve", "fine");
  await clinic.role(clinic.practice.people.CL, "CL", false);
  await clinic.meet(office, till);
  expect(phoneAt(till)).toBe("07700 900999");
  expect((await clinic.rows("patient"))[0]).toMatchObject({ phone: "07700 900418" });
  const decision = cards(office, "OW").find(({ command }) => command === "sync.decide");
  expect(decision).toMatchObject({ kind: "held", who: "Person CL" });
  decideAbout(office, "OW", { action: "approve", reason: "she was right" }, decision);
  await clinic.meet(office, till);
  expect([phoneAt(office), phoneAt(till)]).toEqual(["07700 900999", "07700 900999"]);
  expect(await verdicts()).toEqual([]);
  expect([kinds(office, "OW"), kinds(till, "RC")]).toEqual([[], []]);
});

test("scenario 18: a late payment stands at once and is shown with the right that was gone; it is followed up, then noted", async () => {
  const patient = (till.as("DO", registerPatient, margaret) as { id: string }).id;
  const prescription = till.as("DO", prescribe, { patient });
  const { products, branches } = clinic.practice;
  const { sale } = till.as("DO", sell, {
    patient,
    prescription,
    frame: products.frame,
    lens: products.lens,
    lab: branches.york,
    paid: 0,
  });
  await clinic.meet(till, office);
  till.engine.sync.setPlugged(false);
  till.as("DO", pay, { sale, amount: 12_500 });
  await clinic.role(clinic.practice.people.DO, "DO", false);
  await clinic.meet(till, office);
  expect(office.rows("sale")[0]).toMatchObject({ paid: 12_500 });
  expect(first(office, "OW")).toMatchObject({
    kind: "late",
    command: "sim.pay",
    who: "Person DO",
    device: "Till 1",
    args: { permissions: ["pos:access"] },
    actions: ["noted", "follow_up"],
  });
  expect(first(office, "OW").typed).toContainEqual(
    expect.objectContaining({ field: "amount", value: 12_500, form: { kind: "money" } }),
  );
  act(office, "OW", "follow_up", "Ask him where the receipt is");
  await clinic.meet(till, office);
  expect(first(office, "OW")).toMatchObject({ args: { note: "Ask him where the receipt is" }, actions: ["noted"] });
  act(office, "OW", "noted");
  expect(kinds(office, "OW")).toEqual([]);
});

test("a task shows of a held change only what rides in its own stream", async () => {
  const bench = await clinic.device("lab", "Bench");
  await tooLate();
  await clinic.meet(bench);
  expect(bench.rows("review_task")).toEqual([]);
  const [task] = (await clinic.rows("review_task")) as Row<"review_task">[];
  expect(task?.stream).toBe("people");
});

test("a change that waits is not the only one of its author: what he corrects next waits behind it in order", async () => {
  const id = await tooLate();
  till.as("OW", correctTwice, { id, first: "one", second: "two" });
  await clinic.meet(till, office);
  expect(office.rows("patient")[0]).toMatchObject({ notes: "two", phone: "07700 900418" });
  act(office, "OW", "decline", "not so");
  await clinic.meet(till, office);
  expect(till.rows("patient")).toEqual(office.rows("patient"));
});

async function verdicts() {
  return clinic
    .centre()
    .db.query<{ code: string }>("select code, args from verdict where practice_id=$1", [clinic.practice.practice]);
}
