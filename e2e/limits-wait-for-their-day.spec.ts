import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { beginExam, typeInto } from "./support/exam.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

const limits = async (page: Page) => {
  await goTo(page, "/hq");
  await page.getByRole("tab", { name: "Limits" }).click();
};
const day = (ahead: number) => {
  const date = new Date(Date.now() + ahead * 86_400_000);
  return new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London" }).format(date);
};
async function save(page: Page, source: string, from: string): Promise<void> {
  await page.keyboard.press("Control+Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Where the numbers are from").fill(source);
  await dialog.getByLabel("From which day").fill(from);
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
}

test("limits of a day to come wait, are taken back, and count at once when they are of today", async ({ browser }) => {
  const office = await signInAt(browser, demo, "HQ");
  await limits(office);
  const least = office.getByRole("textbox", { name: "Eye pressure, usual to" });
  await office.getByRole("button", { name: /^Eye pressure/ }).click();
  await least.fill("20");
  await office.keyboard.press("Enter");
  await save(office, "Decision of the partners", day(7));
  const history = office.locator(".limit-history");
  await expect(history).toContainText("Waits");
  await expect(history).toContainText("23.9 to 20 mmHg");
  await expect(least).toHaveValue("23.9");
  await history.getByRole("button", { name: "Take back" }).click();
  await office.getByRole("dialog").getByRole("button", { name: "Take back" }).click();
  await expect(history).toBeHidden();

  await least.fill("20.9");
  await office.keyboard.press("Enter");
  await save(office, "Decision of the partners", day(0));
  await expect(history).toContainText("In force");
  await expect(least).toHaveValue("20.9");

  // In the exam room what is acted upon is said from there on.
  const room = await signInAt(browser, demo, "Leeds exam room");
  await goTo(room, "/exam");
  await beginExam(room, "sutcliffe");
  await typeInto(room, "pressure.1.r", "21");
  await expect(room.getByText("21: 21 or more is acted upon")).toBeVisible();

  // As it was delivered, by a version of its own.
  await history.getByRole("button", { name: "As delivered" }).click();
  await office.getByRole("dialog").getByRole("button", { name: "As delivered" }).click();
  await expect(least).toHaveValue("23.9");
  await expect(history.locator("li")).toHaveCount(2);
  await expect(room.getByText("21 or more is acted upon")).toBeHidden();
});
