import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { copyOf } from "./support/copy.ts";
import { type Demo, goTo, openAt, signInAt, startDemo } from "./support/demo.ts";
import { openMargaret } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

async function check(page: Page, screen: string): Promise<void> {
  await page.waitForTimeout(400);
  await passesAxe(page, screen);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`every screen passes axe, ${colorScheme}`, async ({ browser }) => {
    const door = await openAt(browser, demo, "HQ", { colorScheme });
    await expect(door.getByRole("heading", { name: "Who is at this PC?" })).toBeVisible();
    await expect(door.getByText("DEMO – Not Real Data")).toBeVisible();
    await check(door, "sign-in");
    const till = await signInAt(browser, demo, "Leeds till", { colorScheme });
    for (const path of ["/today", "/patients", "/till", "/lab", "/cases", "/sync", "/attention", "/help"]) {
      await goTo(till, path);
      await expect(till.getByText("DEMO – Not Real Data")).toBeVisible();
      await check(till, path);
    }
    await openMargaret(till);
    await check(till, "patient");
    await till.locator("button.sync").click();
    await check(till, "sync panel");
    for (const path of ["/diary/list", "/diary/week"]) {
      await goTo(till, path);
      await expect(till.locator(".daytitle")).toBeVisible();
      await check(till, path);
    }
    const room = await signInAt(browser, demo, "Leeds exam room", { colorScheme });
    await goTo(room, "/exam");
    await check(room, "/exam");
    await room.getByLabel("Find the patient").fill("sutcliffe");
    await expect(room.locator(".pickrow").first()).toBeVisible();
    await room.keyboard.press("Enter");
    await expect(room.getByLabel("Reason for the visit")).toBeVisible();
    await check(room, "exam draft");
    const office = await signInAt(browser, demo, "HQ", { colorScheme });
    for (const tab of [
      "People",
      "Roles",
      "Devices",
      "Branches",
      "Catalogue",
      "Exam form",
      "Limits",
      "Files",
      "Integrations",
    ]) {
      await goTo(office, "/hq");
      await office.getByRole("tab", { name: tab }).click();
      await check(office, `office ${tab}`);
    }
  });
}

test("so does what stands in place of the work when the data of a PC cannot be opened", async ({ browser }) => {
  const copy = copyOf(demo, "leeds-till");
  rmSync(join(copy.folder, "secrets.unprotected.json"));
  try {
    const page = await copy.open(browser);
    await expect(page.getByRole("heading", { name: "The key of this PC's data is missing" })).toBeVisible();
    const retry = page.getByRole("button", { name: /^Try again/ });
    await expect(retry).toBeFocused();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await check(page, `no key, ${colorScheme}`);
    }
    // Whoever tries in vain is told so, and stays where they are.
    await page.keyboard.press("Enter");
    await expect(page.getByText(/it is still so/)).toBeVisible();
    await expect(retry).toBeFocused();
  } finally {
    copy.remove();
  }
});
