/** *Needs attention*: what came back, what is held, what met another value, as its author and as head office see it. */
import type { Page } from "@playwright/test";
import { goTo } from "../../e2e/support/demo.ts";
import { savePerson } from "../../src-main/engine/access/commands.ts";
import { openCase } from "../../src-main/engine/cases/commands.ts";
import { checkout, pay } from "../../src-main/engine/dispensing/checkout.ts";
import { updatePatient } from "../../src-main/engine/patients/commands.ts";
import type { Camera } from "./camera.ts";
import { type Clinic, openClinic, type Seat } from "./clinic.ts";

export async function picturesOfAttention({ browser, options, shoot }: Camera): Promise<void> {
  const clinic = await openClinic();
  const till = clinic.seat("leeds-till", "Leeds till");
  const office = clinic.seat("hq", "HQ");
  try {
    for (const seat of [till, office]) {
      await seat.open();
      await seat.join();
      await seat.plugIn();
    }
    const author = await till.pageOf(browser, "hannah.boyle", options);
    await goTo(author, "/attention");
    await author.getByText("Nothing needs a decision").waitFor();
    await shoot(author, "attention-empty");

    await sellWhatComesBack(clinic, till);
    await changeWhatOthersChange(till, office);
    await openCard(author, "Returned");
    await shoot(author, "attention-returned");
    await shootDialog(author, "e", "attention-correct");
    await author.getByRole("button", { name: "Drop" }).click();
    await shootDialog(author, null, "attention-drop");
    await openCard(author, "Two values");
    await shoot(author, "attention-two-values");
    await goTo(author, "/today");
    await author.locator("button.sync").click();
    await author.getByRole("button", { name: "Open all" }).waitFor();
    await shoot(author, "attention-panel");
    const other = await till.pageOf(browser, "ruth.calloway", options);
    await goTo(other, "/attention");
    await openCard(other, "Waits for head office");
    await shoot(other, "attention-waits");

    await goTo(author, "/attention");
    await openCard(author, "Returned");
    await author.keyboard.press("h");
    await author.getByLabel(/note for the manager/).fill("She had a voucher. Is the discount all right?");
    await author.keyboard.press("Enter");
    await author.getByText("Handed to a manager, with your note").waitFor();
    await till.plugIn();
    const head = await office.pageOf(browser, "eleanor.aldous", options);
    await goTo(head, "/attention");
    await openCard(head, "Handed to a manager");
    await shoot(head, "attention-handed-over");
    await openCard(head, "Came late");
    await shoot(head, "attention-late");
    await openCard(head, "Held for a decision");
    await shoot(head, "attention-held");
    await shootDialog(head, "a", "attention-approve");
  } finally {
    await clinic.close();
  }

  async function shootDialog(page: Page, key: string | null, name: string): Promise<void> {
    if (key) await page.keyboard.press(key);
    await page.getByRole("dialog").waitFor();
    await shoot(page, name);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
}

async function openCard(page: Page, kind: string): Promise<void> {
  await page.locator(".att-item").filter({ hasText: kind }).first().click();
}

/** A sale without a line and what is paid on it later, for which the centre finds the dispenser's role too small. */
async function sellWhatComesBack(clinic: Clinic, till: Seat): Promise<void> {
  till.unplug();
  const patientId = till.patient("Sophie", "Ellison");
  const { saleId } = till.as("hannah.boyle", checkout, {
    patientId,
    prescriptionId: till.id("prescription", "patient_id=? order by issued_on desc", patientId),
    frameId: till.id("product", "kind='frame' and name like '%4107%'"),
    lensId: till.id("product", "kind='lens' and name='Norvue Clear 1.60'"),
    discount: 2_500,
    measurements: { pd_r: 315, pd_l: 310, bvd: 120 },
    tenders: [{ tender: "card", amount: 10_000, reference: "4417" }],
  });
  till.as("hannah.boyle", pay, { saleId, tenders: [{ tender: "cash", amount: 5_000 }] });
  clinic.refuse((entity) => (entity === "sale" ? "pos:discount" : null));
  await till.plugIn();
  clinic.refuse(null);
}

/** Without a line, a receptionist works on in a role that she has lost, and a dispenser meets head office in one field. */
async function changeWhatOthersChange(till: Seat, office: Seat): Promise<void> {
  till.unplug();
  const margaret = till.patient("Margaret", "Ellison");
  till.as("hannah.boyle", updatePatient, { id: margaret, details: { allergies: "Nickel, and chloramphenicol drops" } });
  till.as("ruth.calloway", updatePatient, {
    id: till.patient("Derek", "Sutcliffe"),
    details: { phone: "07700 900552", notes: "Moves to his daughter's in Harrogate in December; write there." },
  });
  till.as("ruth.calloway", openCase, {
    patientId: till.patient("Edith", "Hardcastle"),
    subject: "Reading glasses too strong",
    channel: "phone",
    body: "Everything swims after ten minutes.",
  });
  office.as("eleanor.aldous", savePerson, {
    id: office.person("ruth.calloway"),
    person: {
      name: "Ruth Calloway",
      email: "ruth.calloway@aldous-wren.example.org",
      jobTitle: "Lab technician",
      registrationNumber: null,
      active: true,
      roleId: office.id("role", "name='Lab technician'"),
      branchId: office.id("branch", "code='LDS'"),
    },
    reason: "Moves to the bench",
  });
  office.as("eleanor.aldous", updatePatient, { id: margaret, details: { allergies: "Nickel; fluorescein drops" } });
  await office.plugIn();
  await till.plugIn();
  await office.plugIn();
}
