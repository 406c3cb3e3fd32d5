import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInTables, formatPower } from "../../optics/index.ts";
import { distinctHeaders, guessKind, missingTargets, proposeMapping } from "./columns.ts";
import { type ImportKind, importKinds, type ReadingRules } from "./finding.ts";
import { mapRow, readLine, tornRow } from "./table.ts";
import { readAmount, readFullName, readHealthNumber, readPhone } from "./values.ts";

const rules: ReadingRules = { today: "2026-11-28", limits: builtInTables, dateOrder: "dmy", positive: "owes" };
function read<K extends ImportKind>(kind: K, row: Readonly<Record<string, string>>, over: Partial<ReadingRules> = {}) {
  const headers = Object.keys(row);
  const line = mapRow({ line: 7, cells: Object.values(row) }, headers, proposeMapping(kind, headers));
  return readLine(kind, line, { ...rules, ...over });
}
const bad = (of: { findings: readonly { severity: string; column: string; message: string }[] }) =>
  of.findings.filter(({ severity }) => severity === "bad");

const margaret = {
  "Patient No": "A-1001",
  Title: "Mrs",
  Forename: "Margaret",
  Surname: "Ellison",
  DOB: "03/12/1958",
  Mobile: "07700 900418",
  "Home Tel": "0113 496 0000",
  Email: "margaret@example.org",
  "Address Line 1": "12 High Street",
  Town: "Leeds",
  Postcode: "ls6 2ab",
  "NHS Number": "943 476 5919",
  GP: "Dr Shah, Park Surgery",
  "Recall Date": "01/02/2027",
  Notes: "Prefers mornings",
};

describe("a patient", () => {
  test("is read from the columns that practices export", () => {
    const { record, findings } = read("patients", margaret);
    expect(findings).toEqual([]);
    expect(record).toMatchObject({
      key: "A-1001",
      given_name: "Margaret",
      family_name: "Ellison",
      date_of_birth: "1958-12-03",
      phone: "07700 900418",
      phone_other: "0113 496 0000",
      address: "12 High Street, Leeds",
      postcode: "LS6 2AB",
      health_number: "943 476 5919",
      doctor: "Dr Shah, Park Surgery",
      notes: "Prefers mornings",
      recall_on: "2027-02-01",
      contact_by_text: false,
    });
  });
  test("stays out without a name or a birthday, and every reason is told", () => {
    const { record, findings } = read("patients", { Forename: "Ann", DOB: "31/02/1958", Email: "ann" });
    expect(record).toBeNull();
    expect(findings.map(({ line, severity }) => [line, severity])).toEqual([
      [7, "bad"],
      [7, "bad"],
      [7, "look"],
    ]);
  });
  test("keeps in the notes what cannot be read, and comes all the same", () => {
    const { record, findings } = read("patients", { ...margaret, Mobile: "ask daughter", Email: "none" });
    expect(bad({ findings })).toEqual([]);
    expect(record?.notes).toContain("Mobile: ask daughter");
    expect(record?.notes).toContain("Email: none");
    expect(record?.phone).toBe("0113 496 0000");
  });
  test("may not have been born tomorrow", () => {
    expect(bad(read("patients", { ...margaret, DOB: "29/11/2026" }))).toHaveLength(1);
  });
});

const rx = {
  "Patient No": "A-1001",
  "Test Date": "09/11/2025",
  Optometrist: "P. Raman",
  "R Sph": "-4.25",
  "R Cyl": "-1.25",
  "R Axis": "15",
  "R Add": "2.25",
  "R Prism": "2.00",
  "R Base": "BI",
  "L Sph": "Plano",
  "L Cyl": "0.00",
  "L Axis": "0",
  "L Add": "+2.25",
  BVD: "12",
};
describe("a prescription", () => {
  test("is read in thousandths and hundredths, zeros of no cylinder being none", () => {
    const { record, findings } = read("prescriptions", rx);
    expect(bad({ findings })).toEqual([]);
    expect(record).toMatchObject({
      r_sphere: -4250,
      r_cylinder: -1250,
      r_axis: 15,
      r_add: 2250,
      r_prism_h: 200,
      r_base_h: "in",
      l_sphere: 0,
      l_cylinder: null,
      l_axis: null,
      bvd: 120,
      issued_on: "2025-11-09",
      expires_on: "2027-11-09",
    });
  });
  test.each([
    [{ "R Cyl": "1.25" }, "needs its sign"],
    [{ "R Axis": "190" }, "1 to 180"],
    [{ "R Axis": "" }, "needs its axis"],
    [{ "R Sph": "-4.20" }, "steps"],
    [{ "R Base": "135" }, "not a prism"],
    [{ "R Base": "" }, "not a prism"],
    [{ "Test Date": "" }, "date of the test is missing"],
    [{ "Test Date": "29/11/2026" }, "ahead"],
    [{ "Patient No": "" }, "whose"],
    [{ BVD: "120" }, "5 to 25"],
    [{ "R Sph": "-25" }, "more than one way"],
  ])("with %j stays out", (change, why) => {
    const answer = read("prescriptions", { ...rx, ...change });
    expect(answer.record).toBeNull();
    expect(bad(answer)[0]?.message).toContain(why);
  });
  test("has an add for between, by itself or beside the add", () => {
    const answer = read("prescriptions", { ...rx, "R Inter Add": "1.25", "Left Intermediate Add": "+1.00" });
    expect(answer.findings).toEqual([]);
    expect(answer.record).toMatchObject({ r_add: 2250, r_inter_add: 1250, l_inter_add: 1000 });
    expect(read("prescriptions", { ...rx, "R Inter Add": "0.00" }).record?.r_inter_add).toBeNull();
    expect(bad(read("prescriptions", { ...rx, "R Inter Add": "6.25" }))).toMatchObject([
      { line: 7, column: "R Inter Add", value: "6.25", message: "An add is within +0.25 to +6.00." },
    ]);
  });
  test.each([
    [{ "R Sph": "-20.25" }, "R Sph", "Sphere is outside −20.00 to +20.00."],
    [{ "R Prism": "10.25" }, "R Prism", "The prism is more than 10Δ."],
    [{ "R Add": "3.75", "L Add": "3.75" }, "R Add", "Add is outside +0.75 to +3.50."],
    [{ BVD: "17" }, "BVD", "Vertex distance is usually 10 to 16 mm."],
    [{ "R Inter Add": "0.50" }, "R Inter Add", "Add is outside +0.75 to +3.50."],
    [{ "R Inter Add": "2.25" }, "R Inter Add", "The add for between is usually about half of the add."],
  ])("with %j comes, and is told to be unusual", (change, column, message) => {
    const { record, findings } = read("prescriptions", { ...rx, ...change });
    expect(record).not.toBeNull();
    expect(findings).toContainEqual(expect.objectContaining({ line: 7, severity: "look", column, message }));
  });
  test("is held against the practice's own limits", () => {
    const own = {
      ...builtInTables.rx,
      sphere: { block: [-15_000, 15_000], warn: [-4_000, 4_000], step: 250 },
    } as const;
    const { bvd } = builtInTables.measures.quantities;
    const quantities = { ...builtInTables.measures.quantities, bvd: { ...bvd, block: [80, 180] as const } };
    const limits = { rx: own, measures: { ...builtInTables.measures, quantities } };
    const refused = read("prescriptions", { ...rx, "L Sph": "-16.00", BVD: "6" }, { limits });
    expect(refused.record).toBeNull();
    expect(bad(refused)).toMatchObject([
      { line: 7, column: "L Sph", value: "-16.00", message: "A sphere is within −15.00 to +15.00." },
      { line: 7, column: "BVD", value: "6", message: "Vertex distance is outside 8 to 18 mm." },
    ]);
    const { record, findings } = read("prescriptions", rx, { limits });
    expect(record).not.toBeNull();
    expect(findings).toMatchObject([{ severity: "look", message: "Sphere is outside −4.00 to +4.00." }]);
  });
  test("of any powers that can be written is read as it was", () => {
    const eighths = (least: number, most: number) => fc.integer({ min: least * 8, max: most * 8 }).map((n) => n * 125);
    fc.assert(
      fc.property(eighths(-20, 20), eighths(-6, -1), fc.integer({ min: 1, max: 180 }), (sphere, cylinder, axis) => {
        const { record } = read("prescriptions", {
          ...rx,
          "R Sph": formatPower(sphere),
          "R Cyl": formatPower(cylinder),
          "R Axis": String(axis),
        });
        expect(record).toMatchObject({ r_sphere: sphere, r_cylinder: cylinder, r_axis: axis });
      }),
    );
  });
});

describe("money", () => {
  test("of any amount of pence is read without a penny lost", () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (pence) => {
        const pounds = `${Math.floor(Math.abs(pence) / 100)}.${String(Math.abs(pence) % 100).padStart(2, "0")}`;
        const grouped = pounds.replaceAll(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
        const texts =
          pence < 0 ? [`-${pounds}`, `(${pounds})`, `£-${grouped}`, `${pounds} CR`] : [pounds, `£${grouped}`];
        for (const text of texts) expect(readAmount(text)).toEqual({ ok: true, value: pence });
      }),
    );
  });
  test("owed or to their credit, as the file counts", () => {
    const row = { "Patient No": "A-1", Balance: "12.50" };
    expect(read("balances", row).record?.amount).toBe(1250);
    expect(read("balances", row, { positive: "credit" }).record?.amount).toBe(-1250);
    expect(read("balances", { ...row, Balance: "12.50 DR" }, { positive: "credit" }).record?.amount).toBe(1250);
    expect(read("balances", { ...row, Balance: "DR 3.20" }, { positive: "credit" }).record?.amount).toBe(320);
    expect(read("balances", { ...row, Balance: "cr 3.20" }).record?.amount).toBe(-320);
    expect(bad(read("balances", { ...row, Balance: "CR 3.20 CR" }))).toHaveLength(1);
    expect(read("balances", { ...row, Balance: "0.00" }).record).toBeNull();
    expect(bad(read("balances", { ...row, Balance: "12.505" }))).toHaveLength(1);
    expect(bad(read("balances", { ...row, Balance: "1,50" }))).toHaveLength(1);
  });
});

test("an order needs what it is and whose", () => {
  expect(
    read("orders", { "Patient No": "A-1", "Order No": "J77", Item: "Varifocals", Lab: "York", Due: "1/12/2026" })
      .record,
  ).toMatchObject({ reference: "J77", description: "Varifocals", supplier: "York", due_on: "2026-12-01" });
  expect(bad(read("orders", { "Patient No": "", Item: "" }))).toHaveLength(2);
});

test("what a file holds is seen by its columns, and what it lacks", () => {
  const kinds = [
    Object.keys(margaret),
    Object.keys(rx),
    ["Patient No", "Order No", "Item", "Lab", "Due Date"],
    ["Patient No", "Balance", "Invoice"],
  ].map((headers) => guessKind(headers));
  expect(kinds).toEqual([...importKinds]);
  expect(guessKind(["Account Holder", "Sum"], "Old balances 2026.csv")).toBe("balances");
  expect(missingTargets("patients", [])).toEqual(["name", "date_of_birth"]);
  expect(missingTargets("patients", proposeMapping("patients", ["Name", "DOB"]))).toEqual([]);
  expect(missingTargets("balances", ["amount"])).toEqual(["key"]);
});

test("a line with more cells than columns is told, since every cell after the tear would be another's", () => {
  expect(tornRow({ line: 3, cells: ["a", "b", "c"] }, ["x", "y"])?.severity).toBe("bad");
  expect(tornRow({ line: 3, cells: ["a", "b", ""] }, ["x", "y"])).toBeNull();
});

test.each([
  ["Ellison, Mrs Margaret Anne", "Mrs", "Margaret Anne", "Ellison"],
  ["Mr John van Dyk", "Mr", "John van", "Dyk"],
  ["Ann O'Brien", null, "Ann", "O'Brien"],
])("%s", (text, title, given, family) => {
  expect(readFullName(text)).toEqual({ ok: true, value: { title, given, family } });
});

test("numbers that are none are refused", () => {
  expect(readFullName("Cher").ok).toBe(false);
  expect(readPhone("7700900418")).toMatchObject({ ok: false, message: expect.stringContaining("first 0") });
  expect(readPhone("07700 900418 (son)").ok).toBe(false);
  expect(readPhone("+44 (0)7700 900418").ok).toBe(true);
  expect(readHealthNumber("943 476 5910").ok).toBe(false);
});

describe("what systems write where there is nothing, and with which minus", () => {
  test.each([
    [
      { "R Cyl": "DS", "R Axis": "" },
      { r_cylinder: null, r_axis: null },
    ],
    [
      { "R Cyl": "SPH", "R Axis": "000" },
      { r_cylinder: null, r_axis: null },
    ],
    [
      { "R Cyl": "Plano", "R Axis": "" },
      { r_cylinder: null, r_axis: null },
    ],
    [
      { "R Cyl": "\u22120.00", "R Axis": "" },
      { r_cylinder: null, r_axis: null },
    ],
    [
      { "R Cyl": "–", "R Axis": "–" },
      { r_cylinder: null, r_axis: null },
    ],
    [{ "R Sph": "∞" }, { r_sphere: 0 }],
    [{ "R Sph": "plano" }, { r_sphere: 0 }],
    [
      { "R Sph": "-1.00 DS", "R Cyl": "", "R Axis": "" },
      { r_sphere: -1000, r_cylinder: null },
    ],
    [
      { "R Sph": "\u22124.25", "R Cyl": "\u20131.25" },
      { r_sphere: -4250, r_cylinder: -1250 },
    ],
    [
      { "R Sph": "-5.50", "R Cyl": "+1.25", "R Axis": "105" },
      { r_sphere: -5500, r_cylinder: 1250, r_axis: 105 },
    ],
    [
      { "R Sph": "-4,25", "R Cyl": "-1,25" },
      { r_sphere: -4250, r_cylinder: -1250 },
    ],
  ])("%j", (change, record) => {
    const answer = read("prescriptions", { ...rx, ...change });
    expect(bad(answer)).toEqual([]);
    expect(answer.record).toMatchObject(record);
  });
  test("an amount has any minus, and its currency", () => {
    expect(readAmount("\u221212.50")).toEqual({ ok: true, value: -1250 });
    expect(readAmount("£1,234.50 CR")).toEqual({ ok: true, value: -123450 });
  });
});

test("columns of one name are told apart, and only the first of them is known by it", () => {
  const headers = distinctHeaders(["No", "Sph", "Cyl", "Sph", "", "", "Cyl"]);
  expect(headers).toEqual(["No", "Sph", "Cyl", "Sph (2)", "", "", "Cyl (2)"]);
  expect(proposeMapping("patients", distinctHeaders(["Phone", "Phone"]))).toEqual(["phone", null]);
});

test("a balance lens in place of a power is named, with what to do", () => {
  const row = { "Patient No": "A-1", "Test Date": "03/12/2025", "R Sph": "BAL", "L Sph": "-2.00" };
  const [finding] = bad(read("prescriptions", row)).filter(({ column }) => column === "R Sph");
  expect(finding?.message).toMatch(/^BAL means a balance lens.* Leave this empty/);
});

test("a post code comes in its usual form, and a year of birth that nobody has stays out with the years that are possible", () => {
  const row = { "Patient No": "A-1", Forename: "Ann", Surname: "Lee", DOB: "12/03/1950", Postcode: "ls62ab" };
  expect(read("patients", row).record?.postcode).toBe("LS6 2AB");
  expect(bad(read("patients", { ...row, DOB: "12/03/1850" }))[0]?.message).toMatch(/1850 is not possible here/);
});
