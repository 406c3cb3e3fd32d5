/** What people do at a workstation, as several stories need it. */
import { expect, type Page } from "@playwright/test";
import { goTo } from "./demo.ts";

/** Finds Margaret Ellison, who is in every demo, and opens her. */
export async function openMargaret(page: Page): Promise<void> {
  await goTo(page, "/patients");
  await page.getByLabel(/Name, date of birth, phone, post code/).fill("ellison marg");
  await expect(page.locator(".pickrow").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Margaret Ellison" })).toBeVisible();
}

/** Changes one field of the patient who is open. */
export async function editDetails(page: Page, label: string, value: string): Promise<void> {
  await page.getByRole("button", { name: /^Edit details/ }).click();
  await page.getByRole("dialog").getByLabel(label, { exact: true }).fill(value);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

/** Takes the workstation off the network, or puts it back. */
export async function plug(page: Page, name: "Pull the plug" | "Plug in again"): Promise<void> {
  await page.locator("button.sync").click();
  await page.getByRole("button", { name }).click();
  await page.locator("button.sync").click();
}

/** Registers somebody at a till or at head office, and is on their screen then. */
export async function registerSomebody(
  page: Page,
  person: { given: string; family: string; born: string; phone?: string; address?: string; needs?: string },
): Promise<void> {
  await goTo(page, "/patients");
  await expect(page.getByLabel(/Name, date of birth, phone, post code/)).toBeFocused();
  await page.keyboard.press("F2");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Given name").fill(person.given);
  await dialog.getByLabel("Family name").fill(person.family);
  await dialog.getByLabel("Date of birth").fill(person.born);
  if (person.phone) await dialog.getByLabel("Phone", { exact: true }).fill(person.phone);
  if (person.address) await dialog.getByLabel("Address", { exact: true }).fill(person.address);
  if (person.needs) await dialog.getByLabel("Needs", { exact: true }).fill(person.needs);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("heading", { name: `${person.given} ${person.family}` })).toBeVisible();
}
