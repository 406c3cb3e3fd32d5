import { expect, type Page, test } from "@playwright/test";
import { writeCsv } from "../src-shared/patients/import/csv.ts";
import { passesAxe } from "./support/axe.ts";
import { type Demo, goTo, sellGlasses, signInAt, startDemo } from "./support/demo.ts";

let demo: Demo;
test.beforeAll(async () => {
  demo = await startDemo();
});
test.afterAll(() => demo.stop());

const many = 600;
const file = (name: string, rows: string[][]) => ({ name, mimeType: "text/csv", buffer: Buffer.from(writeCsv(rows)) });
/** Margaret is in every demo; Zachary is new, and so are the others, of whom one has no birthday that exists. */
const patients = (wrong: string) =>
  file("patients.csv", [
    ["Patient No", "Forename", "Surname", "DOB", "Mobile", "Postcode", "Recall Date"],
    ["A-1", "Margaret", "Ellison", "03/12/1958", "07700 900418", "LS6 2AB", "01/02/2027"],
    ["A-2", "Zachary", "Quillfeather", wrong, "07700 900777", "LS1 1AA", "01/02/2027"],
    ...Array.from({ length: many }, (_, n) => [`B-${n}`, `Olu${n}`, "Umbersnow", "25/02/1971", "", "", ""]),
  ]);
const prescriptions = file("prescriptions.csv", [
  ["Patient No", "Test Date", "Optometrist", "R Sph", "R Cyl", "R Axis", "L Sph", "L Cyl", "L Axis"],
  ["A-2", "09/11/2025", "P. Raman", "-1.25", "-0.50", "90", "-1.00", "-0.25", "85"],
]);
const orders = file("orders.csv", [
  ["Patient No", "Order No", "Item", "Lab", "Due Date"],
  ["A-2", "J-771", "Varifocals in Ashby 4107", "York", "01/12/2026"],
]);
const balances = file("balances.csv", [
  ["Patient No", "Balance"],
  ["A-2", "12.50"],
]);

const crowd = file("crowd.csv", [
  ["Patient No", "Forename", "Surname", "DOB"],
  ...Array.from({ length: 30_000 }, (_, n) => [`C-${n}`, `Given${n % 977}`, `Crowder${n % 3001}`, "25/02/1971"]),
]);

async function findZachary(page: Page): Promise<void> {
  await goTo(page, "/patients");
  await page.getByLabel(/Name, date of birth, phone, post code/).fill("quillf zach");
}

test("a practice brings its records over, corrects a line, takes what was owed, and takes everything back", async ({
  browser,
}) => {
  const office = await signInAt(browser, demo, "HQ");
  const till = await signInAt(browser, demo, "Leeds till");
  await goTo(office, "/patients");
  await office.getByRole("button", { name: "Bring records over" }).click();
  const chosen = office.locator('input[type="file"]');
  await chosen.setInputFiles([patients("31/02/1971"), prescriptions, orders, balances]);
  await expect(office.locator(".filerow")).toHaveCount(4);
  await passesAxe(office, "files");

  await office.keyboard.press("Control+Enter");
  await expect(office.getByRole("heading", { name: "Columns" })).toBeVisible();
  await expect(office.getByLabel("DOB: Becomes")).toHaveValue("date_of_birth");
  await passesAxe(office, "columns");

  await office.keyboard.press("Control+Enter");
  await expect(office.getByText("31/02/1971 is no day of the calendar")).toBeVisible();
  // His prescription, order and balance stay out with him, and say why.
  await expect(office.getByText(/The patient A-2 stays out, see line 3/)).toHaveCount(3);
  await passesAxe(office, "check");
  const saved = office.waitForEvent("download");
  await office.keyboard.press("s");
  expect((await saved).suggestedFilename()).toMatch(/^not brought over, .*\.csv$/);

  await office.keyboard.press("Alt+1");
  await chosen.setInputFiles([patients("28/02/1971")]);
  await expect(office.locator(".filerow")).toHaveCount(4);
  await office.keyboard.press("Alt+3");
  await expect(office.getByRole("row", { name: /^Patients/ })).toContainText(`${many + 2}`);
  await expect(office.getByText("is no day of the calendar")).toHaveCount(0);

  await office.keyboard.press("Alt+4");
  const margaret = office.getByRole("row", { name: /Margaret Ellison/ });
  await expect(margaret.getByText("same name and birthday")).toBeVisible();
  await expect(margaret.getByRole("combobox")).toHaveValue("same:0");
  await passesAxe(office, "who is here");

  await office.keyboard.press("Alt+5");
  await office.getByLabel("Name of this import").fill("Old system");
  await passesAxe(office, "last step");
  await office.keyboard.press("Control+Enter");
  await expect(office.getByText(/can leave this screen|has been brought over/).first()).toBeVisible();
  await expect(office.getByText("“Old system” has been brought over")).toBeVisible({ timeout: 60_000 });
  await passesAxe(office, "result");

  // The other PC has him, with where he came from, what he owes and what he waits for.
  await findZachary(till);
  await till.locator(".pickrow").first().click();
  await expect(till.getByRole("heading", { name: "Zachary Quillfeather" })).toBeVisible();
  await expect(till.getByText(/Brought over in “Old system” on .* by/)).toBeVisible();
  await expect(till.getByText("Varifocals in Ashby 4107", { exact: true })).toBeVisible();
  await expect(till.locator(".tiles")).toContainText("£12.50");
  await expect(till.getByText("−1.25").first()).toBeVisible();
  await passesAxe(till, "patient brought over");
  await till.getByRole("button", { name: "Collected" }).click();
  await till.getByRole("dialog").getByRole("button", { name: "Collected" }).click();
  await expect(till.getByText("Varifocals in Ashby 4107", { exact: true })).toHaveCount(0);
  // A part of what is owed is paid at the till, by keyboard, with a receipt as for any sale.
  await expect(till.locator(".pchips")).toContainText("Owes £12.50");
  await till.keyboard.press("b");
  const paying = till.getByRole("dialog", { name: "Pay what is owed from before" });
  await paying.getByLabel("Amount").fill("5.00");
  await passesAxe(till, "payment of what is owed");
  await till.keyboard.press("Control+Enter");
  await expect(till.getByTestId("receipt-number")).toHaveText(/^[A-Z]{3}-[A-Z]\d+-\d{6}$/);
  await expect(till.getByRole("article", { name: "Receipt" })).toContainText("Balance from the system before");
  await passesAxe(till, "receipt of what was owed");
  await findZachary(till);
  await till.locator(".pickrow").first().click();
  await expect(till.locator(".pchips")).toContainText("Owes £7.50");
  await expect(till.getByText("1 February 2027").or(till.getByText("1 Feb 2027"))).toBeVisible();
  // Something happens with one of them, so that one stays.
  await till.keyboard.press("e");
  await till.getByRole("dialog").getByLabel("Occupation").fill("Baker");
  await till.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(till.getByText("Baker")).toBeVisible();

  await office.getByRole("button", { name: "Bring more over" }).click();
  const run = office.getByRole("row", { name: /Old system/ });
  await expect(run).toContainText(`${many + 1}`);
  await run.getByRole("button", { name: "Undo" }).click();
  await expect(office.getByRole("dialog")).toContainText("1 stay");
  await expect(office.getByRole("dialog")).toContainText("Zachary Quillfeather");
  await expect(office.getByRole("dialog")).toContainText("1 payment taken at the till stays");
  await passesAxe(office, "undo");
  await office.getByRole("dialog").getByRole("button", { name: "Undo this import" }).click();
  // Said where it was watched, and in the list for good.
  const told = office.getByText("“Old system” has been undone");
  await expect(told.or(run.getByText("Undone", { exact: true })).first()).toBeVisible({ timeout: 60_000 });
  // What he has paid stays his.
  await expect(till.locator(".pchips")).toContainText("Credit £5.00");
  await goTo(till, "/patients");
  await till.getByLabel(/Name, date of birth, phone, post code/).fill("umbersnow olu1");
  await expect(till.getByText("Nobody by that name")).toBeVisible();
});

test("the practice sells while many thousands come in, at the PC that brings them too", async ({ browser }) => {
  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/patients/import");
  await office.locator('input[type="file"]').setInputFiles([crowd]);
  await expect(office.locator(".filerow")).toHaveCount(1);
  await office.keyboard.press("Alt+5");
  await office.getByLabel("Name of this import").fill("Crowd", { timeout: 60_000 });
  await office.keyboard.press("Control+Enter");
  await expect(office.getByText(/can leave this screen/)).toBeVisible({ timeout: 30_000 });

  const window = await signInAt(browser, demo, "HQ");
  const till = await signInAt(browser, demo, "Leeds till");
  for (const page of [window, till]) {
    await sellGlasses(page, "ellison marg");
    await page.evaluate(() => {
      globalThis.print = () => document.body.setAttribute("data-printed", "yes");
    });
    await page.keyboard.press("p");
    await expect(page.locator("body")).toHaveAttribute("data-printed", "yes");
    // Still coming in when the receipt is out.
    await expect(office.getByText("Bringing “Crowd” over")).toBeVisible();
  }
  await expect(office.getByRole("progressbar")).toBeVisible();
  await office.getByRole("button", { name: "Stop", exact: true }).click();
  await office.getByRole("dialog").getByRole("button", { name: "Stop here" }).click();
  await expect(office.getByText(/“Crowd” was stopped/)).toBeVisible();
});

test("so it is in the dark, and on a PC whose person may not", async ({ browser }) => {
  const office = await signInAt(browser, demo, "HQ", { colorScheme: "dark" });
  await goTo(office, "/patients/import");
  await office.locator('input[type="file"]').setInputFiles([patients("31/02/1971")]);
  await expect(office.locator(".filerow")).toHaveCount(1);
  await passesAxe(office, "files, dark");
  await office.keyboard.press("Alt+3");
  await expect(office.getByText("is no day of the calendar")).toBeVisible();
  await passesAxe(office, "check, dark");
  await office.keyboard.press("Alt+1");
  await office.getByRole("button", { name: "Take away patients.csv" }).click();

  const till = await signInAt(browser, demo, "Leeds till");
  await goTo(till, "/patients");
  await expect(till.getByRole("button", { name: "Bring records over" })).toHaveCount(0);
  await goTo(till, "/patients/import");
  await expect(till.getByText(/Your role does not bring records over/)).toBeVisible();
});

test("a bundle of one patient is over before anybody looks, says so, and is taken back", async ({ browser }) => {
  const office = await signInAt(browser, demo, "HQ");
  await goTo(office, "/patients/import");
  const bundle = {
    resourceType: "Bundle",
    type: "collection",
    entry: [
      {
        resource: {
          resourceType: "Patient",
          id: "1",
          name: [{ family: "Obi", given: ["Chidi"] }],
          birthDate: "1970-04-01",
        },
      },
    ],
  };
  const buffer = Buffer.from(JSON.stringify(bundle));
  await office.locator("input[type=file]").setInputFiles({ name: "b.json", mimeType: "application/json", buffer });
  await expect(office.locator(".filerow")).toHaveCount(1);
  await office.keyboard.press("Alt+5");
  await office.getByLabel("Name of this import").fill("One of them");
  await office.keyboard.press("Control+Enter");
  await expect(office.getByText("“One of them” has been brought over")).toBeVisible();
  await office.getByRole("button", { name: "Undo" }).click();
  await office.getByRole("dialog").locator(".dialog-foot button").last().click();
  await expect(office.getByText("“One of them” has been undone")).toBeVisible();
});
