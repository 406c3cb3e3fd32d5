import { expect, type Page, test } from "@playwright/test";
import { type Demo, goTo, openAt, signInAt, startDemo, type Workstation } from "./support/demo.ts";
import { beginExam, typeInto } from "./support/exam.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

/** Head office says who signs alone: `A` do, `S` only with a second signature. */
async function cliniciansSign(office: Page, scope: "A" | "S", reason: string): Promise<void> {
  await goTo(office, "/hq");
  await office.getByRole("tab", { name: "Roles" }).click();
  await office.getByRole("button", { name: /^Clinician/ }).click();
  await office
    .getByLabel(/^Sign exams/)
    .last()
    .selectOption(scope);
  await office
    .getByLabel(/reason|why/i)
    .last()
    .fill(reason);
  await office.getByRole("button", { name: /^Save/ }).click();
  await expect(office.getByText("No changes")).toBeVisible();
}

test("a trainee signs, the supervisor sends it back and then countersigns what the trainee signed again", async ({
  browser,
}) => {
  const office = await signInAt(browser, demo, "HQ");
  const trainee = await signInAt(browser, demo, "Leeds exam room");
  await cliniciansSign(office, "S", "Everybody is supervised this week");
  await goTo(trainee, "/exam");
  await beginExam(trainee, "sutcliffe");
  await typeInto(trainee, "outcome", "New");
  const sign = trainee.getByRole("button", { name: /^Sign for countersignature/ });
  await expect(sign).toBeVisible();
  await trainee.keyboard.press("Control+Enter");
  await expect(trainee.getByText("You signed this. It waits for a countersignature")).toBeVisible();

  await cliniciansSign(office, "A", "The supervisor signs alone");
  const { user, password } = demo.workstations.find(({ name }) => name === "Leeds exam room") as Workstation;
  const supervisor = await openAt(browser, demo, "Leeds exam room");
  await supervisor.getByLabel("Name or e-mail").fill(user.replace(/^[^@]+/, "alan.birch"));
  await supervisor.getByLabel("Password").fill(password);
  await supervisor.getByRole("button", { name: /^Sign in/ }).click();
  await expect(supervisor.getByRole("navigation", { name: "Main" })).toBeVisible();
  await goTo(supervisor, new URL(trainee.url()).hash.slice(1));
  await expect(supervisor.getByText("Priya Raman signed this and waits for a countersignature")).toBeVisible();

  await supervisor.getByRole("button", { name: "Send back" }).click();
  const dialog = supervisor.getByRole("dialog");
  await dialog.getByLabel("Note to Priya Raman").fill("Say what was advised");
  await dialog.getByRole("button", { name: "Send back" }).click();
  await expect(trainee.getByText("Say what was advised")).toBeVisible();

  // What is written after the signature has to be signed before anybody countersigns it.
  await typeInto(trainee, "advice", "Drops twice a day, back in a month");
  await expect(trainee.locator(".footbar")).toContainText(/Kept as you type, \d\d:\d\d/);
  await supervisor.keyboard.press("Control+Enter");
  await expect(supervisor.getByText("It has to be signed again before it is countersigned")).toBeVisible();

  await cliniciansSign(office, "S", "Supervised again");
  await expect(sign).toBeVisible();
  await trainee.keyboard.press("Control+Enter");
  await expect(trainee.getByText("You signed this. It waits for a countersignature")).toBeVisible();
  await cliniciansSign(office, "A", "The supervisor signs alone again");
  await expect(supervisor.getByRole("button", { name: /^Countersign/ })).toBeVisible();
  await supervisor.keyboard.press("Control+Enter");
  await expect(supervisor.locator(".footbar").getByText("Signed by Alan Birch")).toBeVisible();
  await expect(trainee.locator(".footbar").getByText("Signed by Alan Birch")).toBeVisible();
});
