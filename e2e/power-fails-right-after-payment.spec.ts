import { expect, test } from "@playwright/test";
import { type Demo, goTo, powerCut, sellGlasses, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
let stopped = false;
test.afterAll(async () => {
  if (!stopped) await demo?.stop();
});

test("power fails right after payment: the receipt that was shown exists, once, everywhere", async ({ browser }) => {
  demo = await startDemo();
  const till = await signInAt(browser, demo, "Leeds till");
  const number = await sellGlasses(till, "ellison sophie");
  powerCut(demo);
  stopped = true;

  const again = await startDemo({ folder: demo.dataDir.replace(/\/demo$/, "") });
  demo = again;
  stopped = false;
  const back = await signInAt(browser, again, "Leeds till");
  await goTo(back, "/today");
  await expect(back.getByRole("link", { name: number })).toHaveCount(1);
  await expect(back.locator("button.sync")).toContainText("Live");
  const office = await signInAt(browser, again, "HQ");
  const search = office.getByRole("combobox", { name: "Patient, job, sale or case" });
  await search.fill(number);
  await expect(office.getByRole("option").filter({ hasText: "Sale" })).toHaveCount(1);
  await expect(office.getByRole("option").filter({ hasText: "Job" })).toHaveCount(1);
});
