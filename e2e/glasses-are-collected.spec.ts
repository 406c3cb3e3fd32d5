import { expect, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("glasses are collected: what is due is paid first, then they leave the list", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  await goTo(till, "/today");
  const list = till.locator("section", { has: till.getByRole("heading", { name: "Ready to collect" }) });
  const row = list.locator("tbody tr").filter({ hasText: "£" }).first();
  const number = (await row.locator("td").nth(1).locator("a").textContent()) as string;
  await row.getByRole("button", { name: "Take payment" }).click();
  await till.getByRole("button", { name: "Take a payment" }).click();
  await till.getByRole("dialog").getByRole("button", { name: "Pay" }).click();
  await expect(till.getByText("Paid", { exact: true })).toBeVisible();

  await goTo(till, "/today");
  const paid = list.locator("tbody tr").filter({ hasText: number });
  await expect(paid).toContainText("paid");
  await paid.getByRole("button", { name: "Collected" }).click();
  await expect(list.locator("tbody tr").filter({ hasText: number })).toHaveCount(0);

  // Head office sees it without having done anything.
  await office.getByRole("combobox", { name: /Patient, job/ }).fill(number);
  await office.getByRole("option").first().waitFor();
  await office.keyboard.press("Enter");
  await expect(office.getByText("Collected").first()).toBeVisible();
});
