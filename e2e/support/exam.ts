/** Writing an exam as people at the keyboard do. */
import { expect, type Page } from "@playwright/test";

/** Finds a patient in the exam room and begins their exam, or goes on with the open one. */
export async function beginExam(page: Page, patient: string): Promise<void> {
  await page.getByLabel("Find the patient").fill(patient);
  await expect(page.locator(".pickrow").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Reason for the visit")).toBeVisible();
}

/** Types into the field of that key and moves on. */
export async function typeInto(page: Page, key: string, text: string): Promise<void> {
  await page.locator(`[data-key="${key}"]`).fill(text);
  await page.keyboard.press("Enter");
}
