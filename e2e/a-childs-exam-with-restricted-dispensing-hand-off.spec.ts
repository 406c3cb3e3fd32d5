import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { choosePair, type Demo, goTo, signInAs, signInAt, startDemo } from "./support/demo.ts";
import { bookTonight, chooseLine, lineOf } from "./support/diary.ts";
import { actAt } from "./support/engine.ts";
import { typeInto } from "./support/exam.ts";
import { registerSomebody } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

const tilly = "Tilly Hargreave";

/** Puts everything in the section of that field to normal. */
async function allNormal(page: Page, key: string): Promise<void> {
  await page.locator(`[data-key="${key}"]`).focus();
  await page.keyboard.press("Alt+n");
}

test("a child is examined; only a registered optician dispenses what the exam room hands over", async ({ browser }) => {
  const desk = await signInAt(browser, demo, "Leeds till");
  const room = await signInAt(browser, demo, "Leeds exam room");
  const office = await signInAt(browser, demo, "HQ");
  await registerSomebody(desk, {
    given: "Tilly",
    family: "Hargreave",
    born: `1/3/${new Date().getFullYear() - 9}`,
    phone: "0113 496 0144",
    address: "8 Moor Lane, Leeds",
    needs: "Signs with her father, who interprets",
  });
  await bookTonight(desk, "hargreave tilly", "21:30");
  await chooseLine(desk, tilly);
  await desk.keyboard.press(">");
  await expect(lineOf(desk, tilly)).toContainText("Arrived");
  await goTo(office, "/diary/list");

  await chooseLine(room, tilly);
  await room.keyboard.press("x");
  await expect(room.locator(".pagehead")).toContainText("Child's sight test");
  await expect(lineOf(office, tilly)).toContainText("With optometrist");
  await typeInto(room, "reason", "First test. The teacher says she copies from her neighbour.");
  await typeInto(room, "history", "Screws up her eyes at the board since the summer. Born at term.");
  await allNormal(room, "history.general");
  for (const [key, text] of [
    ["history.medication", "None"],
    ["history.tasks", "Reads a lot, plays hockey"],
    ["specs.use", "No glasses"],
    ["vision.unaided.r", "6/18"],
    ["vision.unaided.l", "6/15"],
  ] as const)
    await typeInto(room, key, text);
  await room.locator('[data-key="history.first_test"]').press("y");
  await allNormal(room, "binocular.motility");
  await typeInto(room, "subjective.sphere.r", "-1.75/-0.50x180 6/6");
  await typeInto(room, "subjective.sphere.l", "-1.50 6/6");
  await allNormal(room, "anterior.lids.r");
  await allNormal(room, "posterior.disc.r");
  await typeInto(room, "advice", "Two hours outdoors a day. Glasses for the board.");
  await expect(room.locator(".footbar")).toContainText("2 gaps");
  await typeInto(room, "outcome", "New");
  await typeInto(room, "recall_months", "12");
  // Nobody asks a child of nine whether she drives.
  await expect(room.locator(".footbar")).toContainText("No gaps");
  await typeInto(room, "recommendation", "Impact-resistant single vision, to be worn at school");
  await typeInto(room, "handover.cautions", "Shy: let her choose the frame herself");
  await typeInto(room, "handover.urgency", "Soon");
  await typeInto(room, "handover.collector", "Her father Rob, on Saturday");
  await expect(room.locator(".footbar")).toContainText(/Kept as you type, \d\d:\d\d/);
  await room.keyboard.press("Control+Enter");
  await expect(room.locator(".footbar").getByText("Signed by Priya Raman")).toBeVisible();

  // The day lists know by themselves, and the prescription says who may dispense it.
  for (const page of [desk, office]) await expect(lineOf(page, tilly)).toContainText("In dispensing");
  await room.evaluate(() => {
    window.print = () => {};
  });
  await room.keyboard.press("p");
  const sheet = room.getByRole("article", { name: "Prescription for spectacles" });
  await expect(sheet).toContainText("Restricted.");
  await expect(sheet).toContainText(/under 16/i);

  // A trainee at the till may begin and is told before anything is chosen; the sale is not hers to end.
  const trainee = await signInAs(browser, demo, "Leeds till", "jodie.marsh");
  const card = (page: Page) => page.getByRole("listitem", { name: tilly });
  await goTo(trainee, "/today");
  for (const words of [
    "Under 16: only a registrant",
    "Soon",
    "Impact-resistant single vision",
    "Shy: let her choose the frame herself",
    "Her father Rob, on Saturday",
    "Signs with her father, who interprets",
  ])
    await expect(card(trainee)).toContainText(words);
  await card(trainee).getByRole("button", { name: "Dispense" }).click();
  const context = trainee.getByRole("complementary");
  await expect(context.getByText("Restricted", { exact: true })).toBeVisible();
  await expect(context.getByText("A registered optician has to dispense this")).toBeVisible();
  await expect(context.getByText("Shy: let her choose the frame herself")).toBeVisible();
  await expect(context.getByText("Signs with her father, who interprets")).toBeVisible();
  await passesAxe(trainee, "till, restricted");
  await choosePair(trainee);
  await trainee.getByRole("button", { name: "All", exact: true }).click();
  await expect(trainee.getByRole("button", { name: /^Pay/ })).toHaveAttribute("aria-disabled", "true");
  await trainee.keyboard.press("Control+Enter");
  await expect(trainee.getByRole("heading", { name: "Checkout" })).toBeVisible();
  await expect(trainee.getByTestId("receipt-number")).toHaveCount(0);

  // The dispensing optician takes the same card over.
  await goTo(desk, "/today");
  await expect(card(desk)).toBeVisible();
  await card(desk).getByRole("button", { name: "Dispense" }).click();
  await expect(desk.getByRole("complementary").getByText("Restricted", { exact: true })).toBeVisible();
  await expect(desk.getByText("A registered optician has to dispense this")).toHaveCount(0);
  await choosePair(desk);
  await desk.getByRole("button", { name: "All", exact: true }).click();
  await desk.getByRole("button", { name: /^Pay/ }).click();
  await expect(desk.getByTestId("receipt-number")).toBeVisible();
  const receipt = desk.getByRole("article", { name: "Receipt" });
  await expect(receipt).toContainText(/Dispensed by .+, registered optician/);
  const made = receipt.getByRole("link", { name: /^Job/ });
  const jobId = (await made.getAttribute("href"))?.split("/").at(-1) ?? "";
  for (const page of [desk, office]) {
    await goTo(page, "/today");
    await expect(page.getByRole("heading", { name: "Handed over by the exam rooms" })).toBeVisible();
    await expect(card(page)).toHaveCount(0);
  }

  // Her father comes for them: they go only with a registered optician who is named.
  for (const to of ["received_lab", "passed", "ready"]) await actAt(desk, "lab.advance", { jobId, to });
  const list = desk.locator("section", { has: desk.getByRole("heading", { name: "Ready to collect" }) });
  const row = list.locator("tbody tr").filter({ hasText: tilly });
  await row.getByRole("button", { name: "Collected" }).click();
  const asked = desk.getByRole("dialog", { name: "Who is there at the collection?" });
  await expect(asked).toContainText("The patient is under 16");
  await passesAxe(desk, "collection, restricted");
  await asked.getByLabel("Registered optician").selectOption({ label: "Somebody else" });
  await asked.getByLabel("Name").fill("Sam Dale");
  await asked.getByLabel("Number in the register").fill("D-12345");
  await desk.keyboard.press("Control+Enter");
  await expect(row).toHaveCount(0);
  await goTo(office, `/lab/${jobId}`);
  await expect(office.getByRole("complementary")).toContainText("with Sam Dale, D-12345");
});
