/**
 * A job moved on A until its card stands in the new column of B's board, in a real Chromium: B is a workstation as the
 * browser host starts it. Where the screens are not built or there is no Chromium, it says so and measures nothing.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { chromiumArgs, chromiumPath } from "../e2e/support/chromium.ts";
import { root } from "../scripts/run.ts";
import { advanceJob } from "../src-main/engine/lab/commands.ts";
import { webSocketUpstream } from "../src-main/engine/sync/websocket.ts";
import { createWorkstation } from "../src-main/engine/workstation.ts";
import { startHost } from "../src-main/host/server.ts";
import { clock, random, timers } from "../src-main/host/surroundings.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { every } from "./relay.ts";
import type { Measure } from "./report.ts";
import { percentile } from "./report.ts";
import type { BenchServer } from "./server.ts";
import { type BenchEngine, paced, sellGlasses, until } from "./support.ts";

/** Stages that stand in columns of their own. */
const moves = [
  ["lens_ordered", "waiting"],
  ["surfacing", "surface"],
  ["edging", "edge"],
  ["fitting", "fit"],
  ["inspection", "inspect"],
  ["passed", "out"],
] as const;

export interface DomBenchOptions {
  readonly a: BenchEngine;
  /** The folder and key of B's replica, closed by now. */
  readonly folder: string;
  readonly key: Uint8Array;
  readonly server: BenchServer;
  readonly count: number;
  readonly report: (measure: Measure) => void;
}

export async function domBench({ a, folder, key, server, count, report }: DomBenchOptions): Promise<void> {
  const renderer = join(root, "out/renderer");
  if (!existsSync(join(renderer, "index.html"))) {
    console.error("relay: the screens are not built (npm run build), so dom_p95_ms is left out");
    return;
  }
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArgs] }).catch(() => null);
  if (!browser) {
    console.error("relay: there is no Chromium here, so dom_p95_ms is left out");
    return;
  }
  const workstation = await createWorkstation({
    folder,
    dataKey: async () => key,
    destroyKey: async () => {},
    connect: (serverUrl) => webSocketUpstream(serverUrl, timers),
    clock,
    timers,
    random,
    log: silentLog,
    version: "bench",
    pcName: "Bench",
    serverUrl: server.url,
  });
  const host = await startHost({ workstation, renderer, log: silentLog });
  try {
    const b = workstation.engine();
    await until(() => b.sync.status().phase === "live", 30_000, "B to be live");
    const jobsOnB = b.db.prepare("select lower(hex(id)) from job where stage='released' order by id").pluck();
    const jobsNeeded = Math.ceil(count / moves.length);
    const before = new Set(jobsOnB.all() as Id[]);
    sellGlasses(a, server.practice, jobsNeeded);
    const fresh = () => (jobsOnB.all() as Id[]).filter((id) => !before.has(id));
    await until(() => fresh().length === jobsNeeded, 60_000, "the jobs to reach B");
    const jobs = fresh();
    const waiting = new Map<string, () => void>();
    await openBoard(browser, host.url, server, (job, column) => waiting.get(`${job} ${column}`)?.());
    await until(() => a.engine.replica.unsettledCount() === 0, 60_000, "A to be settled");
    const actor = { user: server.practice.people.LT, role: null };
    const times = await paced(count, every, (n) => {
      const [to, column] = moves[Math.floor(n / jobs.length)] as (typeof moves)[number];
      const jobId = jobs[n % jobs.length] as Id;
      return new Promise<number>((done) => {
        const start = performance.now();
        waiting.set(`${jobId} ${column}`, () => done(performance.now() - start));
        a.engine.execute(advanceJob, { jobId, to }, actor);
      });
    });
    const note = `${count} moves, one every ${every} ms, ${jobs.length} cards; the way out of Chromium counts too; bar 150 ms`;
    report({ bench: "relay", measure: "dom_p95_ms", value: percentile(times, 0.95), unit: "ms", runs: 1, note });
  } finally {
    await browser.close();
    await host.close();
    await workstation.close();
  }
}

/** Signs the technician in at B, opens the board, and tells of every card that appears or changes its column. */
async function openBoard(
  browser: Browser,
  url: string,
  server: BenchServer,
  seen: (job: string, column: string) => void,
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(url);
  await page.getByLabel("Name or e-mail").fill("lt@example.org");
  await page.getByLabel("Password").fill(server.password);
  await page.getByRole("button", { name: /^Sign in/ }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
  await page.evaluate(() => {
    window.location.hash = "/lab";
  });
  await page.locator("[data-job]").first().waitFor();
  await page.exposeBinding("benchSeen", (_, job: string, column: string) => seen(job, column));
  await page.evaluate(() => {
    const columns = new Map<string, string>();
    const told = window as unknown as { benchSeen(job: string, column: string): void };
    const look = () => {
      for (const card of document.querySelectorAll<HTMLElement>("[data-column] [data-job]")) {
        const job = card.dataset.job ?? "";
        const column = card.closest<HTMLElement>("[data-column]")?.dataset.column ?? "";
        if (columns.get(job) === column) continue;
        columns.set(job, column);
        told.benchSeen(job, column);
      }
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ["data-column", "data-job"],
    });
    look();
  });
  return page;
}
