import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { systemRandom } from "../../replica/crypto.ts";
import { type Clinic, openCentreDatabase, openClinic, until } from "../../sim/clinic.ts";
import { directUpstream } from "../../sim/direct.ts";
import { systemClock, systemTimers } from "../../sim/practice.ts";
import { registerPatient } from "../../sim/work.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../../sync-server/centre.ts";
import type { Database } from "../../sync-server/database/database.ts";
import { storeCode } from "../../sync-server/identity/enrol.ts";
import { destroyDataKey, openDataKey } from "../secrets/data-key.ts";
import { keyFile } from "../secrets/key-file.ts";
import type { SecretStore } from "../secrets/store.ts";
import { revokeDevice } from "./access/commands.ts";
import { createWorkstation, type Workstation } from "./workstation.ts";

let db: Database;
let clinic: Clinic;
let folder: string;
let secrets: SecretStore;
let reachable: boolean;
/** What the next attempt to destroy the key runs into. */
let powerCut: Error | null;
const running: Workstation[] = [];

beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  folder = await mkdtemp(join(tmpdir(), "horopter-erasure-"));
  secrets = await keyFile.open({ path: folder, scope: "00".repeat(16) }, "first");
  reachable = true;
  powerCut = null;
});
afterEach(async () => {
  for (const workstation of running.splice(0)) await workstation.close();
  await clinic.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => db.close());

async function start(): Promise<Workstation> {
  const workstation = await createWorkstation({
    folder,
    dataKey: () => openDataKey({ folder, secrets }),
    async destroyKey() {
      if (powerCut) throw powerCut;
      await destroyDataKey({ folder, secrets });
    },
    connect: () => directUpstream((): Centre | null => (reachable ? clinic.centre() : null)),
    clock: systemClock,
    timers: systemTimers,
    random: systemRandom(),
    log: silentLog,
    version: "test",
    pcName: "Till 1",
  });
  running.push(workstation);
  return workstation;
}

async function joinPractice(workstation: Workstation): Promise<void> {
  const { practice, branches } = clinic.practice;
  const input = { practice, by: null, branch: branches.leeds, deviceName: "Till 1", profile: "till" } as const;
  const { code } = await storeCode(clinic.centre(), input);
  await workstation.join("http://centre", (connection, keys) =>
    connection.enrol({ code, deviceName: "Till 1", ...keys }),
  );
  await until(
    () => workstation.engine().ready() && workstation.engine().sync.status().phase === "live",
    () => "it never filled",
  );
}

/** A till with work that nobody else has, taken out by head office while it has no line. */
async function tillTakenOut(): Promise<Workstation> {
  const till = await start();
  await joinPractice(till);
  const office = await clinic.device("single", "office");
  till.engine().sync.setPlugged(false);
  till
    .engine()
    .execute(
      registerPatient,
      { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" },
      { user: clinic.practice.people.DO, role: null },
    );
  mkdirSync(join(folder, "backups"));
  writeFileSync(join(folder, "backups", "replica-2026-11-20.db"), "encrypted pages");
  writeFileSync(join(folder, "snapshot.db.part"), "half a download");
  writeFileSync(join(folder, "reading.tmp"), "pages of a damaged replica");
  writeFileSync(join(folder, "engine.log"), "ids and counts");
  office.as("OW", revokeDevice, { id: till.engine().identity().device });
  await clinic.meet(office);
  return till;
}

const held = () =>
  db.query("select group_id from verdict where practice_id=$1 and code='review'", [clinic.practice.practice]);
const isErased = async () => {
  const names = readdirSync(folder, { recursive: true }).map(String);
  expect(names.filter((name) => /\.db|\.part|\.tmp|backups/.test(name))).toEqual([]);
  expect(names).toContain("engine.log");
  expect(await readFile(join(folder, "secrets.unprotected.json"), "utf8")).not.toContain("data-key");
};

test("a PC that was taken out hands over what it has, destroys key and files, says why, and may join again", async () => {
  const till = await tillTakenOut();
  let told = 0;
  till.onChange((touched) => {
    if (touched.has("*")) told += 1;
  });
  till.engine().sync.setPlugged(true);
  await until(
    () => till.takenOutAt() !== null && !existsSync(join(folder, "replica.db")),
    () => "nothing was erased",
  );
  await isErased();
  expect(told).toBeGreaterThan(0);
  expect(till.engineOrNull()).toBe(null);
  expect(till.serverUrl()).toBe(null);
  expect(await held()).toHaveLength(1);
  // The next start says so too, and opens nothing.
  await till.close();
  const again = await start();
  expect(again.takenOutAt()).not.toBe(null);
  await joinPractice(again);
  expect(again.takenOutAt()).toBe(null);
  expect(again.engine().identity().terminalCode).not.toBe("T1");
  expect(existsSync(join(folder, "taken-out.json"))).toBe(false);
});

test("a power cut in the middle of it goes on at the next start", async () => {
  const till = await tillTakenOut();
  powerCut = new Error("the power went");
  till.engine().sync.setPlugged(true);
  await until(
    () => till.takenOutAt() !== null,
    () => "it was never told",
  );
  await till.close();
  expect(existsSync(join(folder, "replica.db"))).toBe(true);
  powerCut = null;
  const next = await start();
  expect(next.engineOrNull()).toBe(null);
  await isErased();
  expect(next.takenOutAt()).not.toBe(null);
});

test("while the centre cannot be reached nothing is erased", async () => {
  const till = await tillTakenOut();
  reachable = false;
  till.engine().sync.setPlugged(true);
  await until(
    () => till.engine().sync.status().phase === "offline",
    () => till.engine().sync.status().phase,
  );
  await till.close();
  const next = await start();
  expect(next.takenOutAt()).toBe(null);
  expect(next.engine().replica.pending()).toHaveLength(1);
  expect(existsSync(join(folder, "backups", "replica-2026-11-20.db"))).toBe(true);
});
