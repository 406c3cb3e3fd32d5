import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemRandom } from "../../replica/crypto.ts";
import { migrateReplica, openMemoryReplica, type Sqlite } from "../../replica/open.ts";
import type { Engine } from "../../src-main/engine/engine.ts";
import { registerPatient, updatePatient } from "../../src-main/engine/patients/commands.ts";
import type { Command } from "../../src-main/engine/write/define.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../../sync-server/centre.ts";
import type { Database } from "../../sync-server/database/database.ts";
import { productMinima } from "../../sync-server/minima.ts";
import { openCentreDatabase, until } from "../clinic.ts";
import {
  enrolTestDevice,
  memoryReplicaFor,
  type SmallPractice,
  smallPractice,
  systemClock,
  systemTimers,
} from "../practice.ts";
import * as today from "../version.ts";
import { openCase, prescribe, sell } from "../work.ts";
import { loadNextVersion, type Version } from "./index.ts";
import { lend, payByWallet, preferName, registerNamed, sendLetter, wish } from "./work.ts";

// Devices of today beside devices and a centre of the next version (scenario 19, P17).

let db: Database;
let next: Version;
let centre: Centre;
let server: Version;
let practice: SmallPractice;
const engines: Engine[] = [];

beforeAll(async () => {
  db = await openCentreDatabase();
  next = await loadNextVersion();
  await next.migrateCentre(db);
});
afterAll(() => db.close());
beforeEach(async () => {
  for (const engine of engines.splice(0)) engine.close();
  server = next;
  centre = await next.openTestCentre({ db });
  practice = await smallPractice(centre);
});

/** A device's files, which one version after the other can run on. */
async function files(name: string): Promise<Sqlite> {
  const branch = practice.branches.leeds;
  return memoryReplicaFor(
    await enrolTestDevice(centre, practice.practice, { branch, profile: "till", name }, systemRandom()),
  );
}
function run(version: Version, sqlite: Sqlite, plugged = true): Engine {
  const lines = { today: today.directUpstream(() => centre), next: next.directUpstream(() => centre) };
  const engine = version.createEngine({
    sqlite,
    upstream: { open: (onClose) => (server === next ? lines.next : lines.today).open(onClose) },
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom(),
    log: silentLog,
    app: "test",
  });
  if (plugged) engine.start();
  else engine.sync.setPlugged(false);
  engines.push(engine);
  return engine;
}
const as = <I, O>(engine: Engine, command: Command<I, O>, input: unknown): O =>
  engine.execute(command, input, { user: practice.people.DO, role: null });

/** All of these have sent everything and seen everything. */
async function meet(...which: Engine[]): Promise<void> {
  for (const engine of which) engine.sync.tryNow();
  let head = -1;
  const [row] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
    practice.practice,
  ]);
  head = row?.seq ?? 0;
  await until(
    () => which.every((engine) => engine.replica.pending().length === 0 && (engine.state.cursor()?.seq ?? 0) >= head),
    () => JSON.stringify(which.map((engine) => [engine.sync.status(), engine.replica.pending().length])),
  );
  const [after] = await centre.db.query<{ seq: number }>("select seq from practice_head where practice_id=$1", [
    practice.practice,
  ]);
  if (after?.seq !== head) await meet(...which);
}
/** Every row of every entity of the next version, as text. */
const everything = (sqlite: Sqlite) =>
  JSON.stringify(
    next.allEntities.map(({ name, columns, foldColumns, mergeable }) => [
      name,
      sqlite
        .prepare(
          `select id, hlc${mergeable ? ", clocks, deleted" : ""},${[...columns, ...foldColumns].map((column) => `"${column}"`)} from "${name}" order by id`,
        )
        .all(),
    ]),
  );
const waits = (engine: Engine) =>
  engine.read.sql<{ n: number }>("select count(*) as n from sync_pending_unknown")[0]?.n ?? 0;
const person = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

/** Everything that only the next version can say, about a patient of today's and one of its own. */
function workOfTheNext(engine: Engine, patient: string): { sale: string; file: string } {
  as(engine, preferName, { patient, name: "Meg", phone: null });
  as(engine, preferName, { patient, name: "Peggy", phone: "07700 900500" });
  as(engine, registerNamed, { name: "Maggie" });
  as(engine, sendLetter, { patient, channel: "post" });
  as(engine, wish, { patient, wish: null, month: "May" });
  const [row] = engine.read.sql<{ id: string }>("select id from recall_wish order by id desc limit 1");
  as(engine, wish, { patient, wish: row?.id, month: "June" });
  const prescription = as(engine, prescribe, { patient });
  const { frame, lens } = practice.products;
  const lab = practice.branches.york;
  const { sale } = as(engine, sell, { patient, prescription, frame, lens, lab, paid: 0 });
  as(engine, payByWallet, { sale, amount: 5000 });
  const file = as(engine, openCase, { patient, subject: "It swims" }) as string;
  as(engine, lend, { case: file });
  return { sale, file };
}

describe("a device of today at a centre of the next version", () => {
  test("scenario 19: applies what it knows, keeps the rest, and is after its update as if it had always been new", async () => {
    const old = await files("old");
    const older = run(today, old);
    const fresh = await files("new");
    const newer = run(next, fresh);
    await meet(older, newer);
    const patient = as(older, registerPatient, person).id;
    await meet(older, newer);
    const { sale, file } = workOfTheNext(newer, patient);
    await meet(newer, older);

    expect(older.read.sql("select phone from patient where family_name='Ellison' and phone is not null")).toEqual([
      { phone: "07700 900500" },
    ]);
    // Money counts whatever it was paid with, and a status that is not known keeps the case in sight.
    expect(older.replica.store.get(today.entityOf("sale"), sale)).toMatchObject({ paid: 5000 });
    expect(older.replica.store.get(today.entityOf("case_file"), file)).toMatchObject({ status: "open" });
    expect(newer.replica.store.get(next.entityOf("case_file"), file)).toMatchObject({ status: "on_loan" });
    expect(waits(older)).toBeGreaterThan(5);

    // It edits the same row, and touches nothing that it does not know.
    as(older, updatePatient, { id: patient, details: { phone: "07700 900600", notes: "rings back" } });
    await meet(older, newer);
    expect(newer.replica.store.get(next.entityOf("patient"), patient)).toMatchObject({
      preferred_name: "Peggy",
      phone: "07700 900600",
    });

    // Updated while there is no line: nothing has to be fetched.
    older.close();
    const updated = run(next, old, false);
    expect(waits(updated)).toBe(0);
    expect(everything(old)).toBe(everything(fresh));
  });

  test("that is filled by pages keeps of them what it does not know", async () => {
    const fresh = await files("new");
    const newer = run(next, fresh);
    await meet(newer);
    const patient = as(newer, registerPatient, person).id;
    workOfTheNext(newer, patient);
    await meet(newer);
    const old = await files("old");
    const older = run(today, old);
    await until(
      () => older.ready(),
      () => "never filled",
    );
    // Some more by the log, over what came with the pages.
    as(newer, preferName, { patient, name: "Peg", phone: null });
    await meet(newer, older);
    older.close();
    run(next, old, false);
    expect(everything(old)).toBe(everything(fresh));
  });

  test("that fetches a row anew keeps of it what it does not know", async () => {
    const fresh = await files("new");
    const newer = run(next, fresh);
    const old = await files("old");
    const older = run(today, old);
    await meet(newer, older);
    const patient = as(newer, registerNamed, { name: "Peggy" });
    await meet(newer, older);
    // The row is lost here, and its next change finds that.
    old.prepare("delete from patient where id=?").run(Buffer.from(patient, "hex"));
    old.prepare("delete from sync_pending_unknown").run();
    as(newer, preferName, { patient, name: "Maggie", phone: "07700 900700" });
    as(newer, preferName, { patient, name: null, phone: null });
    await meet(newer, older);
    await until(
      () => older.replica.store.get(today.entityOf("patient"), patient)?.phone === "07700 900700",
      () => "the row was never fetched",
    );
    older.close();
    run(next, old, false);
    expect(everything(old)).toBe(everything(fresh));
  });

  test("takes back exactly what it had written before its update", async () => {
    const old = await files("old");
    const older = run(today, old);
    await meet(older);
    const patient = as(older, registerPatient, person).id;
    await meet(older);
    older.sync.setPlugged(false);
    as(older, updatePatient, { id: patient, details: { notes: "offline" } });
    older.close();
    const updated = run(next, old, false);
    as(updated, preferName, { patient, name: "Peggy", phone: null });
    const [written] = updated.replica.pending().slice(-1);
    updated.replica.rebase(() => void updated.replica.undo(written?.group ?? ""));
    expect(updated.replica.store.get(next.entityOf("patient"), patient)).toMatchObject({
      notes: "offline",
      preferred_name: null,
    });
  });

  test("keeps what a version after the next one wrote, through its update, too", async () => {
    const old = await files("old");
    const older = run(today, old);
    await meet(older);
    const keep = { kind: "body", fields: null, hlc: "0".repeat(32), body: { entity: "of_the_far_future", row: "1" } };
    old.prepare("insert into sync_pending_unknown (seq, body_index, wire) values (1, 0, ?)").run(JSON.stringify(keep));
    older.close();
    expect(waits(run(next, old, false))).toBe(1);
  });
});

describe("a device of the next version at a centre of today", () => {
  test("waits with everything, also with what it wrote before its update, and sends it once the centre is upgraded", async () => {
    server = today;
    centre = await today.openTestCentre({ db });
    const sqlite = await files("ahead");
    const before = run(today, sqlite, false);
    before.state.setMeta("bootstrap_complete", false);
    before.close();
    // Filled while the centre was new, so that there is something to work on.
    server = next;
    centre = await next.openTestCentre({ db });
    const filled = run(today, sqlite);
    await until(
      () => filled.ready() && filled.sync.status().phase === "live",
      () => "never filled",
    );
    filled.sync.setPlugged(false);
    const patient = as(filled, registerPatient, person).id;
    filled.close();

    server = today;
    centre = await today.openTestCentre({ db });
    const ahead = run(next, sqlite);
    await until(
      () => ahead.sync.status().problem !== null,
      () => JSON.stringify(ahead.sync.status()),
    );
    expect(ahead.sync.status().problem).toMatch(/older version of Horopter.*everything is kept/);
    as(ahead, preferName, { patient, name: "Peggy", phone: null });
    as(ahead, sendLetter, { patient, channel: "email" });
    expect(ahead.replica.pending().map(({ state }) => state)).toEqual(["pending", "pending", "pending"]);

    server = next;
    centre = await next.openTestCentre({ db });
    await meet(ahead);
    expect(ahead.sync.status()).toMatchObject({ phase: "live", problem: null });
    expect(ahead.read.sql("select count(*) as n from sync_quarantine")).toEqual([{ n: 0 }]);
    expect(
      await db.query("select preferred_name from patient where practice_id=$1 and id=$2::uuid", [
        practice.practice,
        patient,
      ]),
    ).toEqual([{ preferred_name: "Peggy" }]);
  });
});

describe("a device that is too old for the centre", () => {
  const oldest = (minima: { minPush: number; minPull: number }) => ({
    ...productMinima,
    schema: { ...productMinima.schema, ...minima },
  });

  test("to be sent anything still sends, is told to update, and has it all once it is", async () => {
    const sqlite = await files("old");
    const older = run(today, sqlite);
    await meet(older);
    older.close();
    centre = await next.openTestCentre({ db, minima: oldest({ minPush: 10, minPull: 990 }) });
    const again = run(today, sqlite);
    const patient = as(again, registerPatient, person).id;
    await until(
      () => again.sync.status().phase === "outdated",
      () => JSON.stringify(again.sync.status()),
    );
    expect(again.sync.status().problem).toMatch(/still sent to the centre.*until Horopter is updated/);
    for (;;) {
      const settled = await db.query("select 1 from patient where practice_id=$1 and id=$2::uuid", [
        practice.practice,
        patient,
      ]);
      if (settled.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    again.close();
    const updated = run(next, sqlite);
    await meet(updated);
    expect(updated.sync.status()).toMatchObject({ phase: "live", problem: null });
  });

  test("to send anything keeps it, works on, and sends it once it is updated", async () => {
    const sqlite = await files("old");
    const older = run(today, sqlite);
    await meet(older);
    older.close();
    centre = await next.openTestCentre({ db, minima: oldest({ minPush: 990, minPull: 990 }) });
    const again = run(today, sqlite);
    await until(
      () => again.sync.status().problem !== null,
      () => JSON.stringify(again.sync.status()),
    );
    expect(again.sync.status().problem).toMatch(/Work goes on and everything is kept here.*updated on this PC/);
    as(again, registerPatient, person);
    expect(again.replica.pending()).toHaveLength(1);
    again.close();
    await meet(run(next, sqlite));
  });
});

test("a replica of the next version is refused by today's, and left as it is", () => {
  const sqlite = openMemoryReplica();
  next.migrateReplica(sqlite, "memory");
  const before = sqlite.serialize();
  expect(() => migrateReplica(sqlite, "the practice's data")).toThrow(
    /newer version of Horopter.*safe and stays untouched\. Install the newer version/,
  );
  expect(sqlite.serialize().equals(before)).toBe(true);
  sqlite.close();
});
