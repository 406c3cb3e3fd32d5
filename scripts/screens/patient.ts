/** A patient on one screen: full, empty, under 16, edited, merged. */
import type { Page } from "@playwright/test";
import { goTo, sellGlasses, signInAt, startDemo } from "../../e2e/support/demo.ts";
import { editDetails, openMargaret, registerSomebody } from "../../e2e/support/steps.ts";
import type { Camera } from "./camera.ts";

export async function picturesOfPatients({ browser, options, shoot }: Camera): Promise<void> {
  const demo = await startDemo();
  try {
    const till = await signInAt(browser, demo, "Leeds till", options);
    await sellGlasses(till, "ellison marg", { pay: "deposit" });
    await openMargaret(till);
    await editDetails(till, "Occupation", "Accounts, screen 6 h");
    await editDetails(till, "Doctor", "Dr Hale, Wharf Lane Surgery");
    await editDetails(till, "Phone", "07700 900419");
    await editDetails(till, "Phone", "07700 900418");
    await shoot(till, "patient-full");
    for (const key of ["j", "j", "j", "3"]) {
      await till.keyboard.press(key);
      await till.waitForTimeout(100);
    }
    await shoot(till, "patient-prescriptions");
    await till.keyboard.press("7");
    await shoot(till, "patient-messages");
    await till.keyboard.press("e");
    await till.getByRole("button", { name: /What .Phone. was before/ }).click();
    await shoot(till, "patient-edit");
    await till.keyboard.press("Escape");
    await till.keyboard.press("Escape");
    await till.keyboard.press("f");
    await shoot(till, "patient-family");
    await till.keyboard.press("Escape");
    await find(till, "ellison sophie");
    await shoot(till, "patient-child");
    await registerSomebody(till, { given: "Ada", family: "Lindqvist", born: "3/12/1966", phone: "07700 900777" });
    await shoot(till, "patient-empty");

    const office = await signInAt(browser, demo, "HQ", options);
    await openMargaret(office);
    await office.keyboard.press("g");
    const why = office.getByLabel("Why");
    await why.fill("The hospital is on the phone: which glasses does she wear?");
    await shoot(office, "patient-emergency");
    await office.keyboard.press("Control+Enter");
    await office.getByText("Clinical data is open in an emergency").waitFor();
    await office.keyboard.press("3");
    await shoot(office, "patient-emergency-open");
    await office.keyboard.press("s");
    await shoot(office, "patient-consents");
    await office.keyboard.press("Escape");
    await goTo(office, "/patients");
    await office.keyboard.press("F2");
    const dialog = office.getByRole("dialog");
    await dialog.getByLabel("Given name").fill("Maggie");
    await dialog.getByLabel("Family name").fill("Elison");
    await dialog.getByLabel("Date of birth").fill("3/12/1958");
    await dialog.getByText("Somebody like this is here already").waitFor();
    await shoot(office, "patient-duplicates");
    await office.keyboard.press("Control+Enter");
    await office.getByRole("button", { name: "Compare and merge" }).click();
    await dialog.getByRole("button", { name: "Keep the other one" }).click();
    await shoot(office, "patient-merge");
    await dialog.getByRole("button", { name: "Merge", exact: true }).click();
    await office.getByText("Also on file as").waitFor();
    await shoot(office, "patient-merged");
    await office.getByRole("button", { name: "Close" }).click();
    await goTo(office, "/hq");
    await office.getByRole("tab", { name: "Integrations" }).click();
    await office.getByRole("button", { name: "New token" }).click();
    await shoot(office, "office-integrations");
  } finally {
    await demo.stop();
  }
}

async function find(page: Page, text: string): Promise<void> {
  await goTo(page, "/patients");
  await page.getByLabel(/Name, date of birth, phone, post code/).fill(text);
  await page.locator(".pickrow").first().waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".phead h1").waitFor();
}
