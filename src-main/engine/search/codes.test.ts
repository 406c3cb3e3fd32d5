import { expect, test } from "vitest";
import { migrateReplica, openMemoryReplica } from "../../../replica/open.ts";
import { createReplica } from "../../../replica/replica.ts";
import type { EntityName } from "../../../src-shared/sync/registry.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import { productRules } from "../../../src-shared/sync/rules.ts";
import { createReader } from "../read/database.ts";
import { bearerOf } from "./codes.ts";

const idOf = (n: number) => n.toString(16).padStart(32, "0");
const branch = idOf(7);

const sqlite = openMemoryReplica();
migrateReplica(sqlite, "memory");
sqlite.pragma("foreign_keys=OFF");
const { store } = createReplica(sqlite, productRules);
let made = 100;
function put(name: EntityName, fields: Record<string, unknown>): string {
  const entity = entityOf(name);
  const id = idOf(made++);
  const blank = (column: string) => {
    const field = entity.fields[column];
    if (field?.nullable) return null;
    const blanks = { id: branch, hlc: idOf(1), text: "", int: 0, bool: false, json: {} } as const;
    return blanks[field?.type ?? "text"];
  };
  const nothing = Object.fromEntries(entity.columns.map((column) => [column, blank(column)]));
  store.insert({ ...nothing, ...fields, id, hlc: idOf(1), deleted: false, clocks: null }, entity);
  return id;
}
function jobIn(number: string, tray: string, stage: "edging" | "collected"): string {
  const job = put("job", { number, patient_name: "Margaret Ellison", at: made });
  for (const [kind, text] of [
    [stage, null],
    ["tray", tray],
  ]) {
    put("job_event", { job_id: job, kind, text, at: made });
  }
  store.runFolds();
  return job;
}

put("practice", { name: "Test", currency: "GBP" });
const patient = put("patient", { number: "LDS-T1-P000001", given_name: "Margaret", family_name: "Ellison" });
const sale = put("sale", { number: "LDS-T1-000409", patient_id: patient, printed_number: "LDS-T1-000400" });
const job = jobIn("LDS-T1-000409/1", "27", "edging");
jobIn("LDS-T1-000100/1", "27", "collected");
const file = put("case_file", { number: "LDS-T1-K000003", subject: "Floaters", opened_at: 1 });
put("product", { sku: "ASHBY-4107", barcode: "5012345678900", name: "Ashby 4107", price: 12_900, stocked: true });
store.runFolds();
const read = createReader(sqlite);
const everything = { may: () => true, branch };

test.each([
  ["a job's ticket", "LDS-T1-000409/1", "job", job],
  ["a receipt", "lds-t1-000409", "sale", sale],
  ["a receipt that was printed before its number was drawn anew", "LDS-T1-000400", "sale", sale],
  ["a patient's number", "LDS-T1-P000001", "patient", patient],
  ["a case's number", "LDS-T1-K000003", "case", file],
  ["a tray, with the job that lies in it now", "27", "job", job],
])("%s opens what bears it", (_, code, kind, id) => {
  expect(bearerOf(read, code, everything)).toMatchObject({ kind, id });
});

test("a product says what it costs and how many are here", () => {
  expect(bearerOf(read, "5012345678900", everything)).toMatchObject({
    kind: "product",
    title: "Ashby 4107",
    meta: "£129.00",
    subtitle: "ASHBY-4107",
    here: 0,
  });
});

test("nothing bears half a number, and nobody finds what they may not see", () => {
  expect(bearerOf(read, "LDS-T1-0004", everything)).toBeNull();
  expect(bearerOf(read, "LDS-T1-000409", { may: (key) => key !== "invoices:view", branch })).toBeNull();
  expect(bearerOf(read, "27", { may: (key) => key !== "orders:view", branch })).toBeNull();
});
