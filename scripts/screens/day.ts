/** The screens of a day at the demo practice. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { goTo, openAt, type Place, sellGlasses, signInAt, startDemo } from "../../e2e/support/demo.ts";
import type { Camera } from "./camera.ts";
import { picturesOfAnExam } from "./exam.ts";

export async function picturesOfADay({ browser, options, shoot }: Camera): Promise<void> {
  const demo = await startDemo();
  const fresh = await startFresh();
  const signIn = (place: Place) => signInAt(browser, demo, place, options);
  try {
    const first = await (await browser.newContext(options)).newPage();
    await first.goto(fresh.url);
    await first.getByRole("heading", { name: /Welcome/ }).waitFor();
    await shoot(first, "first-run");

    const door = await openAt(browser, demo, "Leeds till", options);
    await door.getByRole("heading", { name: "Who is at this PC?" }).waitFor();
    await shoot(door, "sign-in");

    const till = await signIn("Leeds till");
    await goTo(till, "/today");
    await shoot(till, "today");
    await goTo(till, "/patients");
    await till.getByLabel(/Name, date of birth, phone, post code/).fill("ellison");
    await till.locator(".pickrow").first().waitFor();
    await shoot(till, "patients");
    await till.keyboard.press("F2");
    await till.getByLabel("Given name").waitFor();
    await shoot(till, "register");
    await till.keyboard.press("Escape");
    await find(till, "/patients", /Name, date of birth, phone, post code/, "ellison marg");
    await till.getByRole("heading", { name: "Margaret Ellison" }).waitFor();
    await shoot(till, "patient");
    await goTo(till, "/till");
    await till.locator(".steps").waitFor();
    await till.keyboard.press("Alt+1");
    await till.getByLabel("Name, date of birth, phone or number").fill("ellison");
    await till.locator(".pickrow").first().waitFor();
    await shoot(till, "till-patient");
    await find(till, "/till", "Name, date of birth, phone or number", "ellison marg");
    await till.locator(".tbl tbody tr").nth(2).click();
    await shoot(till, "till-frame");
    await till.keyboard.press("Alt+3");
    await till.locator(".tbl tbody tr").first().click();
    await shoot(till, "till-lenses");
    await till.keyboard.press("Alt+4");
    await shoot(till, "till-measurements");
    await till.keyboard.press("Alt+5");
    await till.getByRole("button", { name: "Deposit", exact: true }).click();
    await shoot(till, "till-checkout");
    await sellGlasses(till, "ellison sophie");
    await shoot(till, "receipt");
    await goTo(till, "/cases");
    await till.locator(".it").first().click();
    await shoot(till, "case");
    await till.keyboard.press("c");
    await till.getByRole("dialog").waitFor();
    await shoot(till, "case-new");
    await till.keyboard.press("Escape");
    await till.keyboard.press("Control+k");
    await shoot(till, "commands");
    await till.keyboard.press("Escape");
    await till.locator("button.sync").click();
    await till.getByRole("button", { name: "Pull the plug" }).click();
    await till.locator("button.sync").click();
    await sellGlasses(till, "ellison marg", { pay: "deposit" });
    await goTo(till, "/today");
    await till.locator("button.sync").click();
    await shoot(till, "sync-panel");
    await till.getByRole("button", { name: "Plug in again" }).click();
    await till.locator("button.sync").click();
    await goTo(till, "/sync");
    await shoot(till, "sync-history");
    await goTo(till, "/help");
    await shoot(till, "help");

    const bench = await signIn("York lab bench");
    await goTo(bench, "/lab");
    await bench.locator(".job").nth(1).click();
    await shoot(bench, "lab-board");
    await bench.locator(".selbar a").click();
    await shoot(bench, "lab-job");

    const room = await signIn("Leeds exam room");
    await goTo(room, "/exam");
    await room.getByLabel("Find the patient").fill("ellison");
    await room.locator(".pickrow").first().waitFor();
    await shoot(room, "exam-start");
    await picturesOfAnExam(room, shoot);
    await room.getByText("final at the centre").waitFor();
    await shoot(room, "exam-signed");

    const office = await signIn("HQ");
    for (const tab of ["People", "Roles", "Devices", "Branches", "Catalogue", "Files", "Limits"]) {
      await goTo(office, "/hq");
      await office.getByRole("tab", { name: tab }).click();
      await shoot(office, `office-${tab.toLowerCase()}`);
    }
  } finally {
    fresh.stop();
    await demo.stop();
  }
}

/** A workstation that nobody has set up yet, in the browser. */
async function startFresh(): Promise<{ url: string; stop: () => void }> {
  const data = mkdtempSync(join(tmpdir(), "horopter-fresh-"));
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      join(import.meta.dirname, "../start.ts"),
      ...["--browser", "--no-open", "--json", "--secrets", "key-file", "--name", "Front desk", "--folder", data],
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the workstation ended with ${code}`)));
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /"url":"([^"]+)"/.exec(String(chunk))?.[1];
      if (found) resolve(found);
    });
  });
  return {
    url,
    stop() {
      child.removeAllListeners("exit");
      child.kill();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function find(page: Page, path: string, label: string | RegExp, text: string): Promise<void> {
  await goTo(page, path);
  await page.getByLabel(label).fill(text);
  await page.locator(".pickrow").first().waitFor();
  await page.keyboard.press("Enter");
}
