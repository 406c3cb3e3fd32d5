/** The signed record, what is printed of it, and the form of the exam. */
import type { Page } from "@playwright/test";
import { goTo } from "../../e2e/support/demo.ts";
import { amendExam } from "../../src-main/engine/exams/amending.ts";
import { addItem, patchExam, startExam } from "../../src-main/engine/exams/draft.ts";
import { saveQuestion } from "../../src-main/engine/exams/forms.ts";
import { signExam } from "../../src-main/engine/exams/signing.ts";
import { questionKey } from "../../src-shared/exams/check.ts";
import { normalValues } from "../../src-shared/exams/normal.ts";
import { examFieldsBySection } from "../../src-shared/exams/sections.ts";
import type { Camera } from "./camera.ts";
import { openClinic, type Seat } from "./clinic.ts";

export async function picturesOfRecords({ browser, options, shoot }: Camera): Promise<void> {
  const clinic = await openClinic();
  const room = clinic.seat("leeds-exam", "Room 1");
  const other = clinic.seat("leeds-exam", "Room 2");
  const office = clinic.seat("hq", "HQ");
  try {
    for (const seat of [room, other, office]) {
      await seat.open();
      await seat.join();
      await seat.plugIn();
    }
    const exam = await writeExam(room, office, other);
    const page = await room.pageOf(browser, "priya.raman", options);
    await goTo(page, `/exam/${exam}`);
    await page.getByText("Written before the signature was seen").first().waitFor();
    await shoot(page, "record");
    await page.keyboard.press("Alt+s");
    await page.getByLabel("Why").fill("Seen in Room 1, where the slit lamp was better");
    await shoot(page, "record-set-aside");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "As signed" }).click();
    await shoot(page, "record-as-signed");
    await page.keyboard.press("a");
    await find(page, "axis left");
    await page.getByRole("textbox", { name: /axis, left/i }).fill("095");
    await find(page, "macula right");
    await page.getByRole("textbox", { name: "Macula, right" }).fill("Three small drusen");
    await shoot(page, "record-amend");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Alt+r");
    await page.getByLabel("Why, in a sentence").fill("The pressure has risen and the left rim is thin.");
    await page.getByLabel("Name").fill("Eye Clinic, St James's");
    await shoot(page, "record-refer");
    await page.getByRole("button", { name: "Sign and print the letter" }).click();
    await page.locator(".sheet-letter").waitFor();
    await shoot(page, "paper-letter");
    for (const [what, name] of [
      ["prescription", "paper-prescription"],
      ["lenses", "paper-lenses"],
      ["record", "paper-record"],
    ] as const) {
      await goTo(page, `/paper/${exam}?what=${what}`);
      await page.locator(".sheet").waitFor();
      await shoot(page, name);
    }
    const head = await office.pageOf(browser, "eleanor.aldous", options);
    await goTo(head, "/hq");
    await head.getByRole("tab", { name: "Exam form" }).click();
    await head.getByRole("navigation", { name: "Whose form" }).waitFor();
    await head.getByLabel("Sections, in the order of work").getByRole("button", { name: "Reason, history" }).click();
    await shoot(head, "office-exam-form");
    await head.keyboard.press("q");
    await head.getByLabel("How it is answered").selectOption("choice");
    await shoot(head, "office-exam-question");
  } finally {
    await clinic.close();
  }
}

async function find(page: Page, words: string): Promise<void> {
  await page.getByLabel("Which field is corrected or added?").fill(words);
  await page.keyboard.press("Enter");
}

/** A whole exam: signed in Room 1 while Room 2, off the network, went on writing; amended the same day. */
async function writeExam(room: Seat, office: Seat, other: Seat): Promise<string> {
  const question = office.as("eleanor.aldous", saveQuestion, {
    id: null,
    section: "history",
    label: "Hours at a screen without a break",
    kind: "number",
    options: [],
    unit: "h",
    perEye: false,
    expected: true,
    position: 0,
  }) as { id: string };
  await office.plugIn();
  await room.plugIn();
  const { id } = room.as("priya.raman", startExam, { patientId: room.patient("Derek", "Sutcliffe") }) as { id: string };
  const eye = (side: "r" | "l", values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`subjective.${name}.${side}`, value]));
  const findings: Record<string, unknown> = {
    "history.symptoms": ["blur_near"],
    "history.general": "Type 2 diabetes, diet and metformin",
    "history.medication": "Metformin, amlodipine",
    "history.family": ["glaucoma"],
    "history.driving": "with_glasses",
    "vision.own.r": "6/7.5",
    "vision.own.l": "6/9",
    "vision.own.b": "6/7.5",
    ...eye("r", { sphere: 1750, cylinder: -500, axis: 85, add: 2500, va: "6/6-1" }),
    ...eye("l", { sphere: 5250, cylinder: -750, axis: 100, add: 2500, va: "6/6" }),
    "near.va.b": "N5",
    "near.distance": 38,
    "contact_lenses.lens.r": lens(1750),
    "contact_lenses.lens.l": lens(5000),
    "contact_lenses.schedule": "Two or three days a week, eight hours",
    "posterior.cd_ratio.r": 50,
    "posterior.cd_ratio.l": 65,
    "posterior.disc.l": "thin inferior rim",
    "posterior.macula.r": "three small drusen",
    "posterior.method": "volk",
    "anterior.method": "slit_lamp",
    "fields.method": "humphrey",
    "handover.lens_types": ["varifocal"],
    "handover.urgency": "soon",
    [questionKey("history", question.id)]: 4,
  };
  room.as("priya.raman", patchExam, {
    id,
    fields: {
      reason: "Routine. Reading is harder in the evening.",
      history: "No flashes or floaters. Type 2 diabetes for six years, last screening clear.",
      bvd: 120,
      outcome: "new_rx",
      recall_months: 12,
      advice: "Wear the new pair for two weeks before judging the left eye.",
      recommendation: "Varifocal, higher add, first desk pair.",
    },
    entries: findings,
  });
  const others = (["binocular", "anterior", "posterior", "fields"] as const).flatMap((key) => examFieldsBySection[key]);
  room.as("priya.raman", patchExam, { id, entries: normalValues(others, (key) => findings[key]) });
  const add = (list: string, data: Record<string, unknown>) =>
    room.as("priya.raman", addItem, { examId: id, list, data });
  const at = Date.now() - 20 * 60_000;
  add("pressure", { eye: "r", value: 200, method: "goldmann", at, note: null });
  add("pressure", { eye: "l", value: 230, method: "goldmann", at, note: "second reading the same" });
  add("drops", {
    ...{ drug: "Tropicamide", strength: "1 %", eye: "b", drops: 1 },
    ...{ at: at - 10 * 60_000, batch: "TR2291", expires_on: "2027-06-30" },
  });
  add("diagnosis", { text: "Glaucoma", eye: "l", certain: false });
  add("declined", { test: "OCT", reason: "Did not want to pay for it today", advice: "Offered again next time" });
  await room.plugIn();
  await other.plugIn();
  other.unplug();
  other.as("priya.raman", patchExam, {
    id,
    entries: { "anterior.cornea.r": "Old scar, paracentral", "vision.own.l": "6/9-2" },
  });
  room.as("priya.raman", signExam, { id });
  await room.plugIn();
  await other.plugIn();
  await room.plugIn();
  room.as("priya.raman", amendExam, {
    id,
    reason: "Entered for the wrong eye",
    content: "",
    changes: [
      { key: "posterior.macula.r", to: "flat_reflex" },
      { key: "posterior.macula.l", to: "three small drusen" },
    ],
  });
  await room.plugIn();
  return id;
}
const lens = (sphere: number) => ({
  ...{ brand: "Acuvue Oasys", material: "senofilcon A", design: null, base_curve: 840, diameter: 1400 },
  ...{ sphere, cylinder: null, axis: null, add: null },
});
