import { expect, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { bookTonight } from "./support/diary.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

/** Slow enough that the screen has drawn each letter before the next: nobody types faster. */
const hand = { delay: 60 };

test("a birthday grows letter by letter, what cannot be read is asked about, and whoever is here already is taken by a key", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await goTo(till, "/patients");
  await expect(till.getByLabel(/Name, date of birth, phone, post code/)).toBeFocused();
  await till.keyboard.press("F2");
  const dialog = till.getByRole("dialog");
  const born = dialog.getByLabel("Date of birth");

  // Nothing is typed: the first field that is needed says so and is where the keyboard is.
  await till.keyboard.press("Control+Enter");
  await expect(dialog.getByLabel("Given name")).toBeFocused();
  await expect(dialog.getByText("This is needed.")).toBeVisible();

  await till.keyboard.type("Margret");
  await till.keyboard.press("Tab");
  await till.keyboard.type("Elison");
  await till.keyboard.press("Tab");
  await born.pressSequentially("13/12/1958", hand);
  await expect(born).toHaveValue("13/12/1958");
  // A digit is taken away and forgotten: the day read before is not what is registered.
  await till.keyboard.press("Backspace");
  await till.keyboard.press("Control+Enter");
  await expect(born).toBeFocused();
  await expect(dialog.getByText("Not a day of the calendar. Write it like 31/12/1958.")).toBeVisible();

  await born.fill("");
  await born.pressSequentially("3 Dec 58", hand);
  await expect(dialog.getByText("Margaret Ellison, 3 Dec 1958")).toBeVisible();
  await till.keyboard.press("Alt+O");
  await expect(till.getByRole("heading", { name: "Margaret Ellison" })).toBeVisible();
  await expect(till.getByRole("dialog")).toHaveCount(0);
});

test("a time that is taken is said in the dialog that asked for it", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await bookTonight(till, "sutcliffe derek", "21:30");
  await till.keyboard.press("b");
  const dialog = till.getByRole("dialog", { name: "Book a time" });
  await dialog.getByLabel(/^Patient/).fill("ellison grah");
  await expect(dialog.locator(".foundhere .pickrow").first()).toBeVisible();
  await dialog.getByLabel(/^Patient/).press("Enter");
  await dialog.getByLabel("Room").selectOption("Room 1");
  await dialog.getByLabel("Time").fill("21:30");
  await till.keyboard.press("Control+Enter");
  await expect(dialog.getByRole("alert")).toContainText("This time is taken: 21:30");
});
