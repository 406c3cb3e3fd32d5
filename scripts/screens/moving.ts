/** Records that are brought over: columns, a dry run with bad lines, who is here already, the run, its undo, what is owed. */
import type { Page } from "@playwright/test";
import { goTo, signInAt, startDemo } from "../../e2e/support/demo.ts";
import { writeCsv } from "../../src-shared/patients/import/csv.ts";
import type { Camera } from "./camera.ts";

const csv = (name: string, rows: string[][]) => ({ name, mimeType: "text/csv", buffer: Buffer.from(writeCsv(rows)) });
const given = ["Amara", "Ben", "Chloë", "Dafydd", "Esme", "Farah", "Gareth", "Hana", "Imran", "Jo"];
const family = ["Ashworth", "Brannigan", "Castellano", "Dhillon", "Entwistle", "Fairclough", "Grüber", "Hollis"];
const person = (n: number) => [
  `A-${2000 + n}`,
  ["Mr", "Ms", "Mrs", ""][n % 4] ?? "",
  given[n % given.length] ?? "",
  `${family[n % family.length]}${n >= 80 ? `-${family[(n * 3) % family.length]}` : ""}`,
  `${10 + (n % 18)}/0${1 + (n % 9)}/${1935 + (n % 71)}`,
  `07700 900${String(100 + (n % 800)).padStart(3, "0")}`,
  `${1 + (n % 120)} Mill Lane`,
  "LS6 2AB",
  `0${1 + (n % 9)}/0${1 + (n % 8)}/2027`,
  n % 7 === 0 ? "Prefers mornings" : "",
];
const header = ["Patient No", "Title", "Forename", "Surname", "DOB", "Mobile", "Address", "Postcode", "Recall Date"];
const patients = (many: number) =>
  csv("patients.csv", [
    [...header, "Notes"],
    [
      "A-1001",
      "Mrs",
      "Margaret",
      "Ellison",
      "03/12/1958",
      "07700 900418",
      "12 High Street",
      "LS6 2AB",
      "01/02/2027",
      "",
    ],
    [
      "A-1002",
      "Mr",
      "Zachary",
      "Quillfeather",
      "28/02/1971",
      "07700 900777",
      "4 Kirkgate",
      "LS1 1AA",
      "01/03/2027",
      "",
    ],
    ["A-1003", "Ms", "Sophie", "Ellison", "14/05/2014", "", "12 High Street", "LS6 2AB", "", ""],
    ["A-1004", "Mr", "Owen", "Pritchard", "31/02/1958", "07700 900122", "9 Wharf Lane", "LS2 7EQ", "", ""],
    ["A-1005", "Ms", "Ines", "Barbosa", "12/09/20", "ask daughter", "31 Park Row", "LS1 5HD", "", ""],
    ["A-1006", "Mr", "", "Lockwood", "02/11/1949", "7700900418", "", "", "", ""],
    ...Array.from({ length: many }, (_, n) => person(n)),
  ]);
const prescriptions = (many: number) =>
  csv("prescriptions.csv", [
    [
      "Patient No",
      "Test Date",
      "Optometrist",
      "R Sph",
      "R Cyl",
      "R Axis",
      "R Add",
      "L Sph",
      "L Cyl",
      "L Axis",
      "L Add",
    ],
    ["A-1002", "09/11/2025", "P. Raman", "-1.25", "-0.50", "90", "+1.75", "-1.00", "-0.25", "85", "+1.75"],
    ["A-1001", "19/10/2025", "P. Raman", "-4.20", "-1.25", "15", "+2.25", "-4.75", "-0.75", "165", "+2.25"],
    ["A-1003", "19/10/2025", "P. Raman", "-0.75", "0.50", "190", "", "-0.50", "DS", "", ""],
    ["A-9999", "02/03/2025", "P. Raman", "Plano", "DS", "", "", "+0.25", "DS", "", ""],
    ...Array.from({ length: many }, (_, n) => [
      `A-${2000 + n}`,
      `${10 + (n % 18)}/0${1 + (n % 9)}/2025`,
      "P. Raman",
      "-1.25",
      "-0.50",
      "90",
      "",
      "-1.00",
      "DS",
      "",
      "",
    ]),
  ]);
const orders = csv("orders.csv", [
  ["Patient No", "Order No", "Item", "Lab", "Order Date", "Due Date"],
  ["A-1002", "J-771", "Varifocals in Ashby 4107", "York", "20/11/2026", "01/12/2026"],
]);
const balances = csv("balances.csv", [
  ["Patient No", "Balance", "Invoice"],
  ["A-1002", "45.00", "INV-2207"],
  ["A-1001", "12,50", "INV-2210"],
  ["A-2003", "(20.00)", "INV-2188"],
]);

export async function picturesOfMovingIn({ browser, options, shoot }: Camera): Promise<void> {
  const demo = await startDemo();
  try {
    const office = await signInAt(browser, demo, "HQ", options);
    await goTo(office, "/patients/import");
    await shoot(office, "moving-empty");
    const input = office.locator('input[type="file"]');
    const unsure = csv("patients.csv", [header, ["A-1", "Ms", "Ann", "Shaw", "03/04/1958", "", "", "", ""]]);
    await input.setInputFiles([unsure]);
    await office.locator(".filerow").waitFor();
    await office.keyboard.press("Alt+2");
    await shoot(office, "moving-dates-asked");
    await office.keyboard.press("Alt+1");
    await input.setInputFiles([patients(3000), prescriptions(3000), orders, balances]);
    await office.locator(".filerow").nth(3).waitFor();
    await shoot(office, "moving-files");
    await office.keyboard.press("Alt+2");
    await shoot(office, "moving-columns");
    await office.keyboard.press("Alt+3");
    await office.getByText("no day of the calendar").waitFor({ timeout: 60_000 });
    await shoot(office, "moving-check");
    await office.keyboard.press("Alt+4");
    await office.locator(".same tbody tr").first().waitFor();
    await shoot(office, "moving-same");
    await office.keyboard.press("Alt+5");
    await office.getByLabel("Name of this import").fill("Optix, old system");
    await shoot(office, "moving-last-step");
    await office.keyboard.press("Control+Enter");
    await office.getByText(/can leave this screen/).waitFor();
    await office.waitForTimeout(1500);
    await shoot(office, "moving-running");
    await office.getByText(/has been brought over/).waitFor({ timeout: 180_000 });
    await shoot(office, "moving-done");

    const till = await signInAt(browser, demo, "Leeds till", options);
    await find(till, "quillf zach");
    await till.getByText("Owes £45.00").waitFor();
    await shoot(till, "moving-patient");
    await till.keyboard.press("b");
    await till.getByRole("dialog").getByLabel("Amount").fill("20.00");
    await shoot(till, "moving-payment");
    await till.keyboard.press("Control+Enter");
    await till.getByTestId("receipt-number").waitFor();
    await shoot(till, "moving-receipt");
    await find(till, "quillf zach");
    await till.keyboard.press("d");
    await till.getByText("Owed from before").waitFor();
    await shoot(till, "moving-till");

    await office.getByRole("button", { name: "Bring more over" }).click();
    await office.getByRole("row", { name: /Optix/ }).getByRole("button", { name: "Undo" }).click();
    await office.getByText(/payment taken at the till/).waitFor();
    await shoot(office, "moving-undo");
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
