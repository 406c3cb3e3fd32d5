import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrateReplica, openReplica, type Sqlite } from "../replica/open.ts";
import { openCentreDatabase } from "../sim/clinic.ts";
import { directUpstream } from "../sim/direct.ts";
import { sameAsCentre } from "../sim/invariants.ts";
import { enrolTestDevice, openTestCentre, type SmallPractice, smallPractice } from "../sim/practice.ts";
import { prescribe, registerPatient } from "../sim/work.ts";
import { createEngine, type Engine } from "../src-main/engine/engine.ts";
import { createState } from "../src-main/engine/state.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import type { Centre } from "../sync-server/centre.ts";
import type { Database } from "../sync-server/database/database.ts";

const folder = mkdtempSync(join(tmpdir(), "horopter-killed-"));
const path = join(folder, "till.db");
const key = randomBytes(32);
let db: Database;
let centre: Centre;
let practice: SmallPractice;
let sale: Record<string, unknown>;

beforeAll(async () => {
  db = await openCentreDatabase();
  centre = await openTestCentre({ db });
  practice = await smallPractice(centre);
  const place = { branch: practice.branches.leeds, profile: "till" as const, name: "till" };
  const identity = await enrolTestDevice(centre, practice.practice, place, random);
  const sqlite = openReplica({ path, key });
  migrateReplica(sqlite, path);
  createState(sqlite).setMeta("identity", identity);
  const engine = await met(sqlite);
  const person = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03" };
  const actor = { user: practice.people.DO, role: null };
  const patient = (engine.execute(registerPatient, person, actor) as { id: string }).id;
  const prescription = engine.execute(prescribe, { patient }, actor);
  sale = { patient, prescription, ...practice.products, lab: practice.branches.york, paid: 44_700 };
  await settled(engine);
  end(engine);
}, 60_000);
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

function engineOn(sqlite: Sqlite): Engine {
  const upstream = directUpstream(() => centre);
  return createEngine({ sqlite, upstream, clock, timers, random, log: silentLog, app: "test" });
}
async function met(sqlite: Sqlite): Promise<Engine> {
  const engine = engineOn(sqlite);
  engine.start();
  await settled(engine);
  return engine;
}
async function settled(engine: Engine): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    const live = engine.ready() && engine.sync.status().phase === "live";
    if (live && engine.replica.pending().length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it never settled");
}
function end(engine: Engine): void {
  engine.close();
  engine.db.close();
}
/** Sells in a process of its own, which is killed at that moment of the command. */
function sellAndBeKilled(at: "rows" | "committed"): void {
  const script = join(import.meta.dirname, "in-command.ts");
  const args = ["--at", at, "--path", path, "--key", key.toString("hex")];
  const what = ["--user", practice.people.DO, "--sale", JSON.stringify(sale)];
  const child = spawnSync(process.execPath, [script, ...args, ...what], { encoding: "utf8" });
  expect(child.signal, child.stderr).toBe("SIGKILL");
}

test("scenario 1: killed between the rows and the outbox: neither exists, and no number is used", async () => {
  const before = engineOn(openReplica({ path, key }));
  const state = before.state.writeState();
  end(before);
  sellAndBeKilled("rows");
  const engine = engineOn(openReplica({ path, key }));
  for (const table of ["sale", "sale_line", "payment", "stock_movement", "job"])
    expect(engine.read.sql(`select * from ${table}`), table).toEqual([]);
  expect(engine.read.sql("select * from stock_level where on_hand <> 0")).toEqual([]);
  expect(engine.replica.pending()).toEqual([]);
  expect(engine.state.writeState()).toEqual(state);
  end(engine);
});

test("scenario 2: killed after the commit and before the push: sent at the next start, once", async () => {
  sellAndBeKilled("committed");
  const engine = await met(openReplica({ path, key }));
  const [sold] = engine.read.sql<{ number: string; paid: number }>("select number, paid from sale");
  expect(sold).toEqual({ number: "LDS-T1-000001", paid: 44_700 });
  const rows = await db.query<{ number: string }>("select number from sale where practice_id=$1", [practice.practice]);
  expect(rows).toEqual([{ number: "LDS-T1-000001" }]);
  const jobs = await db.query("select id from job where practice_id=$1", [practice.practice]);
  expect(jobs).toHaveLength(1);
  await sameAsCentre(centre, practice.practice, { name: "till", engine });
  end(engine);
  // A second start has nothing left to send.
  const settledGroups = () => db.query("select seq from change_log where practice_id=$1", [practice.practice]);
  const before = await settledGroups();
  end(await met(openReplica({ path, key })));
  expect(await settledGroups()).toEqual(before);
});
