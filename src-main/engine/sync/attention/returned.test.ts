/** Returned work goes on: corrected, sent again, handed to a manager, or dropped by name; none of it is ever lost. */
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { systemRandom } from "../../../../replica/crypto.ts";
import { margaret, tillAndOffice } from "../../../../sim/attention.ts";
import type { Clinic, ClinicDevice } from "../../../../sim/clinic.ts";
import { pay, prescribe, registerPatient, sell } from "../../../../sim/work.ts";
import type { Header } from "../../../../src-shared/sync/group.ts";
import { newId } from "../../../../src-shared/sync/ids.ts";
import { defineCommand } from "../../write/define.ts";
import { replay } from "./replay.ts";
import { families } from "./returned.ts";

const { made, cards, only, act } = tillAndOffice();
let clinic: Clinic;
let till: ClinicDevice;
let office: ClinicDevice;
beforeEach(() => {
  ({ clinic, till, office } = made());
});

/** A sale that also refers to a patient whom the centre does not know yet. */
const sellForBoth = defineCommand({
  name: "test.sale",
  permission: "pos:access",
  input: z.object({ sale: z.any(), other: z.string(), note: z.string() }),
  run(tx, { sale, other, note }) {
    const made = sell.run(tx, sale);
    const { id: _, hlc: __, ...fields } = tx.need("prescription", sale.prescription);
    tx.insert("prescription", { ...fields, patient_id: other, note });
    return made;
  },
});
const arrive = defineCommand({
  name: "test.arrive",
  permission: null,
  input: z.object({ id: z.string() }),
  run(tx, { id }) {
    const {
      id: _,
      hlc: __,
      deleted: ___,
      ...fields
    } = tx.need("patient", tx.sql<{ id: string }>("select id from patient")[0]?.id ?? "");
    tx.insert("patient", { ...fields, number: tx.label("P"), given_name: "Graham" }, { id });
  },
});

/** The till sells, and takes two payments on it; the centre returns all three. */
async function returnedSale() {
  const other = newId(Date.now(), systemRandom());
  const patient = (till.as("DO", registerPatient, margaret) as { id: string }).id;
  const prescription = till.as("DO", prescribe, { patient });
  await clinic.meet(till, office);
  const before = till.everything();
  const { products, branches } = clinic.practice;
  till.engine.sync.setPlugged(false);
  const sale = { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york, paid: 10_000 };
  const made = till.as("DO", sellForBoth, { sale, other, note: "brought alnog" });
  till.as("DO", pay, { sale: made.sale, amount: 5_000 });
  till.as("RC", pay, { sale: made.sale, amount: 7_000 });
  await clinic.meet(till, office);
  expect(till.everything()).toBe(before);
  const missing = async () => {
    office.as("OW", arrive, { id: other });
    await clinic.meet(till, office);
  };
  return { ...made, other, missing };
}
const resent = async () => {
  const rows = await clinic
    .centre()
    .db.query<{ header: string }>("select header from change_log where practice_id=$1 order by seq", [
      clinic.practice.practice,
    ]);
  return rows.map(({ header }) => JSON.parse(header) as Header).filter(({ resends }) => resends);
};

test("a returned sale and what was paid on it are one card; corrected and sent again, all of it settles in order", async () => {
  const { sale, number, missing } = await returnedSale();
  const returned = only(till, "DO");
  expect(returned).toMatchObject({
    kind: "rejected",
    code: "MISSING_REFERENCE",
    who: "Person DO",
    about: { name: number, patient: "Margaret Ellison", here: false },
    following: [{ command: "sim.pay" }, { command: "sim.pay" }],
    decides: "you",
    actions: ["edit", "retry", "hand_over", "discard"],
  });
  expect(returned.following.map(({ typed }) => typed.find(({ field }) => field === "amount")?.value)).toEqual([
    5_000, 7_000,
  ]);
  await missing();
  const card = only(till, "DO");
  const note = card.typed.find(({ field }) => field === "note");
  expect(note).toMatchObject({ value: "brought alnog", editable: true, form: { kind: "text", max: 1000 } });
  const edit = (value: unknown) => ({
    action: "edit" as const,
    edits: [{ body: note?.body ?? "", field: "note", value }],
  });
  expect(() => act(till, "DO", edit(42))).toThrow("note");
  const amount = card.typed.find(({ field }) => field === "line_total");
  const overwritten = { action: "edit" as const, edits: [{ body: amount?.body ?? "", field: "line_total", value: 1 }] };
  expect(() => act(till, "DO", overwritten)).toThrow("not corrected by itself");
  expect(only(till, "DO")).toEqual(card);
  act(till, "DO", edit("brought along"));
  await clinic.meet(till, office);
  expect(cards(till, "DO")).toEqual([]);
  for (const device of [till, office]) {
    expect(device.rows("sale")).toMatchObject([{ id: sale, number, paid: 22_000 }]);
    expect(device.rows("prescription").map((row) => row.note)).toContain("brought along");
  }
  // The new groups name the old ones, and what RC took is told as taken by who sent it again.
  expect((await resent()).map(({ command }) => command)).toEqual(["test.sale", "sim.pay", "sim.pay"]);
  expect(() => act(till, "DO", { action: "retry" }, card)).toThrow("already");
});

test("sent again too early it comes back as one card, and nothing of it is gone", async () => {
  const { missing } = await returnedSale();
  act(till, "DO", { action: "retry" });
  await clinic.meet(till, office);
  expect(only(till, "DO")).toMatchObject({ code: "MISSING_REFERENCE", following: [{}, {}] });
  till = till.restarted();
  await missing();
  act(till, "DO", { action: "retry" });
  await clinic.meet(till, office);
  expect(office.rows("sale")).toMatchObject([{ paid: 22_000 }]);
});

test("dropped with a reason, the whole family is; each is in the audit by name", async () => {
  await returnedSale();
  expect(() => act(till, "DO", { action: "discard" })).toThrow("Say why");
  act(till, "DO", { action: "discard", reason: "sold again on the other till" });
  expect(cards(till, "DO")).toEqual([]);
  await clinic.meet(till, office);
  const dropped = office.rows("audit_entry").filter(({ action }) => action === "sync.discard");
  expect(dropped).toHaveLength(3);
  expect(dropped[0]).toMatchObject({
    user_id: clinic.practice.people.DO,
    changed: ["discarded", "reason: sold again on the other till"],
  });
  expect(till.engine.read.sql("select 1 from sync_quarantine where decision='discarded'")).toHaveLength(3);
});

test("handed to a manager, offline and through a restart, it is sent under the manager's name", async () => {
  const { sale, number, missing } = await returnedSale();
  await missing();
  till.engine.sync.setPlugged(false);
  act(till, "DO", { action: "hand_over", reason: "please check the second name" });
  till = till.restarted();
  till.engine.sync.setPlugged(false);
  expect(only(till, "DO")).toMatchObject({
    kind: "rejected",
    place: { at: "manager" },
    decides: "manager",
    actions: [],
  });
  expect(() => act(till, "DO", { action: "retry" })).toThrow("A manager has this now");
  expect(cards(office, "OW")).toEqual([]);
  await clinic.meet(till, office);
  const card = only(office, "OW");
  expect(card).toMatchObject({
    kind: "handed_over",
    code: "MISSING_REFERENCE",
    who: "Person DO",
    device: "Till 1",
    place: { note: "please check the second name" },
    about: { name: number },
    following: [{}, {}],
    actions: ["edit", "send", "give_back"],
  });
  const note = card.typed.find(({ field }) => field === "note");
  office.engine.sync.setPlugged(false);
  act(office, "OW", { action: "edit", edits: [{ body: note?.body ?? "", field: "note", value: "checked" }] });
  office = office.restarted();
  await clinic.meet(till, office);
  for (const device of [till, office]) {
    expect(device.rows("sale")).toMatchObject([
      { id: sale, number, paid: 22_000, dispenser_id: clinic.practice.people.OW },
    ]);
    expect(cards(device, "OW")).toEqual([]);
  }
  expect(cards(till, "DO")).toEqual([]);
  expect((await resent())[0]?.resends).toHaveLength(3);
});

test("given back with a note it is its author's again, and can be handed over once more", async () => {
  const { missing } = await returnedSale();
  act(till, "DO", { action: "hand_over" });
  await clinic.meet(till, office);
  // Reception has no money on its disk: it sees a part, and can only give it back.
  const desk = await clinic.device("desk", "Reception");
  expect(only(desk, "OW")).toMatchObject({ kind: "handed_over", actions: ["give_back"], args: { missing: 1 } });
  expect(() => act(office, "OW", { action: "give_back" })).toThrow("Say what");
  act(desk, "OW", { action: "give_back", reason: "Register the son first" });
  await clinic.meet(till, office, desk);
  expect(cards(office, "OW")).toEqual([]);
  expect(only(till, "DO")).toMatchObject({
    place: { at: "back", by: "Person OW", note: "Register the son first" },
    actions: ["edit", "retry", "hand_over", "discard"],
  });
  await missing();
  act(till, "DO", { action: "hand_over" });
  await clinic.meet(till, office);
  act(office, "OW", { action: "send" });
  await clinic.meet(till, office);
  expect([cards(till, "DO"), cards(office, "OW")]).toEqual([[], []]);
  expect(till.rows("sale")).toHaveLength(1);
});

test("of two managers who send the same, one has sent it; the other is told, and it is there once", async () => {
  const { missing } = await returnedSale();
  await missing();
  act(till, "DO", { action: "hand_over" });
  const second = await clinic.device("hq", "Office 2");
  await clinic.meet(till, office, second);
  for (const device of [office, second]) device.engine.sync.setPlugged(false);
  act(office, "OW", { action: "send" });
  act(second, "OW", { action: "send" });
  await clinic.meet(office);
  await clinic.meet(second, office, till);
  expect(second.rows("sale")).toEqual(office.rows("sale"));
  expect(await clinic.rows("payment")).toHaveLength(3);
  expect(only(second, "OW")).toMatchObject({ kind: "rejected", code: "DECIDED", actions: ["noted"] });
  act(second, "OW", { action: "noted" });
  expect(cards(second, "OW")).toEqual([]);
});

test("what a manager sends and the centre returns is his to decide, and still with him for its author", async () => {
  await returnedSale();
  act(till, "DO", { action: "hand_over" });
  await clinic.meet(till, office);
  act(office, "OW", { action: "send" });
  await clinic.meet(till, office);
  expect(
    cards(office, "OW")
      .map(({ kind, code }) => [kind, code])
      .sort(),
  ).toEqual([
    ["handed_over", "MISSING_REFERENCE"],
    ["rejected", "MISSING_REFERENCE"],
  ]);
  expect(only(till, "DO")).toMatchObject({ place: { at: "manager" } });
});

test("what belongs to a sale that is gone from this PC is refused in words, and stays returned", async () => {
  await returnedSale();
  // A payment alone, as if the sale it was taken for had been decided elsewhere.
  const bodies = families(till.engine)[0]?.following[0]?.bodies ?? [];
  expect(bodies.map(({ entity }) => entity)).toContain("payment");
  const again = defineCommand({
    name: "test.again",
    permission: null,
    input: z.object({}),
    run: (tx) => replay(tx, bodies, { edits: [], redraw: false }),
  });
  const before = till.everything();
  expect(() => till.as("DO", again, {})).toThrow("What this belongs to is not on this PC");
  expect(till.everything()).toBe(before);
});
