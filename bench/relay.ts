/**
 * A job moved on A until the move is in B's replica: two engines on encrypted files in this process, a WebSocket each,
 * the real sync server in a process of its own, PostgreSQL 18 with fsync. One write every 40 ms; the clock runs from
 * before A's command until B's engine says that the job changed.
 *
 * Floor: the same road with nothing on it: a message of a group's size over a WebSocket to `relay-floor.ts` in a process of its
 * own, which commits it as one row in PostgreSQL and sends it on over another WebSocket; here it is committed as one
 * row in an encrypted file. Same pace.
 */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { root } from "../scripts/run.ts";
import { advanceJob } from "../src-main/engine/lab/commands.ts";
import { stages } from "../src-shared/lab/stages.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { entityOf } from "../src-shared/sync/registry.ts";
import { domBench } from "./relay-dom.ts";
import type { BenchOptions } from "./report.ts";
import { median, percentile } from "./report.ts";
import { ended, endWithUs, firstLine, startBenchServer } from "./server.ts";
import {
  type BenchEngine,
  type BenchPractice,
  fill,
  inFolder,
  openBareFile,
  openEngine,
  paced,
  sellGlasses,
  until,
} from "./support.ts";

/** Milliseconds between two writes. */
export const every = 40;
/** Every job goes all the way, so that few are on the board at any time. */
const moves = stages.slice(1);

export async function relayBench({ quick, report }: BenchOptions): Promise<void> {
  const runs = quick ? 1 : 2;
  const count = quick ? 100 : 500;
  await inFolder("relay", async (folder) => {
    const server = await startBenchServer(folder, [
      { profile: "till", branch: "leeds" },
      { profile: "lab", branch: "york" },
    ]);
    const [atA, atB] = server.devices;
    if (!atA || !atB) throw new Error("no devices");
    const a = openEngine(folder, "a", atA, server.upstream());
    const folderOfB = join(folder, "b");
    mkdirSync(folderOfB);
    const b = openEngine(folderOfB, "replica", atB, server.upstream());
    await fill(a.engine);
    await fill(b.engine);
    const jobs = await makeJobs(a, b, server.practice, Math.ceil((count * runs + 40) / moves.length));
    const steps = moves.flatMap((to) => jobs.map((jobId) => ({ jobId, to })));
    const actor = { user: server.practice.people.LT, role: null };
    const bare = await startFloor(folder, server.databaseUrl);
    const send = (step: number) => moved(a, b, steps[step] as (typeof steps)[number], actor);
    // Warm on both roads.
    await paced(40, every, (n) => send(n));
    await paced(40, every, () => bare.send());

    const real: number[][] = [];
    const floor: number[][] = [];
    for (let run = 0; run < runs; run++) {
      floor.push(await paced(count, every, () => bare.send()));
      real.push(await paced(count, every, (n) => send(40 + run * count + n)));
    }
    await bare.stop();
    b.close();
    const both = (measure: string, share: number, note?: string) => {
      const of = (times: number[]) => percentile(times, share);
      report({
        bench: "relay",
        measure,
        value: median(real.map(of)),
        unit: "ms",
        floor: median(floor.map(of)),
        runs,
        ...(note && { note }),
      });
    };
    both("p50_ms", 0.5, `${count} moves of jobs, one every ${every} ms; A and B in one process, the server in another`);
    both("p99_ms", 0.99);
    await domBench({ a, folder: folderOfB, key: b.key, server, count: quick ? 60 : 300, report });
    a.close();
    await server.stop();
  });
}

/** Sells glasses on A and waits until B has all their jobs. */
export async function makeJobs(a: BenchEngine, b: BenchEngine, practice: BenchPractice, count: number): Promise<Id[]> {
  const ids = b.engine.db.prepare("select lower(hex(id)) from job order by id").pluck();
  const before = new Set(ids.all() as Id[]);
  sellGlasses(a, practice, count);
  await until(() => ids.all().length === before.size + count, 60_000, "the jobs to reach B");
  await until(() => a.engine.replica.unsettledCount() === 0, 60_000, "A to be settled");
  return (ids.all() as Id[]).filter((id) => !before.has(id));
}

/** Moves the job on A; resolves with the milliseconds until B's replica has it. */
export function moved(
  a: BenchEngine,
  b: BenchEngine,
  step: { jobId: Id; to: string },
  actor: { user: Id; role: null },
): Promise<number> {
  const job = entityOf("job");
  return new Promise((done, failed) => {
    const before = performance.now();
    const stop = b.engine.onChange((touched) => {
      if (!touched.has("job") || b.engine.replica.store.get(job, step.jobId)?.stage !== step.to) return;
      stop();
      done(performance.now() - before);
    });
    try {
      a.engine.execute(advanceJob, step, actor);
    } catch (error) {
      stop();
      failed(error as Error);
    }
  });
}

async function startFloor(folder: string, databaseUrl: string) {
  const child = spawn(process.execPath, [join(root, "bench/relay-floor.ts")], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithUs(child);
  const { port } = await firstLine<{ port: number }>(child);
  const file = openBareFile(folder, "bare");
  file.exec("create table bare_relay (n integer primary key, payload text not null)");
  const insert = file.prepare("insert into bare_relay (n, payload) values (?,?)");
  const connect = async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await new Promise((done, failed) => {
      socket.once("open", done);
      socket.once("error", failed);
    });
    return socket;
  };
  const from = await connect();
  const to = await connect();
  to.send("listen");
  const payload = "x".repeat(2000);
  const waiting = new Map<number, (time: number) => void>();
  let next = 0;
  to.on("message", (data) => {
    const { n, payload: text } = JSON.parse(String(data)) as { n: number; payload: string };
    insert.run(n, text);
    waiting.get(n)?.(performance.now());
    waiting.delete(n);
  });
  return {
    send: () =>
      new Promise<number>((done) => {
        const before = performance.now();
        const n = next++;
        waiting.set(n, (time) => done(time - before));
        from.send(JSON.stringify({ n, payload }));
      }),
    async stop() {
      from.close();
      to.close();
      await ended(child);
      file.close();
    },
  };
}
