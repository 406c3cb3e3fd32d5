import { expect, test } from "@playwright/test";
import { type Clinic, openClinic } from "../scripts/screens/clinic.ts";
import { passesAxe } from "./support/axe.ts";
import { openMargaret } from "./support/steps.ts";

let clinic: Clinic;
test.beforeAll(async () => {
  clinic = await openClinic();
});
test.afterAll(() => clinic.close());

test("what the owner does not see says so; a reason opens it for one patient, marked on the screen", async ({
  browser,
}) => {
  const office = clinic.seat("hq", "HQ");
  await office.open();
  await office.join();
  await office.plugIn();
  const page = await office.pageOf(browser, "eleanor.aldous", { viewport: { width: 1280, height: 800 } });
  await openMargaret(page);
  await page.keyboard.press("3");
  await expect(page.getByText("Prescriptions are not shown")).toBeVisible();
  await passesAxe(page, "prescriptions not shown");
  await page.keyboard.press("g");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Why").fill("no");
  await page.keyboard.press("Control+Enter");
  await expect(dialog.getByText("Say in a sentence")).toBeVisible();
  await dialog.getByLabel("Why").fill("Hospital on the phone: which glasses does she wear?");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("Clinical data is open in an emergency")).toBeVisible();
  await expect(page.getByText("Hospital on the phone: which glasses does she wear?")).toBeVisible();
  await expect(page.getByText("Prescriptions are not shown")).toHaveCount(0);
  await passesAxe(page, "opened in an emergency");

  // From here they book: the diary knows for whom.
  await page.keyboard.press("b");
  await expect(page.getByText("Booking Margaret Ellison")).toBeVisible();
});
