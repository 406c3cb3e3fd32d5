import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { schemaVersion } from "../../migrations/index.ts";
import { type Clinic, type ClinicDevice, openClinic } from "../../sim/clinic.ts";
import { pay, prescribe, registerPatient, sell } from "../../sim/work.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { type Booted, boot } from "../boot.ts";
import { migrateCentre, migrateTo } from "../database/migrate.ts";
import { openPglite } from "../database/pglite.ts";
import { startHttp } from "../http.ts";
import { backUp, checkBackup } from "./dump.ts";
import { load, refuseNewer } from "./load.ts";

const run = promisify(execFile);
let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "horopter-backup-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** One of the scripts, as `npm run` starts it. */
async function script(name: "backup" | "restore", ...args: string[]): Promise<{ code: number; said: string }> {
  const env = { ...process.env, DATABASE_URL: "", HOROPTER_SECRET: "" };
  const all = ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, `${name}.ts`), ...args];
  return run(process.execPath, all, { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
  );
}
const start = (dataFolder: string) =>
  boot({ dataFolder, databaseUrl: null, demo: false, log: silentLog, secret: null });

function order(clinic: Clinic, till: ClinicDevice, paid: number): { sale: string; number: string } {
  const { products, branches } = clinic.practice;
  const details = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };
  const patient = (till.as("DO", registerPatient, details) as { id: string }).id;
  const prescription = till.as("DO", prescribe, { patient });
  return till.as("DO", sell, {
    patient,
    prescription,
    frame: products.frame,
    lens: products.lens,
    lab: branches.york,
    paid,
  });
}

test("scenario 20: a centre backed up at work is restored on an empty machine: nothing lost, nothing doubled, no number again", async () => {
  const [old, fresh, file] = [join(home, "old"), join(home, "fresh"), join(home, "monday.backup")];
  let running: Booted | null = await start(old);
  const http = await startHttp(running.centre, { host: "127.0.0.1", port: 0, backUp: running.backUp });
  running.announce(http.url);
  const clinic = await openClinic(running.centre);
  try {
    const [a, b] = [await clinic.device("till", "A"), await clinic.device("till", "B")];
    const { sale } = order(clinic, a, 0);
    await clinic.meet(a, b);
    // Work goes on while the running server writes the file.
    let ended = false;
    const backing = script("backup", "--data", old, "--to", file).finally(() => {
      ended = true;
    });
    while (!ended) {
      order(clinic, a, 0);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await backing).toMatchObject({ code: 0, said: expect.stringMatching(/read them back.*server-secret/s) });
    expect(readFileSync(file).includes("Ellison")).toBe(false);
    expect(readdirSync(home).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(await script("backup", "--data", old, "--to", file)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/already.*Nothing was written/s),
    });

    // After the backup: B pays for A's sale, another sale, and a PC that the backup does not know.
    b.as("RC", pay, { sale, amount: 44_700 });
    const later = order(clinic, b, 44_700);
    await clinic.meet(a, b);
    const unknown = await clinic.device("till", "C");
    const told = {
      sales: await clinic.rows("sale"),
      payments: await clinic.rows("payment"),
      jobs: await clinic.rows("job"),
    };
    expect(told.sales.length).toBeGreaterThan(2);

    mkdirSync(fresh);
    expect(await script("restore", file, "--data", fresh)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/secret is needed/),
    });
    copyFileSync(join(old, "server-secret"), join(fresh, "server-secret"));
    expect(await script("restore", file, "--data", fresh)).toMatchObject({
      code: 0,
      said: expect.stringMatching(/Start the server/),
    });
    expect(await script("restore", file, "--data", fresh)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/already.*Nothing was changed/s),
    });
    await clinic.moveTo(async () => {
      await http.close();
      await running?.close();
      running = await start(fresh);
      return running.centre;
    });
    // B first: its payment waits for A's sale.
    await clinic.meet(a, b);
    expect(await clinic.rows("sale")).toEqual(told.sales);
    expect(await clinic.rows("payment")).toEqual(told.payments);
    expect((await clinic.rows("job")).map(({ id }) => id)).toEqual(told.jobs.map(({ id }) => id));
    for (const device of [a, b]) expect(device.rows("sale")).toEqual(told.sales);
    // The number of a PC that was added after the backup is not given to another.
    const added = await clinic.device("till", "D");
    const codes = [unknown, added].map(({ engine }) => engine.identity().terminalCode);
    expect(new Set(codes).size).toBe(2);
    expect(order(clinic, added, 0).number.split("-")[1]).toBe(codes[1]);
    expect(later.number).not.toBe("");
  } finally {
    await clinic.close();
    await running?.close();
  }
}, 120_000);

test("what was cut, changed, made elsewhere or by a newer server is refused; an older one is brought forward", async () => {
  const secret = "the secret of the server";
  const older = await openPglite(null);
  await older.transaction((tx) => migrateTo(tx, 10));
  const practice = "0192aaaaaaaa7000800000000000000a";
  await older.query("insert into practice_head values ($1, 7, 0, 1, 0, 'x', '\\x00')", [practice]);
  await older.query("insert into device_state values ($1, $1, 1, 3, 'h', 5)", [practice]);
  const file = join(home, "older.backup");
  await backUp(older, secret, file, 1);
  await older.close();

  const bytes = readFileSync(file);
  const copy = (name: string, change: (bytes: Buffer) => Buffer) => {
    const path = join(home, name);
    writeFileSync(path, change(Buffer.from(bytes)));
    return path;
  };
  const damaged = /damaged or was cut short.*Nothing was changed/s;
  await expect(
    checkBackup(
      copy("cut", (all) => all.subarray(0, all.length - 40)),
      secret,
    ),
  ).rejects.toThrow(damaged);
  const flipped = copy("flipped", (all) => {
    all[all.length - 100] = (all[all.length - 100] ?? 0) ^ 1;
    return all;
  });
  await expect(checkBackup(flipped, secret)).rejects.toThrow(damaged);
  await expect(checkBackup(file, "another")).rejects.toThrow(/another secret.*Nothing was changed/s);
  await expect(
    checkBackup(
      copy("text", () => Buffer.from("a letter\n")),
      secret,
    ),
  ).rejects.toThrow(/not a backup/);
  const newer = copy("newer", (all) =>
    Buffer.from(all.toString("latin1").replace('"schema":10', `"schema":${schemaVersion + 10}`), "latin1"),
  );
  await expect(refuseNewer(newer)).rejects.toThrow(/newer sync server.*Nothing was changed/s);

  const target = await openPglite(null);
  await expect(load(target, flipped, secret)).rejects.toThrow(damaged);
  // Nothing half-written: the same database takes the whole one.
  await load(target, file, secret);
  expect(await target.query("select seq, log_floor from practice_head")).toEqual([{ seq: 7, log_floor: null }]);
  expect(await target.query("select max(number) as n from schema_migration")).toEqual([{ n: schemaVersion }]);
  await expect(load(target, file, secret)).rejects.toThrow(/not empty.*Nothing was changed/s);
  await migrateCentre(target);
  await target.close();
}, 60_000);
