import { expect, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { editDetails, openMargaret, plug } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("two devices edit one patient: different fields both stand, of one field the other value is kept", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  await openMargaret(till);
  await openMargaret(office);
  await plug(till, "Pull the plug");
  await editDetails(till, "Occupation", "Bookkeeper");
  await editDetails(till, "Phone", "07700 900111");
  await editDetails(office, "Notes", "Prefers mornings");
  await editDetails(office, "Phone", "07700 900222");
  await plug(till, "Plug in again");
  await expect(till.locator("button.sync")).toContainText("Live");
  for (const page of [till, office]) {
    await expect(page.getByText("Bookkeeper")).toBeVisible();
    await expect(page.getByText("Prefers mornings")).toBeVisible();
    // The later edit is in use on both; what it beat is shown, not lost.
    await expect(page.locator(".phead")).toContainText("07700 900222");
    await expect(page.getByText("the other was 07700 900111")).toBeVisible();
  }
});

test("a case is opened at the till and answered at head office, offline in between", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  await openMargaret(till);
  await till.keyboard.press("c");
  await till.getByLabel("What is it about").fill("New varifocals: floor swims");
  await till.getByLabel("What the patient said").fill("On the stairs the floor swims.");
  await till.getByRole("button", { name: "Open case" }).click();
  await expect(till.getByRole("heading", { name: "New varifocals: floor swims" })).toBeVisible();
  await goTo(office, "/cases");
  await office
    .getByRole("button", { name: /floor swims/ })
    .first()
    .click();
  await plug(office, "Pull the plug");
  await office.keyboard.press("n");
  await office.getByLabel("Internal note").fill("Check the fitting height first.");
  await office.keyboard.press("Control+Enter");
  await expect(office.getByText("Internal note, never sent")).toBeVisible();
  await plug(office, "Plug in again");
  await expect(till.getByText("Check the fitting height first.")).toBeVisible();
});
