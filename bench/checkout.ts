/**
 * Durable commits of full checkouts through the engine's own command, against the same rows written alone.
 *
 * Floor: an encrypted file with the schema and settings of a replica; per checkout one `begin immediate`, one prepared
 * insert per row that a checkout leaves (ids new, values ready to bind), `commit`. No group, signature, outbox, clock,
 * fold or check.
 */
import { randomFillSync } from "node:crypto";
import type { Sqlite } from "../replica/open.ts";
import { directUpstream } from "../sim/direct.ts";
import { openTestCentre } from "../sim/practice.ts";
import { type CheckoutInput, checkout } from "../src-main/engine/dispensing/checkout.ts";
import type { Engine } from "../src-main/engine/engine.ts";
import { isDerived } from "../src-shared/sync/ids.ts";
import type { BenchOptions } from "./report.ts";
import { median, percentile } from "./report.ts";
import { lastGroupRows, type RawRow } from "./rows.ts";
import {
  type BenchPractice,
  benchDevice,
  benchPractice,
  dispenser,
  fill,
  inFolder,
  makeBaskets,
  openBareFile,
  openEngine,
} from "./support.ts";

export async function checkoutBench({ quick, report }: BenchOptions): Promise<void> {
  const runs = quick ? 3 : 7;
  const perRun = quick ? 200 : 500;
  await inFolder("checkout", async (folder) => {
    const centre = await openTestCentre();
    const practice = await benchPractice(centre);
    const identity = await benchDevice(centre, practice, "till", practice.branches.leeds);
    const till = openEngine(
      folder,
      "till",
      identity,
      directUpstream(() => centre),
    );
    await fill(till.engine);
    // The measure is the commit on the device; what follows at the centre is another bench's.
    till.engine.sync.setPlugged(false);
    await centre.db.close();
    const baskets = makeBaskets(till.engine, practice, 20);
    const sell = seller(till.engine, practice, baskets);
    // The first opens the till's day; the second is what every later one looks like.
    sell();
    sell();
    const template = lastGroupRows(till.engine);
    const bare = openBareFile(folder, "bare");
    const write = bareWriter(bare, template);
    // Warm: code compiled, pages allocated.
    for (let i = 0; i < 50; i++) {
      sell();
      write();
    }
    const real: number[][] = [];
    const floor: number[][] = [];
    for (let run = 0; run < runs; run++) {
      // Both start from an empty write-ahead log, as after the idle moment that a shop has now and then.
      till.engine.db.pragma("wal_checkpoint(TRUNCATE)");
      bare.pragma("wal_checkpoint(TRUNCATE)");
      const turns = [() => real.push(timed(perRun, sell)), () => floor.push(timed(perRun, write))];
      for (const turn of run % 2 === 0 ? turns : turns.reverse()) turn();
    }
    bare.close();
    till.close();
    const rate = (times: number[]) => (1000 * times.length) / times.reduce((sum, time) => sum + time, 0);
    const note = `${template.length} rows a checkout, ${perRun} checkouts a run`;
    const both = (measure: string, unit: "1/s" | "ms", of: (times: number[]) => number, said?: string) =>
      report({
        bench: "checkout",
        measure,
        value: median(real.map(of)),
        unit,
        floor: median(floor.map(of)),
        runs,
        ...(said && { note: said }),
      });
    both("commits_per_s", "1/s", rate, note);
    both("p50_ms", "ms", (times) => percentile(times, 0.5));
    both("p99_ms", "ms", (times) => percentile(times, 0.99));
  });
}

/** A function that rings up the next basket; pauses fall between the calls, as a reader of the screen would. */
function seller(engine: Engine, practice: BenchPractice, baskets: readonly CheckoutInput[]): () => void {
  const actor = dispenser(practice);
  let next = 0;
  return () => {
    engine.execute(checkout, baskets[next++ % baskets.length], actor);
  };
}

function timed(count: number, work: () => void): number[] {
  return Array.from({ length: count }, () => {
    const before = performance.now();
    work();
    return performance.now() - before;
  });
}

function bareWriter(db: Sqlite, template: readonly RawRow[]): () => void {
  const begin = db.prepare("begin immediate");
  const commit = db.prepare("commit");
  // Rows refer to each other by these ids; every checkout gets its own.
  const made = new Map(template.map(({ row }, index) => [(row.id as Buffer).toString("hex"), index]));
  const inserts = template.map(({ entity, row }) => {
    const columns = Object.keys(row);
    const text = `insert into "${entity}" (${columns.map((name) => `"${name}"`).join(",")}) values (${columns.map(() => "?").join(",")})`;
    const values = Object.values(row);
    const refers = values.map((value) => (Buffer.isBuffer(value) ? (made.get(value.toString("hex")) ?? -1) : -1));
    return { statement: db.prepare(text), values, refers };
  });
  // Ids ascend as the product's do, and those of a reaction's rows are hashes: where rows land decides how many pages
  // a commit writes.
  const hashed = template.map(({ row }) => isDerived((row.id as Buffer).toString("hex")));
  let counter = 0n;
  return () => {
    const ids = template.map((_, index) => {
      const id = Buffer.alloc(16);
      if (hashed[index]) return randomFillSync(id);
      id.writeBigUInt64BE(0x0190_0000_0000_7000n);
      id.writeBigUInt64BE(counter++, 8);
      return id;
    });
    begin.run();
    for (const { statement, values, refers } of inserts) {
      statement.run(
        ...values.map((value, index) => ((refers[index] as number) >= 0 ? ids[refers[index] as number] : value)),
      );
    }
    commit.run();
  };
}
