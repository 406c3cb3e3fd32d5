import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Copy, copyOf } from "./support/copy.ts";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";
import { plug } from "./support/steps.ts";

let demo: Demo;
let stolen: Copy | null = null;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(async () => {
  stolen?.remove();
  await demo?.stop();
});

test("a stolen till's clone wakes up: it is told nothing, and what was sold at the till is held for head office", async ({
  browser,
}) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await plug(till, "Pull the plug");
  await sellGlasses(till, "ellison sophie");

  // Somebody walks out with a copy of the disk, keys and all.
  stolen = copyOf(demo, "leeds-till");

  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/hq");
  await office.getByRole("tab", { name: "Devices" }).click();
  await office
    .getByRole("row", { name: /Leeds till/ })
    .getByRole("button", { name: "Take out" })
    .click();
  await office.getByRole("dialog").getByRole("button", { name: "Take out" }).click();
  await expect(office.getByRole("row", { name: /Leeds till/ })).toContainText("taken out");
  await expect(office.locator("button.sync")).toContainText("Live");

  // The copy says hello, hands over what it has, and is empty a moment later.
  const woken = await stolen.open(browser);
  await expect(woken.getByText("This PC was taken out of the practice")).toBeVisible();
  const { folder } = stolen;
  await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith("replica.db"))).toEqual([]);
  await expect.poll(() => readFileSync(join(folder, "secrets.unprotected.json"), "utf8")).not.toContain("data-key");

  // So is the till itself, once it has a line again; the sale was handed over once.
  await till.locator("button.sync").click();
  await till.getByRole("button", { name: "Plug in again" }).click();
  await expect(till.getByText("This PC was taken out of the practice")).toBeVisible();
  await expect.poll(() => existsSync(join(demo.dataDir, "leeds-till", "replica.db"))).toBe(false);

  // Head office is asked about it.
  await expect(office.locator("button.sync")).toContainText("Needs attention");
});
