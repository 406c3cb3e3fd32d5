/**
 * From nothing to the first answer on the replica of a large practice: both connections opened, the engine made, a
 * patient searched. Every start is a process of its own (`open-start.ts`); the files are in the system's cache.
 *
 * Floor: a process that opens the same file with the same settings once and runs the bare search statement.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../scripts/run.ts";
import { makeLargeReplica } from "./large.ts";
import type { BenchOptions } from "./report.ts";
import { median } from "./report.ts";
import { inFolder } from "./support.ts";

const run = promisify(execFile);

export async function openBench({ quick, report }: BenchOptions): Promise<void> {
  const runs = quick ? 5 : 15;
  const patients = quick ? 10_000 : 50_000;
  await inFolder("open", async (folder) => {
    const large = await makeLargeReplica(folder, patients);
    const name = large.patients[0]?.family ?? "";
    const start = async (kind: "engine" | "bare") => {
      const env = { ...process.env, BENCH_KEY: large.key };
      const { stdout } = await run(process.execPath, [join(root, "bench/open-start.ts"), kind, large.path, name], {
        env,
      });
      return JSON.parse(stdout) as { open: number; boot: number };
    };
    await start("engine");
    await start("bare");
    const real: { open: number; boot: number }[] = [];
    const floor: { open: number; boot: number }[] = [];
    for (let n = 0; n < runs; n++) {
      real.push(await start("engine"));
      floor.push(await start("bare"));
    }
    for (const measure of ["open", "boot"] as const) {
      const of = (times: typeof real) => median(times.map((time) => time[measure]));
      const note =
        measure === "open" ? `${large.rows} rows` : "from the start of the process, modules loaded from source";
      report({ bench: "open", measure: `${measure}_ms`, value: of(real), unit: "ms", floor: of(floor), runs, note });
    }
  });
}
