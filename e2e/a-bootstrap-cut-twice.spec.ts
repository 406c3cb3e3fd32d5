import { expect, type Page, test } from "@playwright/test";
import { findPatient, joinWith, type LargePractice, startLargePractice } from "./support/large-practice.ts";
import { type SlowLine, slowLine } from "./support/slow-line.ts";

let practice: LargePractice;
let line: SlowLine;
test.beforeAll(async () => {
  practice = await startLargePractice(12_000);
  line = await slowLine(practice.server.url, 5_000_000);
});
test.afterAll(async () => {
  await line?.close();
  await practice?.stop();
});

/** Waits until the bar of the download stands at `share` or beyond. */
async function barReaches(page: Page, share: number): Promise<void> {
  await expect(page.getByText(/MB are here/)).toBeVisible();
  const value = () => page.getByRole("progressbar").getAttribute("value");
  await expect.poll(async () => Number(await value()), { intervals: [50] }).toBeGreaterThanOrEqual(share);
}

test("a bootstrap cut twice: the line, then the power; it goes on where it was, and all of it is there", async ({
  browser,
}) => {
  const code = await practice.makeCode();
  await practice.filesAreMade();
  const { page, process: till } = await practice.start(browser, "Till");
  await joinWith(page, code, line.url);
  await barReaches(page, 0.15);
  line.cut(500);
  await barReaches(page, 0.6);
  const gone = new Promise((resolve) => till.once("exit", resolve));
  till.kill("SIGKILL");
  await gone;
  await page.close();

  const again = await practice.start(browser, "Till");
  await expect(again.page.getByRole("heading", { name: "Who is at this PC?" })).toBeVisible();
  expect(line.ranges).toHaveLength(3);
  const [first, second = 0, third = 0] = line.ranges;
  expect(first).toBe(0);
  expect(second).toBeGreaterThan(1_000_000);
  // What the dying program had forced to the disk counts.
  expect(third).toBeGreaterThan(second);
  await findPatient(again.page, practice);
});
