import { expect, test } from "@playwright/test";
import { findPatient, joinWith, type LargePractice, startLargePractice, watchBar } from "./support/large-practice.ts";

let practice: LargePractice;
test.beforeAll(async () => {
  practice = await startLargePractice(50_000);
});
test.afterAll(() => practice?.stop());

test("a new till joins a practice of 50,000: a code, a bar that moves, and a patient is found", async ({ browser }) => {
  const { page } = await practice.start(browser, "New till");
  const values = await watchBar(page);
  await joinWith(page, await practice.makeCode(), practice.server.url);
  await expect(page.getByRole("heading", { name: "Who is at this PC?" })).toBeVisible({ timeout: 60_000 });
  const seen = await values();
  expect(new Set(seen).size).toBeGreaterThan(3);
  expect(Math.max(...seen)).toBeLessThanOrEqual(1);
  await findPatient(page, practice);
  await expect(page.locator("button.sync")).toContainText("Live");
});
