import { expect, test } from "@playwright/test";
import { type Clinic, openClinic } from "../scripts/screens/clinic.ts";
import { addFile } from "../src-main/engine/files/commands.ts";
import { recordConsent } from "../src-main/engine/patients/ties.ts";
import { sealedSize } from "../src-shared/files/sealed.ts";
import { passesAxe } from "./support/axe.ts";
import { openMargaret } from "./support/steps.ts";

const answers = 320;
const files = 240;

let clinic: Clinic;
test.beforeAll(async () => {
  clinic = await openClinic();
});
test.afterAll(() => clinic.close());

test("hundreds of entries are a handful of rows in the page, all reached by keys and by scrolling", async ({
  browser,
}) => {
  const office = clinic.seat("hq", "HQ");
  await office.open();
  await office.join();
  await office.plugIn();
  const page = await office.pageOf(browser, "eleanor.aldous", { viewport: { width: 1280, height: 800 } });
  office.unplug();
  const patientId = office.patient("Margaret", "Ellison");
  for (let n = 1; n <= answers; n++) {
    const note = `Answer ${n} of many.${n % 7 === 0 ? " It takes more than one line, for what was said was said at length.".repeat(3) : ""}`;
    office.as("eleanor.aldous", recordConsent, {
      patientId,
      purpose: "marketing",
      given: n % 2 === 0,
      how: "phone",
      note,
    });
    // Of two in one millisecond nobody could say which came later.
    await page.waitForTimeout(2);
  }
  await openMargaret(page);
  const rows = page.locator(".vlist li");
  await expect(page.getByText(`Answer ${answers} of many.`)).toBeVisible();
  expect(await rows.count()).toBeLessThan(40);

  // The first two are a heading and the newest entry.
  await page.keyboard.press("j");
  await expect(page.locator(".vlist li[aria-current=true]")).toContainText(`Answer ${answers} of many.`);
  for (let n = 0; n < 40; n++) await page.keyboard.press("j");
  const chosen = page.locator(".vlist li[aria-current=true]");
  await expect(chosen).toContainText(`Answer ${answers - 40} of many.`);
  await expect(chosen).toBeInViewport({ ratio: 0.9 });
  // Two keys at once would be a scanner's.
  await page.waitForTimeout(200);
  await page.keyboard.press("k");
  await expect(chosen).toContainText(`Answer ${answers - 39} of many.`);
  await passesAxe(page, "a long timeline");

  // To the very end, however high the rows on the way turn out to be: each row stands right below the one before.
  await page.locator(".vlist").evaluate(async (list) => {
    for (let last = -1; list.scrollTop !== last; ) {
      last = list.scrollTop;
      list.scrollTop += 600;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
  });
  const gaps = await rows.evaluateAll((list) =>
    list
      .map((row) => row.getBoundingClientRect())
      .sort((a, b) => a.top - b.top)
      .map((box, index, all) => (index === 0 ? 0 : Math.abs(box.top - (all[index - 1]?.bottom ?? 0)))),
  );
  expect(Math.max(...gaps)).toBeLessThan(1);
  const last = page.locator(".vlist li").last();
  await expect(last).toBeInViewport({ ratio: 0.9 });
  const [size, position] = await Promise.all([last.getAttribute("aria-setsize"), last.getAttribute("aria-posinset")]);
  expect(position).toBe(size);

  // Files, too: a few rows of tiles, the last of which is reached by scrolling.
  for (let n = 1; n <= files; n++)
    office.as("eleanor.aldous", addFile, {
      subject: { entity: "patient", id: patientId },
      name: `Letter ${n}`,
      kind: "letter",
      eye: null,
      takenAt: null,
      note: null,
      mime: "application/pdf",
      size: 100,
      blob: n.toString(16).padStart(64, "0"),
      blobSize: sealedSize(100),
      key: "k".repeat(43),
    });
  await page.keyboard.press("8");
  const tiles = page.locator(".filetile");
  await expect(tiles.first()).toHaveAttribute("aria-setsize", String(files));
  expect(await tiles.count()).toBeLessThan(60);
  await page.locator(".body").evaluate(async (body) => {
    for (let last = -1; body.scrollTop !== last; ) {
      last = body.scrollTop;
      body.scrollTop += 600;
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
  });
  await expect(tiles.last()).toContainText(/^LetterLetter 1$|Letter 1(?!\d)/);
  await expect(tiles.last()).toHaveAttribute("aria-posinset", String(files));
  await expect(tiles.last()).toBeInViewport({ ratio: 0.9 });
  expect(await tiles.count()).toBeLessThan(60);
});
