import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, openAt, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

async function check(page: Page, screen: string): Promise<void> {
  await page.waitForTimeout(400);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map(
      ({ id, nodes }) =>
        `${screen}: ${id} ${nodes
          .map((node) => node.html.slice(0, 160))
          .slice(0, 3)
          .join(" | ")}`,
    ),
  ).toEqual([]);
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
    await goTo(till, "/patients");
    await till.getByLabel(/Name, date of birth, phone, post code/).fill("ellison marg");
    await expect(till.locator(".pickrow").first()).toBeVisible();
    await till.keyboard.press("Enter");
    await expect(till.getByRole("heading", { name: "Margaret Ellison" })).toBeVisible();
    await check(till, "patient");
    await till.locator("button.sync").click();
    await check(till, "sync panel");
    const room = await signInAt(browser, demo, "Leeds exam room", { colorScheme });
    await goTo(room, "/exam");
    await check(room, "/exam");
    await room.getByLabel("Find the patient").fill("sutcliffe");
    await expect(room.locator(".pickrow").first()).toBeVisible();
    await room.keyboard.press("Enter");
    await expect(room.getByLabel("Reason for the visit")).toBeVisible();
    await check(room, "exam draft");
    const office = await signInAt(browser, demo, "HQ", { colorScheme });
    for (const tab of ["People", "Roles", "Devices", "Branches", "Catalogue"]) {
      await goTo(office, "/hq");
      await office.getByRole("tab", { name: tab }).click();
      await check(office, `office ${tab}`);
    }
  });
}
