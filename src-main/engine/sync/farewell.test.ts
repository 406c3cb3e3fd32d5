import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemRandom } from "../../../replica/crypto.ts";
import { backupPractice, restorePractice } from "../../../sim/backup.ts";
import { type Clinic, openCentreDatabase, openClinic, until } from "../../../sim/clinic.ts";
import { directUpstream } from "../../../sim/direct.ts";
import { connect, signedHello } from "../../../sim/greeted.ts";
import { enrolTestDevice, memoryReplicaFor, systemClock, systemTimers } from "../../../sim/practice.ts";
import { sessionAt } from "../../../sim/sessions.ts";
import { pay, prescribe, registerPatient, sell, updatePatient } from "../../../sim/work.ts";
import { silentLog } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { wakePractice } from "../../../sync-server/identity/enrol.ts";
import { writeAsCentre } from "../../../sync-server/settle/write-as-centre.ts";
import { revokeDevice } from "../access/commands.ts";
import { createEngine } from "../engine.ts";
import type { Command } from "../write/define.ts";
import { decide } from "./attention/decide.ts";
import { attention } from "./attention/index.ts";
import type { Connection } from "./upstream.ts";

let db: Database;
let clinic: Clinic;
const toClose: (() => void)[] = [];
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
});
afterEach(async () => {
  for (const close of toClose.splice(0)) close();
  await clinic.close();
});
afterAll(() => db.close());

const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

/** A till with a line that a test may meddle with, which counts how often it is told to erase itself. */
async function till(meddle: (connection: Connection) => Partial<Connection> = () => ({})) {
  const { practice, branches, people, products } = clinic.practice;
  const random = systemRandom();
  const device = { branch: branches.leeds, profile: "till", name: "till" } as const;
  const identity = await enrolTestDevice(clinic.centre(), practice, device, random);
  await wakePractice(clinic.centre(), practice);
  const sqlite = memoryReplicaFor(identity);
  const line = directUpstream(() => clinic.centre());
  let erasures = 0;
  const engine = createEngine({
    sqlite,
    upstream: {
      async open(onClose) {
        const connection = await line.open(onClose);
        return { ...connection, ...meddle(connection) };
      },
    },
    clock: systemClock,
    timers: systemTimers,
    random,
    log: silentLog,
    app: "test",
    takenOut: () => {
      erasures += 1;
    },
  });
  engine.start();
  toClose.push(() => {
    engine.close();
    sqlite.close();
  });
  const live = () => engine.ready() && engine.sync.status().phase === "live" && engine.replica.unsettledCount() === 0;
  await until(live, () => "the till never filled");
  const as = <I, O>(who: keyof typeof people, command: Command<I, O>, input: unknown): O =>
    engine.execute(command, input, { user: people[who], role: null });
  return {
    engine,
    identity,
    as,
    erasures: () => erasures,
    settled: () => until(live, () => "the till never sent what it had"),
    order(paid: number) {
      const { id: patient } = as("DO", registerPatient, margaret) as { id: string };
      const prescription = as("DO", prescribe, { patient });
      const { frame, lens } = products;
      return as("DO", sell, { patient, prescription, frame, lens, lab: branches.york, paid });
    },
    gone: () =>
      until(
        () => erasures === 1,
        () => `it is ${engine.sync.status().phase}: ${engine.sync.status().problem}`,
      ),
  };
}

async function mark(device: string, status: "active" | "revoked"): Promise<void> {
  const { practice } = clinic.practice;
  const change = { entity: "device", id: device, op: "patch", fields: { status } } as const;
  await db.transaction((tx) => writeAsCentre(clinic.centre().settle, tx, practice, "test.device", [change]));
  await wakePractice(clinic.centre(), practice);
}

const heldOf = (device: string) =>
  db.query<{ group_id: string; args: string; header: string; bodies: string }>(
    "select group_id, args, header, bodies from verdict where device_id=$1 and code='review' order by device_seq",
    [device],
  );

test("what a till had not sent is held for a person, as it was signed, and only then is the till erased", async () => {
  const office = await clinic.device("single", "office");
  const { engine, identity, as, order, gone, settled } = await till();
  const { sale } = order(0);
  await settled();
  engine.sync.setPlugged(false);
  as("DO", pay, { sale, amount: 44_700 });
  const [payment] = engine.replica.pending();
  await clinic.meet(office);
  office.as("OW", revokeDevice, { id: identity.device });
  await clinic.meet(office);
  engine.sync.setPlugged(true);
  await gone();
  expect(engine.sync.status().phase).toBe("revoked");
  const [held, ...others] = await heldOf(identity.device);
  expect(others).toEqual([]);
  expect(held).toMatchObject({ group_id: payment?.group, header: payment?.wire.header });
  expect(JSON.parse(held?.bodies ?? "")).toEqual(payment?.wire.bodies);
  expect(JSON.parse(held?.args ?? "")).toEqual({ reason: "REVOKED_DEVICE" });
  // Nothing of it settled by itself; somebody sees that it waits, and lets it in as it was.
  expect(await clinic.rows("payment")).toEqual([]);
  await clinic.meet(office);
  const owner = sessionAt(office, clinic, "OW");
  const [card] = attention(office.engine, owner);
  expect(card).toMatchObject({ kind: "held", code: "REVOKED_DEVICE", command: "sim.pay", who: "Person DO" });
  decide(office.engine, owner, { id: card?.id ?? "", action: "approve", reason: "The money is in the drawer" });
  await clinic.meet(office);
  expect(await clinic.rows("payment")).toMatchObject([{ amount: 44_700, taken_by_id: clinic.practice.people.DO }]);
  expect(office.rows("sale")[0]).toMatchObject({ status: "paid" });
  expect(await heldOf(identity.device)).toEqual([]);
});

test("what had come back and was not decided goes along; a cut in between doubles nothing", async () => {
  let cuts = 2;
  const { engine, identity, as, gone, settled } = await till((connection) => ({
    async rescue(input) {
      const answer = await connection.rescue(input);
      if (cuts-- > 0) throw new Error("the line was cut");
      return answer;
    },
  }));
  const { id } = as("DO", registerPatient, margaret) as { id: string };
  await settled();
  engine.sync.setPlugged(false);
  await db.query("update app_user set active=false where id=$1", [clinic.practice.people.RC]);
  clinic.centre().access.forget();
  as("RC", updatePatient, { id, details: { notes: "by somebody who may not" } });
  engine.sync.setPlugged(true);
  await settled();
  expect(engine.read.sql("select * from sync_quarantine")).toHaveLength(1);
  engine.sync.setPlugged(false);
  as("DO", updatePatient, { id, details: { notes: "typed offline" } });
  await mark(identity.device, "revoked");
  engine.sync.setPlugged(true);
  await gone();
  const held = await heldOf(identity.device);
  expect(held.map(({ args }) => JSON.parse(args))).toEqual([
    { reason: "REVOKED_DEVICE", refused: expect.any(String) },
    { reason: "REVOKED_DEVICE" },
  ]);
  expect(held.every(({ bodies }) => bodies !== "[]")).toBe(true);
  expect(await clinic.rows("review_task")).toHaveLength(2);
});

test("nobody but the centre can make a till erase itself", async () => {
  let lies = false;
  const farewell = { revoked: true, bootstrap: false, bootstrapReason: null };
  const { engine, erasures, order } = await till((connection) => ({
    hello: async (input) => ({ ...(await connection.hello(input)), ...(lies ? farewell : {}) }),
    rescue: async () => ({ held: 1, receipt: "A".repeat(86) }),
  }));
  engine.sync.setPlugged(false);
  order(44_700);
  lies = true;
  engine.sync.setPlugged(true);
  await until(
    () => engine.sync.status().phase === "offline",
    () => engine.sync.status().phase,
  );
  expect(erasures()).toBe(0);
  expect(engine.replica.pending()).not.toEqual([]);
  lies = false;
  engine.sync.tryNow();
  await until(
    () => engine.replica.unsettledCount() === 0,
    () => "it never sent",
  );
});

test("a till that is of the practice again before it said farewell goes on", async () => {
  const { engine, identity, erasures, order } = await till((connection) => ({
    async rescue(input) {
      await mark(identity.device, "active");
      return connection.rescue(input);
    },
  }));
  engine.sync.setPlugged(false);
  order(44_700);
  await mark(identity.device, "revoked");
  engine.sync.setPlugged(true);
  await until(
    () => engine.replica.unsettledCount() === 0,
    () => "it never sent",
  );
  expect(erasures()).toBe(0);
  expect(await clinic.rows("sale")).toHaveLength(1);
});

test("a copy of it that wakes up in other hands is told nothing and given nothing", async () => {
  const { identity } = await till();
  await mark(identity.device, "revoked");
  const { caller } = connect(clinic.centre());
  const { nonce } = await caller.sync.challenge();
  const hello = await caller.sync.hello(signedHello(identity, nonce));
  expect(hello).toMatchObject({ revoked: true, serverEpoch: "", head: 0, streamSet: 0, lastDeviceSeq: 0 });
  const code = (asked: Promise<unknown>) =>
    asked.then(
      () => "an answer",
      (error) => error.cause.code,
    );
  expect(await code(caller.sync.snapshotPage({ entity: "patient", afterKey: null, limit: 10 }))).toBe("NOT_GREETED");
  expect(await code(caller.sync.fetchRows({ entity: "patient", ids: [identity.device] }))).toBe("NOT_GREETED");
  expect(
    await code(caller.sync.push({ groups: [{ header: "{}", sig: "A".repeat(86), bodies: [], erased: [] }] })),
  ).toBe("NOT_GREETED");
  expect(await code(caller.people.signIn({ login: "do@example.org", password: "" }))).toBe("NOT_GREETED");
  // Groups of others are not its to hand over.
  const office = await clinic.device("single", "office");
  office.engine.sync.setPlugged(false);
  office.as("OW", registerPatient, margaret);
  const stolen = office.engine.replica.pending().map(({ wire }) => wire);
  expect(await code(caller.sync.rescue({ groups: stolen, nonce: null }))).toBe("FORGED");
  expect(await heldOf(identity.device)).toEqual([]);
});

test("what had settled and a restored centre has lost goes along too, since nobody else has it", async () => {
  const { engine, identity, order, gone, settled } = await till();
  const backup = await backupPractice(clinic.centre().db, clinic.practice.practice);
  order(44_700);
  await settled();
  const made = engine.read.sql<{ group_id: string }>("select group_id from sync_outbox order by device_seq");
  expect(made.length).toBeGreaterThan(0);
  engine.sync.setPlugged(false);
  await clinic.restarted();
  await restorePractice(clinic.centre().db, clinic.practice.practice, backup);
  await mark(identity.device, "revoked");
  engine.sync.setPlugged(true);
  await gone();
  expect((await heldOf(identity.device)).map(({ group_id }) => group_id)).toEqual(made.map(({ group_id }) => group_id));
});

test("a held change with a number that stands already cannot be let in; the decision comes back, and it can be turned down", async () => {
  const office = await clinic.device("single", "office");
  const { engine, identity, as, gone } = await till();
  engine.sync.setPlugged(false);
  as("DO", registerPatient, margaret);
  const [{ number = "" } = {}] = engine.read.sql<{ number: string }>("select number from patient");
  // A copy of the till drew the same number, and what it wrote has settled.
  office.as("OW", registerPatient, { ...margaret, givenName: "Graham" });
  await clinic.meet(office);
  await db.query("update patient set number=$2 where practice_id=$1", [clinic.practice.practice, number]);
  await mark(identity.device, "revoked");
  engine.sync.setPlugged(true);
  await gone();
  await clinic.meet(office);
  const owner = sessionAt(office, clinic, "OW");
  const held = () => attention(office.engine, owner).find(({ kind }) => kind === "held");
  decide(office.engine, owner, { id: held()?.id ?? "", action: "approve", reason: "It looks right" });
  await clinic.meet(office);
  const returned = attention(office.engine, owner).find(({ kind }) => kind === "rejected");
  expect(returned).toMatchObject({ code: "NUMBER_TAKEN", args: { number } });
  expect(await clinic.rows("patient")).toHaveLength(1);
  expect(await heldOf(identity.device)).toHaveLength(1);
  decide(office.engine, owner, { id: held()?.id ?? "", action: "decline", reason: "Entered anew" });
  await clinic.meet(office);
  expect(await heldOf(identity.device)).toEqual([]);
});
