import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { migrations, statementsOf } from "../../../migrations/index.ts";
import { openReplica, type Sqlite } from "../../../replica/open.ts";
import { type Clinic, openCentreDatabase, openClinic, until } from "../../../sim/clinic.ts";
import { flipPages, newPlace, pagesOf, sellGlasses } from "../../../sim/workstations.ts";
import { silentLog, type Timers } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { backupsIn, isDue, keepBackup } from "./backups.ts";
import type { Beside } from "./beside.ts";
import { careRecord, noteCare } from "./log.ts";
import { tasks } from "./tasks.ts";
import { createWatch } from "./watch.ts";

const hour = 3_600_000;
const day = 24 * hour;
const key = new Uint8Array(32).fill(7);

let db: Database;
let clinic: Clinic;
let at: ReturnType<typeof newPlace>;
beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
  at = newPlace(clinic);
  await at.open();
  await at.join();
}, 60_000);
afterAll(async () => {
  await at.remove();
  await clinic.close();
  await db.close();
});

test("a backup is due every hour while work waits to be sent, and once a day otherwise", () => {
  const now = 1_795_000_000_000;
  expect(isDue(null, now, 0)).toBe(true);
  expect([isDue(now - hour + 1, now, 3), isDue(now - hour, now, 3)]).toEqual([false, true]);
  expect([isDue(now - day + 1, now, 0), isDue(now - day, now, 0)]).toEqual([false, true]);
});

describe("keeping backups", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "horopter-backups-"));
    return () => rmSync(folder, { recursive: true, force: true });
  });
  test("seven stay, the oldest go first, and two of those made before a migration", async () => {
    for (let n = 0; n < 10; n++) {
      await keepBackup(folder, { kind: "replica", key }, n * hour, (path) => writeFileSync(path, `${n}`));
      if (n < 4) await keepBackup(folder, { kind: "migration", key, schema: 10 }, n, (path) => writeFileSync(path, ""));
    }
    expect(backupsIn(folder, "replica", key).map((backup) => readFileSync(backup.path, "utf8"))).toEqual([
      "9",
      "8",
      "7",
      "6",
      "5",
      "4",
      "3",
    ]);
    expect(backupsIn(folder, "migration", key).length).toBeLessThanOrEqual(2);
  });
  test("one that was not finished has no name of its own and is gone with the next; the others stay", async () => {
    await keepBackup(folder, { kind: "replica", key }, 0, (path) => writeFileSync(path, "whole"));
    const cut = keepBackup(folder, { kind: "replica", key }, hour, () => {
      throw new Error("the disk is full");
    });
    await expect(cut).rejects.toThrow("full");
    writeFileSync(join(folder, "replica-2026-11-21T10-00-00Z-00000000.db.part"), "half");
    await keepBackup(folder, { kind: "replica", key }, 2 * hour, (path) => writeFileSync(path, "whole"));
    expect(readdirSync(folder).sort()).toEqual(
      backupsIn(folder, "replica", key)
        .map(({ path }) => path.split("/").pop())
        .sort(),
    );
  });
  test("those that another key opens are not taken for this device's", async () => {
    await keepBackup(folder, { kind: "replica", key }, 0, (path) => writeFileSync(path, "old"));
    expect(backupsIn(folder, "replica", new Uint8Array(32).fill(8))).toEqual([]);
  });
});

/** Makes a replica one of the first version: what later migrations made is gone, what they took away is there. */
function takeBack(sqlite: Sqlite): void {
  const all = migrations.flatMap((migration) => statementsOf(migration, "sqlite"));
  const later = migrations.filter(({ number }) => number > 10).flatMap((step) => statementsOf(step, "sqlite"));
  for (const statement of later.reverse()) {
    const [, kind, name] = /^create (?:unique )?(table|index|trigger) "?(\w+)/i.exec(statement) ?? [];
    const [, table, column] = /^alter table "?(\w+)"? add column "?(\w+)/i.exec(statement) ?? [];
    const [, gone] = /^drop index "?(\w+)/i.exec(statement) ?? [];
    if (gone) sqlite.exec(all.find((text) => text.startsWith(`create index "${gone}"`)) ?? "");
    if (kind) sqlite.exec(`drop ${kind} if exists "${name}"`);
    else if (column) sqlite.exec(`alter table "${table}" drop column "${column}"`);
  }
  sqlite.pragma("user_version=10");
}

/** The watch beside the engine, with hands on its clock. */
async function watched(chosen: string | null = null) {
  let due: (() => void)[] = [];
  let now = Date.now();
  const timers: Timers = {
    after(_ms, task) {
      due.push(task);
      return () => {
        due = due.filter((other) => other !== task);
      };
    },
  };
  const troubles: unknown[] = [];
  let running = 0;
  const beside: Beside = async (task, input) => {
    running += 1;
    try {
      return tasks[task](input as never) as never;
    } finally {
      running -= 1;
    }
  };
  const watch = createWatch({
    engine: at.engine,
    path: at.path,
    key: await at.key(),
    chosen,
    clock: { wall: () => now, monotonic: () => now },
    timers,
    log: silentLog,
    beside,
    changed: () => {},
    backedUp: () => {},
    trouble: (error) => troubles.push(error),
  });
  return {
    watch,
    troubles,
    /** Lets this much time pass, a minute's look at its end. */
    async pass(ms: number): Promise<void> {
      now += ms;
      for (const task of due.splice(0)) task();
      await new Promise((resolve) => setImmediate(resolve));
      while (running > 0) await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test("backups are made beside the work, encrypted, and the newest is opened and read once a month", async () => {
  const { watch, pass } = await watched();
  await pass(60_000);
  const first = watch.newest();
  expect(first).not.toBeNull();
  const copy = openReplica({ path: first?.path as string, key: await at.key(), readonly: true });
  expect(copy.prepare("select count(*) from app_user").pluck().get()).toBe(5);
  copy.close();
  expect(readFileSync(first?.path as string).includes("SQLite format")).toBe(false);

  await pass(60_000);
  expect(careRecord(at.engine.state).tested).toMatchObject({ ok: true, backup: first?.at });
  const tested = careRecord(at.engine.state).tested?.at ?? 0;
  await pass(hour);
  expect(watch.newest()?.at).toBe(first?.at);
  at.unplug();
  sellGlasses(clinic, at, "Unsent");
  await pass(60_000);
  expect(watch.newest()?.at).toBeGreaterThan(first?.at ?? 0);
  await at.settled();
  await pass(30 * day);
  await pass(60_000);
  expect(careRecord(at.engine.state).tested?.at).toBeGreaterThan(tested + 29 * day);
  watch.stop();
});

test("a backup that does not read is said, and another is made at once", async () => {
  const { watch, pass } = await watched();
  await pass(2 * day);
  const spoiled = watch.newest();
  flipPages(spoiled?.path as string, [3, 4, 5, 6, 7, 8, 9, 10]);
  noteCare(at.engine.state, { tested: null });
  await pass(60_000);
  expect(careRecord(at.engine.state).tested).toMatchObject({ ok: false, backup: spoiled?.at });
  expect(watch.newest()?.at).toBeGreaterThan(spoiled?.at ?? 0);
  watch.stop();
});

test("a second disk that is not there is said and stops nothing; when it is back, backups go there again", async () => {
  const disk = join(at.folder, "second-disk");
  const { watch, pass } = await watched(disk);
  await pass(10 * 365 * day);
  expect(watch.problem()).toMatchObject({
    code: "BACKUP_FOLDER_MISSING",
    message: expect.stringMatching(/Work goes on/),
  });
  expect(watch.newest()?.path.startsWith(join(at.folder, "backups"))).toBe(true);
  mkdirSync(disk);
  await pass(60_000);
  expect(watch.problem()).toBeNull();
  expect(watch.newest()?.path.startsWith(disk)).toBe(true);
  watch.stop();
  rmSync(disk, { recursive: true });
});

test("before a newer version changes the schema, the replica is backed up", async () => {
  await at.close();
  const sqlite = openReplica({ path: at.path, key: await at.key() });
  const schema = sqlite.pragma("user_version", { simple: true }) as number;
  takeBack(sqlite);
  sqlite.close();
  await at.open();
  const [backup] = backupsIn(join(at.folder, "backups"), "migration", await at.key());
  const copy = openReplica({ path: backup?.path as string, key: await at.key(), readonly: true });
  expect(copy.pragma("user_version", { simple: true })).toBe(10);
  expect(at.engine.db.pragma("user_version", { simple: true })).toBe(schema);
  copy.close();
});

test("a damaged page that nobody has looked at is found by the backup that reads it", async () => {
  await at.settled();
  const pages = pagesOf(at.engine, "sale_line").map(({ page }) => page);
  await at.close();
  flipPages(at.path, pages);
  await at.open();
  await at.station.backUp();
  await until(
    () => at.station.engineOrNull() !== null && at.station.care().events.some(({ kind }) => kind === "repaired"),
    () => JSON.stringify(at.station.care()),
  );
  await at.settled();
});
