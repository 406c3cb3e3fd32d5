import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic, until } from "../../../../sim/clinic.ts";
import { rx as seen } from "../../../../sim/exam-room.ts";
import { sessionAt } from "../../../../sim/sessions.ts";
import { prescribe, registerPatient, updatePatient } from "../../../../sim/work.ts";
import { visionPrescription } from "../../../../src-shared/exams/fhir.ts";
import { builtInTables, emptyEye } from "../../../../src-shared/optics/index.ts";
import { writeCsv } from "../../../../src-shared/patients/import/csv.ts";
import { profileStreams } from "../../../../src-shared/sync/entity.ts";
import type { Database } from "../../../../sync-server/database/database.ts";
import { patchExam, startExam } from "../../exams/draft.ts";
import { saveLimits } from "../../exams/limits.ts";
import { signExam } from "../../exams/signing.ts";
import { patientSummary as summaryOf } from "../summary.ts";
import { broughtOf, importRuns } from "./brought.ts";
import { bringPart, closeBroughtOrder, settleBroughtBalance, stopImport, undoImport } from "./commands.ts";
import type { Desk } from "./desk.ts";
import { bringAll, choose, dryRun, idle, sitAt } from "./import.fixture.ts";
import { rowsPerPart } from "./plan.ts";
import { undoable } from "./undo.ts";
import { rowsLeft } from "./work.ts";

const asker = { may: () => true, streams: profileStreams.single, now: Date.now() };
const patientSummary = (read: Parameters<typeof summaryOf>[0], id: string) => summaryOf(read, id, asker);

let db: Database;
let clinic: Clinic;
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  clinic = await openClinic(db);
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const sit = (device: ClinicDevice): Desk => sitAt(device, clinic);
const begin = (device: ClinicDevice, name = "From the old system") =>
  sit(device).begin(sessionAt(device, clinic, "OW"), name, clinic.practice.branches.leeds).runId;

const header = ["Patient No", "Forename", "Surname", "DOB", "Mobile", "Notes"];
const person = (n: number) => [
  `A-${n}`,
  `Given${n}`,
  `Family${n % 97}`,
  `19${40 + (n % 50)}-11-0${1 + (n % 9)}`,
  "",
  "",
];
const patientsOf = (...rows: string[][]) => writeCsv([header, ...rows]);
const margaret = ["A-1", "Margaret", "Ellison", "1958-12-03", "07700 900418", ""];
const rxHeader = ["Patient No", "Test Date", "Optometrist", "R Sph", "R Cyl", "R Axis", "L Sph"];
const rx = (key: string, sphere = "-1.25") => [key, "2025-11-09", "P. Raman", sphere, "-0.50", "90", "-1.00"];
const orders = (...keys: string[]) =>
  writeCsv([
    ["Patient No", "Order No", "Item", "Due Date"],
    ...keys.map((key) => [key, "J-7", "Varifocals", "2026-12-01"]),
  ]);
const balances = (...rows: [key: string, amount: string][]) => writeCsv([["Patient No", "Balance"], ...rows]);

/** Two thousand patients, two thousand prescriptions, a thousand balances; every fiftieth line of each is bad. */
function fiveThousandLines(desk: Desk): void {
  const wrong = (n: number) => n % 50 === 0;
  const numbers = Array.from({ length: 2000 }, (_, index) => index + 1);
  choose(
    desk,
    "patients.csv",
    patientsOf(...numbers.map((n) => (wrong(n) ? person(n).with(3, "31/02/1958") : person(n)))),
  );
  // Counted from one on, so that a bad prescription is another patient's than a bad patient.
  choose(desk, "rx.csv", writeCsv([rxHeader, ...numbers.map((n) => rx(`A-${n}`, wrong(n + 1) ? "-1.20" : "-1.25"))]));
  choose(
    desk,
    "balances.csv",
    balances(...numbers.slice(0, 1000).map((n): [string, string] => [`A-${n}`, wrong(n + 2) ? "12,5" : "12.50"])),
  );
}

describe("a dry run of five thousand lines", () => {
  test("tells every bad line and writes nothing", async () => {
    const till = await clinic.device("till", "A");
    const desk = sit(till);
    const before = till.everything();
    fiveThousandLines(desk);
    const state = dryRun(desk);
    expect(state.total).toBe(5000);
    const bad = state.findings.filter(({ severity }) => severity === "bad");
    const of = (kind: string) => bad.filter((each) => each.kind === kind);
    // Forty of each; and what belongs to a patient who stays out stays out too.
    expect([of("patients").length, of("prescriptions").length, of("balances").length]).toEqual([40, 80, 40]);
    expect(of("patients")[0]).toMatchObject({ line: 51, column: "DOB", value: "31/02/1958" });
    expect(of("balances").filter(({ message }) => message.includes("stays out"))).toHaveLength(20);
    const [first] = desk.badLines();
    expect(first?.text.split("\r\n")).toHaveLength(40 + 2);
    expect(first?.text).toContain("DOB: 31/02/1958 is no day of the calendar. Correct it in the file.");
    expect(till.everything()).toBe(before);
  });

  test("is brought over as it said, and two devices see the same", async () => {
    const [till, office] = [await clinic.device("till", "A"), await clinic.device("hq", "B")];
    fiveThousandLines(sit(till));
    dryRun(sit(till));
    const run = begin(till);
    await idle(till);
    await clinic.meet(till, office);
    for (const device of [till, office]) {
      expect(device.rows("patient")).toHaveLength(1960);
      expect(device.rows("prescription")).toHaveLength(1920);
      expect(device.rows("brought_balance")).toHaveLength(960);
    }
    expect(office.everything()).toBe(till.everything());
    const [known] = importRuns(office.engine.read);
    expect(known).toMatchObject({ id: run, here: 1960, counts: { patients: 1960, bad: 160, finished: 1 } });
    const [one] = till.rows("patient").filter(({ printed_number }) => printed_number === "A-7");
    expect(one?.notes).toBe("Brought over: patients.csv, line 8, number A-7 before");
  }, 60_000);
});

describe("prescriptions", () => {
  const header = [...rxHeader, "R Add", "L Add", "R Inter Add", "BVD"];
  const lines = (...rows: string[][]) => writeCsv([header, ...rows]);
  const add = ["2.25", "2.25", "1.25", "12"];

  test("beyond the practice's own limits stay out of the dry run with line and reason, unusual ones are told", async () => {
    const till = await clinic.device("single", "A");
    const { rx: delivered } = builtInTables;
    const own = { ...delivered, sphere: { block: [-15_000, 15_000], warn: [-6_000, 6_000], step: 250 } };
    till.as("OW", saveLimits, { table: "rx", value: own });
    const desk = sit(till);
    choose(desk, "patients.csv", patientsOf(person(1), person(2), person(3)));
    const file = lines([...rx("A-1", "-16.00"), ...add], [...rx("A-2", "-7.00"), ...add], [...rx("A-3"), ...add]);
    choose(desk, "rx.csv", file);
    const { findings } = dryRun(desk);
    expect(findings).toMatchObject([
      { line: 2, column: "R Sph", severity: "bad", message: "A sphere is within −15.00 to +15.00." },
      { line: 3, column: "R Sph", severity: "look", message: "Sphere is outside −6.00 to +6.00." },
    ]);
    const [out] = desk.badLines();
    expect(out?.text).toContain("R Sph: A sphere is within −15.00 to +15.00.");
  });

  test("of a file and of a bundle that was exported here keep the add for between", async () => {
    const till = await clinic.device("single", "A");
    choose(sit(till), "patients.csv", patientsOf(person(1)));
    choose(sit(till), "rx.csv", lines([...rx("A-1"), ...add]));
    const eye = { ...emptyEye, sphere: 1000, add: 2000 };
    const exported = visionPrescription({
      kind: "glasses",
      id: "1",
      patient: { name: "Derek Sutcliffe", dateOfBirth: "1961-02-11" },
      prescriber: { name: "P. Raman", registration: null },
      issuedOn: "2026-01-05",
      expiresOn: null,
      at: null,
      note: null,
      r: eye,
      l: eye,
      intermediate: { r: 1000, l: 1250 },
      bvd: null,
      purpose: null,
      restricted: null,
      statement: null,
    });
    choose(sit(till), "here.json", JSON.stringify({ resourceType: "Bundle", entry: [{ resource: exported }] }));
    expect(dryRun(sit(till)).findings).toEqual([]);
    await bringAll(till, clinic);
    const brought = till.rows("prescription").map(({ r_inter_add, l_inter_add }) => [r_inter_add, l_inter_add]);
    expect(brought.sort()).toEqual([
      [1000, 1250],
      [1250, null],
    ]);
  });
});

describe("a run that is cut off in the middle", () => {
  test("goes on by itself after the start, and nothing is there twice", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(...Array.from({ length: 450 }, (_, n) => person(n))));
    dryRun(sit(till));
    begin(till);
    await until(
      () => till.rows("patient").length >= 200,
      () => "nothing came",
    );
    const again = till.restarted();
    const brought = again.rows("patient").length;
    expect(brought).toBeLessThan(450);
    expect(rowsLeft(again.engine.read)).toBe(450 - brought);
    await idle(again);
    expect(again.rows("patient")).toHaveLength(450);
    expect(new Set(again.rows("patient").map(({ number }) => number)).size).toBe(450);
    expect(new Set(again.rows("patient").map(({ printed_number }) => printed_number)).size).toBe(450);
  }, 30_000);

  test("a part that comes twice writes nothing the second time", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(margaret));
    dryRun(sit(till));
    const run = begin(till);
    const parts = till.sqlite
      .prepare("select * from local_draft where kind like 'import%' and kind <> 'import-mapping'")
      .all();
    await idle(till);
    const put = till.sqlite.prepare(
      "insert into local_draft (kind, key, user_id, body, at) values (:kind,:key,:user_id,:body,:at)",
    );
    for (const part of parts) put.run(part);
    till.as("OW", bringPart, { runId: run });
    expect(till.rows("patient")).toHaveLength(1);
  });

  test("stops when somebody says so: what is in stays and can be undone", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(...Array.from({ length: 450 }, (_, n) => person(n))));
    dryRun(sit(till));
    const run = begin(till);
    till.engine.imports.close();
    till.as("OW", bringPart, { runId: run });
    till.as("OW", stopImport, { runId: run });
    expect(till.engine.imports.progress()).toBeNull();
    expect(importRuns(till.engine.read)[0]).toMatchObject({ here: rowsPerPart, counts: { patients: 450, stopped: 1 } });
  });
});

describe("who seems to be here already", () => {
  test("is proposed; the same person gets what was brought, without being made twice or changed", async () => {
    const till = await clinic.device("till", "A");
    const here = till.as("OW", registerPatient, {
      givenName: "Margaret",
      familyName: "Ellison",
      dateOfBirth: "1958-12-03",
    });
    const desk = sit(till);
    const twin = ["A-2", "Marian", "Ellison", "1958-12-03", "07700 900418", ""];
    choose(desk, "patients.csv", patientsOf(margaret, twin, margaret.with(0, "A-3"), person(9)));
    choose(desk, "rx.csv", writeCsv([rxHeader, rx("A-1"), rx("A-3")]));
    choose(desk, "orders.csv", orders("A-1"));
    choose(desk, "balances.csv", balances(["A-1", "12.50"]));
    const { duplicates } = dryRun(desk);
    // Not the twin: only a birthday and a household are shared.
    expect(duplicates.map(({ record }) => record.key)).toEqual(["A-1", "A-3"]);
    expect(duplicates[1]?.candidates).toHaveLength(2);
    begin(till);
    await idle(till);
    expect(till.rows("patient")).toHaveLength(3);
    const summary = patientSummary(till.engine.read, here.id);
    expect(summary?.prescriptions).toHaveLength(2);
    expect(summary?.totals?.balance).toBe(1250);
    expect(summary?.patient.phone).toBeNull();
    const brought = broughtOf(till.engine.read, here.id);
    expect(brought).toMatchObject({
      balance: 1250,
      runs: [{ name: "From the old system", by: "Person OW", whole: 0 }],
    });
    expect(brought.orders).toMatchObject([{ reference: "J-7", description: "Varifocals", due_on: "2026-12-01" }]);
  });

  test("is made or left out as a person decides, with all that is theirs", async () => {
    const till = await clinic.device("till", "A");
    till.as("OW", registerPatient, { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03" });
    const desk = sit(till);
    choose(desk, "patients.csv", patientsOf(margaret, margaret.with(0, "A-3")));
    choose(desk, "rx.csv", writeCsv([rxHeader, rx("A-1"), rx("A-3")]));
    dryRun(desk);
    desk.decide(null, "skip", 0);
    desk.decide("0:3", "new", 0);
    begin(till);
    await idle(till);
    // A brought patient's id is derived from where they came from, so their place among the others is anybody's guess.
    expect(new Set(till.rows("patient").map(({ printed_number }) => printed_number))).toEqual(new Set([null, "A-3"]));
    expect(till.rows("patient")).toHaveLength(2);
    expect(till.rows("prescription")).toHaveLength(1);
  });

  test("is known by the number of an earlier import, so that prescriptions can follow weeks later", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(margaret));
    dryRun(sit(till));
    begin(till);
    await idle(till);
    choose(sit(till), "rx.csv", writeCsv([rxHeader, rx("A-1"), rx("A-404")]));
    const state = dryRun(sit(till));
    expect(state.findings.map(({ line, severity }) => [line, severity])).toEqual([[3, "bad"]]);
    begin(till, "Prescriptions");
    await idle(till);
    expect(till.rows("prescription")).toMatchObject([{ patient_id: till.rows("patient")[0]?.id, r_sphere: -1250 }]);
  });
});

describe("undo", () => {
  async function brought(till: ClinicDevice): Promise<string> {
    choose(sit(till), "patients.csv", patientsOf(margaret, ...Array.from({ length: 250 }, (_, n) => person(n + 2))));
    choose(sit(till), "rx.csv", writeCsv([rxHeader, rx("A-1"), rx("A-2"), rx("A-3")]));
    choose(sit(till), "orders.csv", orders("A-1", "A-2"));
    // Two of the same amount and nothing else to tell them apart by.
    choose(sit(till), "balances.csv", balances(["A-1", "12.50"], ["A-1", "12.50"], ["A-2", "(3.10)"]));
    dryRun(sit(till));
    const run = begin(till);
    await idle(till);
    return run;
  }
  const patientOf = (device: ClinicDevice, key: string) =>
    device.rows("patient").find(({ printed_number }) => printed_number === key)?.id as string;
  function undo(device: ClinicDevice, runId: string): void {
    device.as("OW", undoImport, { runId, role: null, total: 0 });
    device.engine.imports.start();
  }

  test("takes everything back, save who has got something else since, and everybody sees the same", async () => {
    const [till, office] = [await clinic.device("till", "A"), await clinic.device("hq", "B")];
    const run = await brought(till);
    const [first, second, third, fourth] = ["A-1", "A-2", "A-3", "A-4"].map((key) => patientOf(till, key)) as string[];
    till.as("DO", prescribe, { patient: first as string });
    till.as("OW", updatePatient, { id: second, details: { phone: "07700 900111" } });
    await clinic.meet(till, office);
    expect(undoable(office.engine.read, run)).toMatchObject({ patients: { length: 249 }, orders: { length: 2 } });
    undo(office, run);
    await idle(office);
    await clinic.meet(till, office);
    expect(office.everything()).toBe(till.everything());
    for (const device of [till, office]) {
      const { read } = device.engine;
      expect(
        device
          .rows("patient")
          .filter(({ deleted }) => !deleted)
          .map(({ id }) => id)
          .sort(),
      ).toEqual([first, second].sort());
      expect(patientSummary(read, third as string)).toBeNull();
      expect(patientSummary(read, fourth as string)).toBeNull();
      // Hers of another origin stays, the brought one is hidden; facts are never lost.
      const [own, ...more] = patientSummary(read, first as string)?.prescriptions ?? [];
      expect(more).toEqual([]);
      expect(device.rows("prescription").find(({ id }) => id === own?.id)).toMatchObject({ import_id: null });
      expect(device.rows("prescription")).toHaveLength(4);
      expect(patientSummary(read, first as string)?.totals?.balance).toBe(0);
      expect(patientSummary(read, second as string)?.totals?.balance).toBe(0);
      expect(broughtOf(read, first as string).orders).toEqual([]);
    }
    expect(undoable(till.engine.read, run)).toMatchObject({ patients: [], orders: [] });
  }, 60_000);

  test("that is cut off goes on after the start, and balances are reversed once", async () => {
    const till = await clinic.device("till", "A");
    const run = await brought(till);
    till.as("OW", undoImport, { runId: run, role: null, total: 255 });
    till.engine.imports.start();
    await until(
      () => till.rows("patient").some(({ deleted }) => deleted),
      () => "nothing was taken back",
    );
    const again = till.restarted();
    await idle(again);
    expect(again.rows("patient").filter(({ deleted }) => !deleted)).toEqual([]);
    expect(again.rows("brought_balance")).toHaveLength(6);
    expect(again.rows("brought_balance").reduce((sum, { amount }) => sum + amount, 0)).toBe(0);
  }, 30_000);

  test("ends a run that is still going on, here and elsewhere", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(...Array.from({ length: 450 }, (_, n) => person(n))));
    dryRun(sit(till));
    const run = begin(till);
    till.engine.imports.close();
    till.as("OW", bringPart, { runId: run });
    undo(till, run);
    await idle(till);
    expect(till.rows("patient").filter(({ deleted }) => !deleted)).toEqual([]);
    expect(() => till.as("OW", bringPart, { runId: run })).toThrow(/has been undone/);
  });
});

test("a recall that was brought over is the next one, until a sight test says another", async () => {
  const till = await clinic.device("till", "A");
  const desk = sit(till);
  const named = writeCsv([
    [...header, "Recall Date"],
    [...margaret, "2027-02-01"],
    [...person(2), "sometime"],
  ]);
  choose(desk, "patients.csv", named);
  await bringAll(till, clinic);
  const [first, second] = ["A-1", "A-2"].map(
    (key) => till.rows("patient").find(({ printed_number }) => printed_number === key)?.id as string,
  );
  const next = (id: string | undefined) => patientSummary(till.engine.read, id ?? "")?.next.recallOn;
  expect(next(first)).toBe("2027-02-01");
  expect(next(second)).toBeNull();
  expect(till.rows("patient").find(({ id }) => id === second)?.notes).toContain("Recall Date: sometime");
  till.as("OW", updatePatient, { id: first, details: { recallOn: "2027-03-01" } });
  expect(next(first)).toBe("2027-03-01");
  const exam = await clinic.device("exam", "C");
  await clinic.meet(till, exam);
  const { id } = exam.as("CL", startExam, { patientId: first });
  exam.as("CL", patchExam, { id, fields: seen, entries: {} });
  exam.as("CL", signExam, { id });
  await clinic.meet(till, exam);
  const summary = patientSummary(till.engine.read, first as string);
  expect(summary?.exams).toHaveLength(1);
  expect(summary?.next.recallOn).toBe(summary?.exams[0]?.recall_on);
});

describe("rights", () => {
  test("to bring over, stop and undo are those of people who may merge patients, here and at the centre", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(margaret));
    dryRun(sit(till));
    for (const who of ["DO", "RC", "CL"]) {
      const session = sessionAt(till, clinic, who);
      expect(() => sit(till).begin(session, "x", clinic.practice.branches.leeds)).toThrow(/role does not allow/);
    }
    const run = begin(till);
    expect(() => till.as("DO", bringPart, { runId: run })).toThrow(/role does not allow/);
    expect(() => till.as("DO", stopImport, { runId: run })).toThrow(/role does not allow/);
    expect(() => till.as("DO", undoImport, { runId: run, role: null, total: 0 })).toThrow(/role does not allow/);
    await idle(till);
    await clinic.meet(till);
    expect(await clinic.rows("patient")).toHaveLength(1);
  });

  test("to hand out an order from before are those of the till; it is closed once, and a balance is settled once", async () => {
    const till = await clinic.device("till", "A");
    choose(sit(till), "patients.csv", patientsOf(margaret));
    choose(sit(till), "orders.csv", orders("A-1"));
    choose(sit(till), "balances.csv", balances(["A-1", "12.50"]));
    dryRun(sit(till));
    begin(till);
    await idle(till);
    const [order] = till.rows("brought_order");
    expect(() => till.as("LT", closeBroughtOrder, { id: order?.id })).toThrow(/role does not allow/);
    till.as("DO", closeBroughtOrder, { id: order?.id });
    expect(() => till.as("DO", closeBroughtOrder, { id: order?.id })).toThrow(/closed already/);
    const patientId = till.rows("patient")[0]?.id as string;
    const settled = { patientId, amount: 1250, reason: "Paid by card in the old till" };
    expect(() => till.as("DO", settleBroughtBalance, settled)).toThrow(/role does not allow/);
    till.as("OW", settleBroughtBalance, settled);
    expect(() => till.as("OW", settleBroughtBalance, settled)).toThrow(/has changed meanwhile/);
    expect(broughtOf(till.engine.read, patientId).balance).toBe(0);
  });
});

test("how columns were read is kept for the next file with the same headers", async () => {
  const till = await clinic.device("till", "A");
  const desk = sit(till);
  const text = writeCsv([
    ["No", "Who", "Birth"],
    ["A-1", "Ellison, Margaret", "12/03/1958"],
  ]);
  choose(desk, "a.csv", text);
  const [file] = desk.files();
  desk.change(file?.id ?? "", { kind: "patients" });
  desk.change(file?.id ?? "", { mapping: ["key", "full_name", "date_of_birth"], dateOrder: "mdy" });
  choose(desk, "b.csv", text);
  expect(desk.files()[1]).toMatchObject({ mapping: ["key", "full_name", "date_of_birth"], dateOrder: "mdy" });
  desk.remove(file?.id ?? "");
  expect([...dryRun(desk).patients.values()][0]?.record.date_of_birth).toBe("1958-12-03");
});

test("a file in the letters of Windows, and a bundle, are read as well", async () => {
  const till = await clinic.device("till", "A");
  const desk = sit(till);
  const windows = Buffer.from(patientsOf(["A-1", "Zoë", "Núñez", "1958-12-03", "", ""]), "latin1");
  desk.upload({ id: randomUUID(), name: "a.csv", data: windows.toString("base64"), first: true, last: true });
  const entry = [
    {
      resource: {
        resourceType: "Patient",
        id: "p1",
        name: [{ family: "Shaw", given: ["Ann"] }],
        birthDate: "1960-02-01",
      },
    },
  ];
  choose(desk, "b.json", JSON.stringify({ resourceType: "Bundle", entry }));
  dryRun(desk);
  begin(till);
  await idle(till);
  expect(
    till
      .rows("patient")
      .map(({ given_name }) => given_name)
      .sort(),
  ).toEqual(["Ann", "Zoë"]);
});
