import { expect, type Page, test } from "@playwright/test";
import { type Demo, openAt, signInAt, startDemo, type Workstation } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

/** What the cursor stands in, as a screen reader would say it. */
const where = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: at } = document;
    return at?.getAttribute("aria-label") ?? at?.textContent ?? "";
  });
/** At the pace of a hand: what ends in Enter any faster is a scanner's. */
async function type(page: Page, text: string): Promise<void> {
  await page.keyboard.type(text);
  await page.waitForTimeout(60);
  await page.keyboard.press("Enter");
}
/** Moves on until the cursor stands in the field; gives up after a screenful. */
async function moveTo(page: Page, label: string): Promise<void> {
  for (let step = 0; step < 60 && (await where(page)) !== label; step++) await page.keyboard.press("Enter");
  expect(await where(page)).toBe(label);
}
const field = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);
async function toSection(page: Page, name: string): Promise<void> {
  const current = page.locator('.outline [aria-current="true"]');
  for (let step = 0; step < 20 && !(await current.textContent())?.startsWith(name); step++)
    await page.keyboard.press("Alt+ArrowDown");
  await expect(current).toContainText(name);
}

test("a locum's first exam, by keyboard only: written, signed, and the till knows", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  const room = await openAt(browser, demo, "Leeds exam room");
  const { user, password } = demo.workstations.find(({ name }) => name === "Leeds exam room") as Workstation;
  await room.getByLabel("Name or e-mail").focus();
  await room.keyboard.press("Control+a");
  await room.keyboard.type(user);
  await room.keyboard.press("Tab");
  await room.keyboard.type(password);
  await room.keyboard.press("Enter");
  await expect(room.getByRole("navigation", { name: "Main" })).toBeVisible();

  // The exam room is one key away; the patient is found by name and begun with Enter.
  await room.keyboard.press("Control+5");
  await expect(room.getByLabel("Find the patient")).toBeFocused();
  await room.keyboard.type("ellisen-nobody");
  await expect(room.getByText(/^Nobody by that name/)).toBeVisible();
  await room.keyboard.press("Control+a");
  // As hands type: what comes as fast as from a scanner is taken for a code.
  await room.keyboard.type("ellison marg", { delay: 60 });
  await expect(room.locator(".pickrow:not(.room-next .pickrow)")).toBeVisible();
  await room.keyboard.press("Enter");
  await expect(room.getByLabel("Reason for the visit")).toBeFocused();
  // Whoever has never seen it reads the keys at the foot.
  for (const hint of ["Next section", "All normal", "Copy R to L"])
    await expect(room.locator(".hints")).toContainText(hint);

  // Reason and history; what is normal goes in with one key, and exceptions are typed over it.
  await type(room, "Routine. Headaches at the screen.");
  await type(room, "Frontal, in the evenings, for two months");
  await room.keyboard.press("h");
  expect(await where(room)).toBe("Headache");
  await room.keyboard.press("Space");
  await expect(room.getByRole("button", { name: "Headache" })).toHaveAttribute("aria-pressed", "true");
  await room.keyboard.press("Alt+n");
  await expect(field(room, "history.general")).toHaveValue("Good");
  await moveTo(room, "Medication");
  await type(room, "Ramipril");
  await expect(field(room, "history.medication")).toHaveValue("Ramipril");
  // What the last visit knows stands pale behind the field and is taken with one key.
  await moveTo(room, "Work and hobbies");
  await type(room, "Bookkeeping, reads in bed");
  await moveTo(room, "Driving");
  await type(room, "with g");
  await expect(field(room, "history.driving")).toHaveValue("With glasses");
  expect(await where(room)).toBe("Last sight test");
  await room.keyboard.press("Alt+g");
  await expect(field(room, "history.last_test")).toHaveValue(/\d{4}$/);

  await toSection(room, "Vision");
  await moveTo(room, "With own glasses, right");
  await type(room, "6/9");
  await type(room, "6/7.5");
  await toSection(room, "Pupils, motility");
  await room.keyboard.press("Alt+n");
  await expect(field(room, "binocular.motility")).toHaveValue("Full");

  // A whole line fills the right eye; the left one begins as its copy and is stepped from there.
  await toSection(room, "Subjective");
  expect(await where(room)).toBe("Sphere, right");
  await type(room, "-4.25/-1.25x015 add 2.50 6/6-1");
  expect(await where(room)).toBe("Sphere, left");
  await room.keyboard.press("=");
  await expect(field(room, "subjective.cylinder.l")).toHaveValue("−1.25");
  await room.keyboard.press("-");
  await room.keyboard.press("-");
  await expect(field(room, "subjective.sphere.l")).toHaveValue("−4.75");
  await moveTo(room, "Acuity, left");
  await type(room, "6/6");
  // Beyond five dioptres the distance belongs to the prescription.
  await moveTo(room, "Vertex distance");
  await type(room, "12");

  await toSection(room, "Anterior eye");
  await room.keyboard.press("Alt+n");
  await room.keyboard.press("Alt+;");
  await type(room, "l:1+ NS; staining l:0.5");
  await expect(field(room, "anterior.lens.r")).toHaveValue("1+ NS");

  await toSection(room, "Pressure");
  await moveTo(room, "First reading, right, mmHg");
  await type(room, "20");
  await type(room, "25");
  await expect(room.getByText("24 or more is acted upon")).toBeVisible();

  await toSection(room, "Posterior eye");
  await room.keyboard.press("Alt+n");
  await room.keyboard.press("Alt+;");
  await type(room, "disc r:0.5; disc l:0.65 thin inferior rim");
  await expect(field(room, "posterior.disc.l")).toHaveValue("thin inferior rim");

  // What is missing is said and leads there; the outcome begins to be typed and is taken with Enter.
  await toSection(room, "Diagnosis, advice");
  await room.keyboard.press("Alt+a");
  await type(room, "Early cataract");
  await type(room, "both");
  await type(room, "no");
  expect(await where(room)).toBe("Add it");
  await room.keyboard.press("Enter");
  await expect(room.getByText("Early cataract both (suspected)")).toBeVisible();
  await moveTo(room, "Advice to the patient");
  await type(room, "Breaks from the screen, back in two years or at once with flashes.");
  await expect(room.locator(".footbar")).toContainText("3 gaps");
  await toSection(room, "Outcome, recall");
  await type(room, "new");
  await expect(field(room, "outcome")).toHaveValue("New prescription");
  await moveTo(room, "Recall in months");
  await type(room, "24");
  // She comes before her recall, which needs a code; who has none can still leave and sign.
  await moveTo(room, "Why early");
  await type(room, "3.2");
  await expect(room.locator(".footbar")).toContainText("No gaps");
  await toSection(room, "Handover");
  await room.keyboard.press("v");
  await room.keyboard.press("Space");
  await moveTo(room, "For the dispenser");
  await type(room, "Varifocal, first desk pair beside it");
  await expect(room.locator(".footbar")).toContainText(/Kept as you type, \d\d:\d\d/);

  await room.keyboard.press("Control+Enter");
  await expect(room.locator(".footbar").getByText("Signed by Priya Raman")).toBeVisible();
  await till.bringToFront();
  await expect(till.getByRole("main").getByText("Varifocal, first desk pair beside it")).toBeVisible();
});
