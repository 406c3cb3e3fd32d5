import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { signInAt } from "./support/demo.ts";
import { openMargaret, plug } from "./support/steps.ts";
import { startTwoPlaces, type TwoPlaces } from "./support/two-places.ts";

let places: TwoPlaces;
test.beforeAll(async () => {
  places = await startTwoPlaces(2_500_000);
});
test.afterAll(() => places?.stop());

const wide = 1600;
const part = 4 * 1024 * 1024;

/** A picture that does not compress: some seven megabytes, two parts. */
async function picture(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(async (width) => {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = 1200;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const noise = context.createImageData(canvas.width, canvas.height);
    for (let at = 0; at < noise.data.length; at += 65_536) crypto.getRandomValues(noise.data.subarray(at, at + 65_536));
    for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255;
    context.putImageData(noise, 0, 0);
    return canvas.toDataURL("image/png").split(",")[1] as string;
  }, wide);
  return Buffer.from(base64, "base64");
}

async function openFiles(page: Page): Promise<void> {
  await openMargaret(page);
  await page.getByRole("tab", { name: "Files" }).click();
}

/** Waits until the image is drawn at its full size in the viewer. */
async function isSeen(page: Page): Promise<void> {
  const image = page.getByRole("dialog").locator(".stage img");
  await expect(image).toBeVisible();
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(wide);
}

test("an image follows the patient: cut off half-way, carried on, seen elsewhere, and there without a line too", async ({
  browser,
}) => {
  const till = await signInAt(browser, places, "Leeds till");
  await openFiles(till);
  await expect(till.getByText("No files yet")).toBeVisible();
  await passesAxe(till, "no files");
  const buffer = await picture(till);
  await till.locator("input[type=file]").setInputFiles({ name: "fundus_OD.png", mimeType: "image/png", buffer });
  const tile = till.getByRole("button", { name: /fundus_OD\.png/ });
  await expect(tile).toContainText("Sending");
  await expect
    .poll(async () => Number(/Sending, (\d+) %/.exec((await tile.textContent()) ?? "")?.[1] ?? 0), { intervals: [50] })
    .toBeGreaterThan(65);
  places.line.cut(1500);
  await expect(tile).toContainText("Only on this PC");
  await expect(tile).toContainText("At the centre");
  expect(places.line.parts).toEqual([0, part, part]);
  await passesAxe(till, "files");

  const room = await signInAt(browser, places, "Leeds exam room");
  await openFiles(room);
  await room.getByRole("button", { name: /fundus_OD\.png/ }).click();
  await isSeen(room);
  await passesAxe(room, "viewer");
  // Seen from the name, and put right where the camera said nothing of it.
  await expect(room.getByRole("tab", { name: "Right", exact: true })).toHaveAttribute("aria-selected", "true");
  await room.getByLabel("Kind").selectOption("fundus");
  await room.getByLabel("Note").fill("Optic disc clear");
  await room.keyboard.press("Escape");
  await expect(till.getByText("Optic disc clear")).toBeVisible();

  await plug(room, "Pull the plug");
  await room.reload();
  await openFiles(room);
  await room.getByRole("button", { name: /fundus_OD\.png/ }).click();
  await isSeen(room);
  await room.keyboard.press("Escape");

  // What is neither an image nor a document is not taken, whatever its name says.
  await till.locator("input[type=file]").setInputFiles({
    name: "letter.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from(`<!doctype html><script>alert(1)</script>${" ".repeat(200)}`),
  });
  await expect(till.getByRole("alert")).toContainText("Only images");
  await tile.click();
  await till.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(tile).toHaveCount(0);
  await till.getByRole("button", { name: "Take back" }).click();
  await expect(tile).toBeVisible();
});
