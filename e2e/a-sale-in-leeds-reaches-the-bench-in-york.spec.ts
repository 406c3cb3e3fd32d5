import { expect, test } from "@playwright/test";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("a sale in Leeds reaches the bench in York, and the till follows the bench", async ({ browser }) => {
  const bench = await signInAt(browser, demo, "York lab bench");
  await goTo(bench, "/lab");
  await expect(bench.getByRole("heading", { name: "Lab board" })).toBeVisible();

  const till = await signInAt(browser, demo, "Leeds till");
  const number = await sellGlasses(till, "ellison sophie");
  const short = number.split("-").at(-1) as string;
  const card = bench.locator(`.job:has-text("${short}")`).filter({ hasText: "SE" }).first();
  await expect(card).toBeVisible();

  // Moved by keyboard: selected, then the one next step.
  await card.click();
  await bench.keyboard.press(">");
  await expect(bench.getByRole("button", { name: /^Order lens/ })).toBeVisible();

  // The patient's screen at the till follows without a reload.
  await goTo(till, "/patients");
  await till.getByLabel(/Name, date of birth, phone, post code/).fill("ellison sophie");
  await till.keyboard.press("Enter");
  await till.getByRole("tab", { name: /Orders/ }).click();
  await expect(till.locator(".vlist").getByText("Received")).toBeVisible();

  // Moved by mouse: dragged into the column where lenses are waited for.
  const from = await card.boundingBox();
  const to = await bench.locator('[data-column="waiting"]').boundingBox();
  if (!from || !to) throw new Error("the board has no size");
  await bench.mouse.move(from.x + 20, from.y + 10);
  await bench.mouse.down();
  await bench.mouse.move(to.x + 40, to.y + 120, { steps: 8 });
  await bench.mouse.up();
  await expect(till.locator(".vlist").getByText("Lens ordered")).toBeVisible();
});
