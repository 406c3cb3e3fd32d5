import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, signInAt, startDemo } from "./support/demo.ts";
import { openMargaret } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

/** A fundus of one colour. */
async function picture(page: Page, colour: string): Promise<Buffer> {
  const base64 = await page.evaluate((fill) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [600, 600];
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.fillStyle = fill;
    context.arc(300, 300, 280, 0, 7);
    context.fill();
    return canvas.toDataURL("image/png").split(",")[1] as string;
  }, colour);
  return Buffer.from(base64, "base64");
}

async function add(page: Page, name: string, colour: string, taken: string | null): Promise<void> {
  const buffer = await picture(page, colour);
  await page.locator("input[type=file]").setInputFiles({ name, mimeType: "image/png", buffer });
  await page.getByRole("button", { name: new RegExp(name) }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Kind").selectOption("fundus");
  if (taken) {
    await dialog.getByLabel("Taken on").fill(taken);
    await page.keyboard.press("Tab");
    await expect(dialog.locator(".stage .filewhen")).not.toHaveText(/2026/);
  }
  await dialog.getByRole("button", { name: "Close" }).click();
}

/** The images that stand there, from left to right. */
const shown = (page: Page) =>
  page
    .getByRole("dialog")
    .locator(".stage img")
    .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).alt));

test("a disc is seen beside itself two years ago, and beside the other eye, by keys alone", async ({ browser }) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  await openMargaret(room);
  await room.getByRole("tab", { name: /^Files/ }).click();
  await add(room, "disc_OD_2022.png", "#a44", "12/11/2022");
  await add(room, "disc_OD_2024.png", "#b55", "12/11/2024");
  await add(room, "disc_OS.png", "#c66", null);
  await add(room, "disc_OD.png", "#d77", null);

  await room.getByRole("button", { name: /disc_OD\.png/ }).click();
  const dialog = room.getByRole("dialog");
  await expect.poll(() => shown(room)).toEqual(["disc_OD.png"]);
  // The last one of the same eye; what was before stands on the left.
  await room.keyboard.press("e");
  await expect.poll(() => shown(room)).toEqual(["disc_OD_2024.png", "disc_OD.png"]);
  await expect(dialog.getByRole("button", { name: /^Earlier/ })).toHaveAttribute("aria-pressed", "true");
  await expect(dialog.locator(".filewhen").first()).toHaveText("12 Nov 2024");
  await passesAxe(room, "images side by side");
  await room.keyboard.press("Shift+E");
  await expect.poll(() => shown(room)).toEqual(["disc_OD_2022.png", "disc_OD.png"]);
  await room.keyboard.press("Shift+E");
  await expect.poll(() => shown(room)).toEqual(["disc_OD_2024.png", "disc_OD.png"]);
  // Both are enlarged and moved alike.
  await room.keyboard.press("+");
  await room.keyboard.press("Shift+ArrowRight");
  const moved = await dialog
    .locator(".stage img")
    .evaluateAll((images) => images.map((image) => (image as HTMLElement).style.transform));
  expect(moved).toEqual(Array(2).fill("translate(-60px, 0px) scale(1.25)"));
  // The other eye: the right one on the left, as one faces the patient.
  await room.keyboard.press("b");
  await expect.poll(() => shown(room)).toEqual(["disc_OD.png", "disc_OS.png"]);
  await room.keyboard.press("b");
  await expect.poll(() => shown(room)).toEqual(["disc_OD.png"]);
  await room.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);

  // The first of all has none before it, and says so.
  await room.getByRole("button", { name: /disc_OD_2022\.png/ }).click();
  await expect(dialog.getByRole("button", { name: /^Earlier/ })).toBeDisabled();
  await expect(dialog.getByTitle("No earlier image of the same kind and eye")).toBeVisible();
  await room.keyboard.press("e");
  await expect.poll(() => shown(room)).toEqual(["disc_OD_2022.png"]);
});
