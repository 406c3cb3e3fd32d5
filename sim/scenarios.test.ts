/**
 * The fault scenarios of the sync design, those that are about what several devices did: each by its number. Where the
 * others are proven is in docs/sync.md.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { systemRandom } from "../replica/crypto.ts";
import { decide } from "../src-main/engine/sync/attention/decide.ts";
import { attention } from "../src-main/engine/sync/attention/index.ts";
import { defineCommand } from "../src-main/engine/write/define.ts";
import { permissionsOf } from "../src-shared/access/can.ts";
import { hlcTime } from "../src-shared/sync/hlc.ts";
import { newId } from "../src-shared/sync/ids.ts";
import type { Database } from "../sync-server/database/database.ts";
import { wakePractice } from "../sync-server/identity/enrol.ts";
import { type CentreChange, writeAsCentre } from "../sync-server/settle/write-as-centre.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "./clinic.ts";
import { greet, outboxOf } from "./greeted.ts";
import { pay, prescribe, registerPatient, sell, setAllergy, updatePatient, withdrawRole } from "./work.ts";

let db: Database;
let clinic: Clinic;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const day = 86_400_000;
const total = 44_700;
const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

const register = (till: ClinicDevice) => (till.as("DO", registerPatient, margaret) as { id: string }).id;
const phone = (till: ClinicDevice, id: string, number: string, who = "DO") =>
  till.as(who, updatePatient, { id, details: { phone: number } });
const unplug = (...devices: ClinicDevice[]) => {
  for (const { engine } of devices) engine.sync.setPlugged(false);
};
const moment = () => new Promise((resolve) => setTimeout(resolve, 5));

function order(till: ClinicDevice, paid: number) {
  const patient = register(till);
  const prescription = till.as("DO", prescribe, { patient });
  const { products, branches } = clinic.practice;
  return { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york, paid };
}
async function byCentre(changes: readonly CentreChange[]): Promise<void> {
  const centre = clinic.centre();
  const { practice } = clinic.practice;
  await centre.db.transaction((tx) => writeAsCentre(centre.settle, tx, practice, "test.centre", [...changes]));
  await wakePractice(centre, practice);
}
/** What was refused, kept with what was typed: the verdict's code by the order in which it was made. */
function kept({ engine }: ClinicDevice): { id: string; code: string }[] {
  return engine.read.sql(
    `select q.group_id as id, q.code from sync_quarantine q join sync_outbox o on o.group_id = q.group_id
     where q.decided_at is null order by o.device_seq`,
  );
}

test("scenario 3: a push settled, its answer lost, sent again five times: one place in the log", async () => {
  const till = await clinic.device("till", "A");
  unplug(till);
  const patient = register(till);
  const groups = outboxOf(till.engine);
  const line = await greet(clinic.centre(), till.engine.identity());
  const first = await line.caller.sync.push({ groups });
  expect(first).toMatchObject({ kind: "verdicts", verdicts: [{ verdict: "settled" }] });
  const seq = first.kind === "verdicts" && first.verdicts[0]?.verdict === "settled" ? first.verdicts[0].seq : 0;
  for (let time = 0; time < 5; time++) {
    const again = await greet(clinic.centre(), till.engine.identity());
    expect(await again.caller.sync.push({ groups })).toMatchObject({ verdicts: [{ verdict: "duplicate", seq }] });
  }
  // Nobody told the till: it sends once more by itself, and is done.
  await clinic.meet(till);
  const [row] = await clinic
    .centre()
    .db.query<{ n: number }>("select count(*)::int8 as n from change_log where practice_id=$1 and device_id=$2", [
      clinic.practice.practice,
      till.engine.identity().device,
    ]);
  expect(row?.n).toBe(groups.length);
  expect((await clinic.rows("patient")).map(({ id }) => id)).toEqual([patient]);
});

test("scenario 7: a till three days ahead sells and edits all day: the ledger stands, its blind edits are kept and flagged", async () => {
  const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const sale = order(a, total);
  await clinic.meet(a, b);
  unplug(a, b);
  // The battery of its clock is new: started in the morning, it believes it is Thursday.
  const ahead = clinic.fromCopy(a.sqlite.serialize(), 3 * day);
  a.engine.close();
  expect(ahead.engine.time.now()).toBeGreaterThan(Date.now() + 2 * day);
  for (let n = 0; n < 3; n++) ahead.as("DO", sell, sale);
  phone(ahead, sale.patient, "07700 900001");
  await moment();
  // Nobody at B has seen that; by the clock on the wall B is later.
  phone(b, sale.patient, "07700 900002", "RC");
  // It had arrived when B's came, which had not seen it and lost.
  await clinic.meet(ahead);
  await clinic.meet(ahead, b);
  // Told by the centre, it knows the time again, and says by how much its clock was wrong.
  expect(Math.abs(ahead.engine.time.now() - Date.now())).toBeLessThan(5_000);
  expect(ahead.engine.time.offset()).toBeLessThan(-2 * day);
  const sales = await clinic.rows("sale");
  expect(sales.map(({ number, paid }) => [number, paid])).toEqual(
    ["LDS-T1-000001", "LDS-T1-000002", "LDS-T1-000003"].map((number) => [number, total]),
  );
  // The stamp from the future beat an edit that had not seen it: kept, marked, and a task for a person.
  expect(b.rows("patient")[0]).toMatchObject({ phone: "07700 900001" });
  expect(b.rows("field_conflict")).toMatchObject([
    { field: "phone", kept: "07700 900001", lost: "07700 900002", clock_suspect: true },
  ]);
  expect(attention(b.engine, null)).toMatchObject([{ kind: "conflict", actions: ["keep", "restore"] }]);
  // Whoever edits after having seen it wins, days before that stamp's time.
  phone(b, sale.patient, "07700 900003", "RC");
  await clinic.meet(ahead, b);
  for (const device of [ahead, b]) expect(device.rows("patient")[0]).toMatchObject({ phone: "07700 900003" });
  // And no clock but its own ran ahead (P10).
  expect(hlcTime(b.engine.state.writeState().last)).toBeLessThan(Date.now() + 61_000);
});

test("scenario 9: two devices edit the same phone offline: the later stamp wins everywhere, the other is kept, with a task", async () => {
  const [a, b, desk] = [
    await clinic.device("till", "A"),
    await clinic.device("till", "B"),
    await clinic.device("desk", "C"),
  ];
  const patient = register(a);
  await clinic.meet(a, b, desk);
  unplug(a, b);
  phone(a, patient, "07700 900001");
  await moment();
  phone(b, patient, "07700 900002", "RC");
  // The later one arrives first: it is the stamp that counts, not the way.
  await clinic.meet(b);
  await clinic.meet(a, b, desk);
  for (const device of [a, b, desk]) {
    expect(device.rows("patient")).toEqual(a.rows("patient"));
    expect(device.rows("patient")[0]).toMatchObject({ phone: "07700 900002" });
    expect(device.rows("field_conflict")).toMatchObject([
      { field: "phone", kept: "07700 900002", lost: "07700 900001" },
    ]);
    expect(device.rows("review_task")).toMatchObject([{ kind: "field_conflict", subject_id: patient }]);
  }
});

test("scenario 10: an edit made after seeing a value from the future wins", async () => {
  const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const patient = register(a);
  await clinic.meet(a, b);
  unplug(a);
  const ahead = clinic.fromCopy(a.sqlite.serialize(), 30 * day);
  a.engine.close();
  ahead.as("DO", setAllergy, { id: patient, allergies: "penicillin" });
  await clinic.meet(ahead, b);
  unplug(ahead, b);
  b.as("DO", setAllergy, { id: patient, allergies: "none known" });
  await clinic.meet(ahead, b);
  for (const device of [ahead, b]) expect(device.rows("patient")[0]).toMatchObject({ allergies: "none known" });
  // Nothing was beaten unseen, so there is nothing to decide.
  expect(b.rows("field_conflict")).toEqual([]);
});

const removePatient = defineCommand({
  name: "test.remove-patient",
  permission: null,
  input: z.object({ id: z.string() }),
  run: (tx, { id }) => tx.remove("patient", id),
});
const removePayment = defineCommand({
  name: "test.remove-payment",
  permission: null,
  input: z.object({ id: z.string() }),
  run: (tx, { id }) => tx.remove("payment", id),
});

test("scenario 11: delete against edit, delete against restore: the same everywhere, with an entry; the ledger stays", async () => {
  const [a, b] = [await clinic.device("hq", "A"), await clinic.device("hq", "B")];
  const sale = order(a, total);
  a.as("DO", sell, sale);
  const { OW, RC } = clinic.practice.people;
  const assigned = a.rows("user_role").find((row) => row.user_id === RC);
  const role = { element: assigned?.id, user: RC, role: assigned?.role_id };
  await clinic.meet(a, b);
  unplug(a, b);
  a.as("OW", removePatient, { id: sale.patient });
  await moment();
  phone(b, sale.patient, "07700 900009");
  // Taken away and given back here, taken away there: neither saw the other.
  a.as(OW, withdrawRole, { ...role, give: false });
  a.as(OW, withdrawRole, { ...role, give: true });
  await moment();
  b.as(OW, withdrawRole, { ...role, give: false });
  await clinic.meet(a, b);
  for (const device of [a, b]) {
    // Each register for itself: the row is gone, and what was typed into it is there should it come back.
    expect(device.rows("patient")[0]).toMatchObject({ deleted: true, phone: "07700 900009" });
    expect(device.rows("user_role").find(({ id }) => id === role.element)).toMatchObject({ deleted: true });
    expect(device.rows("field_conflict")).toMatchObject([{ field: "deleted", kept: true, lost: false }]);
  }
  expect(a.everything()).toBe(b.everything());
  const [payment] = a.rows("payment");
  expect(() => a.as(OW, removePayment, { id: payment?.id })).toThrow(/does not allow/);
  expect(a.rows("payment")).toEqual([payment]);
});

test("scenario 13: the last frame sold twice offline: both sales stand, the count is one below nothing, and there is a task", async () => {
  const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const { products, branches } = clinic.practice;
  const counted = { product_id: products.frame, branch_id: branches.leeds, kind: "receipt", reference_id: null };
  await byCentre([
    {
      entity: "stock_movement",
      id: newId(1, systemRandom()),
      branch: branches.leeds,
      fields: { ...counted, quantity: 1, reason: null, at: 1 },
    },
  ]);
  const [here, there] = [order(a, total), order(b, total)];
  await clinic.meet(a, b);
  unplug(a, b);
  a.as("DO", sell, here);
  b.as("RC", sell, there);
  expect(attention(a.engine, null)).toEqual([]);
  await clinic.meet(a, b);
  expect(await clinic.rows("sale")).toHaveLength(2);
  for (const device of [a, b]) {
    expect(device.rows("sale")).toEqual(await clinic.rows("sale"));
    expect(
      device.engine.read.sql("select on_hand from stock_level where product_id=?", Buffer.from(products.frame, "hex")),
    ).toEqual([{ on_hand: -1 }]);
    expect(device.rows("review_task")).toMatchObject([
      { kind: "oversold", args: { product: products.frame, onHand: -1 } },
    ]);
  }
  // A third one is no news.
  a.as("DO", sell, here);
  await clinic.meet(a, b);
  expect(b.rows("review_task")).toHaveLength(1);
});

/** A prescription for somebody the centre has never heard of. */
const prescribeFor = defineCommand({
  name: "test.ghost",
  permission: null,
  input: z.object({ like: z.string(), patient: z.string() }),
  run(tx, input) {
    const { id: _, hlc: __, ...fields } = tx.need("prescription", input.like) as never as Record<string, unknown>;
    return tx.insert("prescription", { ...fields, patient_id: input.patient } as never).id;
  },
});
const ghost = () => newId(1, systemRandom());

test("scenario 14: a hundred changes with one that is not allowed: ninety-nine settle, one waits with its text", async () => {
  const till = await clinic.device("till", "A");
  const { prescription } = order(till, 0);
  await clinic.meet(till);
  const before = (await clinic.rows("patient")).length;
  unplug(till);
  for (let n = 0; n < 99; n++) {
    if (n === 50) till.as("DO", prescribeFor, { like: prescription, patient: ghost() });
    till.as("DO", registerPatient, { ...margaret, familyName: `Ellison ${n}` });
  }
  await clinic.meet(till);
  expect((await clinic.rows("patient")).length - before).toBe(99);
  expect(till.engine.replica.pending()).toEqual([]);
  expect(kept(till).map(({ code }) => code)).toEqual(["MISSING_REFERENCE"]);
  const [card, ...others] = attention(till.engine, null);
  expect(others).toEqual([]);
  expect(card).toMatchObject({ kind: "rejected", command: "test.ghost", who: "Person DO" });
  expect(card?.typed).toContainEqual(expect.objectContaining({ field: "prescriber", value: "Elsewhere" }));
});

const sellFor = defineCommand({
  name: "test.sell-for",
  permission: "pos:access",
  input: z.object({ sale: z.any(), patient: z.string() }),
  run(tx, input) {
    const prescription = prescribeFor.run(tx, { like: input.sale.prescription, patient: input.patient });
    return { ...sell.run(tx, input.sale), prescription };
  },
});

test("scenario 15: a refused sale with five payments on it: one card, all six undone exactly, and settled when sent again", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, 0);
  await clinic.meet(till);
  const before = till.everything();
  unplug(till);
  const missing = ghost();
  const { sale: sold } = till.as("DO", sellFor, { sale, patient: missing });
  for (let n = 0; n < 5; n++) till.as("DO", pay, { sale: sold, amount: 1000 + n });
  await clinic.meet(till);
  expect(till.everything()).toBe(before);
  const six = kept(till);
  expect(six.map(({ code }) => code)).toEqual(["MISSING_REFERENCE", ...new Array(5).fill("PARENT_REJECTED")]);
  const [card, ...others] = attention(till.engine, null);
  expect(others).toEqual([]);
  expect(card).toMatchObject({ kind: "rejected", command: "test.sell-for" });
  expect(card?.following).toHaveLength(5);
  // What it lacked arrives; sent again, all six settle.
  const [patient] = await clinic.rows("patient");
  const { id: _, hlc: __, deleted: ___, ...fields } = patient as NonNullable<typeof patient> & { clocks?: unknown };
  const { clocks: ____, ...plain } = fields;
  await byCentre([{ entity: "patient", id: missing, fields: { ...plain, number: "LDS-X-P000001" } }]);
  await clinic.meet(till);
  const { DO } = clinic.practice.people;
  const { branch } = till.engine.identity();
  const session = {
    user: DO,
    name: "DO",
    role: null,
    branch,
    run: (command: never, input: unknown) => till.engine.execute(command, input, { user: DO, role: null }) as never,
    permissions: () => permissionsOf(till.engine.access(), DO),
  };
  decide(till.engine, session as never, { id: card?.id ?? "", action: "retry" });
  await clinic.meet(till);
  expect(kept(till)).toEqual([]);
  expect((await clinic.rows("sale")).map(({ id, paid }) => [id, paid])).toEqual([[sold, 5 * 1000 + 10]]);
  expect(till.rows("sale")).toEqual(await clinic.rows("sale"));
});
