import { expect, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { registerSomebody } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("head office says how much room files have; a till refuses what is larger from then on", async ({ browser }) => {
  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/hq");
  await office.getByRole("tab", { name: "Files", exact: true }).click();
  const one = office.getByLabel("One file", { exact: true });
  await expect(one).toHaveValue("50");
  await one.fill("0,5");
  await expect(office.getByText("At least 1 MB is needed.")).toBeVisible();
  await passesAxe(office, "a limit that cannot be");
  await one.fill("2");
  await office.keyboard.press("Control+Enter");
  await expect(office.getByText("No changes")).toBeVisible();

  const till = await signInAt(browser, demo, "Leeds till");
  await registerSomebody(till, { given: "Ada", family: "Lindqvist", born: "3/12/1966" });
  await till.keyboard.press("8");
  await till.getByLabel("Add files").setInputFiles({
    name: "letter.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(2_100_000, " ")]),
  });
  await expect(till.getByText(/letter\.pdf/)).toContainText("not added");
  await expect(till.getByText(/2 MB/)).toBeVisible();
});
