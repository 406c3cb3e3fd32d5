import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { systemRandom } from "../../../replica/crypto.ts";
import { backupPractice, restorePractice } from "../../../sim/backup.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic, until } from "../../../sim/clinic.ts";
import { sessionAt as openSession } from "../../../sim/sessions.ts";
import { moveJob, pay, prescribe, registerPatient, sell, updatePatient } from "../../../sim/work.ts";
import { newId } from "../../../src-shared/sync/ids.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { wakePractice } from "../../../sync-server/identity/enrol.ts";
import { hashPassword } from "../../../sync-server/identity/people.ts";
import { writeAsCentre } from "../../../sync-server/settle/write-as-centre.ts";
import { maskOf } from "../../../sync-server/sync/connection.ts";
import { createSessions, keepVerifier } from "../session/sessions.ts";
import { defineCommand } from "../write/define.ts";
import { decide } from "./attention/decide.ts";
import { attention } from "./attention/index.ts";

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

const total = 44_700;
const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

/** A patient with a prescription, and what it takes to sell her glasses. */
function order(till: ClinicDevice, paid: number) {
  const patient = (till.as("DO", registerPatient, margaret) as { id: string }).id;
  const prescription = till.as("DO", prescribe, { patient });
  return saleOf(patient, prescription, paid);
}
function saleOf(patient: string, prescription: string, paid: number) {
  const { products, branches } = clinic.practice;
  return { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york, paid };
}
/** Somebody signed in at a device. */
const sessionAt = (device: ClinicDevice, who: string) => openSession(device, clinic, who);
const unplug = (...devices: ClinicDevice[]) => {
  for (const { engine } of devices) engine.sync.setPlugged(false);
};
const noReply = newId(1, systemRandom());

test("an order paid offline on two tills appears once", async () => {
  const [a, b, bench] = [
    await clinic.device("till", "A"),
    await clinic.device("till", "B"),
    await clinic.device("lab", "bench"),
  ];
  const { sale } = a.as("DO", sell, order(a, 0));
  await clinic.meet(a, b, bench);
  unplug(a, b);
  a.as("DO", pay, { sale, amount: total });
  b.as("RC", pay, { sale, amount: total });
  expect(a.rows("job")).toHaveLength(1);
  expect(b.rows("job").map(({ id }) => id)).toEqual(a.rows("job").map(({ id }) => id));
  await clinic.meet(a, b, bench);
  for (const device of [a, b, bench]) {
    expect(device.rows("job")).toHaveLength(1);
    expect(device.rows("job_event").map(({ kind }) => kind)).toEqual(["released"]);
    expect(device.rows("domain_event").filter(({ type }) => type === "order.created")).toHaveLength(1);
  }
  expect(a.rows("domain_event").filter(({ type }) => type === "invoice.paid")).toHaveLength(1);
  expect(a.rows("sale")[0]).toMatchObject({ paid: 2 * total, status: "overpaid" });
  expect(b.rows("sale")).toEqual(a.rows("sale"));
  expect(attention(a.engine, null)).toEqual([]);
});

test("half a deposit on each of two tills, offline, makes one job after they meet", async () => {
  const [a, b, bench] = [
    await clinic.device("till", "A"),
    await clinic.device("till", "B"),
    await clinic.device("lab", "bench"),
  ];
  const { sale } = a.as("DO", sell, order(a, 0));
  await clinic.meet(a, b, bench);
  unplug(a, b);
  a.as("DO", pay, { sale, amount: total / 4 });
  b.as("RC", pay, { sale, amount: total / 4 });
  expect([a.rows("job"), b.rows("job")]).toEqual([[], []]);
  await clinic.meet(a, b, bench);
  for (const device of [a, b, bench]) expect(device.rows("job")).toHaveLength(1);
  expect(bench.rows("job")[0]).toMatchObject({ stage: "released", patient_name: "Margaret Ellison" });
  expect(a.rows("sale")[0]).toMatchObject({ paid: total / 2, status: "part_paid" });
  bench.as("LT", moveJob, { job: bench.rows("job")[0]?.id, kind: "received_lab", text: null });
  await clinic.meet(a, b, bench);
  expect(a.rows("job")[0]).toMatchObject({ stage: "received_lab" });
});

test("the last word about what waits is told when nothing waits any more", async () => {
  const till = await clinic.device("till", "A");
  const waiting = () => till.engine.replica.pending().length;
  let shown = 0;
  till.engine.onChange((touched) => {
    if (touched.has("*") || touched.has("sync_outbox")) shown = waiting();
  });
  order(till, total);
  expect(shown).toBeGreaterThan(0);
  await clinic.meet(till);
  expect(waiting()).toBe(0);
  expect(shown).toBe(0);
});

/** Sells and corrects the patient's phone, and refers to somebody whom the centre does not know: refused as a whole. */
const sellWithGhost = defineCommand({
  name: "test.ghost",
  permission: "pos:access",
  input: z.object({ sale: z.any(), patient: z.string(), phone: z.string(), ghost: z.string() }),
  run(tx, input) {
    tx.patch("patient", input.patient, { phone: input.phone });
    const made = sell.run(tx, input.sale);
    const prescription = tx.need("prescription", input.sale.prescription);
    const { id: _, hlc: __, ...fields } = prescription as typeof prescription & { folded?: unknown };
    tx.insert("prescription", { ...fields, patient_id: input.ghost });
    return made;
  },
});

test("a refused group is undone exactly, kept with what was typed, and its number is not used again", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, total);
  await clinic.meet(till);
  const before = till.everything();
  const refused = till.as("DO", sellWithGhost, { sale, patient: sale.patient, phone: "07700 900777", ghost: noReply });
  expect(till.rows("patient")[0]).toMatchObject({ phone: "07700 900777" });
  expect(till.rows("sale")).toHaveLength(1);
  await clinic.meet(till);
  expect(till.everything()).toBe(before);
  expect(till.engine.read.sql("select * from stock_level where on_hand <> 0")).toEqual([]);
  const [card, ...others] = attention(till.engine, null);
  expect(others).toEqual([]);
  expect(card).toMatchObject({
    kind: "rejected",
    code: "MISSING_REFERENCE",
    command: "test.ghost",
    who: "Person DO",
    actions: ["edit", "retry", "discard"],
  });
  expect(card?.typed).toContainEqual(expect.objectContaining({ field: "phone", value: "07700 900777" }));
  expect(card?.typed).toContainEqual(expect.objectContaining({ field: "amount", value: total }));
  // A crash or a restart shows the same.
  expect(attention(till.clone().engine, null)).toEqual([card]);
  const next = till.as("DO", sell, sale);
  expect(refused.number).toBe("LDS-T1-000001");
  expect(next.number).toBe("LDS-T1-000002");
  await clinic.meet(till);
  expect((await clinic.rows("sale")).map(({ number }) => number)).toEqual(["LDS-T1-000002"]);
});

test("what was added to a sale while it was being refused is undone with it", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, 0);
  await clinic.meet(till);
  const before = till.everything();
  const refused = till.as("DO", sellWithGhost, { sale, patient: sale.patient, phone: "07700 900777", ghost: noReply });
  // The push of the sale is on its way and brings the refusal; the payment is not in it.
  await Promise.resolve();
  till.as("DO", pay, { sale: refused.sale, amount: 5_000 });
  await clinic.meet(till);
  expect(till.everything()).toBe(before);
  // What rests on a returned sale is part of its card.
  expect(attention(till.engine, null)).toMatchObject([
    { command: "test.ghost", kind: "rejected", following: [{ command: "sim.pay" }] },
  ]);
});

test("two devices edit one patient: both see the same, and each field is the one typed last", async () => {
  const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const { patient } = order(a, 0);
  await clinic.meet(a, b);
  unplug(a, b);
  a.as("DO", updatePatient, { id: patient, details: { phone: "07700 900001", notes: "left-handed" } });
  await new Promise((resolve) => setTimeout(resolve, 5));
  b.as("RC", updatePatient, { id: patient, details: { phone: "07700 900002" } });
  await clinic.meet(a, b);
  expect(a.rows("patient")).toEqual(b.rows("patient"));
  expect(a.rows("patient")[0]).toMatchObject({ phone: "07700 900002", notes: "left-handed" });
  expect(a.rows("field_conflict")[0]).toMatchObject({ field: "phone", kept: "07700 900002", lost: "07700 900001" });
});

test("a restored centre loses nothing: every device brings back what it knows", async () => {
  const [a, b, bench] = [
    await clinic.device("till", "A"),
    await clinic.device("till", "B"),
    await clinic.device("lab", "bench"),
  ];
  a.as("DO", sell, order(a, total));
  await clinic.meet(a, b, bench);
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  a.as("DO", sell, order(a, total));
  b.as("RC", sell, order(b, total / 2));
  await clinic.meet(a, b, bench);
  bench.as("LT", moveJob, { job: bench.rows("job")[1]?.id, kind: "edging", text: null });
  await clinic.meet(a, b, bench);
  const told = {
    sales: await clinic.rows("sale"),
    payments: await clinic.rows("payment"),
    jobs: (await clinic.rows("job")).map(({ id, stage }) => ({ id, stage })),
  };
  expect(told.sales).toHaveLength(3);

  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  expect(await clinic.rows("sale")).toHaveLength(1);
  await clinic.meet(a, b);
  await clinic.meet(a, b, bench);
  expect(await clinic.rows("sale")).toEqual(told.sales);
  expect(await clinic.rows("payment")).toEqual(told.payments);
  expect((await clinic.rows("job")).map(({ id, stage }) => ({ id, stage }))).toEqual(told.jobs);
  for (const device of [a, b]) expect(device.rows("sale")).toEqual(told.sales);
});

test("a device that has thrown away what a restored centre lost goes on all the same, under a new number range", async () => {
  const till = await clinic.device("till", "A");
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  const sale = order(till, total);
  till.as("DO", sell, sale);
  await clinic.meet(till);
  till.sqlite.exec("delete from sync_outbox where state='settled'");
  unplug(till);
  till.as("DO", registerPatient, { ...margaret, givenName: "Graham" });
  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  await clinic.meet(till);
  expect((await clinic.rows("patient")).map(({ number, printed_number }) => [number, printed_number])).toEqual([
    ["LDS-T2-P000001", "LDS-T1-P000002"],
  ]);
  expect(till.rows("patient")).toEqual(await clinic.rows("patient"));
});

test("so does one whose chain the restored centre knows only in part", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, total);
  await clinic.meet(till);
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  till.as("DO", sell, sale);
  await clinic.meet(till);
  till.sqlite.exec("delete from sync_outbox where state='settled'");
  unplug(till);
  const { number } = till.as("DO", sell, sale);
  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  await clinic.meet(till);
  expect(number).toBe("LDS-T1-000002");
  expect((await clinic.rows("sale")).map((row) => [row.number, row.printed_number])).toEqual([
    ["LDS-T2-000001", "LDS-T1-000002"],
  ]);
  expect(till.rows("sale")).toEqual(await clinic.rows("sale"));
});

test("what was refused before a restore does not hold up a device that has to go on under a new number range", async () => {
  const till = await clinic.device("till", "A");
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  const sale = order(till, total);
  await clinic.meet(till);
  till.as("DO", sellWithGhost, { sale, patient: sale.patient, phone: "07700 900777", ghost: noReply });
  await clinic.meet(till);
  expect(attention(till.engine, null)).toMatchObject([{ kind: "rejected" }]);
  // Of what settled, the first is gone from the outbox; the refused group is offered to the restored centre again.
  till.sqlite.exec("delete from sync_outbox where state='settled'");
  unplug(till);
  till.as("DO", registerPatient, { ...margaret, givenName: "Graham" });
  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  await clinic.meet(till);
  expect((await clinic.rows("patient")).map(({ given_name }) => given_name)).toEqual(["Graham"]);
  expect(attention(till.engine, null).map(({ kind }) => kind)).toContain("rejected");
});

test("what a restored centre hears before it hears what it rests on waits for that, and holds up nothing else", async () => {
  const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  const { sale } = a.as("DO", sell, order(a, 0));
  await clinic.meet(a, b);
  b.as("RC", pay, { sale, amount: total });
  b.as("RC", registerPatient, { ...margaret, givenName: "Graham" });
  await clinic.meet(a, b);
  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  b.engine.sync.setPlugged(true);
  await until(
    () => b.engine.replica.pending().length === 1 && b.engine.sync.status().phase === "live",
    () => `B still has ${b.engine.replica.pending().length} to send`,
  );
  expect((await clinic.rows("patient")).map(({ given_name }) => given_name)).toEqual(["Graham"]);
  expect(b.rows("payment")).toHaveLength(1);
  expect(attention(b.engine, null)).toEqual([]);
  await clinic.meet(a, b);
  for (const device of [a, b]) {
    expect(device.rows("sale")).toMatchObject([{ paid: total, status: "paid" }]);
    expect(device.rows("payment")).toEqual(await clinic.rows("payment"));
    expect(attention(device.engine, null)).toEqual([]);
  }
});

test("what waits at a restored centre and was copied with a till is asked for by both; neither is renewed for that", async () => {
  const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  const { sale } = a.as("DO", sell, order(a, 0));
  await clinic.meet(a, b);
  b.engine.sync.setPlugged(false);
  b.as("RC", pay, { sale, amount: total });
  const copy = b.clone();
  for (const till of [b, copy]) till.as("RC", registerPatient, { ...margaret, givenName: "Graham" });
  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  for (let round = 0; round < 4; round++) {
    for (const till of [b, copy]) {
      till.engine.sync.setPlugged(true);
      await until(
        () => till.engine.sync.status().phase === "live" && till.engine.replica.pending().length === 1,
        () => `${till.engine.identity().epoch} ${JSON.stringify(till.engine.sync.status())}`,
      );
    }
    for (const till of [b, copy]) till.engine.sync.setPlugged(false);
  }
  expect([b.engine.identity().epoch, copy.engine.identity().epoch].sort()).toEqual([1, 2]);
  await clinic.meet(a, b, copy);
  for (const till of [a, b, copy]) {
    expect(till.rows("sale")).toMatchObject([{ paid: total, status: "paid" }]);
    expect(till.rows("payment")).toHaveLength(1);
    expect(attention(till.engine, null).filter(({ kind }) => kind === "rejected")).toEqual([]);
  }
});

test.each([1, 3])(
  "what a restored centre has lost comes back even where a copy of the till was there first, with %i groups in its place",
  async (copied) => {
    const till = await clinic.device("till", "A");
    const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
    const copy = till.clone();
    unplug(copy);
    const others = ["Graham", "Ian", "Jane"].slice(0, copied);
    for (const givenName of others) copy.as("RC", registerPatient, { ...margaret, givenName });
    till.as("RC", registerPatient, margaret);
    await clinic.meet(till);
    unplug(till);
    await clinic.restarted();
    await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
    await clinic.meet(copy);
    await clinic.meet(till, copy);
    const patients = (await clinic.rows("patient")).map(({ given_name, number }) => [given_name, number]);
    expect(patients.sort()).toEqual([
      ...others.map((name, index) => [name, `LDS-T1-P00000${index + 1}`]),
      ["Margaret", "LDS-T2-P000001"],
    ]);
    for (const { rows } of [till, copy]) expect(rows("patient")).toHaveLength(copied + 1);
  },
);

test("nobody is waited for without an end: not after two weeks, nor once every device was heard", async () => {
  const [a, bench] = [await clinic.device("till", "A"), await clinic.device("lab", "bench")];
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  a.as("DO", sell, order(a, total));
  await clinic.meet(a, bench);
  bench.as("LT", moveJob, { job: bench.rows("job")[0]?.id, kind: "edging", text: null });
  await clinic.meet(a, bench);
  await clinic.restarted(Date.now() - 15 * 86_400_000);
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  await clinic.meet(bench);
  expect(attention(bench.engine, null)).toMatchObject([
    { kind: "rejected", code: "MISSING_REFERENCE", command: "sim.move-job", actions: ["retry", "discard"] },
  ]);
  await clinic.meet(a, bench);
  expect(bench.rows("job")).toHaveLength(1);
  // By now what it rests on is there: sent again, it settles, and nothing is left to decide.
  const [card] = attention(bench.engine, sessionAt(bench, "LT"));
  decide(bench.engine, sessionAt(bench, "LT"), { id: card?.id ?? "", action: "retry" });
  await clinic.meet(a, bench);
  expect(attention(bench.engine, null)).toEqual([]);
  expect(a.rows("job")[0]).toMatchObject({ stage: "edging" });
  expect(() => decide(bench.engine, sessionAt(bench, "LT"), { id: card?.id ?? "", action: "retry" })).toThrow(
    "already",
  );

  await clinic.restarted();
  const { db, settle } = clinic.centre();
  const mayCome = (later: number) => settle.arrivals.mayCome(db, clinic.practice.practice, Date.now() + later);
  await clinic.meet(a);
  expect(await mayCome(600_000)).toBe(true);
  await clinic.meet(a, bench);
  // Others may be waiting for what came last, and ask again.
  expect(await mayCome(0)).toBe(true);
  expect(await mayCome(600_000)).toBe(false);
});

test("what was refused is shown to who typed it and to managers, and is dropped with a reason only", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, total);
  await clinic.meet(till);
  till.as("DO", sellWithGhost, { sale, patient: sale.patient, phone: "07700 900777", ghost: noReply });
  await clinic.meet(till);
  const { engine } = till;
  const [card] = attention(engine, sessionAt(till, "DO"));
  const id = card?.id ?? "";
  expect(card?.typed).toContainEqual(expect.objectContaining({ field: "phone", value: "07700 900777" }));
  expect(attention(engine, sessionAt(till, "OW"))[0]?.typed).toEqual(card?.typed);
  expect(attention(engine, sessionAt(till, "LT"))).toMatchObject([{ id, typed: [], actions: [] }]);
  for (const action of ["retry", "discard"] as const)
    expect(() => decide(engine, sessionAt(till, "LT"), { id, action, reason: "not mine" })).toThrow("Only who typed");
  expect(() => decide(engine, sessionAt(till, "DO"), { id, action: "discard" })).toThrow("Say why");
  decide(engine, sessionAt(till, "DO"), { id, action: "discard", reason: "typed for the wrong patient" });
  expect(attention(engine, null)).toEqual([]);
  await clinic.meet(till);
  const entries = await clinic.rows("audit_entry");
  expect(entries.filter(({ action }) => action === "sync.discard")).toMatchObject([
    { subject_id: id.split(":")[1], user_id: clinic.practice.people.DO },
  ]);
});

test("a cloned device goes on under a new number range, and the printed number stays findable", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, total);
  await clinic.meet(till);
  unplug(till);
  const copy = till.clone();
  expect(till.as("DO", sell, sale).number).toBe("LDS-T1-000001");
  expect(copy.as("RC", sell, sale).number).toBe("LDS-T1-000001");
  await clinic.meet(till);
  await clinic.meet(till, copy);
  const sales = await clinic.rows("sale");
  expect(sales.map(({ number, printed_number }) => [number, printed_number]).sort()).toEqual([
    ["LDS-T1-000001", null],
    ["LDS-T2-000001", "LDS-T1-000001"],
  ]);
  expect((await clinic.rows("job")).map(({ number }) => number).sort()).toEqual(["LDS-T1-000001/1", "LDS-T2-000001/1"]);
  expect(copy.engine.identity()).toMatchObject({ epoch: 2, terminalCode: "LDS-T2".slice(4) });
  expect(copy.rows("sale")).toEqual(till.rows("sale"));
  expect(
    copy
      .rows("review_task")
      .filter(({ kind }) => kind === "relabelled")
      .map(({ args }) => args),
  ).toContainEqual(expect.objectContaining({ printed: "LDS-T1-000001", number: "LDS-T2-000001" }));
  expect(copy.as("RC", sell, sale).number).toBe("LDS-T2-000002");
});

test("an unplugged device says since when, goes on working, and tells when it is live again", async () => {
  const till = await clinic.device("till", "A");
  unplug(till);
  till.as("DO", sell, order(till, total));
  expect(till.engine.sync.status()).toMatchObject({ phase: "unplugged" });
  expect(till.engine.sync.status().offlineSince).not.toBe(null);
  till.engine.sync.setPlugged(true);
  await until(
    () => till.engine.replica.unsettledCount() === 0,
    () => "it never sent",
  );
  expect(till.engine.sync.status()).toMatchObject({ phase: "live", offlineSince: null });
});

test("a centre of an older schema says so; work goes on, and all of it arrives after the upgrade", async () => {
  const till = await clinic.device("till", "A");
  const sale = order(till, total);
  await clinic.meet(till);
  unplug(till);
  clinic.makeOlder(true);
  till.engine.sync.setPlugged(true);
  await until(
    () => till.engine.sync.status().problem !== null,
    () => "the centre never said why",
  );
  expect(till.engine.sync.status().problem).toContain("older version of Horopter");
  till.as("DO", sell, sale);
  expect(till.engine.replica.pending()).not.toEqual([]);
  clinic.makeOlder(false);
  till.engine.sync.tryNow();
  await clinic.meet(till);
  expect(till.engine.sync.status()).toMatchObject({ phase: "live", problem: null });
  expect(await clinic.rows("sale")).toHaveLength(1);
});

test("a PC that becomes one of another kind is sent that kind's streams at once, and nothing else any more", async () => {
  const [till, bench] = [await clinic.device("till", "A"), await clinic.device("lab", "bench")];
  const { db: centre, settle } = clinic.centre();
  till.as("DO", registerPatient, margaret);
  await clinic.meet(till, bench);
  expect(bench.rows("patient")).toEqual([]);
  const become = (profile: string) =>
    centre.transaction((tx) =>
      writeAsCentre(settle, tx, clinic.practice.practice, "test.device", [
        { entity: "device", id: bench.engine.identity().device, op: "patch", fields: { profile } },
      ]),
    );
  for (const [profile, people] of [
    ["single", 2],
    ["lab", 0],
  ] as const) {
    await become(profile);
    till.as("DO", registerPatient, { ...margaret, givenName: profile });
    await until(
      () => bench.engine.state.cursor()?.streamSet === maskOf(profile) && bench.rows("patient").length === people,
      () => `${JSON.stringify(bench.engine.state.cursor())} ${bench.rows("patient").length}`,
    );
    await clinic.meet(till, bench);
  }
});

test("a PC that was taken out says so and asks no more, until somebody tries again", async () => {
  const till = await clinic.device("till", "A");
  const { db: centre, settle } = clinic.centre();
  const { device } = till.engine.identity();
  const mark = (status: string) =>
    centre.transaction((tx) =>
      writeAsCentre(settle, tx, clinic.practice.practice, "test.device", [
        { entity: "device", id: device, op: "patch", fields: { status } },
      ]),
    );
  unplug(till);
  const sale = order(till, total);
  till.as("DO", sell, sale);
  await mark("revoked");
  till.engine.sync.setPlugged(true);
  const phase = () => till.engine.sync.status().phase;
  await until(
    () => phase() === "revoked",
    () => phase(),
  );
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(phase()).toBe("revoked");
  expect(till.rows("sale")).toHaveLength(1);
  // Taken in again before anything was erased: what it handed over waits for a person all the same.
  await mark("active");
  till.engine.sync.tryNow();
  await clinic.meet(till);
  expect(till.engine.replica.pending().map(({ state }) => state)).toEqual(["review", "review", "review"]);
  expect(await clinic.rows("sale")).toEqual([]);
});

test("who was switched off is signed out at the next contact, and has no way in without a line any more", async () => {
  const till = await clinic.device("till", "till");
  const { engine, sqlite } = till;
  const sessions = createSessions(() => engine);
  const { RC, DO } = clinic.practice.people;
  const password = "a long enough password";
  const verifier = await hashPassword(password);
  for (const user of [RC, DO]) keepVerifier(engine, user, verifier, engine.time.now() + 86_400_000);
  engine.sync.setPlugged(false);
  await sessions.signIn("window 1", RC, password);
  await sessions.signIn("window 2", DO, password);
  expect(sessions.dropInactive()).toBe(false);

  const { practice } = clinic.practice;
  const off = { entity: "app_user", id: RC, op: "patch", fields: { active: false } } as const;
  await db.transaction((tx) => writeAsCentre(clinic.centre().settle, tx, practice, "test.off", [off]));
  await wakePractice(clinic.centre(), practice);
  await clinic.meet(till);
  expect(sessions.dropInactive()).toBe(true);
  expect(sessions.of("window 1")).toBe(null);
  expect(sessions.of("window 2")?.user).toBe(DO);
  const left = sqlite.prepare("select lower(hex(user_id)) from offline_verifier").pluck().all();
  expect(left).toEqual([DO]);
  engine.sync.setPlugged(false);
  await expect(sessions.signIn("window 1", RC, password)).rejects.toMatchObject({ code: "FIRST_SIGN_IN_NEEDS_CENTRE" });
});
