import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clinic, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import type { Refusal } from "../../../src-shared/sync/ports.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { registerPatient, updatePatient } from "./commands.ts";

let db: Database;
let clinic: Clinic;
beforeAll(async () => {
  db = await openCentreDatabase();
  clinic = await openClinic(db);
}, 60_000);
afterAll(async () => {
  await clinic.close();
  await db.close();
});

test("nobody was born tomorrow, neither at registration nor later", async () => {
  const desk = await clinic.device("single", "desk");
  const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const codeOf = (work: () => unknown) => {
    try {
      work();
      return "taken";
    } catch (error) {
      return (error as Refusal).code;
    }
  };
  const person = (dateOfBirth: string) => ({ givenName: "Ada", familyName: "Moss", dateOfBirth });
  expect(codeOf(() => desk.as("RC", registerPatient, person(day(2))))).toBe("UNBORN");
  const { id } = desk.as("RC", registerPatient, person(day(-1))) as { id: string };
  expect(codeOf(() => desk.as("RC", updatePatient, { id, details: { dateOfBirth: day(2) } }))).toBe("UNBORN");
  // A year with two figures turned round, or the first two of another century.
  expect(codeOf(() => desk.as("RC", registerPatient, person("1850-03-12")))).toBe("TOO_LONG_AGO");
  expect(codeOf(() => desk.as("RC", updatePatient, { id, details: { dateOfBirth: "1850-03-12" } }))).toBe(
    "TOO_LONG_AGO",
  );
  expect(desk.rows("patient").map(({ date_of_birth }) => date_of_birth)).toEqual([day(-1)]);
});
