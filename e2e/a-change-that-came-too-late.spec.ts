import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

async function openMargaret(page: Page): Promise<void> {
  await goTo(page, "/patients");
  await page.getByLabel(/Name, date of birth, phone, post code/).fill("ellison marg");
  await expect(page.locator(".pickrow").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Margaret Ellison" })).toBeVisible();
}
async function plug(page: Page, name: "Pull the plug" | "Plug in again"): Promise<void> {
  await page.locator("button.sync").click();
  await page.getByRole("button", { name }).click();
  await page.locator("button.sync").click();
}

test("a change that came too late is decided at head office", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  const person = (await till.locator(".who b").textContent()) as string;
  await openMargaret(till);
  await plug(till, "Pull the plug");
  await till.getByRole("button", { name: /^Edit details/ }).click();
  await till.getByRole("dialog").getByLabel("Phone", { exact: true }).fill("07700 900333");
  await till.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(till.locator(".phead")).toContainText("07700 900333");

  // Meanwhile head office gives the dispenser another role.
  await goTo(office, "/hq");
  await office.getByRole("tab", { name: "People" }).click();
  await office.getByRole("row", { name: person }).getByRole("button", { name: "Edit person" }).click();
  await office.getByRole("dialog").getByLabel("Role").selectOption({ label: "Lab technician" });
  await office
    .getByRole("dialog")
    .getByLabel(/Reason/)
    .fill("Moves to the bench");
  await office.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(office.getByRole("dialog")).toHaveCount(0);
  await expect(office.locator("button.sync")).toHaveText("Live");
  await plug(till, "Plug in again");

  // The author sees where it stands, head office what was typed and what it would replace.
  await goTo(till, "/attention");
  const waits = till.getByRole("article", { name: "Margaret Ellison" });
  await expect(waits).toContainText("Waits for head office");
  await expect(office.locator("button.sync")).toContainText("Needs attention (1)");
  await office.locator("button.sync").click();
  await office.getByRole("button", { name: "Open all" }).click();
  const card = office.getByRole("article", { name: "Margaret Ellison" });
  await expect(card).toContainText(person);
  await expect(card).toContainText("07700 900333 instead of");
  const { violations } = await new AxeBuilder({ page: office }).withTags(["wcag2a", "wcag2aa", "wcag22aa"]).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await office.keyboard.press("a");
  await office.getByLabel("Reason, shown to its author").fill("She typed it while she was at the till");
  await office.keyboard.press("Enter");
  await expect(office.getByText("Nothing needs a decision")).toBeVisible();

  await expect(till.getByText("Nothing needs a decision")).toBeVisible();
  await openMargaret(office);
  await expect(office.locator(".phead")).toContainText("07700 900333");
});
