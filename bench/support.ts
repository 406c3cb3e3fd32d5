/** What the benches share: folders that go away again, a small practice, engines on encrypted files. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateReplica, openReplica, type Sqlite } from "../replica/open.ts";
import { enrolTestDevice, type SmallPractice, smallPractice } from "../sim/practice.ts";
import { prescribe } from "../sim/work.ts";
import { type CheckoutInput, checkout } from "../src-main/engine/dispensing/checkout.ts";
import { createEngine, type Engine } from "../src-main/engine/engine.ts";
import { registerPatient } from "../src-main/engine/patients/commands.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { Upstream } from "../src-main/engine/sync/upstream.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { newId } from "../src-shared/sync/ids.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import type { Centre } from "../sync-server/centre.ts";
import { writeAsCentre } from "../sync-server/settle/write-as-centre.ts";

/** A new folder for a bench's files, removed when the work is over, however it ends. */
export async function inFolder(name: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), `horopter-bench-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  try {
    await work(folder);
  } finally {
    process.removeListener("exit", remove);
    remove();
  }
}

export interface BenchPractice extends SmallPractice {
  /** A third thing to sell, not in stock: an invoice has three lines. */
  readonly coating: Id;
}

/** The simulator's small practice and a coating. */
export async function benchPractice(centre: Centre): Promise<BenchPractice> {
  const practice = await smallPractice(centre);
  const coating = newId(centre.now(), centre.random);
  await centre.db.transaction((tx) =>
    writeAsCentre(centre.settle, tx, practice.practice, "bench.practice", [
      {
        entity: "product",
        id: coating,
        fields: {
          sku: "COAT-1",
          barcode: null,
          kind: "coating",
          brand: null,
          name: "Clear coating",
          details: {},
          price: 4500,
          vat_rate: 2000,
          stocked: false,
          active: true,
        },
      },
    ]),
  );
  return { ...practice, coating };
}

/** Enrols a device of the practice at the centre. */
export function benchDevice(
  centre: Centre,
  practice: BenchPractice,
  profile: DeviceProfile,
  branch: Id,
): Promise<Identity> {
  return enrolTestDevice(centre, practice.practice, { branch, profile, name: `Bench ${profile}` }, random);
}

export interface BenchEngine {
  readonly engine: Engine;
  readonly path: string;
  readonly key: Uint8Array;
  /** Ends the engine and closes its two connections; the file stays. */
  close(): void;
}

/** An engine as a shell starts it: an encrypted file, one connection that writes and one that reads. */
export function openEngine(folder: string, name: string, identity: Identity, upstream: Upstream): BenchEngine {
  return openEngineOn({ path: join(folder, `${name}.db`), key: randomBytes(32), identity, upstream });
}

/** The same on a file that may be there already, with its device in it. */
export function openEngineOn({
  path,
  key,
  identity,
  upstream,
}: {
  readonly path: string;
  readonly key: Uint8Array;
  readonly identity?: Identity;
  readonly upstream: Upstream;
}): BenchEngine {
  const sqlite = openReplica({ path, key });
  migrateReplica(sqlite, path);
  const readSqlite = openReplica({ path, key, readonly: true });
  const engine = createEngine({
    sqlite,
    readSqlite,
    ...(identity ? { identity } : {}),
    upstream,
    clock,
    timers,
    random,
    log: silentLog,
    app: "bench",
  });
  return {
    engine,
    path,
    key,
    close() {
      engine.close();
      readSqlite.close();
      sqlite.close();
    },
  };
}

/** A second encrypted file with the schema and the settings of a replica, for a floor to write to. */
export function openBareFile(folder: string, name: string): Sqlite {
  const path = join(folder, `${name}.db`);
  const sqlite = openReplica({ path, key: randomBytes(32) });
  migrateReplica(sqlite, path);
  return sqlite;
}

/** Starts the engine and waits until its replica is filled and up to date. */
export async function fill(engine: Engine): Promise<void> {
  engine.start();
  await until(() => engine.ready() && engine.sync.status().phase === "live", 30_000, "the replica to be filled");
}

/** Looks every two milliseconds until it is true. `within`: milliseconds, then it throws. */
export async function until(isTrue: () => boolean | Promise<boolean>, within: number, what: string): Promise<void> {
  const deadline = performance.now() + within;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`Waited ${within} ms for ${what}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 2));
  }
}

/** The dispenser of the practice, at this device. */
export function dispenser(practice: BenchPractice): { user: Id; role: Id | null } {
  return { user: practice.people.DO, role: null };
}

/** Registers patients with a prescription each and returns what a checkout of each of them says. */
export function makeBaskets(engine: Engine, practice: BenchPractice, count: number): CheckoutInput[] {
  const actor = dispenser(practice);
  return Array.from({ length: count }, (_, n): CheckoutInput => {
    const person = {
      givenName: "Margaret",
      familyName: `Ellison ${n}`,
      dateOfBirth: "1958-12-03",
      phone: `07700 900${100 + (n % 900)}`,
    };
    const { id } = engine.execute(registerPatient, person, actor);
    return {
      patientId: id,
      prescriptionId: engine.execute(prescribe, { patient: id }, actor),
      handoffId: null,
      frameId: practice.products.frame,
      lensId: practice.products.lens,
      coatingIds: [practice.coating],
      extraIds: [],
      discount: 0,
      measurements: { pd_r: 315, pd_l: 305, height_r: 190, height_l: 190, bvd: 120 },
      rush: false,
      note: null,
      tenders: [{ tender: "card", amount: 49_200, reference: null }],
    };
  });
}

/** Sells glasses to `count` new patients: as many jobs. */
export function sellGlasses({ engine }: BenchEngine, practice: BenchPractice, count: number): void {
  for (const basket of makeBaskets(engine, practice, count)) engine.execute(checkout, basket, dispenser(practice));
}

/** Starts one every so many milliseconds, whether or not the one before has arrived; resolves with the times of all. */
export async function paced(count: number, every: number, send: (n: number) => Promise<number>): Promise<number[]> {
  const start = performance.now();
  const times: Promise<number>[] = [];
  for (let n = 0; n < count; n++) {
    const wait = start + n * every - performance.now();
    if (wait > 0) await new Promise<void>((resolve) => setTimeout(resolve, wait));
    times.push(send(n));
  }
  return Promise.all(times);
}
