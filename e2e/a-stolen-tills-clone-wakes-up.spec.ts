import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
let clone: ReturnType<typeof spawn> | null = null;
const stolen = mkdtempSync(join(tmpdir(), "horopter-stolen-"));
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(async () => {
  clone?.kill("SIGKILL");
  await demo?.stop();
  rmSync(stolen, { recursive: true, force: true });
});

async function pill(page: Page, name: "Pull the plug" | "Plug in again"): Promise<void> {
  const sync = page.locator("button.sync");
  await sync.click();
  await page.getByRole("button", { name }).click();
  if (name === "Pull the plug") await sync.click();
}

/** Another PC starts on a copy of a workstation's folder. */
async function startClone(browser: Browser): Promise<Page> {
  const script = join(import.meta.dirname, "../src-main/host/main.ts");
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      script,
      "--json",
      "--no-open",
      "--secrets",
      "key-file",
      "--folder",
      stolen,
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  clone = child;
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = /"url":"([^"]+)"/.exec(text);
      if (found?.[1]) resolve(found[1]);
    });
    child.once("exit", (code) => reject(new Error(`the copy ended with ${code}: ${text}`)));
  });
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return page;
}

test("a stolen till's clone wakes up: it is told nothing, and what was sold at the till is held for head office", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await pill(till, "Pull the plug");
  await sellGlasses(till, "ellison sophie");

  // Somebody walks out with a copy of the disk, keys and all.
  cpSync(join(demo.dataDir, "leeds-till"), stolen, { recursive: true });
  rmSync(join(stolen, "horopter.lock"), { force: true });

  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/hq");
  await office.getByRole("tab", { name: "Devices" }).click();
  await office
    .getByRole("row", { name: /Leeds till/ })
    .getByRole("button", { name: "Take out" })
    .click();
  await office.getByRole("dialog").getByRole("button", { name: "Take out" }).click();
  await expect(office.getByRole("row", { name: /Leeds till/ })).toContainText("taken out");
  await expect(office.locator("button.sync")).toContainText("Live");

  // The copy says hello, hands over what it has, and is empty a moment later.
  const woken = await startClone(browser);
  await expect(woken.getByText("This PC was taken out of the practice")).toBeVisible();
  expect(readdirSync(stolen).filter((name) => name.startsWith("replica.db"))).toEqual([]);
  expect(readFileSync(join(stolen, "secrets.unprotected.json"), "utf8")).not.toContain("data-key");

  // So is the till itself, once it has a line again; the sale was handed over once.
  await pill(till, "Plug in again");
  await expect(till.getByText("This PC was taken out of the practice")).toBeVisible();
  await expect.poll(() => existsSync(join(demo.dataDir, "leeds-till", "replica.db"))).toBe(false);

  // Head office is asked about it.
  await expect(office.locator("button.sync")).toContainText("Needs attention");
});
