import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { schemaVersion } from "../../../migrations/index.ts";
import { type Clinic, type ClinicDevice, openCentreDatabase, openClinic, until } from "../../../sim/clinic.ts";
import { moveJob, pay, prescribe, registerPatient, sell, updatePatient } from "../../../sim/work.ts";
import { bucketCount } from "../../../src-shared/sync/digest.ts";
import type { Database } from "../../../sync-server/database/database.ts";

let db: Database;
let clinic: Clinic;
let told: { event: string; detail: unknown }[];
const periods = { seen: 60_000, digest: 24 * 3_600_000, look: 25 };
beforeAll(async () => {
  db = await openCentreDatabase();
}, 60_000);
beforeEach(async () => {
  told = [];
  const note = (event: string, detail: unknown) => void told.push({ event, detail });
  clinic = await openClinic(db, { periods, log: { info: note, warn: note, error: note } });
});
afterEach(() => clinic.close());
afterAll(() => db.close());

const margaret = { givenName: "Margaret", familyName: "Ellison", dateOfBirth: "1958-12-03", phone: "07700 900418" };

/** A till that has sold glasses, which wait in the lab by now. */
async function tillAtWork(): Promise<ClinicDevice> {
  const till = await clinic.device("till", "till");
  const { products, branches } = clinic.practice;
  const { id: patient } = till.as("DO", registerPatient, margaret) as { id: string };
  const prescription = till.as("DO", prescribe, { patient });
  const order = { patient, prescription, frame: products.frame, lens: products.lens, lab: branches.york };
  const { sale } = till.as("DO", sell, { ...order, paid: 11_175 });
  till.as("DO", pay, { sale, amount: 33_525 });
  till.as("DO", moveJob, { job: till.rows("job")[0]?.id, kind: "received_lab", text: null });
  await clinic.meet(till);
  return till;
}

/** A day later, as far as comparing is concerned. */
async function compare({ engine }: ClinicDevice): Promise<void> {
  engine.state.setMeta("digest_checked", null);
  await until(
    () => engine.state.meta("digest_checked") !== null,
    () => `nothing was compared: ${JSON.stringify(told.slice(-3))}`,
  );
}
const mended = () => told.filter(({ event }) => event === "replica mended").map(({ detail }) => detail);

test("equal replicas ask for nothing but the digests, once a day and of a new centre", async () => {
  const till = await tillAtWork();
  await compare(till);
  clinic.takeAsked();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(clinic.takeAsked()).toEqual([]);
  await compare(till);
  expect(new Set(clinic.takeAsked())).toEqual(new Set(["digest"]));
  expect(mended()).toEqual([]);
  await clinic.restarted();
  await clinic.meet(till);
  await until(
    () => told.at(-1)?.event === "digest",
    () => "the new centre's rows were not compared",
  );
  expect(mended()).toEqual([]);
});

test("what was altered behind the engine's back is found and mended, whatever kind of row it is", async () => {
  const till = await tillAtWork();
  await compare(till);
  const before = till.everything();
  const levels = () => till.sqlite.prepare("select * from stock_level order by product_id").all();
  const stock = levels();
  const { sqlite } = till;
  sqlite.pragma("foreign_keys=OFF");
  sqlite.exec("update patient set phone='07700 900999'");
  sqlite.exec("update payment set amount=1 where amount=11175");
  sqlite.exec("update sale set paid=0");
  sqlite.exec("update stock_movement set quantity=5");
  sqlite.exec("delete from sale_line where ordinal=1");
  sqlite.exec("delete from job");
  sqlite.exec(
    "insert into job_event select randomblob(16), hlc, job_id, 'dispatched', null, text, user_id, branch_id, at from job_event limit 1",
  );
  sqlite.pragma("foreign_keys=ON");
  expect(till.everything()).not.toBe(before);
  clinic.takeAsked();
  await compare(till);
  expect(till.everything()).toBe(before);
  expect(levels()).toEqual(stock);
  const entities = mended().map((detail) => (detail as { entity: string }).entity);
  expect(entities.sort()).toEqual(["job", "job_event", "patient", "payment", "sale", "sale_line", "stock_movement"]);
  // Ids and counts are told to the log, and nothing of what stood in the rows.
  expect(JSON.stringify(mended())).not.toContain("07700");
  told = [];
  sqlite.exec("update stock_level set on_hand=77");
  await compare(till);
  expect(mended()).toEqual([]);
  expect(levels()).toEqual(stock);
});

test("nothing is compared while something of this device is unsettled, and nothing of it is undone", async () => {
  const till = await tillAtWork();
  await compare(till);
  const patient = till.rows("patient")[0]?.id as string;
  till.sqlite.exec("update patient set email='someone@example.org'");
  till.engine.sync.setPlugged(false);
  till.as("DO", updatePatient, { id: patient, details: { notes: "typed offline" } });
  till.engine.state.setMeta("digest_checked", null);
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(till.engine.state.meta("digest_checked")).toBe(null);
  await clinic.meet(till);
  await until(
    () => till.engine.state.meta("digest_checked") !== null,
    () => "nothing was compared",
  );
  expect(till.rows("patient")[0]).toMatchObject({ notes: "typed offline", email: null });
  expect(till.rows("patient")).toEqual(await clinic.rows("patient"));
});

test("rows of two versions are not compared", async () => {
  const till = await tillAtWork();
  const seq = till.engine.state.cursor()?.seq as number;
  const ask = (schema: number) => till.engine.sync.connection()?.digest({ seq, schema, entities: ["patient"] });
  expect(await ask(schemaVersion + 10)).toEqual({ seq, buckets: [null] });
  expect((await ask(schemaVersion))?.buckets[0]).toHaveLength(bucketCount);
});
