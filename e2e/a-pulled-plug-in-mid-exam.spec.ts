import { expect, type Locator, type Page, test } from "@playwright/test";
import { type Demo, goTo, powerCut, signInAt, startDemo } from "./support/demo.ts";
import { beginExam, typeInto } from "./support/exam.ts";

let demo: Demo;
let stopped = false;
test.afterAll(async () => {
  if (!stopped) await demo?.stop();
});

const field = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
const hash = (page: Page) => page.evaluate(() => window.location.hash.slice(1));
/** Until what was typed last is on the screen, and no longer. */
const painted = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );

async function drawLine(page: Page, on: Locator): Promise<void> {
  await on.scrollIntoViewIfNeeded();
  await on.focus();
  await page.keyboard.press("p");
  const box = await on.boundingBox();
  if (!box) throw new Error("nothing to draw on");
  await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.4, { steps: 6 });
  await page.mouse.up();
}

test("the plug is pulled in mid-exam: each exam goes on at the very letter", async ({ browser }) => {
  demo = await startDemo();
  const room = await signInAt(browser, demo, "Leeds exam room");
  await goTo(room, "/exam");
  await beginExam(room, "sutcliffe");
  const derek = await hash(room);
  await typeInto(room, "reason", "Flashes since Tuesday");
  await typeInto(room, "subjective.sphere.r", "+1.75");
  const eye = room.getByRole("application", { name: "Posterior eye, left eye: drawing" });
  const lines = eye.locator(".mark.is-pen");
  await drawLine(room, eye);
  await expect(lines).toHaveCount(1);

  // A colleague's window stands in the middle of a power, in the exam of somebody else.
  const other = await signInAt(browser, demo, "Leeds exam room");
  await goTo(other, "/exam");
  await beginExam(other, "ellison graham");
  const graham = await hash(other);
  await typeInto(other, "subjective.sphere.r", "-2.25");
  await field(other, "subjective.cylinder.r").click();
  await other.keyboard.type("-1.2");
  await field(room, "advice").click();
  await room.keyboard.type("Back at once with more flashes, or a curt");
  await painted(room);
  powerCut(demo);
  stopped = true;
  await room.context().close();
  await other.context().close();

  demo = await startDemo({ folder: demo.dataDir.replace(/\/demo$/, "") });
  stopped = false;
  const back = await signInAt(browser, demo, "Leeds exam room");
  await goTo(back, derek);
  await expect(field(back, "advice")).toHaveValue("Back at once with more flashes, or a curt");
  await expect(field(back, "reason")).toHaveValue("Flashes since Tuesday");
  await expect(field(back, "subjective.sphere.r")).toHaveValue("+1.75");
  await expect(back.locator('[data-eye="left"] .mark.is-pen, [data-eye="l"] .mark.is-pen')).toHaveCount(1);
  await field(back, "advice").press("End");
  await back.keyboard.type("ain");
  await back.keyboard.press("Enter");
  await expect(back.locator(".footbar")).toContainText(/Kept as you type, \d\d:\d\d/);
  await back.reload();
  await expect(field(back, "advice")).toHaveValue("Back at once with more flashes, or a curtain");

  // Half a power is no power: it stands as typed, is said at the foot, and is not signed over.
  await goTo(back, graham);
  const cylinder = field(back, "subjective.cylinder.r");
  await expect(cylinder).toHaveValue("-1.2");
  await expect(field(back, "subjective.sphere.r")).toHaveValue("\u22122.25");
  await expect(back.locator(".footbar")).toContainText("It was being typed when this PC stopped");
  await cylinder.press("End");
  await back.keyboard.type("5");
  await back.keyboard.press("Enter");
  await expect(cylinder).toHaveValue("\u22121.25");
  await expect(back.locator(".footbar")).not.toContainText("It was being typed");
});
