import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openReplica } from "../../../replica/open.ts";
import { clinicWithPlaces } from "../../../sim/care.ts";
import type { Clinic } from "../../../sim/clinic.ts";
import { type Place, sellGlasses } from "../../../sim/workstations.ts";
import { staffRouter } from "../router.ts";

const { clinic: currentClinic, place, joinedTill } = clinicWithPlaces();
let clinic: Clinic;
beforeEach(() => {
  clinic = currentClinic();
});

/** A till with a sale that only it has, closed. */
async function till() {
  const at = await joinedTill();
  at.unplug();
  const { number } = sellGlasses(clinic, at, "Unsent");
  await at.close();
  return { at, number };
}
/** Opens, and expects the screen that says this instead of the work; nothing on the disk is touched. */
async function expectProblem(at: Place, code: string, words: RegExp): Promise<void> {
  const before = readFileSync(at.path);
  const keys = at.secrets.entries.size;
  await at.open();
  const caller = staffRouter.createCaller(at.station.context("window"));
  expect(await caller.setup.state()).toMatchObject({ stage: "problem" });
  expect((await caller.care.state()).problem).toMatchObject({ code, message: expect.stringMatching(words) });
  await expect(
    caller.setup.join({ serverUrl: "http://centre", code: "ABCDEFGHJKLM", deviceName: "Till" }),
  ).rejects.toThrow(words);
  expect(readFileSync(at.path).equals(before)).toBe(true);
  expect(at.secrets.entries.size).toBe(keys);
  expect(readdirSync(at.folder).filter((name) => /^(damaged|replaced|unfinished)-/.test(name))).toEqual([]);
}
async function expectAtWork(at: Place, number: string): Promise<void> {
  expect(at.station.care().problem).toBeNull();
  expect(at.engine.read.sql("select number from sale")).toEqual([{ number }]);
}

test("a lost keychain entry: said on the screen, no new key is made, and when it is back work goes on", async () => {
  const { at, number } = await till();
  const kept = new Map(at.secrets.entries);
  at.secrets.entries.clear();
  await expectProblem(at, "KEY_MISSING", /no new key was made/);
  for (const [name, value] of kept) at.secrets.entries.set(name, value);
  await staffRouter.createCaller(at.station.context("window")).care.retry();
  await expectAtWork(at, number);
});

test("while it is tried again the screen stays as it is: nothing is said to be repaired, nobody is asked to set up anew", async () => {
  const { at, number } = await till();
  const { get } = at.secrets;
  const kept = new Map(at.secrets.entries);
  at.secrets.entries.clear();
  await expectProblem(at, "KEY_MISSING", /no new key was made/);
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const slowly = async (name: string) => {
    await asked;
    return get(name);
  };
  Object.assign(at.secrets, { get: slowly });
  const caller = staffRouter.createCaller(at.station.context("window"));
  const trying = Promise.all([caller.care.retry(), caller.care.retry()]);
  expect(await caller.setup.state()).toMatchObject({ stage: "problem" });
  expect((await caller.care.state()).problem).toMatchObject({ code: "KEY_MISSING" });
  for (const [name, value] of kept) at.secrets.entries.set(name, value);
  answer();
  await trying;
  await expectAtWork(at, number);
});

test("another key under the entry's name: said on the screen, and the data stays as it is", async () => {
  const { at, number } = await till();
  const [[name, value]] = [...at.secrets.entries] as [[string, string]];
  at.secrets.entries.set(name, "ab".repeat(32));
  await expectProblem(at, "KEY_MISMATCH", /not the one that was put there/);
  at.secrets.entries.set(name, value);
  await at.station.retry();
  await expectAtWork(at, number);
});

test("a replica copied to a PC with keys of its own: it does not open there, is not taken for damage, and opens at home", async () => {
  const { at: home, number } = await till();
  const { at: away } = await till();
  for (const end of ["", "-wal", "-shm"]) {
    if (existsSync(`${home.path}${end}`)) copyFileSync(`${home.path}${end}`, `${away.path}${end}`);
  }
  await expectProblem(away, "WRONG_KEY", /does not open the data.*do not delete the file/s);
  await home.open();
  await expectAtWork(home, number);
});

test("data of a newer version: said on the screen, which offers to try again and nothing else", async () => {
  const { at } = await till();
  const sqlite = openReplica({ path: at.path, key: await at.key() });
  sqlite.pragma("user_version=9990");
  sqlite.close();
  await expectProblem(at, "FROM_THE_FUTURE", /safe and stays untouched\. Install the newer version/);
  const screen = readFileSync(join(import.meta.dirname, "../../../src-renderer/staff/care/index.tsx"), "utf8");
  const shown = screen.slice(screen.indexOf("function DataProblem"), screen.indexOf("function Repairing"));
  expect(shown.match(/<Button/g)).toHaveLength(1);
  expect(shown).toContain('t("retry")');
});

test("a file that joining left behind before it said whose it is: joining begins again", async () => {
  const at = place();
  openReplica({ path: at.path, key: await at.key() }).close();
  await at.open();
  expect(await staffRouter.createCaller(at.station.context("window")).setup.state()).toMatchObject({
    stage: "first_run",
  });
  await at.join();
  expect(at.engine.ready()).toBe(true);
});

interface Told {
  /** Receipts that were shown. */
  readonly sold: readonly string[];
  readonly refused: { readonly code: string; readonly message: string };
  /** What laying the log into the file said. */
  readonly checkpoint: string;
  /** Sales that could still be read after that. */
  readonly readable: number;
}

/** Sells without end in a process of its own whose files may not grow beyond so many KiB, as on a full disk. */
function sellUntilFull(at: Place, kib: number, key: Uint8Array): Told {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    import { openReplica } from ${module("../../../replica/open.ts")};
    import { createEngine } from ${module("../engine.ts")};
    import { clock, random, timers } from ${module("../../host/surroundings.ts")};
    import { prescribe, registerPatient, sell } from ${module("../../../sim/work.ts")};
    const { path, key, practice } = ${JSON.stringify({ path: at.path, key: Buffer.from(key).toString("hex"), practice: clinic.practice })};
    const sqlite = openReplica({ path, key: Buffer.from(key, "hex") });
    const log = { info() {}, warn() {}, error() {} };
    const upstream = { open: () => Promise.reject(new Error("no line")) };
    const engine = createEngine({ sqlite, upstream, clock, timers, random, log, app: "test" });
    const actor = { user: practice.people.DO, role: null };
    const told = { sold: [], refused: null, checkpoint: "ok", readable: 0 };
    for (let n = 0; n < 500 && !told.refused; n++) {
      try {
        const patient = engine.execute(registerPatient, { givenName: "Ada", familyName: "Full " + n, dateOfBirth: "1958-12-03" }, actor).id;
        const prescription = engine.execute(prescribe, { patient }, actor);
        const { frame, lens } = practice.products;
        const lab = practice.branches.york;
        told.sold.push(engine.execute(sell, { patient, prescription, frame, lens, lab, paid: 44700 }, actor).number);
      } catch (error) {
        told.refused = { code: error.code, message: error.message };
      }
    }
    try {
      sqlite.pragma("wal_checkpoint(PASSIVE)");
    } catch (error) {
      told.checkpoint = error.code;
    }
    told.readable = engine.read.sql("select number from sale").length;
    process.stdout.write(JSON.stringify(told), () => process.exit());`;
  const child = spawnSync(
    "bash",
    [
      "-c",
      `ulimit -f ${kib}; exec "$0" "$@"`,
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      "--input-type=module",
      "-e",
      script,
    ],
    { encoding: "utf8" },
  );
  expect(child.stderr).toBe("");
  return JSON.parse(child.stdout) as Told;
}

test("scenario 6: a full disk, in a commit and in a checkpoint: said in words, nothing half there, and with space it goes on", async () => {
  if (process.platform === "win32") return;
  const { at, number: first } = await till();
  // A file without a free page has to grow for what is sold now.
  const sqlite = openReplica({ path: at.path, key: await at.key() });
  sqlite.exec("create table filler (bytes); insert into filler values (zeroblob(600000)); vacuum");
  sqlite.close();

  const told = sellUntilFull(at, Math.ceil(statSync(at.path).size / 1024), await at.key());
  expect(told.refused).toMatchObject({
    code: "DISK_FULL",
    message: expect.stringMatching(/was not saved, everything before it is safe/),
  });
  expect(told.sold.length).toBeGreaterThan(0);
  expect(told.checkpoint).toMatch(/^SQLITE_(IOERR|FULL)/);
  expect(told.readable).toBe(1 + told.sold.length);

  at.plugged = false;
  await at.open();
  const numbers = () => at.engine.read.sql<{ number: string }>("select number from sale order by number");
  expect(numbers().map(({ number }) => number)).toEqual([first, ...told.sold]);
  // Nothing half there: every sale has its lines, its payment and its group.
  for (const table of ["sale_pair", "payment"]) {
    expect(at.engine.read.sql(`select 1 from ${table}`)).toHaveLength(numbers().length);
  }
  const next = sellGlasses(clinic, at, "Next");
  expect(Number(next.number.slice(-6))).toBe(told.sold.length + 2);
  await at.settled();
  expect(await clinic.rows("sale")).toHaveLength(told.sold.length + 2);
});
