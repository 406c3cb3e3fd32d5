/** The diary and the day list, as the desk, the exam room and head office see them. */
import { goTo, signInAt, startDemo } from "../../e2e/support/demo.ts";
import type { Camera } from "./camera.ts";

export async function picturesOfTheDiary({ browser, options, shoot }: Camera): Promise<void> {
  const demo = await startDemo();
  try {
    const till = await signInAt(browser, demo, "Leeds till", options);
    await till.locator(".handoff").first().waitFor();
    await shoot(till, "handoffs");
    await goTo(till, "/diary");
    await till.locator(".roomcol").first().waitFor();
    await shoot(till, "diary-day");
    await till.locator(".visit").first().click();
    await shoot(till, "diary-visit");
    await till.keyboard.press("g");
    await till.locator(".monthday").first().waitFor();
    await shoot(till, "diary-month");
    await till.keyboard.press("Escape");
    await till.keyboard.press("f");
    await till.locator(".freelist li").first().waitFor();
    await shoot(till, "diary-free");
    await till.keyboard.press("Escape");
    // At its left: whoever did not come stands over the rest of it.
    await till
      .locator("button.slot")
      .first()
      .click({ position: { x: 20, y: 10 } });
    await till
      .getByRole("dialog")
      .getByLabel(/^Patient/)
      .fill("ellison");
    await till.locator(".foundhere .pickrow").first().waitFor();
    await shoot(till, "diary-booking");
    await till.keyboard.press("Escape");
    await goTo(till, "/diary/week");
    await till.locator(".weekvisit").first().waitFor();
    await shoot(till, "diary-week");

    const room = await signInAt(browser, demo, "Leeds exam room", options);
    await room.getByRole("heading", { name: "Next patients" }).waitFor();
    await shoot(room, "today-exam-room");
    await goTo(room, "/diary/list");
    await room.locator("[data-visit]").first().waitFor();
    await room.keyboard.press("j");
    await shoot(room, "day-list");

    const office = await signInAt(browser, demo, "HQ", options);
    await goTo(office, "/diary/settings");
    await office.locator(".preview").first().waitFor();
    await shoot(office, "diary-clinics");
    await office.getByRole("button", { name: "New clinic" }).click();
    await office.getByRole("dialog").waitFor();
    await shoot(office, "diary-clinic");
  } finally {
    await demo.stop();
  }
}
