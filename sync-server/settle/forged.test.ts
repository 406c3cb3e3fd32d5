/** What the centre does not take from a device that says whatever it likes, outside the exam room. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openCentreDatabase } from "../../sim/clinic.ts";
import { type Forger, openForger } from "../../sim/forger.ts";
import { openTestCentre, type SmallPractice } from "../../sim/practice.ts";
import type { Body } from "../../src-shared/sync/group.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import type { Centre } from "../centre.ts";
import type { Database } from "../database/database.ts";
import { rowFromCentre } from "../database/rows.ts";

let db: Database;
let centre: Centre;
let forger: Forger;
let people: SmallPractice["people"];

beforeAll(async () => {
  db = await openCentreDatabase();
  centre = await openTestCentre({ db });
}, 60_000);
beforeEach(async () => {
  forger = await openForger(centre);
  people = forger.practice.people;
});
afterAll(() => db.close());

const body: Forger["body"] = (...given) => forger.body(...given);
const push = (who: keyof SmallPractice["people"], ...bodies: Body[]) => forger.push(people[who], ...bodies);
const settled = { verdict: "settled" };
const refused = (code: string) => ({ verdict: "rejected", code });

async function patient(): Promise<string> {
  const made = body("patient", {
    number: `P-${Math.random()}`,
    given_name: "Margaret",
    family_name: "Ellison",
    date_of_birth: "1958-12-03",
    contact_by_text: true,
    contact_by_email: false,
    branch_id: forger.practice.branches.leeds,
  });
  expect(await push("OW", made)).toMatchObject(settled);
  return made.row;
}
async function stored(entity: string, id: string): Promise<Record<string, unknown> | null> {
  const [raw] = await db.query<Record<string, unknown>>(`select * from "${entity}" where practice_id=$1 and id=$2`, [
    forger.practice.practice,
    id,
  ]);
  return raw ? rowFromCentre(entityOf(entity), raw) : null;
}

describe("a patient", () => {
  test("is taken away, and brought back, only by who may merge records", async () => {
    const id = await patient();
    const ways: Partial<Body>[] = [
      { op: "remove", fields: {} },
      { op: "restore", fields: {} },
      { op: "patch", fields: { deleted: true } },
      { op: "patch", fields: { deleted: false, notes: "x" } },
      { op: "patch", fields: { merged_into_id: id } },
    ];
    for (const way of ways)
      expect(await push("DO", body("patient", {}, { row: id, ...way })), JSON.stringify(way)).toMatchObject(
        refused("NO_PERMISSION"),
      );
    expect(await stored("patient", id)).toMatchObject({ deleted: false, merged_into_id: null });
    expect(await push("DO", body("patient", { notes: "x" }, { row: id, op: "patch" }))).toMatchObject(settled);
    expect(await push("OW", body("patient", {}, { row: id, op: "remove" }))).toMatchObject(settled);
  });

  test("has said yes, and was changed, by the word of who is signed in, never of nobody", async () => {
    const id = await patient();
    const consent = { patient_id: id, purpose: "marketing", given: true, how: "paper", note: null, at: 1 };
    const change = { patient_id: id, field: "notes", before: null, after: "x", at: 1 };
    for (const [entity, fields] of [
      ["consent", consent],
      ["patient_change", change],
    ] as const) {
      for (const user_id of [null, undefined, people.OW])
        expect(await push("RC", body(entity, { ...fields, user_id })), entity).toMatchObject(refused("NOT_ALLOWED"));
      expect(await push("RC", body(entity, { ...fields, user_id: people.RC })), entity).toMatchObject(settled);
    }
  });
});
