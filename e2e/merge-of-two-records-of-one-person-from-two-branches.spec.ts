import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";
import { plug, registerSomebody } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

/** Keeps a prescription that the patient brought, on the screen where they are. */
async function bringPrescription(page: Page, line: string, by: string): Promise<void> {
  await page.getByRole("button", { name: "Add a prescription" }).click();
  const dialog = page.getByRole("dialog");
  for (const eye of ["right", "left"]) {
    await dialog.getByLabel(`Whole line, ${eye}`).fill(line);
    await page.keyboard.press("Enter");
  }
  await dialog.getByLabel("Written by").fill(by);
  await dialog.getByRole("button", { name: "Keep on file" }).click();
  await expect(dialog).toHaveCount(0);
}
const heading = (page: Page) => page.locator(".phead h1");

test("two branches register one person offline; found when they meet, merged, and taken apart again", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  await plug(till, "Pull the plug");
  await plug(office, "Pull the plug");
  await registerSomebody(till, { given: "Wilhelmina", family: "Garthwaite", born: "7/4/1961", phone: "07700 900512" });
  await bringPrescription(till, "-2.00/-0.50x090", "Leeds Infirmary");
  await registerSomebody(office, { given: "Wilhelmina", family: "Garthwait", born: "4/7/1961" });
  await office.keyboard.press("s");
  await office.getByRole("dialog").getByRole("listitem").filter({ hasText: "Research" }).getByText("Agrees").click();
  await expect(office.getByRole("dialog").getByText("Agreed", { exact: true })).toBeVisible();
  await office.keyboard.press("Escape");
  await plug(till, "Plug in again");
  await plug(office, "Plug in again");

  // They meet: each screen says that there is somebody like this.
  await expect(till.getByText(/may be the same person/)).toBeVisible();
  await expect(office.getByText(/day and month of birth exchanged/)).toBeVisible();
  await expect(till.getByRole("button", { name: "Compare and merge" })).toHaveCount(0);

  await office.getByRole("button", { name: "Compare and merge" }).click();
  const dialog = office.getByRole("dialog");
  await dialog.getByRole("button", { name: "Keep the other one" }).click();
  await passesAxe(office, "merge");
  await dialog.getByRole("button", { name: "Merge", exact: true }).click();
  await expect(heading(office)).toHaveText("Wilhelmina Garthwaite");
  await expect(office.getByRole("heading", { name: "Also on file as" })).toBeVisible();

  // What was written on either stands on one screen, at both places, and what is sold to them then does too.
  await sellGlasses(till, "garthwaite");
  for (const page of [till, office]) {
    await goTo(page, "/patients");
    await page.getByLabel(/Name, date of birth, phone, post code/).fill("garthwait wil");
    await expect(page.locator(".pickrow")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await expect(heading(page)).toHaveText("Wilhelmina Garthwaite");
    await expect(page.getByText("Agreed: Research")).toBeVisible();
    await expect(page.getByRole("link", { name: /Spectacles sold/ })).toBeVisible();
  }
  await expect(till.getByText("Prescription from elsewhere, Leeds Infirmary")).toBeVisible();
  await passesAxe(till, "merged patient");

  await office.getByRole("button", { name: "Undo the merge" }).click();
  await office.getByRole("dialog").getByRole("button", { name: "Undo the merge" }).click();
  await expect(till.getByRole("heading", { name: "Also on file as" })).toHaveCount(0);
  await expect(till.getByText("Agreed: Research")).toHaveCount(0);
  await expect(till.getByRole("link", { name: /Spectacles sold/ })).toBeVisible();
  await goTo(till, "/patients");
  await till.getByLabel(/Name, date of birth, phone, post code/).fill("garthwait 4/7/61");
  await expect(till.locator(".pickrow")).toHaveCount(1);
  await till.keyboard.press("Enter");
  await expect(heading(till)).toHaveText("Wilhelmina Garthwait");
  await expect(till.getByText("Agreed: Research")).toBeVisible();
});
