import { expect, type Locator, type Page, test } from "@playwright/test";
import { type Demo, goTo, powerCut, signInAt, startDemo } from "./support/demo.ts";
import { actAt } from "./support/engine.ts";
import { beginExam, typeInto } from "./support/exam.ts";
import { openMargaret } from "./support/steps.ts";

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

const givenSphere = (page: Page) => page.getByRole("textbox", { name: "Given sphere, left" });

/** Where Margaret's exam of today stands, signed. */
async function signedExam(page: Page): Promise<string> {
  await openMargaret(page);
  const patientId = (await hash(page)).split("/")[2]?.split("?")[0] ?? "";
  const { id } = await actAt<{ id: string }>(page, "exams.start", { patientId });
  const rx = { r_sphere: -4250, l_sphere: -5750, bvd: 120 };
  await actAt(page, "exams.patch", { id, fields: { reason: "Routine", outcome: "new_rx", recall_months: 24, ...rx } });
  await actAt(page, "exams.sign", { id });
  return `/exam/${id}`;
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
  // A part that is refused, in a section that begins folded and unfolds where it is pointed at.
  await other
    .locator(".outline")
    .getByRole("button", { name: /^Contact lenses/ })
    .click();
  await typeInto(other, "contact_lenses.lens.r:sphere", "-45");
  await field(other, "subjective.cylinder.r").click();
  await other.keyboard.type("-1.2");

  // Beside the fields: a letter begun and closed, a reading whose value is still to come, half a note at a number drawn.
  const drawn = await signInAt(browser, demo, "Leeds exam room");
  await goTo(drawn, "/exam");
  await beginExam(drawn, "ellison sophie");
  const sophie = await hash(drawn);
  await drawn.keyboard.press("Alt+r");
  await drawn.getByLabel("Why, in a sentence").pressSequentially("Sudden floa");
  await drawn.keyboard.press("Escape");
  await field(drawn, "pressure.1.method").fill("Perkins");
  await drawn.keyboard.press("Enter");
  const right = drawn.getByRole("application", { name: "Posterior eye, right eye: drawing" });
  await right.scrollIntoViewIfNeeded();
  await right.focus();
  for (const key of ["l", "ArrowDown", "Enter"]) await drawn.keyboard.press(key);
  await expect(drawn.getByLabel("Note 1, right eye")).toBeFocused();

  // And in a signed exam: an amendment in the middle of a power.
  const amender = await signInAt(browser, demo, "Leeds exam room");
  const signed = await signedExam(amender);
  await goTo(amender, signed);
  await expect(amender.getByRole("button", { name: "Amend" })).toBeVisible();
  await amender.keyboard.press("a");
  await amender.getByLabel("What is added, in words").pressSequentially("Read from the wrong li");
  await amender.getByLabel("Which field is corrected or added?").fill("given sphere left");
  await expect(amender.locator(".amend-found").first()).toBeVisible();
  await amender.keyboard.press("Enter");
  await expect(givenSphere(amender)).toBeFocused();
  await amender.keyboard.type("-5.2");

  await field(room, "advice").click();
  await Promise.all([
    room.keyboard.type("Back at once with more flashes, or a curt"),
    drawn.keyboard.type("Horseshoe tear with a flap, upper temporal, at 1"),
  ]);
  await Promise.all([painted(room), painted(drawn)]);
  powerCut(demo);
  stopped = true;
  for (const page of [room, other, drawn, amender]) await page.context().close();

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
  await expect(field(back, "contact_lenses.lens.r:sphere")).toHaveValue("-45");
  await expect(field(back, "contact_lenses.lens.r:sphere")).toHaveAttribute("aria-invalid", "true");

  // The note goes on at its number, the reading with its method, the letter with its reason.
  await goTo(back, sophie);
  const note = back.getByLabel("Note 1, right eye");
  await expect(note).toHaveValue("Horseshoe tear with a flap, upper temporal, at 1");
  await note.press("End");
  await back.keyboard.type("1 o'clock");
  await back.keyboard.press("Enter");
  await expect(back.getByRole("complementary").locator(".numbered-notes li")).toContainText(
    "1 Horseshoe tear with a flap, upper temporal, at 11 o'clock",
  );
  await expect(field(back, "pressure.1.method")).toHaveValue("Perkins");
  await field(back, "pressure.1.r").fill("16");
  await back.keyboard.press("Enter");
  await expect(field(back, "pressure.2.method")).toHaveValue("Perkins");
  await back.keyboard.press("Alt+r");
  await expect(back.getByLabel("Why, in a sentence")).toHaveValue("Sudden floa");
  await back.keyboard.press("Escape");

  // Half a power is no amendment either: it stands as typed, and nobody signs over it.
  await goTo(back, signed);
  await expect(back.getByRole("button", { name: "Amend" })).toBeVisible();
  await back.keyboard.press("a");
  await expect(back.getByLabel("What is added, in words")).toHaveValue("Read from the wrong li");
  await expect(givenSphere(back)).toHaveValue("-5.2");
  await back.getByLabel("Why").fill("Typing error");
  await back.keyboard.press("Control+Enter");
  await expect(back.getByRole("dialog")).toContainText("see the fields above");
  await givenSphere(back).fill("-5.25");
  await back.keyboard.press("Enter");
  await back.getByRole("button", { name: "Sign the amendment" }).click();
  await expect(back.getByRole("dialog")).toHaveCount(0);
  await expect(back.getByRole("region", { name: "Prescription given" }).locator("ins")).toHaveText("\u22125.25");
});
