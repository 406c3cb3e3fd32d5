/** A practice of many years at a real sync server on PostgreSQL, and new workstations that join it in a browser. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page } from "@playwright/test";
import { loadLargePractice } from "../../bench/bulk.ts";
import { openOffice } from "../../bench/office.ts";
import { type BenchServer, startBenchServer } from "../../bench/server.ts";
import { systemRandom } from "../../replica/crypto.ts";

export interface LargePractice {
  readonly server: BenchServer;
  /** Somebody who is in it. */
  readonly patient: { readonly given: string; readonly family: string; readonly born: string };
  /** A code for one more till, as head office makes it. */
  makeCode(): Promise<string>;
  filesAreMade(): Promise<void>;
  /** Starts a workstation on a folder of this name and opens it in the browser. */
  start(browser: Browser, name: string): Promise<{ page: Page; process: ChildProcess }>;
  stop(): Promise<void>;
}

export async function startLargePractice(patients: number): Promise<LargePractice> {
  const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-large-"));
  let patient: LargePractice["patient"] | null = null;
  const server = await startBenchServer(folder, [{ profile: "hq", branch: "leeds" }], async (centre, practice) => {
    ({ patient } = await loadLargePractice(centre, practice, practice.branches.leeds, patients, systemRandom()));
  });
  const office = await openOffice(server);
  const running = new Set<ChildProcess>();
  return {
    server,
    patient: patient as unknown as LargePractice["patient"],
    makeCode: () => office.makeCode("till"),
    filesAreMade: office.filesAreMade,
    async start(browser, name) {
      const args = ["--browser", "--no-open", "--json", "--secrets", "key-file", "--name", name];
      const script = join(import.meta.dirname, "../../scripts/start.ts");
      const child = spawn(
        process.execPath,
        ["--disable-warning=ExperimentalWarning", script, ...args, "--folder", join(folder, name)],
        { stdio: ["pipe", "pipe", "inherit"] },
      );
      running.add(child);
      child.once("exit", () => running.delete(child));
      const url = await new Promise<string>((resolve, reject) => {
        let text = "";
        child.stdout.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          const [, found] = /"url":"([^"]+)"/.exec(text) ?? [];
          if (found) resolve(found);
        });
        child.once("exit", (code) => reject(new Error(`the workstation ended with ${code}: ${text}`)));
      });
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
      await page.goto(url);
      return { page, process: child };
    },
    async stop() {
      for (const child of running) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGTERM");
        await gone;
      }
      await office.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Types the code and joins. */
export async function joinWith(page: Page, code: string, centre: string): Promise<void> {
  await page.getByLabel("Code for this PC").fill(code);
  await page.getByLabel("Address of the centre").fill(centre);
  await page.getByRole("button", { name: /^Join/ }).last().click();
}

/** Keeps every value that the bar shows from now on; the returned function reads them. */
export async function watchBar(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const seen: number[] = [];
    Object.assign(window, { barValues: seen });
    new MutationObserver(() => {
      const value = document.querySelector("progress")?.getAttribute("value");
      if (value && Number(value) !== seen.at(-1)) seen.push(Number(value));
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  return () => page.evaluate(() => (window as unknown as { barValues: number[] }).barValues);
}

/** Signs the dispenser in and finds the patient. */
export async function findPatient(page: Page, { server, patient }: LargePractice): Promise<void> {
  await page.getByLabel("Name or e-mail").fill("do@example.org");
  await page.getByLabel("Password").fill(server.password);
  await page.getByRole("button", { name: /^Sign in/ }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await page.evaluate(() => {
    window.location.hash = "/patients";
  });
  const [year, month, day] = patient.born.split("-");
  await page
    .getByLabel(/Name, date of birth, phone, post code/)
    .fill(`${patient.given} ${patient.family} ${day}/${month}/${year}`);
  await expect(page.locator(".pickrow").first()).toContainText(`${patient.given} ${patient.family}`);
}
