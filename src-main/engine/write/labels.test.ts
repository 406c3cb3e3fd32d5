import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { prescribe, registerPatient, sell, updatePatient } from "../../../sim/work.ts";
import { Refusal } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";

let db: Database;
let clinic: Clinic;
let till: ClinicDevice;
beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
  till = await clinic.device("till", "till");
  till.engine.sync.setPlugged(false);
}, 60_000);
afterAll(async () => {
  await clinic.close();
  await db.close();
});

/** Every table as it is on the disk of this PC. */
function allTables(): string {
  const names = till.sqlite.prepare("select name from sqlite_master where type='table' order by name").pluck().all();
  return JSON.stringify(names.map((name) => [name, till.sqlite.prepare(`select * from "${name}"`).all()]));
}

test("a till that does not know its branch refuses what needs a number, in words, and writes nothing", () => {
  const { products, branches } = clinic.practice;
  const person = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };
  const withoutBranch = (work: () => void) => {
    till.sqlite.pragma("foreign_keys=OFF");
    till.sqlite.exec("create temp table kept as select * from branch; delete from branch");
    try {
      work();
    } finally {
      till.sqlite.exec("insert into branch select * from temp.kept; drop table temp.kept");
      till.sqlite.pragma("foreign_keys=ON");
    }
  };
  const { id: patient } = till.as("DO", registerPatient, person) as { id: string };
  const prescription = till.as("DO", prescribe, { patient });
  const order = { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york, paid: 44_700 };
  withoutBranch(() => {
    const before = allTables();
    let refused: unknown;
    try {
      till.as("DO", sell, order);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(Refusal);
    expect(refused).toMatchObject({
      code: "BRANCH_UNKNOWN",
      message: expect.stringMatching(/Nothing was saved.*Connect the PC to the centre/),
    });
    expect(allTables()).toBe(before);
    // What bears no number goes on.
    till.as("DO", updatePatient, { id: patient, details: { phone: "07700 900418" } });
  });
  const { number } = till.as("DO", sell, order) as { number: string };
  expect(number).toMatch(/^LDS-T\d+-000001$/);
  expect(allTables()).not.toContain("XXX-");
});
