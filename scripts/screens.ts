/** `npm run screens`: pictures of every screen of the demo, light and dark, into docs/screens. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { chromiumArgs, chromiumPath } from "../e2e/support/chromium.ts";
import { type Demo, goTo, openAt, type Place, sellGlasses, signInAt, startDemo } from "../e2e/support/demo.ts";
import { ensureRenderer } from "./build.ts";

const folder = join(import.meta.dirname, "../docs/screens");
mkdirSync(folder, { recursive: true });
await ensureRenderer();
const executablePath = chromiumPath();
const browser = await chromium.launch({ args: [...chromiumArgs], ...(executablePath ? { executablePath } : {}) });
const demo: Demo = await startDemo();

async function find(page: Page, path: string, label: string | RegExp, text: string): Promise<void> {
  await goTo(page, path);
  await page.getByLabel(label).fill(text);
  await page.locator(".pickrow").first().waitFor();
  await page.keyboard.press("Enter");
}

for (const colorScheme of ["light", "dark"] as const) {
  const options = { colorScheme, viewport: { width: 1280, height: 800 } };
  const shoot = async (page: Page, name: string) => {
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  };
  const signIn = (place: Place) => signInAt(browser, demo, place, options);

  const door = await openAt(browser, demo, "Leeds till", options);
  await door.getByRole("heading", { name: "Who is at this PC?" }).waitFor();
  await shoot(door, "sign-in");

  const till = await signIn("Leeds till");
  await goTo(till, "/today");
  await shoot(till, "today");
  await find(till, "/patients", /Name, date of birth, phone, post code/, "ellison marg");
  await till.getByRole("heading", { name: "Margaret Ellison" }).waitFor();
  await shoot(till, "patient");
  await goTo(till, "/till");
  await till.locator(".steps").waitFor();
  await till.keyboard.press("Alt+1");
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
  await till.keyboard.press("Control+k");
  await shoot(till, "commands");
  await till.keyboard.press("Escape");
  await till.locator("button.sync").click();
  await till.getByRole("button", { name: "Pull the plug" }).click();
  await shoot(till, "sync-panel");
  await till.getByRole("button", { name: "Plug in again" }).click();

  const bench = await signIn("York lab bench");
  await goTo(bench, "/lab");
  await bench.locator(".job").nth(1).click();
  await shoot(bench, "lab-board");
  await bench.locator(".selbar a").click();
  await shoot(bench, "lab-job");

  const room = await signIn("Leeds exam room");
  await find(room, "/exam", "Find the patient", "sutcliffe");
  await room.getByLabel("Reason for the visit").waitFor();
  await shoot(room, "exam");

  const office = await signIn("HQ");
  for (const tab of ["People", "Roles", "Devices", "Catalogue"]) {
    await goTo(office, "/hq");
    await office.getByRole("tab", { name: tab }).click();
    await shoot(office, `office-${tab.toLowerCase()}`);
  }
  for (const page of [door, till, bench, room, office]) await page.context().close();
}
await browser.close();
await demo.stop();
console.log(`Pictures are in ${folder}`);
process.exit(0);
