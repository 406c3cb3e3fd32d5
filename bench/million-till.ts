/**
 * One start for `million.ts`: `million-till.ts <file> <family name>`, the key in BENCH_KEY. Opens the file with the
 * engine, searches for everybody of some fifty names letter by letter, and prints how long that took and the memory.
 */
import { openReplica } from "../replica/open.ts";
import { createEngine } from "../src-main/engine/engine.ts";
import { searchPatients } from "../src-main/engine/patients/queries.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { percentile } from "./report.ts";

const [path = "", family = ""] = process.argv.slice(2);
const key = Buffer.from(process.env.BENCH_KEY ?? "", "hex");
const upstream = { open: () => Promise.reject(new Error("no centre")) };
const before = performance.now();
const sqlite = openReplica({ path, key });
const readSqlite = openReplica({ path, key, readonly: true });
const engine = createEngine({ sqlite, readSqlite, upstream, clock, timers, random, log: silentLog, app: "bench" });
engine.start();
if (searchPatients(engine.read, family).length === 0) throw new Error("Nobody was found");
const open = performance.now() - before;

const texts = engine.read
  .sql<{ given_name: string; family_name: string }>(
    // Ids rise with time: the first few hundred are as good as any others.
    "select given_name, family_name from patient order by id limit 50",
  )
  .flatMap(({ given_name, family_name }) =>
    Array.from({ length: family_name.length }, (_, n) => `${given_name} ${family_name.slice(0, n + 1)}`),
  );
const rounds = 3;
const times: number[] = [];
for (let round = 0; round <= rounds; round++) {
  for (const text of texts) {
    const start = performance.now();
    searchPatients(engine.read, text);
    // The first round warms the pages that are asked for again and again.
    if (round > 0) times.push(performance.now() - start);
  }
}
const mb = process.memoryUsage().rss / 1e6;
process.stdout.write(JSON.stringify({ open, search: percentile(times, 0.99), mb }), () => process.exit(0));
