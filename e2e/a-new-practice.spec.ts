import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { goTo } from "./support/demo.ts";

/** A production server and fresh workstations, as `npm run server` and `npm start` start them. */
const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-new-"));
const running: ChildProcess[] = [];
test.afterAll(async () => {
  for (const child of running.reverse()) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a program of ours; resolves with what the pattern finds in what it prints. */
function start(script: string, args: readonly string[], pattern: RegExp): Promise<RegExpExecArray> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "..", script), ...args],
    // The demo that the first run offers keeps its data in the person's own folder: here that is ours.
    { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder } },
  );
  running.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text);
      if (found) resolve(found);
    });
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code}: ${text}`)));
  });
}

async function workstation(browser: Browser, name: string): Promise<Page> {
  const args = ["--browser", "--no-open", "--json", "--secrets", "key-file", "--name", name];
  const [, url] = await start("scripts/start.ts", [...args, "--folder", join(folder, name)], /"url":"([^"]+)"/);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await page.goto(url as string);
  return page;
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByLabel("Name or e-mail").fill("amelie.ward@example.org");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: /^Sign in/ }).click();
}

test("a new practice: set up with the server's code, a second PC joins with one of head office", async ({
  browser,
}) => {
  const password = "correct horse battery";
  const [, server, code] = (await start(
    "sync-server/main.ts",
    ["--port", "0", "--data", join(folder, "server")],
    /server on (\S+)[\s\S]+enter:\s+(\S+)/,
  )) as unknown as [string, string, string];

  const first = await workstation(browser, "Front desk");
  await first.getByRole("button", { name: /Set up a new practice/ }).click();
  for (const [label, value] of [
    ["Set-up code", code],
    ["Address of the centre", server],
    ["Name of the practice", "Ward Opticians"],
    ["First branch", "Whitby"],
    ["Code of the branch", "WHB"],
    ["Your name", "Amelie Ward"],
    ["Your e-mail", "amelie.ward@example.org"],
    ["Your password", password],
  ] as const) {
    await first.getByLabel(label, { exact: true }).fill(value);
  }
  await first
    .getByRole("button", { name: /^Set up/ })
    .last()
    .click();
  await expect(first.getByRole("navigation", { name: "Main" })).toBeVisible();
  await expect(first.getByText("DEMO – Not Real Data")).toHaveCount(0);
  await expect(first.locator("button.sync")).toContainText("Live");

  await goTo(first, "/hq");
  await first.getByRole("tab", { name: "Devices" }).click();
  await first.getByRole("button", { name: "Add a device" }).click();
  const dialog = first.getByRole("dialog");
  await dialog.getByLabel("What it is called").fill("Exam room");
  await dialog.getByLabel("Kind").selectOption("exam");
  await dialog.getByRole("button", { name: "Make a code" }).click();
  const joinCode = (await dialog.locator(".codebox").textContent()) as string;
  await first.keyboard.press("Escape");

  const second = await workstation(browser, "Exam room");
  await second.getByLabel("Code for this PC").fill("ABCD-EFGH-JKLM");
  await second.getByLabel("Address of the centre").fill(server);
  await second.getByRole("button", { name: /^Join/ }).last().click();
  await expect(second.getByRole("alert")).toBeVisible();
  await second.getByLabel("Code for this PC").fill(joinCode);
  await second.getByRole("button", { name: /^Join/ }).last().click();
  await expect(second.getByRole("heading", { name: "Who is at this PC?" })).toBeVisible();
  await signIn(second, "not the password");
  await expect(second.getByRole("alert")).toContainText("do not fit");
  await signIn(second, password);
  await expect(second.getByRole("navigation", { name: "Main" })).toBeVisible();

  // What is registered at the front desk is there in the exam room.
  await goTo(first, "/patients");
  await first
    .getByRole("button", { name: /Register a patient/ })
    .first()
    .click();
  const form = first.getByRole("dialog");
  // Who opens it can type at once.
  await expect(form.getByLabel("Given name")).toBeFocused();
  await first.keyboard.press("Control+Enter");
  await expect(form.getByRole("alert")).toContainText("This is needed.");
  await expect(form.getByLabel("Given name")).toBeFocused();
  await form.getByLabel("Given name").fill("Rosa");
  await form.getByLabel("Family name").fill("Feldmann");
  await form.getByLabel("Date of birth").fill("14/2/1961");
  await form.getByLabel("Phone", { exact: true }).fill("07700 900123");
  await form.getByRole("button", { name: /^Register/ }).click();
  await expect(first.getByRole("heading", { name: "Rosa Feldmann" })).toBeVisible();
  await goTo(second, "/patients");
  await second.getByLabel(/Name, date of birth, phone, post code/).fill("feldmann");
  await expect(second.locator(".pickrow").first()).toContainText("Rosa Feldmann");
});

test("the first run offers the demo, and says on every screen that it is one", async ({ browser }) => {
  const page = await workstation(browser, "Curious");
  await page.getByRole("button", { name: /Try the demo/ }).click();
  await page.getByRole("button", { name: "Open the demo" }).click();
  await expect(page.getByText("DEMO – Not Real Data")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("button", { name: /^Be / })).toBeVisible();
  await page.getByRole("button", { name: /^Be / }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
});
