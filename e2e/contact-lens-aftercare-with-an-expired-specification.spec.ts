import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { bookTonight, chooseLine } from "./support/diary.ts";
import { typeInto } from "./support/exam.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

const imogen = "Imogen Farrar";
const field = (page: Page, key: string) => page.locator(`[data-key="${key}"]`);

async function openImogen(page: Page): Promise<void> {
  await goTo(page, "/patients");
  await page.getByLabel(/Name, date of birth, phone, post code/).fill("farrar imogen");
  await expect(page.locator(".pickrow").first()).toContainText(imogen);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: imogen })).toBeVisible();
}
/** The till with Imogen in hand, as far as it says what she may be sold. */
async function atTheTill(page: Page): Promise<void> {
  await goTo(page, "/today");
  await goTo(page, "/till");
  await expect(page.locator(".steps")).toBeVisible();
  await page.keyboard.press("Alt+1");
  await page.getByLabel("Name, date of birth, phone or number").fill("farrar imogen");
  await expect(page.locator(".pickrow").first()).toContainText(imogen);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary").getByText("Contact lenses", { exact: true })).toBeVisible();
}

test("a wearer whose specification has run out gets an aftercare, a new specification, and lenses again", async ({
  browser,
}) => {
  const desk = await signInAt(browser, demo, "Leeds till");
  const room = await signInAt(browser, demo, "Leeds exam room");
  await openImogen(desk);
  await expect(desk.getByText(/^Contact lenses: specification expired \d+ \w+ \d{4}$/)).toBeVisible();
  await atTheTill(desk);
  const refusal = desk.getByText("No contact lenses are supplied after their specification has run out");
  await expect(refusal).toBeVisible();

  // The aftercare opens with its section unfolded, and what was found last time stands behind each field.
  await bookTonight(desk, "farrar imogen", "21:00", "Contact lens aftercare");
  await chooseLine(room, imogen);
  await room.keyboard.press("x");
  await expect(room.locator(".pagehead")).toContainText("Contact lens aftercare");
  const section = room.locator('[data-section="contact_lenses"]');
  await expect(section.locator(".gh", { hasText: "Lumia Monthly" })).toHaveCount(2);
  await expect(section.locator(".gh", { hasText: "Daily wear, a new pair each month" })).toHaveCount(1);
  await typeInto(room, "reason", "Lenses dry towards evening");
  await typeInto(room, "history", "Ran out of lenses last week, wore the last pair for seven weeks");
  for (const [key, text] of [
    ["contact_lenses.hours", "14"],
    ["contact_lenses.comfort", "6"],
    ["contact_lenses.compliance", "Overwears: a month is a month"],
  ] as const)
    await typeInto(room, key, text);

  // The lens of last time is taken over whole and changed in one part; the left one follows its own ghost.
  for (const eye of ["r", "l"]) {
    await field(room, `contact_lenses.lens.${eye}`).focus();
    await room.keyboard.press("Alt+g");
    await expect(field(room, `contact_lenses.lens.${eye}`)).toHaveValue("Lumia Monthly");
  }
  await typeInto(room, "contact_lenses.lens.r:sphere", "-3.00");
  await typeInto(room, "contact_lenses.va.r", "6/5");
  await typeInto(room, "contact_lenses.va.l", "6/6");
  await typeInto(room, "contact_lenses.schedule", "Daily wear, a new pair each month");
  await typeInto(room, "contact_lenses.expiry_months", "6");
  await field(room, "anterior.lids.r").focus();
  await room.keyboard.press("Alt+n");
  await typeInto(room, "anterior.bulbar_redness.r", "1.5");
  await typeInto(room, "advice", "Glasses in the evening; back in six months.");
  await typeInto(room, "outcome", "No change");
  await expect(room.locator(".footbar")).toContainText("No gaps");
  await expect(room.locator(".footbar")).toContainText(/Kept as you type, \d\d:\d\d/);
  await room.keyboard.press("Control+Enter");
  await expect(room.locator(".footbar").getByText("Signed by Priya Raman")).toBeVisible();

  // The specification is printed with everything it takes to replicate the lenses.
  await room.evaluate(() => {
    window.print = () => {};
  });
  await room.keyboard.press("p");
  await room.getByRole("tab", { name: "Contact lenses" }).click();
  const sheet = room.getByRole("article", { name: "Contact lens specification" });
  for (const words of [imogen, "Lumia Monthly", "\u22123.00", "8.60", "14.20", "a new pair each month", "Priya Raman"])
    await expect(sheet).toContainText(words);

  // A lens of it is corrected part by part, by the limits of contact lenses; a refused part is signed by nobody.
  await room.keyboard.press("Escape");
  await room.keyboard.press("a");
  const dialog = room.getByRole("dialog", { name: "Write an amendment" });
  await dialog.getByLabel("Which field is corrected or added?").fill("lens right");
  await dialog.getByRole("button", { name: "Lens, right Contact lenses" }).click();
  const power = field(room, "amend.contact_lenses.lens.r:sphere");
  await power.fill("-45");
  await dialog.getByLabel("Why").fill("Typing error");
  const words = dialog.locator(".msg.is-stop");
  await expect(words).toHaveCount(1);
  await room.keyboard.press("Control+Enter");
  await expect(power).toBeFocused();
  await expect(dialog.getByText("Something is half typed in a field")).toBeVisible();
  // Put away and opened again, it stands there with its reason; Escape in the field takes it back.
  await dialog.getByRole("button", { name: "Close" }).click();
  await room.keyboard.press("a");
  await expect(power).toHaveValue("-45");
  await expect(words).toHaveCount(1);
  await power.press("Escape");
  await expect(power).toHaveValue("\u22123.00");
  await typeInto(room, "amend.contact_lenses.lens.r:base_curve", "8.x");
  await expect(field(room, "amend.contact_lenses.lens.r:base_curve")).toHaveValue("8.x");
  await expect(words).toHaveCount(1);
  await field(room, "amend.contact_lenses.lens.r:base_curve").fill("8.40");
  await power.fill("-3.25");
  await room.keyboard.press("Control+Enter");
  await expect(room.getByText("Amendment signed")).toBeVisible();
  await expect(room.locator("ins", { hasText: "\u22123.25" }).first()).toContainText("8.40");

  await openImogen(desk);
  await expect(desk.getByText(/^Contact lenses: specification valid to \d+ \w+ \d{4}$/)).toBeVisible();
  await atTheTill(desk);
  await expect(refusal).toHaveCount(0);
  await expect(desk.getByRole("complementary")).toContainText("by Priya Raman");
});
