import { expect, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, signInAt, startDemo } from "./support/demo.ts";
import { bookTonight, chooseLine, lineOf } from "./support/diary.ts";
import { plug } from "./support/steps.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("a patient booked at the desk is followed through the practice on every screen, offline in between", async ({
  browser,
}) => {
  const desk = await signInAt(browser, demo, "Leeds till");
  const room = await signInAt(browser, demo, "Leeds exam room");
  const graham = "Graham Ellison";
  await bookTonight(desk, "ellison grah", "21:30");
  const card = desk.locator(".visit", { hasText: graham });
  await card.click();
  // Picked up by keys, walked, and left where it was.
  await desk.keyboard.press("m");
  await desk.keyboard.press("ArrowUp");
  await expect(desk.getByRole("status").filter({ hasText: `Moving ${graham}` })).toBeVisible();
  await expect(desk.locator(".droptarget")).not.toContainText("21:30");
  await desk.keyboard.press("Escape");
  await expect(desk.locator(".droptarget")).toHaveCount(0);
  await expect(card).toContainText("21:30");
  await chooseLine(room, graham);
  await expect(lineOf(room, graham)).toContainText("Booked");

  // The exam room has no line when he arrives; it hears of it as soon as it has one.
  await plug(room, "Pull the plug");
  await chooseLine(desk, graham);
  await desk.keyboard.press(">");
  await expect(lineOf(desk, graham)).toContainText("Arrived");
  await expect(lineOf(room, graham)).toContainText("Booked");
  await plug(room, "Plug in again");
  await expect(lineOf(room, graham)).toContainText("Arrived");

  // The exam is begun from her line: the desk sees that she is in.
  await chooseLine(room, graham);
  await room.keyboard.press("x");
  await expect(room).toHaveURL(/#\/exam\/[0-9a-f]{32}/);
  await expect(lineOf(desk, graham)).toContainText("With optometrist");
  await chooseLine(room, graham);
  await room.keyboard.press(">");
  await expect(lineOf(desk, graham)).toContainText("In dispensing");

  // One tap too many is taken back.
  await chooseLine(desk, graham);
  await desk.keyboard.press(">");
  await expect(lineOf(room, graham)).toContainText("Gone");
  await desk.keyboard.press("Control+z");
  await expect(lineOf(room, graham)).toContainText("In dispensing");
});

test("a booking is read back, and moved to another day by keys and by the mouse", async ({ browser }) => {
  const desk = await signInAt(browser, demo, "Leeds till");
  await goTo(desk, "/diary/day?date=2027-02-01");
  await expect(desk.locator(".roomcol").first()).toBeVisible();
  await desk.keyboard.press("b");
  const dialog = desk.getByRole("dialog", { name: "Book a time" });
  await dialog.getByLabel(/^Patient/).fill("sutcliffe derek");
  await expect(dialog.locator(".foundhere .pickrow").first()).toBeVisible();
  await desk.keyboard.press("Enter");
  await expect(dialog.getByLabel("For", { exact: true })).toBeFocused();
  await dialog.getByLabel("Date").fill("28/3/27");
  await dialog.getByLabel("Time").fill("130");
  await desk.keyboard.press("Control+Enter");
  await desk.getByRole("button", { name: "Book it all the same" }).click();
  // The clocks go over that time.
  await expect(desk.getByRole("status").filter({ hasText: "is booked" })).toContainText("Sun 28 Mar 2027, 02:30");

  await goTo(desk, "/diary/day?date=2027-03-28");
  const card = desk.locator(".visit", { hasText: "Derek Sutcliffe" });
  await card.click();
  await desk.keyboard.press("m");
  await desk.keyboard.press("]");
  await expect(desk.getByRole("heading", { name: /Monday,? 29 March/ })).toBeVisible();
  await expect(desk.getByRole("status").filter({ hasText: /Moving Derek Sutcliffe to Mon 29 Mar/ })).toBeVisible();
  await expect(desk.locator(".droptarget")).toBeInViewport();
  await desk.keyboard.press("Enter");
  await expect(card).toBeInViewport();
  await desk.keyboard.press("m");
  await desk.keyboard.press("]");
  await expect(desk.getByRole("heading", { name: /Tuesday,? 30 March/ })).toBeVisible();
  await desk.locator(".slot").last().click();
  await expect(card).toBeInViewport();
});

test("a free time is booked on its own day, whichever day the diary shows", async ({ browser }) => {
  const desk = await signInAt(browser, demo, "Leeds till");
  await goTo(desk, "/diary/day");
  await expect(desk.locator(".roomcol").first()).toBeVisible();
  await desk.keyboard.press("f");
  // The last of those that are found is on a later day than the one behind it.
  const last = desk.locator(".freelist button").last();
  await expect(last).toBeVisible();
  const [day = "", time = ""] = (await last.locator("b").allTextContents()).map((text) => text.trim());
  await last.click();
  await expect(desk.getByRole("dialog", { name: `Book ${day} ${time}` })).toBeVisible();
});

test("the diary's screens can be used by everybody", async ({ browser }) => {
  const desk = await signInAt(browser, demo, "Leeds till");
  await expect(desk.locator(".handoff").first()).toBeVisible();
  await passesAxe(desk, "today with hand-offs");
  await goTo(desk, "/diary/day");
  await expect(desk.locator(".roomcol").first()).toBeVisible();
  await passesAxe(desk, "day");
  await desk.keyboard.press("f");
  await expect(desk.locator(".freelist li").first()).toBeVisible();
  await passesAxe(desk, "free times");
  await desk.locator(".freelist button").first().click();
  await expect(desk.getByRole("dialog").getByLabel(/^Patient/)).toBeVisible();
  await passesAxe(desk, "booking");
  await desk.keyboard.press("Escape");
  await goTo(desk, "/diary/list");
  await expect(desk.locator("[data-visit]").first()).toBeVisible();
  await passesAxe(desk, "day list");
  await goTo(desk, "/diary/week");
  await expect(desk.locator(".weekcols section").first()).toBeVisible();
  await passesAxe(desk, "week");
  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/diary/settings");
  await expect(office.locator(".preview").first()).toBeVisible();
  await passesAxe(office, "clinics");
});
