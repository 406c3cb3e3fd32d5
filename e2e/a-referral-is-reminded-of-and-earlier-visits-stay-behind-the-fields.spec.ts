import { expect, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { beginExam, typeInto } from "./support/exam.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("a sight test that refers is signed without its letter, says so, and hides no earlier contact lenses", async ({
  browser,
}) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  // Whom the room sees next stands on the page; a name that is typed comes before them.
  await goTo(room, "/exam");
  const next = room.locator(".room-next .pickrow");
  await expect(next.first()).toHaveAttribute("aria-pressed", "true");
  await passesAxe(room, "the exam page");
  await beginExam(room, "farrar imogen");
  await typeInto(room, "reason", "Flashes in the right eye since Thursday");
  await typeInto(room, "vision.unaided.r", "6/60");
  await typeInto(room, "outcome", "Referred");
  await expect(room.locator(".footbar")).toContainText("Referred, no letter yet");
  await expect(room.locator(".footbar")).toContainText(/Kept as you type, \d\d:\d\d/);
  await room.keyboard.press("Control+Enter");
  await expect(room.locator(".footbar").getByText("Signed by Priya Raman")).toBeVisible();

  // Signed all the same; the letter is one key away from the record, and nothing is said once it is written.
  await expect(room.getByRole("status").filter({ hasText: "Referred, no letter yet" })).toBeVisible();
  const reminder = room.locator(".footbar").getByRole("button", { name: "Referred, no letter yet" });
  await expect(reminder).toBeVisible();
  await room.evaluate(() => {
    window.print = () => {};
  });
  await room.keyboard.press("Alt+r");
  const letter = room.getByRole("dialog");
  await letter.getByLabel("Name", { exact: true }).fill("Eye casualty, St James's");
  await letter.getByLabel("Why, in a sentence").fill("Flashes, possible retinal tear");
  await letter.getByRole("button", { name: "Sign and print the letter" }).click();
  await expect(room).toHaveURL(/#\/paper\//);
  await room.goBack();
  await expect(room.locator(".footbar").getByText("Signed by Priya Raman")).toBeVisible();
  await expect(reminder).toHaveCount(0);

  // The next visit looks back at each section's own last one: the lenses are not hidden by today's test.
  await goTo(room, "/exam");
  await beginExam(room, "farrar imogen");
  const head = (section: string) => room.locator(`[data-section="${section}"] .before`);
  await expect(head("vision")).not.toHaveClass(/older/);
  await room.getByRole("button", { name: "Contact lenses", exact: true }).and(room.locator("[aria-expanded]")).click();
  await expect(head("contact_lenses")).toHaveClass(/older/);
  await expect(head("contact_lenses")).toHaveAttribute("title", /^What is pale here was found on \d+ \w+ \d{4}$/);
  await expect(room.locator('[data-section="contact_lenses"] .gh', { hasText: "Lumia Monthly" })).toHaveCount(2);
  await room.locator('[data-key="history.last_test"]').focus();
  await room.keyboard.press("Alt+g");
  await expect(room.locator('[data-key="history.last_test"]')).toHaveValue(
    new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London" }).format(Date.now()),
  );
  await passesAxe(room, "an exam with visits of two days behind it");
});

test("the room's next patient is opened with Enter", async ({ browser }) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  await goTo(room, "/exam");
  await expect(room.getByLabel("Find the patient")).toBeFocused();
  const next = room.locator(".room-next .pickrow");
  await room.keyboard.press("ArrowDown");
  await expect(next.nth(1)).toHaveAttribute("aria-pressed", "true");
  const name = (await next.nth(1).locator(".name").textContent()) ?? "";
  await room.waitForTimeout(100);
  await room.keyboard.press("Enter");
  await expect(room.getByLabel("Reason for the visit")).toBeFocused();
  await expect(room.locator(".pagehead")).toContainText(name);
});

test("the Patients box finds whatever is in hand: the end of a number, a job, a sale", async ({ browser }) => {
  const till = await signInAt(browser, demo, "Leeds till");
  await goTo(till, "/patients");
  const box = till.getByLabel(/^Name, date of birth, phone, post code/);
  await box.fill("ellison margaret");
  const row = till.locator(".pickrow").first();
  const number = /[A-Z]{3}-T\d+-P\d+/.exec((await row.textContent()) ?? "")?.[0] ?? "";
  for (const end of [number.slice(-6), number.slice(-7), `P${Number(number.slice(-6))}`]) {
    await box.fill(end);
    await expect(till.locator(".pickrow", { hasText: number })).toContainText("Margaret Ellison");
  }
  // Jobs, sales and cases stand below the people, and Enter opens the row that the arrows chose.
  await box.fill("0004");
  const job = till.locator(".pickrow", { hasText: /^Job/ }).first();
  await expect(job).toBeVisible();
  await expect(till.locator(".pickrow", { hasText: /^Sale/ }).first()).toBeVisible();
  const text = (await job.textContent()) ?? "";
  while ((await job.getAttribute("aria-pressed")) !== "true") await till.keyboard.press("ArrowDown");
  await passesAxe(till, "the Patients box");
  await till.keyboard.press("Enter");
  await expect(till).toHaveURL(/#\/lab\//);
  await expect(till.locator("main")).toContainText(/[A-Z]{3}-T\d+-\d{6}\/\d/.exec(text)?.[0] ?? "");
});
