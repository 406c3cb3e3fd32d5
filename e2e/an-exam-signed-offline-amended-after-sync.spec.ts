import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { actAt } from "./support/engine.ts";
import { openMargaret, plug } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

/** Margaret's exam, written and ready to be signed. */
async function writeExam(room: Page): Promise<string> {
  await openMargaret(room);
  const patientId = new URL(room.url()).hash.split("/")[2]?.split("?")[0] ?? "";
  const { id } = await actAt<{ id: string }>(room, "exams.start", { patientId });
  await actAt(room, "exams.patch", {
    id,
    fields: {
      ...{ reason: "Routine", history: "Reading is harder", advice: "Rest the eyes", outcome: "new_rx" },
      ...{ r_sphere: -4250, r_cylinder: -1250, r_axis: 15, r_add: 2500, l_sphere: -5750, l_add: 2500 },
      ...{ bvd: 120, recall_months: 24 },
    },
    entries: { "posterior.disc.r": "healthy_rim", "vision.own.r": "6/9", "vision.own.l": "6/12" },
  });
  return id;
}

/** What the page sends to the printer from now on is counted instead: a browser without a screen would wait for it. */
const countPrints = (page: Page) =>
  page.evaluate(() => {
    Object.assign(window, { printed: 0, print: () => Object.assign(window, { printed: window.printed + 1 }) });
  });
declare global {
  interface Window {
    printed: number;
  }
}

/** Width and height of a PDF's pages in whole millimetres, and how many there are. */
function pagesOf(pdf: Buffer): { width: number; height: number; count: number } {
  const text = pdf.toString("latin1");
  const boxes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
  const millimetres = (points: string | undefined) => Math.round((Number(points) * 25.4) / 72);
  return { width: millimetres(boxes[0]?.[1]), height: millimetres(boxes[0]?.[2]), count: boxes.length };
}
const pdfOf = (page: Page) => page.pdf({ preferCSSPageSize: true });

/** Finds what is amended by words, and takes it once it is shown. */
async function choose(room: Page, words: string, name: RegExp): Promise<void> {
  await room.getByLabel("Which field is corrected or added?").fill(words);
  await expect(room.locator(".amend-find").getByRole("button", { name })).toBeVisible();
  await room.keyboard.press("Enter");
}

test("an exam signed offline is printed at once, and amended after the line came back", async ({ browser }) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  const till = await signInAt(browser, demo, "Leeds till");
  await plug(room, "Pull the plug");
  const exam = await writeExam(room);
  const reading = { eye: "r", value: 160, method: "goldmann", at: Date.now(), note: null };
  await actAt(room, "exams.addItem", { examId: exam, list: "pressure", data: reading });
  await actAt(room, "exams.sign", { id: exam });
  await goTo(room, `/exam/${exam}`);
  await expect(room.getByRole("complementary").getByText("signed here, not yet at the centre")).toBeVisible();
  await expect(room.getByText("Healthy rim")).toBeVisible();

  // The patient leaves with the prescription, on either paper, without a line to anybody.
  await countPrints(room);
  await room.keyboard.press("p");
  const sheet = room.getByRole("article", { name: "Prescription for spectacles" });
  await expect(sheet).toContainText("Margaret Ellison");
  await expect(sheet).toContainText("−5.75");
  await expect(sheet).toContainText("12.0 mm");
  await expect(sheet).not.toContainText(/\bPD\b|pupil/i);
  await expect.poll(() => room.evaluate(() => window.printed)).toBe(1);
  expect(pagesOf(await pdfOf(room))).toEqual({ width: 210, height: 297, count: 1 });
  await room.getByRole("tab", { name: "A5" }).click();
  expect(pagesOf(await pdfOf(room))).toEqual({ width: 148, height: 210, count: 1 });
  // A roll is one piece, as long as what stands on it.
  await room.getByRole("tab", { name: "80 mm roll" }).click();
  const roll = pagesOf(await pdfOf(room));
  const length = await sheet.evaluate((element) => (element.getBoundingClientRect().height * 25.4) / 96);
  expect(roll).toMatchObject({ width: 80, count: 1 });
  expect(Math.abs(roll.height - length)).toBeLessThan(4);

  await plug(room, "Plug in again");
  await expect(room.locator("button.sync")).toContainText("Live");
  await room.keyboard.press("Escape");
  await expect(room.getByRole("complementary").getByText("final at the centre")).toBeVisible();
  await goTo(till, `/paper/${exam}`);
  await expect(till.getByRole("article")).toContainText("−5.75");
  // The record itself is not on a till.
  await expect(till.getByRole("tab", { name: "Record" })).toHaveCount(0);

  // The left sphere was a typing error.
  await room.keyboard.press("a");
  await room.getByLabel("Which field is corrected or added?").fill("given sphere left");
  await room.keyboard.press("Enter");
  await room.getByRole("textbox", { name: "Given sphere, left" }).fill("-5.25");
  // So was the pressure, and a diagnosis is missing.
  await choose(room, "reading 16 mmHg", /^Reading: Right 16 mmHg/);
  await room.locator('[data-key^="amend.pressure:"][data-key$=".value"]').fill("26");
  await room.keyboard.press("Enter");
  await choose(room, "add diagnosis", /^Add: diagnosis/);
  await room.locator('[data-key^="amend.diagnosis:"]').first().fill("Ocular hypertension");
  await room.keyboard.press("Enter");
  await room.getByLabel("What is added, in words").fill("Checked again with the patient.");
  await room.getByLabel("Why").fill("Typing error");
  await passesAxe(room, "amending");
  await room.getByRole("button", { name: "Sign the amendment" }).click();
  const given = room.getByRole("region", { name: "Prescription given" });
  await expect(given.locator("del")).toHaveText("−5.75");
  await expect(given.locator("ins")).toHaveText("−5.25");
  await expect(room.getByText("Why: Typing error")).toBeVisible();
  const pressure = room.locator(".rec-part", { has: room.getByRole("heading", { name: "Pressure" }) });
  await expect(pressure.locator("del")).toContainText("16 mmHg");
  await expect(pressure.locator("ins")).toContainText("26 mmHg");
  await expect(pressure).toContainText("Typing error");
  await expect(room.locator(".rec-entries ins", { hasText: "Ocular hypertension" })).toBeVisible();
  await room.getByRole("tab", { name: "As signed" }).click();
  await expect(given.locator("del")).toHaveCount(0);
  await expect(given).toContainText("−5.75");

  // The till prints what is right now, and says that it replaces the other.
  await expect(till.getByRole("article")).toContainText("−5.25");
  await expect(till.getByRole("article")).toContainText("This replaces what was issued before");
  for (const colorScheme of ["light", "dark"] as const) {
    await room.emulateMedia({ colorScheme });
    await room.waitForTimeout(300);
    await passesAxe(room, `record, ${colorScheme}`);
  }
});

test("a referral letter is made of what was found, and kept as it was sent", async ({ browser }) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  const exam = await writeExam(room);
  await actAt(room, "exams.sign", { id: exam });
  await goTo(room, `/exam/${exam}`);
  await countPrints(room);
  await expect(room.getByRole("complementary").getByText("final at the centre")).toBeVisible();
  await room.keyboard.press("Alt+r");
  await room.getByLabel("Why, in a sentence").fill("The left vision has dropped.");
  await room.getByLabel("Name").fill("Eye Clinic, St James's");
  const letter = room.getByLabel("The letter");
  await expect(letter).toHaveValue(
    /Margaret Ellison, born 3 Dec 1958[\s\S]*The left vision has dropped\.[\s\S]*left 6\/12/,
  );
  await room.getByRole("checkbox", { name: "Vision" }).uncheck({ force: true });
  await expect(letter).not.toHaveValue(/left 6\/12/);
  await letter.fill("Dear colleague, please see her. Her left vision has dropped.");
  // Escape loses nothing of it.
  await room.keyboard.press("Escape");
  await expect(room.getByRole("dialog")).toHaveCount(0);
  await room.keyboard.press("Alt+r");
  await expect(letter).toHaveValue("Dear colleague, please see her. Her left vision has dropped.");
  await passesAxe(room, "referring");
  await room.getByRole("button", { name: "Sign and print the letter" }).click();
  await expect(room.locator(".sheet-letter")).toHaveText(
    "Dear colleague, please see her. Her left vision has dropped.",
  );
  expect(pagesOf(await pdfOf(room))).toMatchObject({ width: 210, height: 297 });
  await goTo(room, `/paper/${exam}?what=record`);
  await expect(room.getByRole("article")).toContainText("Healthy rim");
  await passesAxe(room, "paper");
  await goTo(room, `/exam/${exam}`);
  await expect(room.getByRole("link", { name: "Letter to Eye Clinic, St James's" })).toBeVisible();
});

test("a prescription leaves as FHIR and comes in where an outside one is typed", async ({ browser }) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  const exam = await writeExam(room);
  await actAt(room, "exams.sign", { id: exam });
  await goTo(room, `/paper/${exam}`);
  const saving = room.waitForEvent("download");
  await room.getByRole("button", { name: /^Export FHIR/ }).click();
  const json = readFileSync(await (await saving).path(), "utf8");
  expect(JSON.parse(json)).toMatchObject({ resourceType: "VisionPrescription" });
  const till = await signInAt(browser, demo, "Leeds till");
  await openMargaret(till);
  await till
    .getByRole("button", { name: /Add a prescription|Add prescription|outside/i })
    .first()
    .click();
  const dialog = till.getByRole("dialog");
  await dialog.getByText("From another system").click();
  await dialog.getByLabel("Paste a FHIR prescription").fill('{"resourceType":"Observation"}');
  await expect(dialog.getByText("This is a FHIR Observation, not a prescription.")).toBeVisible();
  await dialog.getByLabel("Paste a FHIR prescription").fill(json);
  await expect(dialog.getByText(/Read: Priya Raman/)).toBeVisible();
  await expect(dialog.getByLabel("Sph", { exact: true }).first()).toHaveValue("−4.25");
});

test("head office arranges the exam's form by keyboard, and the exam room has it", async ({ browser }) => {
  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/hq");
  await office.getByRole("tab", { name: "Exam form" }).click();
  const list = office.getByRole("list", { name: "Sections, in the order of work" });
  await list.getByRole("button", { name: "Vision" }).click();
  await office.keyboard.press("Alt+ArrowUp");
  await expect(list.getByRole("button").nth(1)).toHaveText("Vision");
  await office.keyboard.press("h");
  await expect(list.getByRole("button", { name: "Vision" })).toHaveCount(0);
  await office.getByRole("button", { name: "Show Vision" }).click();
  // Whoever has just ticked a field has the keys of the screen too.
  await office.getByRole("checkbox", { name: "Chart" }).focus();
  await office.keyboard.press("Space");
  await expect(office.getByRole("checkbox", { name: "Chart" })).not.toBeChecked();
  await office.keyboard.press("q");
  await office.getByLabel("What is asked").fill("Hours outdoors a day");
  await office.getByRole("button", { name: "Save the question" }).click();
  await expect(office.getByRole("complementary", { name: "As the exam shows it" })).toContainText(
    "Hours outdoors a day",
  );
  await passesAxe(office, "exam form");
  await office.keyboard.press("Control+s");
  await expect(office.getByText("Form saved")).toBeVisible();
  await expect(office.getByText("No changes")).toBeVisible();
});
