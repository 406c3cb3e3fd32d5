import { expect, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { openMargaret } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("a form that was left by Escape offers what was typed, and Enter moves through it", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await goTo(till, "/patients");
  await expect(till.getByLabel(/Name, date of birth, phone, post code/)).toBeFocused();
  await till.keyboard.press("F2");
  const dialog = till.getByRole("dialog");
  await expect(dialog.getByLabel("Given name")).toBeFocused();
  await till.keyboard.type("Aoife");
  await till.keyboard.press("Enter");
  await till.keyboard.type("Delaney");
  await till.keyboard.press("Enter");
  await till.keyboard.type("4/5/81");
  await till.keyboard.press("Enter");
  await expect(dialog.getByLabel("Phone", { exact: true })).toBeFocused();
  await till.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // Whoever comes next is not mixed up with her: her fields are offered, not filled in.
  await till.keyboard.press("F2");
  await expect(dialog.getByText("Typed before and not saved")).toBeVisible();
  await expect(dialog.getByLabel("Given name")).toHaveValue("");
  await passesAxe(till, "offered again");
  await till.keyboard.press("Alt+u");
  await expect(dialog.getByLabel("Date of birth")).toHaveValue("04/05/1981");
  await till.keyboard.press("Control+Enter");
  await expect(till.getByRole("heading", { name: "Aoife Delaney" })).toBeVisible();
  await goTo(till, "/patients");
  await expect(till.getByLabel(/Name, date of birth, phone, post code/)).toBeFocused();
  await till.keyboard.press("F2");
  await expect(dialog.getByLabel("Given name")).toBeFocused();
  await expect(dialog.getByText("Typed before and not saved")).toHaveCount(0);
  await till.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  await openMargaret(till);
  const edit = async () => {
    await till.keyboard.press("e");
    await expect(dialog).toBeVisible();
  };
  await edit();
  await dialog.getByLabel("Notes", { exact: true }).fill("Prefers mornings");
  await till.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await edit();
  await dialog.getByRole("button", { name: /^Take it up/ }).click();
  await expect(dialog.getByLabel("Notes", { exact: true })).toHaveValue("Prefers mornings");
});
