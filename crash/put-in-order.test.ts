import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clinic, openCentreDatabase, openClinic } from "../sim/clinic.ts";
import { flipPages, newPlace, type Place, pagesOf, sellGlasses } from "../sim/workstations.ts";
import { backupsIn } from "../src-main/engine/care/backups.ts";
import type { Database } from "../sync-server/database/database.ts";

let db: Database;
let clinic: Clinic;
/** A till that is closed: a sale that the centre knows, a backup with one more, and one that nothing else knows. */
let till: Place;
let key: Uint8Array;
let backup: string;
const numbers = { known: "", saved: "", unsent: "" };
/** The groups of the two sales that the centre does not know. */
let unsent: readonly string[];
/** Pages of its file that a repair has to do without. */
let pages: readonly number[];
const folders: string[] = [];

beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
  till = newPlace(clinic);
  await till.open();
  await till.join();
  numbers.known = sellGlasses(clinic, till, "Known").number;
  await till.settled();
  till.unplug();
  numbers.saved = sellGlasses(clinic, till, "Saved").number;
  await till.station.backUp();
  numbers.unsent = sellGlasses(clinic, till, "Unsent").number;
  key = await till.key();
  backup = backupsIn(join(till.folder, "backups"), "replica", key)[0]?.path ?? "";
  unsent = salesIn(till);
  pages = [1, ...pagesOf(till.engine, "patient").map(({ page }) => page)];
  await till.close();
  // What Node compiles is kept for the next process, but not by one that is killed.
  await killedAt(0, copyOfTill(till.folder));
}, 60_000);
afterAll(async () => {
  await till.remove();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  await clinic.close();
  await db.close();
});

/** The till's folder once more, without a line. */
function copyOfTill(from: string): Place {
  const folder = mkdtempSync(join(tmpdir(), "horopter-cut-"));
  folders.push(folder);
  cpSync(from, folder, { recursive: true });
  const place = newPlace(clinic, { folder, secrets: till.secrets });
  place.plugged = false;
  return place;
}

/** Opens the folder in a process of its own that is killed at its n-th step; false when it came to its end before. */
async function killedAt(step: number, { folder }: Place, restore?: string): Promise<boolean> {
  const module = (name: string) => new URL(name, import.meta.url).pathname;
  const args = [
    "--folder",
    folder,
    "--key",
    Buffer.from(key).toString("hex"),
    ...(restore ? ["--restore", restore] : []),
  ];
  const child = spawn(process.execPath, ["--import", module("./at-step.ts"), module("./put-in-order.ts"), ...args], {
    env: { ...process.env, HOROPTER_DIE_AT_STEP: String(step) },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = text(child.stderr);
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (signal !== "SIGKILL") expect([code, await said]).toEqual([0, ""]);
  return signal === "SIGKILL";
}

/** Does this for every step from `first` on at which the process can be killed, two at a time; returns the last one. */
async function atEveryStep(each: (step: number) => Promise<boolean>, first = 1): Promise<number> {
  let next = first;
  let last = Infinity;
  async function worker(): Promise<void> {
    while (next < last) {
      const step = next++;
      if (!(await each(step))) last = Math.min(last, step);
    }
  }
  await Promise.all([worker(), worker()]);
  return last - 1;
}

const salesIn = (at: Place) =>
  at.engine.db
    .prepare("select header from sync_outbox where state='pending' and command='sim.sell' order by device_seq")
    .pluck()
    .all()
    .map((header) => (JSON.parse(header as string) as { group: string }).group);

/** One folder with what was there is left, and nothing of what was on its way. */
function expectTidy({ folder }: Place, kind: "damaged" | "replaced" | null): void {
  const names = readdirSync(folder);
  expect(names.filter((name) => /^(damaged|replaced|unfinished)-/.test(name))).toHaveLength(kind ? 1 : 0);
  expect(names.filter((name) => /next|\.tmp|\.draft|\.part|aside/.test(name))).toEqual([]);
  const aside = names.find((name) => kind && name.startsWith(kind));
  if (aside) expect(readdirSync(join(folder, aside)).filter((name) => !name.startsWith("replica.db"))).toEqual([]);
}

test("power that fails at any step of a repair: the next start finishes it, and what was not sent is there", async () => {
  const broken = copyOfTill(till.folder);
  flipPages(broken.path, pages);
  let settled = false;
  const steps = await atEveryStep(async (step) => {
    const at = copyOfTill(broken.folder);
    const killed = await killedAt(step, at);
    await at.open();
    expect(at.station.care(), `step ${step}`).toMatchObject({ problem: null, lost: null, fence: null });
    expect(at.station.care().events).toMatchObject([{ kind: "repaired", goesOn: "same", missing: 0 }]);
    expect(salesIn(at)).toEqual(unsent);
    expectTidy(at, "damaged");
    if (!settled) {
      settled = true;
      await at.settled();
      expect(
        at.engine.read.sql<{ number: string }>("select number from sale order by number").map(({ number }) => number),
      ).toEqual(Object.values(numbers).sort());
    }
    await at.remove();
    return killed;
  });
  expect(steps).toBeGreaterThan(6);
}, 60_000);

test("power that fails at any step of a restore: the old data is there whole, or the restored with what was not sent", async () => {
  const steps = await atEveryStep(async (step) => {
    const at = copyOfTill(till.folder);
    const killed = await killedAt(step, at, backup);
    await at.open();
    const { problem, fence } = at.station.care();
    expect(problem).toBeNull();
    // The restored one has both at its end: first what it had itself, then what came along from the one it replaced.
    expect(salesIn(at), `step ${step}`).toEqual(unsent);
    expectTidy(at, fence ? "replaced" : null);
    if (!killed) expect(fence).not.toBeNull();
    await at.remove();
    return killed;
  });
  expect(steps).toBeGreaterThan(6);
}, 60_000);

test("power that fails while a backup is put on a PC whose data is gone: it is there, or can be put there again", async () => {
  // From about where the note of it is on the disk.
  const steps = await atEveryStep(async (step) => {
    const at = copyOfTill(till.folder);
    rmSync(at.path);
    const killed = await killedAt(step, at, backup);
    const begun = existsSync(at.path) || existsSync(join(at.folder, "replica-aside.json"));
    // Where nothing had begun, the person asks again.
    await at.open(begun ? {} : { restore: backup });
    expect(at.station.care().problem, `step ${step}`).toBeNull();
    expect(salesIn(at), `step ${step}`).toEqual(unsent.slice(0, 1));
    expectTidy(at, null);
    await at.remove();
    return killed;
  }, 3);
  expect(steps).toBeGreaterThan(5);
}, 60_000);
