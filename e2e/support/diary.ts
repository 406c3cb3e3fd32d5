/** What people do in the diary, as several stories need it. */
import { expect, type Locator, type Page } from "@playwright/test";
import { goTo } from "./demo.ts";

/** Books somebody today at a time of the evening, when no clinic is held: the diary asks, and the person insists. */
export async function bookTonight(page: Page, search: string, time: string, kind = "Sight test"): Promise<void> {
  await goTo(page, "/diary/day");
  await expect(page.locator(".pagehead")).toBeVisible();
  await page.keyboard.press("b");
  const dialog = page.getByRole("dialog", { name: "Book a time" });
  await dialog.getByLabel(/^Patient/).fill(search);
  await expect(dialog.locator(".foundhere .pickrow").first()).toBeVisible();
  await dialog.getByLabel(/^Patient/).press("Enter");
  await expect(dialog.getByRole("button", { name: "Another patient" })).toBeVisible();
  await dialog.getByLabel("For", { exact: true }).selectOption({ label: kind });
  await dialog.getByLabel("Room").selectOption("Room 1");
  await dialog.getByLabel("Time").fill(time);
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Book it all the same" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

/** The line of the day list about a patient. */
export function lineOf(page: Page, name: string): Locator {
  return page.locator("[data-visit]", { hasText: name });
}

/** Opens the day list and chooses a patient's line. */
export async function chooseLine(page: Page, name: string): Promise<void> {
  await goTo(page, "/diary/list");
  await lineOf(page, name).getByRole("button", { name, exact: true }).click();
  await expect(lineOf(page, name)).toHaveAttribute("aria-selected", "true");
}
