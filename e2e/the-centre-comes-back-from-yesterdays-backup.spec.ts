import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, type Place, sellGlasses, signInAt } from "./support/demo.ts";

const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-backup-"));
const running: ChildProcess[] = [];
test.afterAll(async () => {
  for (const child of running.reverse()) await end(child);
  rmSync(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

const flags = ["--disable-warning=ExperimentalWarning"];
const pathOf = (script: string) => join(import.meta.dirname, "..", script);

/** Starts a program of ours; resolves with the line by which it says that it is ready. */
async function start<T>(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<[T, ChildProcess]> {
  const child = spawn(process.execPath, [...flags, pathOf(script), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
  running.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const ready = text.split("\n").find((each) => each.startsWith('{"ready":true'));
      if (ready) resolve(ready);
    });
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code}`)));
  });
  return [JSON.parse(line) as T, child];
}

interface Plan {
  readonly key: string;
  readonly name: Place;
  readonly userId: string;
  readonly user: string;
  readonly password: string;
  readonly code: string;
}

async function startServer(data: string, port: string) {
  const args = ["--demo", "--json", "--port", port, "--data", data];
  return start<{ url: string; demo: { workstations: Plan[] } }>("sync-server/main.ts", args);
}

async function startWorkstation(serverUrl: string, { key, name, userId, code }: Plan): Promise<string> {
  const args = ["--folder", join(folder, key), "--json", "--no-open", "--name", name, "--secrets", "key-file"];
  const place = JSON.stringify({ serverUrl, code, name, userId });
  const [{ url }] = await start<{ url: string }>("scripts/demo/workstation.ts", args, { HOROPTER_DEMO_PLACE: place });
  return url;
}

/** A PC that found the centre gone tries again half a minute later at the latest. */
const soon = { timeout: 45_000 };

async function findOnce(page: Page, number: string): Promise<void> {
  const box = page.getByRole("combobox", { name: "Patient, job, sale or case" });
  await box.fill(number);
  await expect(page.getByRole("option").filter({ hasText: "Sale" })).toHaveCount(1, soon);
  await expect(page.getByRole("option").filter({ hasText: "Job" })).toHaveCount(1);
}

/** A person who hears that the centre is back does not wait for the next try. */
async function tryNow(page: Page): Promise<void> {
  const pill = page.locator("button.sync");
  await pill.click();
  await page.locator(".pop").waitFor();
  const button = page.getByRole("button", { name: "Try now" });
  if (await button.isVisible()) await button.click();
  await expect(pill).toContainText("Live", soon);
  await page.keyboard.press("Escape");
  await expect(page.locator(".pop")).toHaveCount(0);
}

test("the centre comes back from yesterday's backup: the sale made since, its payment and its job are everywhere once", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const script = (name: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [...flags, pathOf(`sync-server/backup/${name}.ts`), ...args]);
  const [old, fresh] = [join(folder, "old"), join(folder, "fresh")];
  const [server, centre] = await startServer(old, "0");
  const places = server.demo.workstations.filter(({ name }) => name !== "Leeds exam room");
  const urls = await Promise.all(places.map((plan) => startWorkstation(server.url, plan)));
  const demo = { workstations: places.map((plan, index) => ({ ...plan, url: urls[index] })) } as unknown as Demo;
  const [till, bench, office] = (await Promise.all(
    (["Leeds till", "York lab bench", "HQ"] as const).map((place) => signInAt(browser, demo, place)),
  )) as [Page, Page, Page];

  const backup = join(folder, "yesterday.backup");
  await script("backup", "--data", join(old, "demo"), "--to", backup);
  const number = await sellGlasses(till, "ellison sophie");
  await findOnce(office, number);

  // The machine is gone. What is left is what the instructions say to keep: the backup and the secret.
  await end(centre);
  mkdirSync(join(fresh, "demo"), { recursive: true });
  copyFileSync(join(old, "demo", "server-secret"), join(fresh, "demo", "server-secret"));
  await script("restore", backup, "--data", join(fresh, "demo"));
  await startServer(fresh, new URL(server.url).port);

  for (const page of [till, bench, office]) {
    await tryNow(page);
  }
  await findOnce(office, number);
  await goTo(bench, "/lab");
  const short = number.split("-").at(-1) as string;
  await expect(bench.locator(`.job:has-text("${short}")`).filter({ hasText: "SE" })).toHaveCount(1);
  await goTo(till, "/today");
  await expect(till.getByRole("link", { name: number })).toHaveCount(1);
});
