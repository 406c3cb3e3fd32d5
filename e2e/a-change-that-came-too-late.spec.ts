import { expect, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { editDetails, openMargaret, plug } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("a change that came too late is decided at head office", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  const person = (await till.locator(".who b").textContent()) as string;
  await openMargaret(till);
  await plug(till, "Pull the plug");
  await editDetails(till, "Phone", "07700 900333");
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
  const phone = card.getByRole("row", { name: /^Phone/ });
  await expect(phone.getByRole("cell")).toHaveText(["07700 900333", "07700 900418"]);
  for (const colorScheme of ["light", "dark"] as const) {
    await office.emulateMedia({ colorScheme });
    await passesAxe(office, `a held change, ${colorScheme}`);
    await passesAxe(till, "what waits for head office");
  }
  await office.keyboard.press("a");
  await office.getByLabel(`Reason, shown to ${person}`).fill("She typed it while she was at the till");
  await office.keyboard.press("Enter");
  await expect(office.getByText("Nothing needs a decision")).toBeVisible();

  await expect(till.getByText("Nothing needs a decision")).toBeVisible();
  await openMargaret(office);
  await expect(office.locator(".phead")).toContainText("07700 900333");
});
