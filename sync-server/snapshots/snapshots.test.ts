import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openReplica, type Sqlite } from "../../replica/open.ts";
import { columnList, settledTables } from "../../replica/tables.ts";
import { type Clinic, openCentreDatabase, openClinic } from "../../sim/clinic.ts";
import { temporaryFolder } from "../../sim/filing.ts";
import { moveJob, pay, prescribe, registerPatient, sell, updatePatient } from "../../sim/work.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { systemAfter } from "../centre.ts";
import type { Database } from "../database/database.ts";
import { maskOf } from "../sync/connection.ts";
import { parseRange } from "./download.ts";
import { createOven } from "./oven.ts";
import { createThread } from "./thread.ts";

let db: Database;
let clinic: Clinic;
const thread = createThread(systemAfter);
const secret = "a secret";
beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
}, 60_000);
afterAll(async () => {
  await thread.close();
  await clinic.close();
  await db.close();
});

const key = new Uint8Array(32).fill(3);
const ovenIn = (folder: string) =>
  createOven({ db, secret, epoch: "epoch-1", folder, thread, after: systemAfter, log: silentLog });

/** Bakes a file and reads every row that the centre settled out of it. */
async function baked(oven: ReturnType<typeof ovenIn>, mask: number): Promise<{ seq: number; rows: unknown[] }> {
  const path = join(temporaryFolder(), "baked.db");
  const { seq } = await oven.bake({ practice: clinic.practice.practice, mask, to: { path, key }, progress() {} });
  await oven.rest();
  const file = openReplica({ path, key });
  const rows = settledTables.map((table) => [table, rowsOf(file, table)]);
  expect(file.pragma("integrity_check", { simple: true })).toBe("ok");
  expect(file.prepare("select key from sync_meta").pluck().all()).toEqual(["snapshot"]);
  for (const table of ["sync_outbox", "sync_clock", "offline_verifier", "label_series"]) {
    expect(rowsOf(file, table)).toEqual([]);
  }
  file.close();
  return { seq, rows };
}
function rowsOf(file: Sqlite, table: string): unknown[] {
  const columns = columnList(file, table);
  return file.prepare(`select ${columns} from "${table}" order by ${columns.split(",").slice(0, 2)}`).all();
}

test.each(["single", "till", "lab"] as const)(
  "a snapshot of a %s that the log brought forward holds the same rows as one made anew",
  async (profile) => {
    const till = await clinic.device("till", "Till");
    const bench = await clinic.device("lab", "Bench");
    const mask = maskOf(profile);
    const kept = ovenIn(temporaryFolder());
    const first = await baked(kept, mask);

    const { products, branches } = clinic.practice;
    const person = { givenName: "Zoë", familyName: "O'Brien", dateOfBirth: "1958-12-03", phone: "07700 900418" };
    const patient = (till.as("DO", registerPatient, person) as { id: string }).id;
    const prescription = till.as("DO", prescribe, { patient });
    const order = { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york, paid: 0 };
    const { sale } = till.as("DO", sell, order);
    till.as("DO", pay, { sale, amount: 44_700 });
    await clinic.meet(till, bench);
    bench.as("LT", moveJob, { job: bench.rows("job")[0]?.id, kind: "received_lab", text: null });
    till.as("DO", updatePatient, { id: patient, details: { familyName: "Feldmann", phone: null } });
    await clinic.meet(till, bench);

    const forward = await baked(kept, mask);
    const anew = await baked(ovenIn(temporaryFolder()), mask);
    expect(forward.seq).toBe(anew.seq);
    expect(forward.seq).toBeGreaterThan(first.seq);
    expect(forward.rows).toEqual(anew.rows);
    expect(forward.rows).not.toEqual(first.rows);
  },
);

test("a file holds what a device filled by pages holds, to the row", async () => {
  const till = await clinic.device("till", "Paged");
  await clinic.meet(till);
  const { rows } = await baked(ovenIn(temporaryFolder()), maskOf("till"));
  expect(settledTables.map((table) => [table, rowsOf(till.sqlite, table)])).toEqual(rows);
});

test("a snapshot of another secret, epoch or position is made anew", async () => {
  const folder = temporaryFolder();
  const mask = maskOf("till");
  const first = await baked(ovenIn(folder), mask);
  const others = [
    createOven({ db, secret: "another", epoch: "epoch-1", folder, thread, after: systemAfter, log: silentLog }),
    createOven({ db, secret: "another", epoch: "epoch-2", folder, thread, after: systemAfter, log: silentLog }),
  ];
  for (const oven of others) expect((await baked(oven, mask)).rows).toEqual(first.rows);
  // The log no longer reaches back to it.
  await db.query("update practice_head set log_floor = seq where practice_id=$1", [clinic.practice.practice]);
  expect((await baked(ovenIn(folder), mask)).rows).toEqual(first.rows);
  await db.query("update practice_head set log_floor = null where practice_id=$1", [clinic.practice.practice]);
});

test.each([
  [undefined, null],
  ["bytes=0-", { start: 0, end: 99 }],
  ["bytes=40-", { start: 40, end: 99 }],
  ["bytes=40-49", { start: 40, end: 49 }],
  ["bytes=40-1000", { start: 40, end: 99 }],
  ["bytes=-10", { start: 90, end: 99 }],
  ["bytes=100-", "bad"],
  ["bytes=50-40", "bad"],
  ["bytes=-", "bad"],
  ["bytes=0-1,5-6", "bad"],
  ["rows=1-2", "bad"],
] as const)("the range %s of a hundred bytes", (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected);
});
