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

/** Two pictures of two by two shades of grey. */
function twoPages(): Buffer {
  const file = Buffer.alloc(300);
  file.write("II*\0", "latin1");
  let link = 4;
  for (const at of [20, 160]) {
    file.writeUInt32LE(at + 4, link);
    file.set([0, 80, 160, 255], at);
    const fields = [
      [256, 2],
      [257, 2],
      [258, 8],
      [262, 1],
      [273, at],
      [279, 4],
    ] as const;
    file.writeUInt16LE(fields.length, at + 4);
    for (const [index, [tag, value]] of fields.entries()) {
      const field = at + 6 + 12 * index;
      file.writeUInt16LE(tag, field);
      file.writeUInt16LE(4, field + 2);
      file.writeUInt32LE(1, field + 4);
      file.writeUInt32LE(value, field + 8);
    }
    link = at + 6 + 12 * fields.length;
  }
  return file;
}

/** One empty page. */
function onPaper(): Buffer {
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] >>",
  ].map((body, index) => `${index + 1} 0 obj\n${body}\nendobj\n`);
  return Buffer.from(`%PDF-1.4\n${objects.join("")}trailer << /Size 4 /Root 1 0 R >>\n%%EOF\n`, "latin1");
}

/** A DICOM file without a picture that names its patient. */
function dicomOf(name: string): Buffer {
  const element = (group: number, number: number, vr: string, value: string) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(group, 0);
    head.writeUInt16LE(number, 2);
    head.write(vr, 4);
    head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, Buffer.from(value, "latin1")]);
  };
  const syntax = element(2, 16, "UI", "1.2.840.10008.1.2.1\0");
  const length = element(2, 0, "UL", String.fromCharCode(syntax.length, 0, 0, 0));
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM"), length, syntax, element(16, 16, "PN", name)]);
}

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

async function scanIsSeen(page: Page): Promise<void> {
  await page.getByRole("button", { name: /oct_OD\.tif/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("1 of 2")).toBeVisible();
  await page.keyboard.press("PageDown");
  await expect(dialog.getByText("2 of 2")).toBeVisible();
  const image = dialog.locator(".stage img");
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(2);
  await page.keyboard.press("Escape");
}

async function fieldIsSeen(page: Page): Promise<void> {
  await page.getByRole("button", { name: /field_OD\.pdf/ }).click();
  await expect(page.getByTitle("field_OD.pdf, as a document")).toBeVisible();
  // The browser's own viewer has opened it.
  await expect.poll(() => page.frames().some((frame) => frame.url().startsWith("chrome-extension:"))).toBe(true);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
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

  // What instruments write: two pages of a TIFF, and a visual field on paper.
  await till.locator("input[type=file]").setInputFiles([
    { name: "oct_OD.tif", mimeType: "image/tiff", buffer: twoPages() },
    { name: "field_OD.pdf", mimeType: "application/pdf", buffer: onPaper() },
  ]);
  await expect(till.getByRole("tab", { name: "Files 3" })).toBeVisible();
  await scanIsSeen(room);
  await fieldIsSeen(room);

  await plug(room, "Pull the plug");
  await room.reload();
  await openFiles(room);
  await room.getByRole("button", { name: /fundus_OD\.png/ }).click();
  await isSeen(room);
  await room.keyboard.press("Escape");
  await scanIsSeen(room);
  await fieldIsSeen(room);

  // A scan that names somebody else is not added before a person has looked.
  await till.locator("input[type=file]").setInputFiles({
    name: "other.dcm",
    mimeType: "application/dicom",
    buffer: dicomOf("OSEI^KWAME"),
  });
  await expect(till.getByText("other.dcm names another patient")).toBeVisible();
  await expect(till.getByText(/The file says OSEI KWAME/)).toBeVisible();
  await passesAxe(till, "another patient");
  await till.getByRole("button", { name: "Do not add" }).click();
  await expect(till.getByRole("tab", { name: "Files 3" })).toBeVisible();

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
