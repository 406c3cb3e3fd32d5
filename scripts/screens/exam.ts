/** An exam as it is begun, written and signed. */
import type { Page } from "@playwright/test";
import { beginExam, typeInto } from "../../e2e/support/exam.ts";
import type { Camera } from "./camera.ts";

/** Leaves the exam signed. */
export async function picturesOfAnExam(room: Page, shoot: Camera["shoot"]): Promise<void> {
  const show = (section: string) =>
    room.locator(`[data-section="${section}"]`).evaluate((element) => element.scrollIntoView());
  await beginExam(room, "sutcliffe");
  await shoot(room, "exam-empty");
  await typeInto(room, "reason", "Yearly sight test. Reading is harder in the evening.");
  await room.locator('[data-key="history.symptoms"]').focus();
  await room.keyboard.type("b");
  await room.keyboard.press("Space");
  await room.keyboard.press("Alt+n");
  await typeInto(room, "history.driving", "with g");
  await shoot(room, "exam-history");
  for (const [key, text] of [
    ["vision.own.r", "6/9"],
    ["vision.own.l", "6/7.5"],
    ["binocular.pupils", "Equal, round, reactive"],
    ["binocular.cover_distance", "No movement"],
    ["subjective.sphere.r", "+1.75/-0.50x085 add 2.50 6/6-1"],
    ["subjective.sphere.l", "+2.25/-0.75x100 add 2.50 6/6"],
    ["near.va.b", "N5"],
    ["pressure.1.r", "20"],
    ["pressure.1.l", "25"],
    ["posterior.cd_ratio.r", "0.5"],
    ["posterior.disc.r", "Healthy rim"],
    ["posterior.cd_ratio.l", "0.65"],
    ["posterior.disc.l", "Thin inferior rim"],
  ] as const)
    await typeInto(room, key, text);
  await room.locator('[data-key="subjective.va.l"]').focus();
  await show("subjective");
  await shoot(room, "exam");
  await room.locator('[data-key="anterior.lids.r"]').focus();
  await room.keyboard.press("Alt+n");
  await show("anterior");
  await shoot(room, "exam-anterior");
  await room.locator('[data-key="posterior.media.r"]').focus();
  await room.keyboard.press("Alt+n");
  await show("pressure");
  await shoot(room, "exam-pressure");
  await typeInto(room, "outcome", "New");
  await typeInto(room, "recall_months", "12");
  await typeInto(room, "advice", "Brighter light for reading. Back at once with flashes or a shadow.");
  await typeInto(room, "recommendation", "Varifocal, higher addition.");
  await show("outcome");
  await shoot(room, "exam-outcome");
  await room.keyboard.press("Control+Enter");
}
