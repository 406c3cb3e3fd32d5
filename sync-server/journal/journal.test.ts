import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { centreTables } from "../../migrations/centre-tables.ts";
import { type Clinic, type ClinicDevice, openClinic } from "../../sim/clinic.ts";
import { moveJob, pay, prescribe, registerPatient, sell, updatePatient } from "../../sim/work.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { allEntities } from "../../src-shared/sync/registry.ts";
import { type Booted, BootRefused, boot } from "../boot.ts";
import { storeCode } from "../identity/enrol.ts";
import { storePassword } from "../identity/people.ts";
import { openJournal } from "./journal.ts";
import { keptTableNames, keptTables, otherTables } from "./kept.ts";

let folder: string;
let copies: string;
let clinic: Clinic | null = null;
let running: Booted | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "horopter-journal-"));
  copies = mkdtempSync(join(tmpdir(), "horopter-copies-"));
});
afterEach(async () => {
  await clinic?.close();
  clinic = null;
  await stop();
  for (const each of [folder, copies]) rmSync(each, { recursive: true, force: true });
});

const options = () => ({ dataFolder: folder, databaseUrl: null, demo: false, log: silentLog, secret: null });
async function start() {
  running = await boot(options());
  return running.centre;
}
async function stop(): Promise<void> {
  const stopping = running;
  running = null;
  await stopping?.close();
}
/** Keeps the folder as it lies on the disk while the server runs. */
function keep(...names: string[]): void {
  for (const name of names) cpSync(join(folder, name), join(copies, name), { recursive: true });
}
/** The power fails: what lies in the folder is what was kept before. The mark of the stop never came to be. */
async function powerFails(...names: string[]): Promise<void> {
  await stop();
  rmSync(join(folder, "clean-stop"));
  for (const name of names) {
    rmSync(join(folder, name), { recursive: true, force: true });
    cpSync(join(copies, name), join(folder, name), { recursive: true });
  }
}

function order(till: ClinicDevice, paid: number): { sale: string } {
  const { products, branches } = (clinic as Clinic).practice;
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

/** Everything the centre holds of rows and of its own, but for what a start itself writes. */
async function everything(): Promise<Record<string, unknown>> {
  const { db } = (clinic as Clinic).centre();
  const found: Record<string, unknown> = {};
  for (const table of [...allEntities.map(({ name }) => name), "stock_level", "change_log", ...keptTableNames]) {
    const rows = await db.query<{ row: string }>(
      `select row_to_json(t)::text as row from "${table}" t ${table === "server_meta" ? "where key not in ('journal', 'epoch', 'epoch_since')" : ""} order by 1`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

test("a folder that falls back gets all of it from the journal, to the byte; if both fall back, from the devices", async () => {
  clinic = await openClinic(await start());
  const [till, bench] = [await clinic.device("till", "A"), await clinic.device("lab", "bench")];
  order(till, 44_700);
  await clinic.meet(till, bench);
  keep("pglite", "journal.db", "journal.db-wal");
  const { sale } = order(till, 0);
  await clinic.meet(till, bench);
  till.as("DO", pay, { sale, amount: 44_700 });
  till.as("DO", updatePatient, { id: till.rows("patient")[0]?.id, details: { phone: "07700 900001" } });
  bench.as("LT", moveJob, { job: bench.rows("job")[0]?.id, kind: "edging", text: null });
  // What the log does not say: a new PC and its code, a password, a right that changed, a refused group.
  const desk = await clinic.device("desk", "desk");
  await clinic.person("Robin", "RC");
  await storePassword(clinic.centre(), clinic.practice.practice, clinic.practice.people.OW, "correct horse battery");
  await storeCode(clinic.centre(), {
    ...{ practice: clinic.practice.practice, by: null, deviceName: "next", profile: "desk" },
    branch: clinic.practice.branches.leeds,
  });
  bench.as("LT", moveJob, { job: bench.rows("job")[0]?.id, kind: "hold", text: null });
  await clinic.meet(till, bench, desk);
  const before = await everything();
  const { epoch } = clinic.centre();

  await clinic.moveTo(async () => {
    await powerFails("pglite");
    return start();
  });
  expect(await everything()).toEqual(before);
  expect(clinic.centre().epoch).not.toBe(epoch);
  await clinic.meet(till, bench, desk);
  expect(await clinic.rows("sale")).toHaveLength(2);
  expect(await clinic.rows("job")).toHaveLength(2);
  for (const device of [till, desk]) expect(device.rows("patient")).toEqual(await clinic.rows("patient"));
  expect(bench.rows("job")).toEqual(await clinic.rows("job"));

  // Now folder and journal fall back together: the devices bring what they had settled.
  const told = { sales: await clinic.rows("sale"), payments: await clinic.rows("payment") };
  await clinic.moveTo(async () => {
    await powerFails("pglite", "journal.db", "journal.db-wal");
    return start();
  });
  expect(await clinic.rows("sale")).toHaveLength(1);
  await clinic.meet(till, bench);
  expect(await clinic.rows("sale")).toEqual(told.sales);
  expect(await clinic.rows("payment")).toEqual(told.payments);
  expect(bench.rows("job")).toEqual(await clinic.rows("job"));
  expect(bench.rows("job")).toHaveLength(2);

  await stop();
  for (const name of readdirSync(folder).filter((each) => each.startsWith("journal")))
    expect(readFileSync(join(folder, name)).includes("Ellison"), name).toBe(false);
  await expect(boot({ ...options(), secret: "another secret" })).rejects.toThrow(
    /cannot be read with this server's secret.*Nothing was changed/s,
  );
}, 60_000);

test("a copy of a stopped folder does not pass for it; a damaged one is set aside and made anew from the journal", async () => {
  const first = await start();
  clinic = await openClinic(first);
  const till = await clinic.device("till", "A");
  order(till, 44_700);
  await clinic.meet(till);
  const before = await everything();
  const { tables, keys } = await centreTables(first.db);
  const own = [...tables.keys()].filter((name) => !allEntities.some((entity) => entity.name === name)).sort();
  // Whoever adds a table of the centre's own decides whether the journal keeps it.
  expect([...keptTableNames, ...otherTables].sort()).toEqual(own);
  for (const name of keptTableNames) expect(keptTables[name], name).toEqual(keys.get(name));

  await stop();
  expect(existsSync(join(folder, "clean-stop"))).toBe(true);
  keep("pglite");
  rmSync(join(folder, "pglite"), { recursive: true });
  cpSync(join(copies, "pglite"), join(folder, "pglite"), { recursive: true });
  await clinic.moveTo(start);
  expect(clinic.centre().epoch).not.toBe(first.epoch);
  await clinic.meet(till);

  await stop();
  truncateSync(join(folder, "pglite", "global", "pg_control"), 100);
  const refused = await start().catch((error: Error) => error);
  expect(refused).toBeInstanceOf(BootRefused);
  expect((refused as Error).message).toMatch(/set aside as .*nothing was deleted.*start the server again/s);
  expect(readdirSync(folder).filter((name) => name.startsWith("pglite-damaged"))).toHaveLength(1);
  await clinic.moveTo(start);
  const after = await everything();
  for (const table of ["change_log", "sale", "payment", "job", "stock_level", "user_role", "terminal_code"])
    expect(after[table], table).toEqual(before[table]);
  await clinic.meet(till);
  expect(till.rows("sale")).toEqual(await clinic.rows("sale"));
}, 60_000);

test("the journal keeps thirty days, and what no backup holds", () => {
  const day = 86_400_000;
  const journal = openJournal(join(folder, "journal.db"), "secret");
  const entry = (seq: number, receivedAt: number) => {
    const group = {
      group: `g${seq}`,
      device: "d",
      epoch: 1,
      deviceSeq: seq,
      mask: 1,
      header: "h",
      sig: "s",
      bodies: "[]",
    };
    const row = { practice: "p", seq, ...group, clockSuspect: false, authzLate: false, receivedAt };
    journal.append({ log: [row], rows: [], whole: [], anew: false });
  };
  for (const seq of [1, 2, 3]) entry(seq, seq * day);
  const left = () => [...journal.logAfter(0)].map(({ seq }) => seq);
  expect(journal.prune(100 * day)).toBe(0);
  journal.backedUp(2);
  expect(journal.prune(31.5 * day)).toBe(1);
  expect(left()).toEqual([2, 3]);
  expect(journal.prune(100 * day)).toBe(1);
  expect([left(), journal.pruned(), journal.headOf("p")]).toEqual([[3], 2, 3]);
  journal.close();
});
