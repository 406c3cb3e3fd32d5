import { type Browser, expect, type Page, test } from "@playwright/test";
import { type Demo, signInAt, startDemo } from "./support/demo.ts";
import { actAt } from "./support/engine.ts";

// Whoever records a page touches it, and one of these tills has not been touched.
test.use({ trace: "off" });

let demo: Demo;
let room: Page;
test.beforeAll(async ({ browser }) => {
  demo = await startDemo();
  room = await signInAt(browser, demo, "Leeds exam room");
});
test.afterAll(() => demo.stop());

declare global {
  interface Window {
    /** States of the sound device at which notes were started, and how many of them were played to their end. */
    heard: { started: string[]; ended: number };
  }
}

/** Listens to the browser's own sound: everything that is played begins at an oscillator and ends when it was heard. */
async function tillThatListens(browser: Browser, options: Parameters<typeof signInAt>[3] = {}): Promise<Page> {
  const till = await signInAt(browser, demo, "Leeds till", options);
  await till.context().addInitScript(() => {
    window.heard = { started: [], ended: 0 };
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (...when) {
      window.heard.started.push(this.context.state);
      this.addEventListener("ended", () => {
        window.heard.ended += 1;
      });
      start.apply(this, when);
    };
  });
  await till.reload();
  await expect(till.getByRole("navigation", { name: "Main" })).toBeVisible();
  return till;
}
const heard = (till: Page) => till.evaluate(() => window.heard);
const choose = (till: Page, kind: "Sounds" | "Flashes" | "Just appears") =>
  till.getByLabel("A new card on this till").selectOption({ label: kind });

/** Signs an exam in the exam room: its card is on the tills then. */
async function handOver(patient: string): Promise<void> {
  const { id: patientId } = await actAt<{ id: string }>(room, "patients.register", {
    givenName: patient,
    familyName: "Beresford",
    dateOfBirth: "1970-05-17",
  });
  const { id } = await actAt<{ id: string }>(room, "exams.start", { patientId });
  await actAt(room, "exams.patch", { id, fields: { outcome: "no_rx" } });
  await actAt(room, "exams.sign", { id });
}
const arrived = (till: Page, patient: string) =>
  expect(till.getByRole("listitem", { name: `${patient} Beresford` })).toBeVisible();

test("with sound a new card is heard on the device itself; with neither it just appears", async ({ browser }) => {
  const till = await tillThatListens(browser);
  await choose(till, "Sounds");
  await expect.poll(() => heard(till)).toEqual({ started: ["running", "running"], ended: 2 });
  await handOver("Ada");
  await arrived(till, "Ada");
  await expect.poll(() => heard(till)).toEqual({ started: Array(4).fill("running"), ended: 4 });
  await expect(till.locator("html[data-alert]")).toHaveCount(0);

  await choose(till, "Just appears");
  await handOver("Bea");
  await arrived(till, "Bea");
  expect(await heard(till)).toEqual({ started: Array(4).fill("running"), ended: 4 });
  await expect(till.locator("html[data-alert]")).toHaveCount(0);
  await till.context().close();
});

test("with flash the bar on top flashes; where motion is unwelcome it is marked instead", async ({ browser }) => {
  for (const reducedMotion of ["no-preference", "reduce"] as const) {
    const till = await tillThatListens(browser, { reducedMotion });
    await choose(till, "Just appears");
    const bar = till.locator(".topbar");
    const background = () => bar.evaluate((element) => getComputedStyle(element).boxShadow);
    const calm = await background();
    await choose(till, "Flashes");
    await expect(till.locator("html[data-alert]")).toHaveCount(1);
    await expect(till.locator("html[data-alert]")).toHaveCount(0);

    const name = reducedMotion === "reduce" ? "Cleo" : "Dora";
    await handOver(name);
    await expect(till.locator("html[data-alert=handoff]")).toHaveCount(1);
    const motions = await bar.evaluate((element) =>
      element.getAnimations().map((each) => [each.playState, (each as CSSAnimation).animationName]),
    );
    expect(motions).toEqual(reducedMotion === "reduce" ? [] : [["running", "handoff"]]);
    if (reducedMotion === "reduce") expect(await background()).not.toBe(calm);
    await arrived(till, name);
    await expect(till.locator("html[data-alert]")).toHaveCount(0);
    expect(await heard(till)).toEqual({ started: [], ended: 0 });
    await till.context().close();
  }
});

test("a till that nobody has touched yet may not sound: the card flashes, and sounds after the first key", async ({
  browser,
}) => {
  const before = await tillThatListens(browser);
  await choose(before, "Sounds");
  await expect.poll(async () => (await heard(before)).ended).toBe(2);
  // As a browser opens its tabs again after a restart: signed in still, and nobody has touched the new one.
  const kept = await before.evaluate(() => ({ url: window.location.href, session: { ...sessionStorage } }));
  await before.context().addInitScript((session) => {
    for (const [key, value] of Object.entries(session)) sessionStorage.setItem(key, String(value));
  }, kept.session);
  const till = await before.context().newPage();
  await before.close();
  await till.goto(kept.url);
  // Not through the page's own functions: what a test evaluates there counts as a touch.
  const line = await till.context().newCDPSession(till);
  const ask = async (expression: string) =>
    (await line.send("Runtime.evaluate", { expression, returnByValue: true, userGesture: false })).result.value;
  await expect.poll(() => ask("document.querySelectorAll('.handoff').length > 0")).toBe(true);
  expect(await ask("navigator.userActivation.hasBeenActive")).toBe(false);
  await handOver("Edith");
  await expect.poll(() => ask("document.documentElement.dataset.alert")).toBe("handoff");
  expect(await ask("JSON.stringify(window.heard)")).toBe('{"started":[],"ended":0}');

  await till.keyboard.press("Shift");
  await handOver("Flora");
  await arrived(till, "Flora");
  await expect.poll(() => heard(till)).toEqual({ started: ["running", "running"], ended: 2 });
  await till.context().close();
});
