/** The demo practice as its users start it: real processes, real sockets, real encrypted replicas, a folder of its own. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { expect } from "@playwright/test";

export interface Workstation {
  readonly name: string;
  readonly url: string;
  readonly user: string;
  readonly password: string;
}
export interface Demo {
  readonly server: string;
  readonly dataDir: string;
  readonly workstations: readonly Workstation[];
  /** Ends one process of the demo without a word, as a power cut would. */
  process: ChildProcess;
  stop(): Promise<void>;
}
export type Place = "Leeds till" | "Leeds exam room" | "York lab bench" | "HQ";

/** A folder with the demo as it is after its first start: made once for all stories (`template.ts`). */
function copyOfDemo(): string {
  const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-"));
  const template = process.env.HOROPTER_E2E_DEMO;
  if (template) cpSync(template, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/** Starts the demo and waits until all four workstations are at work. `keep`: its folder outlives it. */
export async function startDemo({ folder = copyOfDemo(), keep = false } = {}): Promise<Demo> {
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "../../scripts/demo.ts"),
      "--json",
      "--no-open",
      "--data",
      join(folder, "demo"),
    ],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (chunk: string) => {
      text += chunk;
      const ready = text.split("\n").find((each) => each.startsWith('{"ready":true'));
      if (ready) resolve(ready);
    });
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}`)));
  });
  const { server, dataDir, workstations } = JSON.parse(line) as Demo;
  return {
    server,
    dataDir,
    workstations,
    process: child,
    async stop() {
      const gone = new Promise<void>((resolve) =>
        child.exitCode === null ? child.once("exit", () => resolve()) : resolve(),
      );
      child.kill("SIGTERM");
      await gone;
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every process of the demo, ended where it stands: nothing gets to tidy up. */
export function powerCut(of: Demo): void {
  const root = of.process.pid as number;
  const table = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = table.filter(([, parent]) => parent === root).map(([pid]) => pid as number);
  for (const pid of [root, ...children]) process.kill(pid, "SIGKILL");
}

export async function openAt(
  browser: Browser,
  demo: Demo,
  place: Place,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Page> {
  const workstation = demo.workstations.find(({ name }) => name === place) as Workstation;
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  await page.goto(workstation.url);
  return page;
}

/** Signs somebody else in at a workstation: `jodie.marsh`, say. Everybody of the demo has one password. */
export async function signInAs(browser: Browser, demo: Demo, place: Place, person: string): Promise<Page> {
  const workstation = demo.workstations.find(({ name }) => name === place) as Workstation;
  const page = await openAt(browser, demo, place);
  await page.getByLabel("Name or e-mail").fill(workstation.user.replace(/^[^@]+/, person));
  await page.getByLabel("Password").fill(workstation.password);
  await page.getByRole("button", { name: /^Sign in/ }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  return page;
}

/** Opens a workstation and signs its person in with name and password. */
export async function signInAt(
  browser: Browser,
  demo: Demo,
  place: Place,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Page> {
  const workstation = demo.workstations.find(({ name }) => name === place) as Workstation;
  const page = await openAt(browser, demo, place, options);
  await page.getByLabel("Name or e-mail").fill(workstation.user);
  await page.getByLabel("Password").fill(workstation.password);
  await page.getByRole("button", { name: /^Sign in/ }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  return page;
}

export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, path);
}

/** The sale as a dispenser makes it, by keyboard where the till offers it; returns the receipt's number. */
export async function sellGlasses(
  page: Page,
  patient: string,
  options: { pay?: "full" | "deposit" } = {},
): Promise<string> {
  await goTo(page, "/till");
  // Whatever the till had in hand from before, this is for somebody else.
  await expect(page.locator(".steps")).toBeVisible();
  await page.keyboard.press("Alt+1");
  await page.getByLabel("Name, date of birth, phone or number").fill(patient);
  await expect(page.locator(".pickrow").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await choosePair(page);
  // What is to pay has to be known before all of it can be paid.
  await expect(page.locator(".tbl").getByText("Total")).toBeVisible();
  await expect(page.locator(".tbl tbody tr").nth(1)).toBeVisible();
  await page.getByRole("button", { name: options.pay === "deposit" ? "Deposit" : "All", exact: true }).click();
  await page.getByRole("button", { name: /^Pay/ }).click();
  const number = page.getByTestId("receipt-number");
  await expect(number).toHaveText(/^[A-Z]{3}-[A-Z]\d+-\d{6}$/);
  return (await number.textContent()) as string;
}

/** From the frame to the checkout, for the patient who is in hand. */
export async function choosePair(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Frame" })).toBeVisible();
  await page.locator(".tbl tbody tr").first().click();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("tab", { name: /Single vision/ }).click();
  await page.locator(".tbl tbody tr").first().click();
  await page.keyboard.press("Control+Enter");
  for (const [label, value] of [
    ["Pupil distance, Right", "31.5"],
    ["Pupil distance, Left", "31"],
    ["Vertex distance", "12"],
  ] as const) {
    await page.getByLabel(label).fill(value);
  }
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: "Checkout" })).toBeVisible();
}
