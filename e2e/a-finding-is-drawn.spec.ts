import { expect, type Locator, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

const surface = (page: Page, eye: "right" | "left") =>
  page.getByRole("application", { name: `Posterior eye, ${eye} eye: drawing` });
const inWords = (page: Page, eye: "right" | "left") =>
  page.getByRole("figure", { name: `Drawn, ${eye} eye` }).getByRole("listitem");

/** Draws with the pointer along places of the grid of 1000 by 1000. */
async function drag(page: Page, on: Locator, ...places: (readonly [number, number])[]): Promise<void> {
  const box = await on.boundingBox();
  if (!box) throw new Error("nothing to draw on");
  const at = ([x, y]: readonly [number, number]) =>
    [box.x + (x / 1000) * box.width, box.y + (y / 1000) * box.height] as const;
  const [first = [500, 500] as const, ...rest] = places;
  await page.mouse.move(...at(first));
  await page.mouse.down();
  for (const place of rest) await page.mouse.move(...at(place), { steps: 8 });
  await page.mouse.up();
}

async function begin(page: Page): Promise<string> {
  await goTo(page, "/exam");
  await page.getByLabel("Find the patient").fill("sutcliffe");
  await expect(page.locator(".pickrow").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await surface(page, "left").scrollIntoViewIfNeeded();
  return page.evaluate(() => window.location.hash.slice(1));
}

test("a haemorrhage is drawn on the left eye and named by keyboard; after a reload it is there", async ({
  browser,
}) => {
  const page = await signInAt(browser, demo, "Leeds exam room");
  await begin(page);
  const left = surface(page, "left");
  const right = surface(page, "right");
  await page.getByRole("region", { name: "Posterior eye" }).getByRole("button", { name: /^Haem/ }).click();
  await drag(page, left, [415, 565], [455, 625]);
  await expect(inWords(page, "left")).toHaveText(["Haemorrhage: disc margin, 5 o'clock, inferotemporal"]);
  await expect(left.locator(".mark.is-haemorrhage")).toHaveCount(1);

  // From here on without the pointer: the cross-hair comes in the middle and goes where the arrows lead.
  await left.focus();
  await page.keyboard.press("l");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  for (const _ of [1, 2]) await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("status").filter({ hasText: "beside the disc, 4 o'clock" })).toBeAttached();
  await page.keyboard.press("Enter");
  const note = page.getByLabel("Note 1, left eye");
  await expect(note).toBeFocused();
  await page.keyboard.type("Flame haemorrhage, left disc");
  await page.keyboard.press("Enter");
  await expect(left).toBeFocused();
  const notes = page.getByRole("complementary").locator(".numbered-notes li");
  await expect(notes).toContainText("1 Flame haemorrhage, left disc");
  await right.focus();
  await page.keyboard.press("d");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(inWords(page, "right")).toHaveText([/^Drusen: /]);

  await page.reload();
  await expect(left.locator(".mark.is-haemorrhage")).toHaveCount(1);
  await expect(notes).toContainText("1 Flame haemorrhage, left disc");
  await expect(inWords(page, "left")).toHaveCount(2);
  await expect(inWords(page, "right")).toHaveCount(1);
  const powers = page.getByRole("table", { name: "Mean sphere over the visits, dioptres" }).getByRole("row");
  await expect(powers.first()).toHaveText("VisitRightLeft");
  await expect(powers.last()).toHaveText(/^\d+ \w+ \d{4}[+\u2212]\d\.\d\d[+\u2212]\d\.\d\d$/);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.waitForTimeout(300);
    await passesAxe(page, `drawing, ${colorScheme}`);
  }
  await page.getByRole("region", { name: "Posterior eye" }).getByRole("button", { name: "Over the years" }).click();
  const years = page.getByRole("dialog", { name: "Posterior eye over the years" });
  await years.getByRole("tab", { name: "Left" }).click();
  await expect(years.getByRole("listitem").filter({ hasText: "This visit" })).toContainText("Flame haemorrhage");
  await passesAxe(page, "drawings over the years");
});

test("what is rubbed out comes back by undo and goes by redo; undo in a field takes back letters", async ({
  browser,
}) => {
  const page = await signInAt(browser, demo, "Leeds exam room");
  await begin(page);
  const right = surface(page, "right");
  const lines = right.locator(".mark.is-pen");
  await right.focus();
  await page.keyboard.press("p");
  await drag(page, right, [200, 300], [300, 250], [400, 300]);
  // The second one by keyboard: it begins and ends with Enter.
  await page.keyboard.press("ArrowDown");
  for (const _ of [1, 2, 3]) await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Enter");
  for (const _ of [1, 2]) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(lines).toHaveCount(2);
  await page.keyboard.press("e");
  await drag(page, right, [300, 200], [300, 320]);
  await expect(lines).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(lines).toHaveCount(2);
  await page.keyboard.press("Control+y");
  await expect(lines).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(lines).toHaveCount(1);

  const reason = page.getByLabel("Reason for the visit");
  await reason.pressSequentially("Routine");
  await page.keyboard.press("Control+z");
  await expect(reason).not.toHaveValue("Routine");
  await expect(lines).toHaveCount(1);

  await page.reload();
  await expect(lines).toHaveCount(1);
});

test("two windows draw on one eye at once: each shows both lines", async ({ browser }) => {
  const one = await signInAt(browser, demo, "Leeds exam room");
  const path = await begin(one);
  const other = await signInAt(browser, demo, "Leeds exam room");
  await goTo(other, path);
  const [here, there] = [one, other].map((page) => surface(page, "left")) as [Locator, Locator];
  const before = await here.locator(".mark.is-pen").count();
  await there.scrollIntoViewIfNeeded();
  await Promise.all([
    drag(one, here, [600, 150], [700, 200], [800, 300]),
    drag(other, there, [600, 850], [700, 800], [800, 700]),
  ]);
  for (const each of [here, there]) await expect(each.locator(".mark.is-pen")).toHaveCount(before + 2);
});

test("a finger and a pen draw, and the page stays where it is", async ({ browser }) => {
  const page = await signInAt(browser, demo, "Leeds exam room", { hasTouch: true });
  await begin(page);
  const left = surface(page, "left");
  const lines = left.locator(".mark.is-pen");
  const before = await lines.count();
  await left.focus();
  await page.keyboard.press("p");
  const box = await left.boundingBox();
  if (!box) throw new Error("nothing to draw on");
  const at = (x: number, y: number) => ({ x: box.x + box.width * x, y: box.y + box.height * y });
  const line = await page.context().newCDPSession(page);

  // Upwards, as a finger would scroll.
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", ...touchPoints: { x: number; y: number }[]) =>
    line.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", at(0.3, 0.8));
  for (const y of [0.7, 0.6, 0.5, 0.4, 0.3, 0.2]) await touch("touchMove", at(0.35, y));
  await touch("touchEnd");
  await expect(lines).toHaveCount(before + 1);

  const pen = (type: "mousePressed" | "mouseMoved" | "mouseReleased", place: { x: number; y: number }, force: number) =>
    line.send("Input.dispatchMouseEvent", {
      ...{ type, ...place, force, pointerType: "pen", button: "left", clickCount: 1 },
      buttons: type === "mouseReleased" ? 0 : 1,
    });
  await pen("mousePressed", at(0.6, 0.7), 0.3);
  for (const y of [0.6, 0.5, 0.4]) await pen("mouseMoved", at(0.65, y), 0.7);
  await pen("mouseReleased", at(0.65, 0.4), 0);
  await expect(lines).toHaveCount(before + 2);
  expect(await left.boundingBox()).toEqual(box);

  await page.reload();
  await expect(lines).toHaveCount(before + 2);
});
