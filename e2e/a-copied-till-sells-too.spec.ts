import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
let clone: ChildProcess | null = null;
const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-clone-"));
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(async () => {
  if (clone) {
    const gone = new Promise((resolve) => clone?.once("exit", resolve));
    clone.kill("SIGTERM");
    await gone;
  }
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Copies the till's data and its keys, as they lie on its disk, and starts Horopter on the copy. */
async function wakeClone(browser: Browser): Promise<Page> {
  const from = join(demo.dataDir, "leeds-till");
  for (const name of readdirSync(from).filter((each) => /^(replica\.|keyring|secrets)/.test(each))) {
    cpSync(join(from, name), join(folder, name));
  }
  const args = [
    "--browser",
    "--no-open",
    "--json",
    "--secrets",
    "key-file",
    "--name",
    "Stolen till",
    "--folder",
    folder,
  ];
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "../scripts/start.ts"), ...args],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  clone = child;
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /"url":"([^"]+)"/.exec(text);
      if (found) resolve(found[1] as string);
    });
    child.once("exit", (code) => reject(new Error(`the clone ended with ${code}: ${text}`)));
  });
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(url);
  const till = demo.workstations.find(({ name }) => name === "Leeds till");
  await page.getByLabel("Name or e-mail").fill(till?.user ?? "");
  await page.getByLabel("Password").fill(till?.password ?? "");
  await page.getByRole("button", { name: /^Sign in/ }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  return page;
}

/** The demo's own switch, in the panel behind the indicator. */
async function throwSwitch(page: Page, name: "Pull the plug" | "Plug in again"): Promise<void> {
  await page.locator("button.sync").click();
  await page.getByRole("button", { name }).click({ timeout: 15_000 });
  await page.locator("button.sync").click();
}

test("a till's disk is copied and the copy sells too: both sales stand under numbers of their own, and the printed one is found", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await throwSwitch(till, "Pull the plug");
  await expect(till.locator("button.sync")).toContainText("Working offline");
  const stolen = await wakeClone(browser);
  await throwSwitch(stolen, "Pull the plug");

  // Neither can know of the other: the same number is printed twice.
  const printed = await sellGlasses(till, "ellison sophie");
  expect(await sellGlasses(stolen, "ellison sophie")).toBe(printed);

  // The till meets the centre first and goes on as if nothing had happened.
  await throwSwitch(till, "Plug in again");
  await expect(till.locator("button.sync")).toHaveText(/^Live/);
  // The copy is told that it is one, and carries on alone under a code of its own.
  await throwSwitch(stolen, "Plug in again");
  await expect(stolen.locator("button.sync")).toContainText("Needs attention");
  await stolen.locator("button.sync").click();
  await expect(stolen.getByRole("dialog", { name: "Sync" })).toContainText("had to be drawn anew");
  await stolen.locator("button.sync").click();
  const next = await sellGlasses(stolen, "ellison sophie");
  expect(next.split("-")[1]).not.toBe(printed.split("-")[1]);

  // Who types what stands on either receipt finds both sales.
  const office = await signInAt(browser, demo, "HQ");
  await office.getByRole("combobox", { name: "Patient, job, sale or case" }).fill(printed);
  const sales = office.getByRole("option").filter({ hasText: "Sale" });
  await expect(sales).toHaveCount(2);
  await expect(sales.filter({ hasText: printed })).toHaveCount(1);
  await office.keyboard.press("Escape");
  await goTo(office, "/sync");
  await expect(office.getByText(/The printed number .* had to be drawn anew/).first()).toBeVisible();
});
