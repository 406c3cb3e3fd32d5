import { expect, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { bookTonight } from "./support/diary.ts";
import { plug } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("two desks without a line book one slot: both stand, one is asked about, and moving it answers", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const office = await signInAt(browser, demo, "HQ");
  await plug(till, "Pull the plug");
  await plug(office, "Pull the plug");
  await bookTonight(till, "ellison grah", "21:30");
  await bookTonight(office, "sutcliffe derek", "21:30");
  await plug(till, "Plug in again");
  await plug(office, "Plug in again");
  for (const page of [till, office]) {
    await expect(page.locator(".visit", { hasText: "Graham Ellison" })).toBeVisible();
    await expect(page.locator(".visit", { hasText: "Derek Sutcliffe" })).toBeVisible();
  }
  await goTo(office, "/attention");
  await expect(office.getByText("Room 1 was booked twice at the same time")).toBeVisible();

  // Graham is dragged to an earlier time at the till.
  const card = till.locator(".visit", { hasText: "Graham Ellison" });
  await card.scrollIntoViewIfNeeded();
  const box = await card.boundingBox();
  if (!box) throw new Error("the booking has no size");
  await till.mouse.move(box.x + 30, box.y + 12);
  await till.mouse.down();
  await till.mouse.move(box.x + 40, box.y - 130, { steps: 8 });
  await till.mouse.up();
  await till.getByRole("button", { name: "Book it all the same" }).click();
  await expect(office.getByText("Room 1 was booked twice at the same time")).toHaveCount(0);
});
