import { afterAll, beforeAll, expect, test } from "vitest";
import { systemRandom } from "../../replica/crypto.ts";
import { type Postgres, startPostgres } from "../../scripts/postgres.ts";
import type { Engine } from "../../src-main/engine/engine.ts";
import { registerPatient, updatePatient } from "../../src-main/engine/patients/commands.ts";
import type { Command } from "../../src-main/engine/write/define.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../../sync-server/centre.ts";
import type { Database } from "../../sync-server/database/database.ts";
import { openPostgres } from "../../sync-server/database/postgres.ts";
import { until } from "../clinic.ts";
import {
  enrolTestDevice,
  memoryReplicaFor,
  type SmallPractice,
  smallPractice,
  systemClock,
  systemTimers,
} from "../practice.ts";
import * as today from "../version.ts";
import { loadNextVersion, type Version } from "./index.ts";
import { preferName, sendLetter } from "./work.ts";

// A rolling upgrade: a server of today goes on over a database that the next version's has migrated meanwhile.

let postgres: Postgres;
let next: Version;
const databases: Database[] = [];
const centres: Centre[] = [];
const engines: Engine[] = [];
let practice: SmallPractice;

async function server(version: Version): Promise<Centre> {
  const db = await openPostgres(postgres.url, 4);
  databases.push(db);
  await version.migrateCentre(db);
  const centre = await version.openTestCentre({ db });
  await centre.hub.start();
  centres.push(centre);
  return centre;
}

async function device(version: Version, server: Centre, of: Version, name: string): Promise<Engine> {
  const branch = practice.branches.leeds;
  const identity = await enrolTestDevice(server, practice.practice, { branch, profile: "till", name }, systemRandom());
  const engine = version.createEngine({
    sqlite: memoryReplicaFor(identity),
    upstream: of.directUpstream(() => server),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom(),
    log: silentLog,
    app: "test",
  });
  engine.start();
  engines.push(engine);
  return engine;
}
const live = (engine: Engine) =>
  until(
    () => engine.ready() && engine.sync.status().phase === "live",
    () => JSON.stringify(engine.sync.status()),
  );
const sent = (engine: Engine) =>
  until(
    () => engine.replica.pending().length === 0,
    () => `${JSON.stringify(engine.sync.status())}, ${engine.replica.pending().length} wait`,
  );
const doAs = <I, O>(engine: Engine, command: Command<I, O>, input: unknown): O =>
  engine.execute(command, input, { user: practice.people.DO, role: null });
const shown = (engine: Engine, id: string, column: string) =>
  engine.replica.store.get(next.entityOf("patient"), id)?.[column];

beforeAll(async () => {
  postgres = await startPostgres();
  next = await loadNextVersion();
});
afterAll(async () => {
  for (const engine of engines) engine.close();
  for (const centre of centres) await centre.hub.stop();
  for (const db of databases) await db.close();
  await postgres.stop();
});

test("a server of today works on over a database that the next version has migrated, and loses nothing of it", async () => {
  const older = await server(today);
  practice = await smallPractice(older);
  const till = await device(today, older, today, "till");
  await live(till);
  const person = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03" };
  const patient = doAs(till, registerPatient, { ...person, phone: "07700 900418" }).id;
  doAs(till, updatePatient, { id: patient, details: { phone: "07700 900419" } });
  await sent(till);

  const newer = await server(next);
  const newTill = await device(next, newer, next, "new till");
  await live(newTill);
  doAs(newTill, preferName, { patient, name: "Peggy", phone: null });
  doAs(newTill, sendLetter, { patient, channel: "post" });
  await sent(newTill);

  // Every statement that the older server has prepared still holds, and writes over nothing that it does not know.
  doAs(till, updatePatient, { id: patient, details: { phone: "07700 900420", notes: "rings back" } });
  await sent(till);
  await until(
    () => shown(newTill, patient, "phone") === "07700 900420",
    () => "the newer till never saw the change",
  );
  expect(shown(newTill, patient, "preferred_name")).toBe("Peggy");
  const [row] = await newer.db.query<{ preferred_name: string; phone: string }>(
    "select preferred_name, phone from patient where practice_id=$1 and id=$2::uuid",
    [practice.practice, patient],
  );
  expect(row).toEqual({ preferred_name: "Peggy", phone: "07700 900420" });
  expect(await newer.db.query("select channel from recall_letter")).toEqual([{ channel: "post" }]);

  // It does not fill devices any more: they could not tell what it leaves out.
  const late = await device(today, older, today, "late");
  await until(
    () => late.sync.status().problem !== null,
    () => "the device was filled",
  );
  expect(late.sync.status().problem).toMatch(/being upgraded.*filled as soon as that is done/);
  expect(late.ready()).toBe(false);

  // And a newer device is told to wait, with all that it has.
  const waiting = await device(next, older, today, "waiting");
  await until(
    () => waiting.sync.status().problem !== null,
    () => "the device was let in",
  );
  expect(waiting.sync.status().problem).toMatch(/older version of Horopter.*everything is kept/);

  await expect(today.migrateCentre(older.db)).rejects.toThrow(today.SchemaFromTheFuture);
});
