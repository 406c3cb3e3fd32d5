/** Files as they really come out of other systems and spreadsheets. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../../sim/clinic.ts";
import { updatePatient } from "../../../../sim/work.ts";
import { writeCsv } from "../../../../src-shared/patients/import/csv.ts";
import type { Database } from "../../../../sync-server/database/database.ts";
import { importRuns } from "./brought.ts";
import { closeBroughtOrder, undoImport } from "./commands.ts";
import { lacks } from "./file.ts";
import { bringAll, choose, dryRun, idle, sitAt } from "./import.fixture.ts";

let db: Database;
let clinic: Clinic;
let till: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
  till = await clinic.device("till", "A");
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const desk = () => sitAt(till, clinic);
const header = ["Patient No", "Forename", "Surname", "DOB"];
const zoe = ["A-1", "Zoé", "Núñez", "25/12/1958"];
const csvFile = (name: string) => {
  const file = desk()
    .files()
    .find((each) => each.name === name);
  if (file?.form !== "csv") throw new Error(`${name} is no CSV on the desk`);
  return file;
};
const badOf = (state: ReturnType<typeof dryRun>) => state.findings.filter(({ severity }) => severity === "bad");

describe("letters and separators", () => {
  const text = `\uFEFF${writeCsv(
    [
      [...header, "Notes"],
      [...zoe, "owes £5"],
    ],
    ";",
  )}`;
  const big = (little: Buffer) => Buffer.from(little).swap16();
  test.each([
    ["UTF-8 with a mark", Buffer.from(text), "utf-8"],
    ["UTF-16 as spreadsheets save Unicode", Buffer.from(text, "utf16le"), "utf-16"],
    ["UTF-16 the other way round", big(Buffer.from(text, "utf16le")), "utf-16"],
    ["Windows letters", Buffer.from(text.slice(1), "latin1"), "windows-1252"],
    ["a line that names the separator", Buffer.from(`sep=;\r\n${text.slice(1)}`), "utf-8"],
  ])("%s", (_, bytes, encoding) => {
    choose(desk(), "patients.csv", bytes);
    expect(csvFile("patients.csv")).toMatchObject({ encoding, separator: ";", kind: "patients" });
    const [line] = dryRun(desk()).patients.values();
    expect(line?.record).toMatchObject({ given_name: "Zoé", family_name: "Núñez", notes: "owes £5" });
  });

  test("empty columns, lines of nothing but separators, and line ends in cells are no trouble", () => {
    const rows = [
      ["", "", "", "", "", "", ""],
      ["Patient No", "", "Forename", "Surname", "DOB", "Address", ""],
      ["A-1", "", "Zoé", "Núñez", "25/12/1958", "12 High Street\r\nLeeds", ""],
      ["", " ", "", "", "", "", ""],
      ["A-2", "", "Ann", "Shaw", "01/02/1960", "", ""],
      ["", "", "", "", "", "", ""],
    ];
    choose(desk(), "patients.csv", writeCsv(rows));
    const state = dryRun(desk());
    expect(state.findings).toEqual([]);
    const records = [...state.patients.values()].map(({ record }) => record);
    expect(records).toMatchObject([{ line: 3, address: "12 High Street, Leeds" }, { line: 6 }]);
  });

  test("columns of one name are told apart by their number, in findings and in what is saved", () => {
    choose(
      desk(),
      "rx.csv",
      writeCsv([
        ["Patient No", "Test Date", "Sph", "Sph"],
        ["A-1", "25/12/2025", "-1.25", "-1.20"],
      ]),
    );
    const file = csvFile("rx.csv");
    expect(file.headers).toEqual(["Patient No", "Test Date", "Sph", "Sph (2)"]);
    desk().change(file.id, { kind: "prescriptions", mapping: ["key", "issued_on", "r_sphere", "l_sphere"] });
    expect(badOf(dryRun(desk()))[0]).toMatchObject({ column: "Sph (2)", value: "-1.20" });
  });
});

describe("which comes first, the day or the month", () => {
  const unsure = writeCsv([header, ["A-2", "Ann", "Shaw", "03/04/1958"]]);
  const american = writeCsv([header, ["A-3", "Bo", "Reed", "12/31/1958"]]);

  test("is asked where no date tells, before any line is read; what is said is kept for such files", () => {
    choose(desk(), "a.csv", unsure);
    expect(lacks(csvFile("a.csv"))).toEqual(["date_order"]);
    expect(() => dryRun(desk())).toThrow(/in a.csv first/);
    desk().change(csvFile("a.csv").id, { dateOrder: "mdy" });
    const [line] = dryRun(desk()).patients.values();
    expect(line?.record.date_of_birth).toBe("1958-03-04");
    choose(desk(), "later.csv", unsure);
    expect(csvFile("later.csv")).toMatchObject({ dateOrder: "mdy", orderFrom: "said" });
  });

  test("is taken from the other files where they agree, and asked where they do not", () => {
    choose(desk(), "a.csv", unsure);
    choose(desk(), "us.csv", american);
    expect(csvFile("a.csv")).toMatchObject({ dateOrder: "mdy", orderFrom: "others" });
    choose(desk(), "uk.csv", writeCsv([header, zoe]));
    expect(csvFile("a.csv")).toMatchObject({ dateOrder: null, orderFrom: "nobody" });
  });

  test("does not matter where the month is a word or the year comes first", () => {
    choose(
      desk(),
      "a.csv",
      writeCsv([header, ["A-2", "Ann", "Shaw", "Apr 3, 1958"], ["A-3", "Bo", "Reed", "1958-04-03"]]),
    );
    expect(dryRun(desk()).findings).toEqual([]);
  });

  test("a birthday with two digits of a year is read where one century fits, else refused", () => {
    choose(desk(), "a.csv", writeCsv([header, ["A-1", "Al", "Moss", "25/12/58"], ["A-2", "Ann", "Shaw", "25/12/20"]]));
    const state = dryRun(desk());
    expect([...state.patients.values()].map(({ record }) => record.date_of_birth)).toEqual(["1958-12-25"]);
    expect(badOf(state)[0]?.message).toContain("1920 or 2020");
  });
});

describe("the same files twice", () => {
  const files = (): void => {
    choose(desk(), "patients.csv", writeCsv([header, zoe, ["A-2", "Ann", "Shaw", "01/02/1960"]]));
    choose(
      desk(),
      "rx.csv",
      writeCsv([
        ["Patient No", "Test Date", "R Sph", "R Cyl", "R Axis", "L Sph"],
        ["A-1", "25/11/2025", "+1.25", "+0.50", "90", "plano"],
        ["A-2", "24/11/2025", "-1.25 DS", "DS", "", "∞"],
      ]),
    );
    choose(
      desk(),
      "orders.csv",
      writeCsv([
        ["Patient No", "Order No", "Item", "Due Date"],
        ["A-1", "J-7", "Varifocals", "25/12/2026"],
      ]),
    );
    choose(
      desk(),
      "balances.csv",
      writeCsv([
        ["Patient No", "Balance"],
        ["A-1", "12.50"],
        ["A-1", "12.50"],
      ]),
    );
  };
  const all = () =>
    (["patient", "prescription", "brought_order", "brought_balance"] as const).map((name) => till.rows(name).length);

  test("propose everybody as the same and bring nothing twice, whatever happened meanwhile", async () => {
    files();
    await bringAll(till, clinic);
    expect(all()).toEqual([2, 2, 1, 2]);
    const married = till.rows("patient").find(({ printed_number }) => printed_number === "A-2");
    till.as("OW", updatePatient, { id: married?.id, details: { familyName: "Quillfeather", phone: "07700 900111" } });
    till.as("DO", closeBroughtOrder, { id: till.rows("brought_order")[0]?.id });
    files();
    const state = dryRun(desk());
    expect(state.duplicates.map((each) => desk().decisionOf(each).is)).toEqual(["same", "same"]);
    const check = desk().checked();
    expect(desk().coming(check)).toMatchObject({
      patients: 0,
      same: 2,
      had: 5,
      prescriptions: 0,
      orders: 0,
      balances: 0,
    });
    await expect(bringAll(till, clinic, "Again")).rejects.toThrow(/nothing to bring over/);
    expect(all()).toEqual([2, 2, 1, 2]);
  });

  test("bring what is new in them, and everything again once the first run was undone", async () => {
    files();
    const first = await bringAll(till, clinic);
    files();
    choose(
      desk(),
      "balances.csv",
      writeCsv([
        ["Patient No", "Balance"],
        ["A-1", "12.50"],
        ["A-2", "4.00"],
      ]),
    );
    await bringAll(till, clinic, "What is new");
    expect(importRuns(till.engine.read)[0]?.counts).toMatchObject({ same: 2, had: 4, balances: 1, prescriptions: 0 });
    expect(all()).toEqual([2, 2, 1, 3]);
    till.as("OW", undoImport, { runId: first, role: null, total: 0 });
    till.engine.imports.start();
    await idle(till);
    files();
    dryRun(desk());
    expect(desk().coming(desk().checked())).toMatchObject({ prescriptions: 2, orders: 1, balances: 2, had: 0 });
  });

  test("a number that is another person's in another system is shown, and nobody is taken for them", async () => {
    choose(desk(), "patients.csv", writeCsv([header, zoe]));
    await bringAll(till, clinic);
    choose(desk(), "others.csv", writeCsv([header, ["A-1", "Boris", "Okafor", "13/02/1990"]]));
    const { duplicates } = dryRun(desk());
    expect(duplicates.map(({ candidates }) => candidates.map(({ why }) => why))).toEqual([["other"]]);
    expect(duplicates[0] && desk().decisionOf(duplicates[0])).toEqual({ is: "new" });
  });
});

test("somebody who stands twice in one file is proposed as one", () => {
  choose(desk(), "patients.csv", writeCsv([header, zoe, zoe.with(0, "A-9"), zoe.with(0, "A-1")]));
  const state = dryRun(desk());
  expect(state.duplicates.map((each) => desk().decisionOf(each))).toEqual([{ is: "same", to: { ref: "0:2" } }]);
  // The same number again is no other patient, and is told.
  expect(badOf(state)).toMatchObject([{ line: 4, message: expect.stringContaining("stands in line 2 already") }]);
});

test("a bundle's resources one a line come with their prescriptions, and again double nothing", async () => {
  const lines = [
    { resourceType: "Patient", id: "p1", name: [{ family: "Shaw", given: ["Ann"] }], birthDate: "1960-02-01" },
    {
      resourceType: "VisionPrescription",
      dateWritten: "2025-11-09",
      patient: { reference: "Patient/p1" },
      lensSpecification: [{ eye: "right", sphere: -1.25, cylinder: 0.5, axis: 90 }],
    },
  ];
  const ndjson = lines.map((line) => JSON.stringify(line)).join("\n");
  choose(desk(), "export.ndjson", ndjson);
  await bringAll(till, clinic);
  expect(till.rows("prescription")).toMatchObject([{ r_sphere: -1250, r_cylinder: 500, r_axis: 90 }]);
  choose(desk(), "export.ndjson", ndjson);
  await expect(bringAll(till, clinic, "Again")).rejects.toThrow(/nothing to bring over/);
});
