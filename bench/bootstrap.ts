/**
 * A new device gets a large practice and can search it: the real sync server on PostgreSQL in its process, a real
 * workstation with an encrypted replica in its own (`bootstrap-client.ts`). Warm: the file was made when the code was;
 * cold: there is not even a snapshot, and the clock runs while the file is made out of the tables.
 *
 * Floors, each a process of its own (`bootstrap-floor.ts`): warm, a plain download of the same file over loopback into
 * a file, opened and searched; cold, a prepared insert per row into an encrypted file of the same schema and settings.
 */
import { execFile, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemRandom } from "../replica/crypto.ts";
import { root } from "../scripts/run.ts";
import { storeCode } from "../sync-server/identity/enrol.ts";
import { loadLargePractice } from "./bulk.ts";
import { openOffice } from "./office.ts";
import type { BenchOptions } from "./report.ts";
import { median } from "./report.ts";
import { type BenchServer, ended, endWithUs, firstLine, startBenchServer } from "./server.ts";
import { inFolder } from "./support.ts";

const run = promisify(execFile);

/** What a client tells: milliseconds until somebody was found, and what it took. */
export interface Filled {
  readonly ms: number;
  readonly rows: number;
  readonly mb: number;
  readonly path: string;
  readonly key: string;
}

export async function bootstrapBench({ quick, report }: BenchOptions): Promise<void> {
  const runs = quick ? 2 : 3;
  const patients = quick ? 5_000 : 50_000;
  await inFolder("bootstrap", async (folder) => {
    let name = "";
    const coldCodes: string[] = [];
    const server = await startBenchServer(folder, [{ profile: "hq", branch: "leeds" }], async (centre, practice) => {
      // Made while the practice is too small for a file, so that there is none for them.
      const input = { practice: practice.practice, by: null, branch: practice.branches.leeds, deviceName: "Till" };
      for (let n = 0; n < runs; n++) coldCodes.push((await storeCode(centre, { ...input, profile: "till" })).code);
      const { patient } = await loadLargePractice(centre, practice, practice.branches.leeds, patients, systemRandom());
      name = patient.family;
    });
    const office = await openOffice(server);
    const measured = { warm: [] as number[], cold: [] as number[], bake: [] as number[], client: [] as number[] };
    const floors = { warm: [] as number[], cold: [] as number[] };
    let disk = 0;
    let rows = 0;
    for (let n = 0; n < runs; n++) {
      for (const which of ["cold", "warm"] as const) {
        let code = coldCodes[n] ?? "";
        if (which === "cold") emptySnapshots(server);
        else {
          const before = performance.now();
          code = await office.makeCode("till");
          await office.filesAreMade();
          measured.bake.push((performance.now() - before) / 1000);
        }
        const target = join(folder, `${which}-${n}`);
        const filled = await client(server, code, target, name);
        rows = filled.rows;
        measured[which].push(perSecond(filled));
        measured.client.push(filled.mb);
        const file = bareReplica(filled, join(folder, "bare"));
        floors[which].push(await floor(which, file, rows, name));
        disk = statSync(file.path).size / 1e6;
        rmSync(target, { recursive: true });
        rmSync(join(folder, "bare"), { recursive: true });
      }
    }
    const common = { bench: "bootstrap", runs };
    const note = `${rows} rows`;
    report({
      ...common,
      measure: "rows_per_s",
      value: median(measured.warm),
      unit: "1/s",
      floor: median(floors.warm),
      note,
    });
    report({
      ...common,
      measure: "cold_rows_per_s",
      value: median(measured.cold),
      unit: "1/s",
      floor: median(floors.cold),
      note,
    });
    report({ ...common, measure: "bake_s", value: median(measured.bake), unit: "s", note: "snapshot at hand" });
    report({
      ...common,
      measure: "client_mb",
      value: Math.max(...measured.client),
      unit: "MB",
      note: "peak, all runs",
    });
    const mb = peakOf(server.pid);
    if (mb !== null) report({ ...common, measure: "server_mb", value: mb, unit: "MB", note: "peak, all runs" });
    report({ ...common, measure: "disk_mb", value: disk, unit: "MB" });
    await office.close();
    await server.stop();
  });
}

const perSecond = ({ rows, ms }: { rows: number; ms: number }) => (1000 * rows) / ms;

/** The server has to make everything anew out of its tables. */
function emptySnapshots(server: BenchServer): void {
  const folder = join(server.data, "snapshots");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "baked"), { recursive: true });
}

export async function client(server: BenchServer, code: string, folder: string, family: string): Promise<Filled> {
  const script = join(root, "bench/bootstrap-client.ts");
  const { stdout } = await run(process.execPath, [script, server.url, code, folder, family]);
  return JSON.parse(stdout) as Filled;
}

/** The device's replica as one file, for the floors to send and to copy. */
function bareReplica(filled: Filled, folder: string): { path: string; key: string } {
  mkdirSync(folder);
  const path = join(folder, "source.db");
  copyFileSync(filled.path, path);
  return { path, key: filled.key };
}

async function floor(
  which: "warm" | "cold",
  file: { path: string; key: string },
  rows: number,
  family: string,
): Promise<number> {
  const script = join(root, "bench/bootstrap-floor.ts");
  const env = { ...process.env, BENCH_KEY: file.key };
  if (which === "cold") {
    const { stdout } = await run(process.execPath, [script, "insert", file.path], { env });
    return perSecond(JSON.parse(stdout) as { rows: number; ms: number });
  }
  const sender = spawn(process.execPath, [script, "send", file.path], { stdio: ["ignore", "pipe", "inherit"] });
  endWithUs(sender);
  const { url } = await firstLine<{ url: string }>(sender);
  const { stdout } = await run(process.execPath, [script, "fetch", url, `${file.path}.copy`, family], { env });
  await ended(sender);
  return perSecond({ rows, ms: (JSON.parse(stdout) as { ms: number }).ms });
}

/** The most memory a process has had at once; null where the system does not tell. */
function peakOf(pid: number): number | null {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) / 1000;
  } catch {
    return null;
  }
}
