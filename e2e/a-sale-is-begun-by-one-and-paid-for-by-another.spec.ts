import { expect, test } from "@playwright/test";
import { passesAxe } from "./support/axe.ts";
import { choosePair, type Demo, goTo, signInAs, startDemo, type Workstation } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

test("a trainee begins a child's glasses, looks something up, and a registered colleague takes the sale on", async ({
  browser,
}) => {
  const till = await signInAs(browser, demo, "Leeds till", "jodie.marsh");
  await goTo(till, "/till");
  await till.getByLabel("Name, date of birth, phone or number").fill("ellison soph");
  await expect(till.locator(".pickrow").first()).toBeVisible();
  await till.keyboard.press("Enter");
  await choosePair(till);
  await expect(till.getByText(/Ask a colleague to sign in/)).toBeVisible();
  await goTo(till, "/patients");
  await expect(till.getByRole("heading", { name: "Patients" })).toBeVisible();
  await goTo(till, "/till");
  await expect(till.getByRole("heading", { name: "Checkout" })).toBeVisible();

  await till.getByRole("button", { name: /Jodie Marsh/ }).click();
  await till.getByRole("menuitem", { name: "Sign out" }).click();
  const { user, password } = demo.workstations.find(({ name }) => name === "Leeds till") as Workstation;
  await till.getByLabel("Name or e-mail").fill(user);
  await till.getByLabel("Password").fill(password);
  await till.keyboard.press("Enter");
  await expect(till.getByRole("button", { name: /Hannah Boyle/ })).toBeVisible();
  await goTo(till, "/till");
  await expect(till.getByText("Jodie Marsh began a sale for Sophie Ellison here.")).toBeVisible();
  await passesAxe(till, "a colleague's sale");
  await till.keyboard.press("Alt+t");
  await expect(till.getByRole("heading", { name: "Checkout" })).toBeVisible();
  await till.getByRole("button", { name: "All", exact: true }).click();
  await till.getByRole("button", { name: /^Pay/ }).click();
  await expect(till.getByText(/Dispensed by Hannah Boyle, registered optician/)).toBeVisible();
  await goTo(till, "/till");
  await expect(till.getByText("Who is it for?")).toBeVisible();
  await expect(till.getByText(/began a sale/)).toHaveCount(0);
});
