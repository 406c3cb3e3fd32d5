import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";
import { beginExam, typeInto } from "./support/exam.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

async function plug(page: Page, name: "Pull the plug" | "Plug in again"): Promise<void> {
  const pill = page.locator("button.sync");
  await pill.click();
  await page.getByRole("button", { name }).click();
  await pill.click();
}

test("a Saturday without broadband: everything goes on, and all meets up", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const room = await signInAt(browser, demo, "Leeds exam room");
  const bench = await signInAt(browser, demo, "York lab bench");
  for (const page of [till, room, bench]) await plug(page, "Pull the plug");
  await expect(till.locator("button.sync")).toContainText("Working offline");

  // The till sells, and its receipt has its number at once.
  const number = await sellGlasses(till, "ellison sophie");
  await expect(till.locator("button.sync")).toContainText(/\d+ changes? waiting/);

  // The exam room writes and signs.
  await goTo(room, "/exam");
  await beginExam(room, "ellison marg");
  await typeInto(room, "reason", "Routine, reading is harder");
  await typeInto(room, "subjective.sphere.r", "-4.25/-1.25x015 add 2.50");
  await typeInto(room, "subjective.sphere.l", "-4.75/-0.75x165 add 2.50");
  await typeInto(room, "outcome", "New");
  await typeInto(room, "recall_months", "24");
  await typeInto(room, "recommendation", "Varifocal, higher add, first desk pair");
  await room.keyboard.press("Control+Enter");
  await expect(room.getByText("Signed by Priya Raman")).toBeVisible();
  await expect(room.getByRole("complementary").getByText("signed here, not yet at the centre")).toBeVisible();

  // The bench moves a job of its own.
  await goTo(bench, "/lab");
  await bench.locator(".job").first().click();
  await bench.keyboard.press(">");

  // The line comes back on all three.
  for (const page of [till, room, bench]) await plug(page, "Plug in again");
  for (const page of [till, room, bench]) await expect(page.locator("button.sync")).toContainText("Live");
  const short = number.split("-").at(-1) as string;
  await expect(bench.locator(`.job:has-text("${short}")`).filter({ hasText: "SE" })).toHaveCount(1);
  await goTo(till, "/today");
  // The hand-off list has it; the notice in the corner says the same and goes by itself.
  await expect(till.getByRole("main").getByText("Varifocal, higher add, first desk pair")).toBeVisible();
  await expect(room.getByRole("complementary").getByText("final at the centre")).toBeVisible();
});
