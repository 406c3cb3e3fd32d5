import { expect, type Page, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { actAt } from "./support/engine.ts";
import { beginExam, typeInto } from "./support/exam.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

const field = (room: Page, key: string) => room.locator(`[data-key="${key}"]`);
/** What stands below a field. */
const said = (room: Page, hasText: string) => room.locator(".msg", { hasText });

test("an exam keeps the limits at the field: prism, short lines, further pairs, drops, and an amendment", async ({
  browser,
}) => {
  const room = await signInAt(browser, demo, "Leeds exam room");
  await goTo(room, "/exam");
  await beginExam(room, "sutcliffe derek");
  const exam = new URL(room.url()).hash.split("/").at(-1)?.split("?")[0] ?? "";

  // The prism of the eye in whose row the cursor stands is one key away; what no lens has is refused with the reason.
  await field(room, "subjective.sphere.l").focus();
  await room.keyboard.press("Alt+x");
  await expect(field(room, "subjective.prism_h.l")).toBeFocused();
  await typeInto(room, "subjective.prism_h.l", "45 in");
  await expect(field(room, "subjective.prism_h.l")).toHaveAttribute("aria-invalid", "true");
  await expect(said(room, "Left, horizontal prism: A prism is at most 40Δ.")).toBeVisible();
  await room.keyboard.press("Escape");
  await typeInto(room, "subjective.prism_h.l", "11 in");
  await expect(said(room, "Left, horizontal prism is unusual.")).toBeVisible();
  await typeInto(room, "subjective.prism_h.l", "2 in");
  await expect(said(room, "Left, horizontal prism is unusual.")).toHaveCount(0);

  // A short line takes prism behind the acuity, and says so.
  await field(room, "subjective.sphere.r").focus();
  await room.keyboard.press("Alt+;");
  const line = room.getByLabel(/Several fields in one line/);
  await expect(line).toHaveAttribute("placeholder", /prism, add and acuity in any order/);
  await line.fill("r:+1.75/-0.50x085 6/6-1 2 in; l:+1.50 6/6 2 in add 2.00");
  await room.keyboard.press("Enter");
  await expect(field(room, "subjective.prism_h.r")).toHaveValue("2.00 in");
  await expect(field(room, "subjective.va.r")).toHaveValue("6/6-1");
  await expect(field(room, "subjective.add.l")).toHaveValue("+2.00");

  // A further pair is held against the limits as its line is left, not when it is added.
  await field(room, "specs.add").click();
  await typeInto(room, "specs.new.use", "Reading");
  await typeInto(room, "specs.new.r", "-45.00");
  await expect(said(room, "A sphere is within −39.00 to +49.00.")).toBeVisible();
  await expect(field(room, "specs.new.r")).toBeFocused();
  await typeInto(room, "specs.new.r", "-21.00");
  await expect(said(room, "Sphere is outside −20.00 to +20.00.")).toBeVisible();
  await typeInto(room, "specs.new.r", "+3.00");
  await field(room, "specs.new.save").click();
  await expect(room.locator(".item-line", { hasText: "Reading R +3.00" })).toBeVisible();

  // The bottle says a month.
  await goToDrops(room);
  await typeInto(room, "drops.new.drug", "trop");
  await typeInto(room, "drops.new.expires_on", "03/27");
  await expect(field(room, "drops.new.expires_on")).toHaveValue("31/03/2027");
  await field(room, "drops.new.save").click();
  await expect(room.locator(".item-line", { hasText: "31/03/2027" })).toBeVisible();
  await passesAxe(room, "an exam with refusals");

  // What is begun and was never added is not signed away: the cursor goes there.
  await actAt(room, "exams.patch", { id: exam, fields: { outcome: "new_rx", recall_months: 24 } });
  await field(room, "diagnosis.add").click();
  await typeInto(room, "diagnosis.new.text", "Early cataract");
  await room.keyboard.press("Control+Enter");
  await expect(room.getByText(/^Something here is begun and not in the record yet/)).toBeVisible();
  await expect(field(room, "diagnosis.new.save")).toBeFocused();
  await room.keyboard.press("Enter");
  await expect(room.locator(".item-line", { hasText: "Early cataract" })).toBeVisible();
  await actAt(room, "exams.sign", { id: exam });
  await expect(room.getByRole("region", { name: "Prescription given" })).toBeVisible();

  // Afterwards the same is said of what is corrected; nothing of it is signed until it can be meant.
  await room.keyboard.press("a");
  await choose(room, "given sphere left");
  const sphere = room.getByRole("textbox", { name: "Given sphere, left" });
  await sphere.fill("-45");
  await sphere.press("Enter");
  await expect(said(room, "A sphere is within −39.00 to +49.00.")).toBeVisible();
  await room.getByLabel("Why").fill("Typing error");
  await room.keyboard.press("Control+Enter");
  await expect(room.getByRole("dialog", { name: "Write an amendment" })).toBeVisible();
  await expect(room.getByRole("button", { name: "Sign the amendment" })).toBeDisabled();
  // Put away and opened again, it says the same.
  await room.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await room.keyboard.press("a");
  await expect(sphere).toHaveValue("-45");
  await expect(said(room, "A sphere is within −39.00 to +49.00.")).toBeVisible();
  await sphere.fill("-21.25");
  await sphere.press("Tab");
  await expect(said(room, "Given sphere, left is unusual.")).toBeVisible();
  await choose(room, "horizontal prism right given");
  const prism = room.getByRole("textbox", { name: "Given horizontal prism, right" });
  await prism.fill("41");
  await prism.press("Enter");
  await expect(said(room, "A prism is from 0 to 40Δ.")).toBeVisible();
  await passesAxe(room, "amending beyond what is possible");
  await prism.fill("3");
  await sphere.fill("+1.25");
  await room.keyboard.press("Control+Enter");
  await expect(room.getByText("Amendment signed")).toBeVisible();
  const given = room.getByRole("region", { name: "Prescription given" });
  await expect(given.locator("ins").first()).toContainText("+1.25");
});

async function goToDrops(room: Page): Promise<void> {
  const add = field(room, "drops.add");
  if ((await add.count()) === 0) await room.getByRole("button", { name: "Drops", exact: true }).first().click();
  await add.click();
}

/** Finds what is amended by words, and takes it once it is shown. */
async function choose(room: Page, words: string): Promise<void> {
  await room.getByLabel("Which field is corrected or added?").fill(words);
  await expect(room.locator(".amend-found").first()).toBeVisible();
  await room.keyboard.press("Enter");
}
