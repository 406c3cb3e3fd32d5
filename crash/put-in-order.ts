/**
 * A process that opens the data of a PC as a start does, which repairs it if it is damaged or puts a backup in its place
 * (`--restore`), and that tests have killed in the middle of it; see `at-step.ts`.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { migrateReplica, openReplica } from "../replica/open.ts";
import { createCare } from "../src-main/engine/care/care.ts";
import { noOldKeys } from "../src-main/engine/care/old-keys.ts";
import { tasks } from "../src-main/engine/care/tasks.ts";
import { clock, timers } from "../src-main/host/surroundings.ts";
import { silentLog } from "../src-shared/sync/ports.ts";

const { values } = parseArgs({
  options: { folder: { type: "string" }, key: { type: "string" }, restore: { type: "string" } },
});
const folder = values.folder ?? "";
const path = join(folder, "replica.db");

const care = createCare({
  folder,
  name: "replica.db",
  backups: null,
  restore: values.restore ?? null,
  dataKey: async () => Buffer.from(values.key ?? "", "hex"),
  oldKeys: noOldKeys,
  clock,
  timers,
  log: silentLog,
  // Nobody waits at this till, and a thread would count its own steps.
  beside: async (task, input) => tasks[task](input as never) as never,
  start(key) {
    const db = openReplica({ path, key });
    try {
      care.requireWhole(db);
      migrateReplica(db, path);
      // What the first screens look at.
      for (const table of ["sync_outbox", "patient", "sale"]) db.prepare(`select * from ${table}`).all();
    } finally {
      db.close();
    }
  },
  stop() {},
  changed() {},
});
await care.open();
const { problem } = care.state(null);
if (problem) throw new Error(problem.message);
process.exit();
