import { afterAll, beforeAll, expect, test } from "vitest";
import { sha1 } from "../../replica/crypto.ts";
import { openCentreDatabase, openClinic, until } from "../../sim/clinic.ts";
import { registerPatient, withdrawRole } from "../../sim/work.ts";
import { attention } from "../../src-main/engine/sync/attention/index.ts";
import { derivedId } from "../../src-shared/sync/ids.ts";
import type { Database, Queryable } from "../database/database.ts";
import { roleId } from "../identity/provision.ts";

let db: Database;
/** Called when a transaction has done its work; throws in the place of the commit. */
let beforeCommit = () => {};
beforeAll(async () => {
  const real = await openCentreDatabase();
  db = {
    ...real,
    transaction: <T>(work: (tx: Queryable) => Promise<T>) =>
      real.transaction(async (tx) => {
        const result = await work(tx);
        beforeCommit();
        return result;
      }),
  };
}, 60_000);
afterAll(() => db.close());

const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: null };

test("rights that never came to be, since their commit failed, are not asked afterwards", async () => {
  const clinic = await openClinic(db);
  const { practice, people } = clinic.practice;
  const [office, till] = [await clinic.device("single", "office"), await clinic.device("till", "till")];
  await clinic.meet(office, till);
  office.engine.sync.setPlugged(false);
  const role = roleId(practice, "DO");
  const element = derivedId(sha1, practice, { subject: people.DO, reaction: `role:${role}`, index: 0 });
  office.as("OW", withdrawRole, { element, give: false, user: people.DO, role });
  office.as("RC", registerPatient, margaret);
  let failures = 0;
  beforeCommit = () => {
    failures += 1;
    // The power goes at the worst moment: the centre never committed, and the office is cut off for now.
    office.engine.sync.setPlugged(false);
    beforeCommit = () => {};
    throw new Error("the connection to the database broke");
  };
  office.engine.sync.setPlugged(true);
  await until(
    () => failures === 1,
    () => "it never came to a commit",
  );
  // Another change of people takes the same place in the log.
  await clinic.person("Person CL 2", "CL");
  await clinic.meet(till);
  till.as("DO", registerPatient, margaret);
  await clinic.meet(till);
  expect(attention(till.engine, null)).toEqual([]);
  expect(await clinic.rows("patient")).toHaveLength(1);
  // The withdrawal itself was not lost.
  await clinic.meet(office, till);
  expect((await clinic.rows("user_role")).find(({ id }) => id === element)).toMatchObject({ deleted: true });
  expect(() => till.as("DO", registerPatient, margaret)).toThrow(/role does not allow/);
  await clinic.close();
});
