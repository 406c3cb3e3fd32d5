import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Clinic, openCentreDatabase, openClinic } from "../../../sim/clinic.ts";
import { prescribe, registerPatient, sell } from "../../../sim/work.ts";
import { derivedRow, type Reaction } from "../../../src-shared/events/reaction.ts";
import type { Database } from "../../../sync-server/database/database.ts";
import { attention } from "../sync/attention/index.ts";

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

/** Writes a row, then throws, until it is mended. */
function brokenReaction() {
  const state = { broken: true, runs: 0 };
  const reaction: Reaction = {
    name: "test-broken",
    on: { insert: "payment" },
    outputs: [],
    decide(context, row) {
      state.runs += 1;
      if (state.broken) throw new Error("the printer is on fire");
      return [
        derivedRow("setting", context.derive({ subject: row.id, reaction: "test-broken", index: 0 }), null, {
          key: "test",
          value: row.id,
        }),
      ];
    },
  };
  return { state, reaction };
}

test("a reaction that throws stops no other and is seen", async () => {
  const { state, reaction } = brokenReaction();
  const till = await clinic.device("till", "A", [reaction]);
  const { id: patient } = till.as("DO", registerPatient, {
    givenName: "Margaret",
    familyName: "Ellison",
    dateOfBirth: "1958-12-03",
    phone: null,
  }) as { id: string };
  const prescription = till.as("DO", prescribe, { patient });
  const { products, branches } = clinic.practice;
  const { sale } = till.as("DO", sell, {
    patient,
    prescription,
    frame: products.frame,
    lens: products.lens,
    lab: branches.york,
    paid: 44_700,
  });
  expect(state.runs).toBe(1);
  // The command stands, and so does what every other reaction made of it.
  expect(till.rows("sale")[0]).toMatchObject({ id: sale, status: "paid" });
  expect(till.rows("job")).toHaveLength(1);
  expect(
    till
      .rows("domain_event")
      .map(({ type }) => type)
      .sort(),
  ).toContain("invoice.paid");
  expect(till.rows("setting")).toEqual([]);
  const [card] = attention(till.engine, null);
  expect(card).toMatchObject({ kind: "reaction_failed", code: "test-broken", actions: ["retry"] });
  expect(card?.args).toMatchObject({ tries: 1, error: "the printer is on fire" });
  await clinic.meet(till);
  expect(await clinic.rows("sale")).toHaveLength(1);
  expect(await clinic.rows("job")).toHaveLength(1);
});

test("a reaction that failed is tried again later, and less and less often", async () => {
  const { state, reaction } = brokenReaction();
  const till = await clinic.device("till", "A", [reaction]);
  const { id: patient } = till.as("DO", registerPatient, {
    givenName: "Margaret",
    familyName: "Ellison",
    dateOfBirth: "1958-12-03",
    phone: null,
  }) as { id: string };
  const prescription = till.as("DO", prescribe, { patient });
  const { products, branches } = clinic.practice;
  till.as("DO", sell, {
    patient,
    prescription,
    frame: products.frame,
    lens: products.lens,
    lab: branches.york,
    paid: 44_700,
  });
  const system = { user: null, role: null, branch: branches.leeds };
  expect(till.engine.writer.retryReactions(system)).toBe(0);
  expect(state.runs).toBe(1);
  const due = () => till.sqlite.prepare("update reaction_queue set next_at=0").run();
  const wait = () => till.sqlite.prepare("select next_at from reaction_queue").pluck().get() as number;
  due();
  till.engine.writer.retryReactions(system);
  const first = wait() - till.engine.time.now();
  due();
  till.engine.writer.retryReactions(system);
  expect(wait() - till.engine.time.now()).toBeGreaterThan(first * 1.5);
  state.broken = false;
  due();
  expect(till.engine.writer.retryReactions(system)).toBe(1);
  expect(attention(till.engine, null)).toEqual([]);
  expect(till.rows("setting")).toHaveLength(1);
  expect(state.runs).toBe(4);
});
