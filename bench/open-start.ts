/** One start for `open.ts`: `open-start.ts engine|bare <file> <family name>`, the key in BENCH_KEY; prints how long it took. */
import { candidates, searchSql } from "./floor-sql.ts";

const [kind, path = "", family = ""] = process.argv.slice(2);
const token = family.toLowerCase();
const key = Buffer.from(process.env.BENCH_KEY ?? "", "hex");
// Loading code is part of `boot_ms` alone: a shell loads its modules before it knows which file to open.
const { openReplica } = await import("../replica/open.ts");
if (kind === "bare") {
  const before = performance.now();
  const db = openReplica({ path, key });
  const found = db.prepare(searchSql).all(token, `${token}\uffff`, candidates);
  finish(before, found.length);
} else {
  const { createEngine } = await import("../src-main/engine/engine.ts");
  const { searchPatients } = await import("../src-main/engine/patients/queries.ts");
  const { clock, random, timers } = await import("../src-main/host/surroundings.ts");
  const { silentLog } = await import("../src-shared/sync/ports.ts");
  // No centre: a start must not wait for one.
  const upstream = { open: () => Promise.reject(new Error("no centre")) };
  const before = performance.now();
  const sqlite = openReplica({ path, key });
  const readSqlite = openReplica({ path, key, readonly: true });
  const engine = createEngine({ sqlite, readSqlite, upstream, clock, timers, random, log: silentLog, app: "bench" });
  engine.start();
  const found = searchPatients(engine.read, family);
  finish(before, found.length);
}

/** Prints milliseconds from `before` and from the start of the process, and ends. */
function finish(before: number, found: number): void {
  const now = performance.now();
  if (found === 0) throw new Error("The first query found nobody");
  process.stdout.write(`${JSON.stringify({ open: now - before, boot: now })}\n`, () => process.exit(0));
}
