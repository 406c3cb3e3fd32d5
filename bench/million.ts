/**
 * One practice of a million rows beside one of three hundred thousand: does anything that people wait for grow with it?
 * The real sync server on PostgreSQL in a process of its own, and a till that was filled by file and a bench. The till
 * is opened and searched in fresh processes (`million-till.ts`), which also tell their memory; then both take part in
 * the relay of `relay.ts`: a job moved on the till until the bench's replica has it.
 *
 * `floor` is the same at 300,000 rows.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemRandom } from "../replica/crypto.ts";
import { root } from "../scripts/run.ts";
import type { Identity } from "../src-main/engine/state.ts";
import { stages } from "../src-shared/lab/stages.ts";
import { client, type Filled } from "./bootstrap.ts";
import { loadLargePractice } from "./bulk.ts";
import { openOffice } from "./office.ts";
import { every, makeJobs, moved } from "./relay.ts";
import { type BenchOptions, type Measure, median, percentile } from "./report.ts";
import { type BenchServer, startBenchServer } from "./server.ts";
import { fill, inFolder, openEngine, openEngineOn, paced } from "./support.ts";

const run = promisify(execFile);

/** About six rows a patient. */
const sizes = { small: 50_000, large: 167_000 };
const measures = {
  open_ms: "ms",
  search_p99_ms: "ms",
  relay_p50_ms: "ms",
  rss_mb: "MB",
} as const satisfies Record<string, Measure["unit"]>;
type Figures = Record<keyof typeof measures, number> & { readonly rows: number };

export async function millionBench({ quick, report }: BenchOptions): Promise<void> {
  const scale = quick ? 10 : 1;
  const figures = {
    small: await measure(sizes.small / scale, quick),
    large: await measure(sizes.large / scale, quick),
  };
  for (const [name, unit] of Object.entries(measures) as [keyof typeof measures, Measure["unit"]][]) {
    report({
      bench: "million",
      measure: name,
      value: figures.large[name],
      unit,
      floor: figures.small[name],
      runs: 1,
      note: `${figures.large.rows} rows; the floor is the same at ${figures.small.rows}`,
    });
  }
}

async function measure(patients: number, quick: boolean): Promise<Figures> {
  let figures: Figures | null = null;
  await inFolder("million", async (folder) => {
    let family = "";
    const own = [{ profile: "hq", branch: "leeds" } as const, { profile: "lab", branch: "york" } as const];
    const server = await startBenchServer(folder, own, async (centre, practice) => {
      const { patient } = await loadLargePractice(centre, practice, practice.branches.leeds, patients, systemRandom());
      family = patient.family;
    });
    const office = await openOffice(server);
    const till = await client(server, await office.makeCode("till"), join(folder, "till"), family);
    await office.close();
    const starts = await openInProcesses(till, family, quick ? 3 : 7);
    const relay = await relayed(server, folder, till, quick ? 60 : 300);
    await server.stop();
    figures = {
      rows: till.rows,
      open_ms: median(starts.map(({ open }) => open)),
      search_p99_ms: median(starts.map(({ search }) => search)),
      rss_mb: median(starts.map(({ mb }) => mb)),
      relay_p50_ms: percentile(relay, 0.5),
    };
  });
  return figures as never;
}

interface Start {
  readonly open: number;
  readonly search: number;
  readonly mb: number;
}

async function openInProcesses({ path, key }: Filled, family: string, count: number): Promise<Start[]> {
  const starts: Start[] = [];
  for (let n = 0; n <= count; n++) {
    const { stdout } = await run(process.execPath, [join(root, "bench/million-till.ts"), path, family], {
      env: { ...process.env, BENCH_KEY: key },
    });
    // The first brings the file into the system's cache.
    if (n > 0) starts.push(JSON.parse(stdout) as Start);
  }
  return starts;
}

async function relayed(server: BenchServer, folder: string, till: Filled, count: number): Promise<number[]> {
  // Filled in another process.
  const a = openEngineOn({ path: till.path, key: Buffer.from(till.key, "hex"), upstream: server.upstream() });
  const b = openEngine(folder, "bench", server.devices[1] as Identity, server.upstream());
  await fill(a.engine);
  await fill(b.engine);
  const moves = stages.slice(1);
  const warm = 40;
  const jobs = await makeJobs(a, b, server.practice, Math.ceil((count + warm) / moves.length));
  const steps = moves.flatMap((to) => jobs.map((jobId) => ({ jobId, to })));
  const actor = { user: server.practice.people.LT, role: null };
  const send = (n: number) => moved(a, b, steps[n] as (typeof steps)[number], actor);
  await paced(warm, every, send);
  const times = await paced(count, every, (n) => send(warm + n));
  a.close();
  b.close();
  return times;
}
