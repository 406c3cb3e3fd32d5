import { expect, test } from "vitest";
import { makePrng } from "../resources/demo/prng.ts";
import { fieldProblem, type StoredRow } from "../src-shared/sync/entity.ts";
import { newId } from "../src-shared/sync/ids.ts";
import { allEntities, entityOf } from "../src-shared/sync/registry.ts";
import { migrateCentre } from "../sync-server/database/migrate.ts";
import { openPglite } from "../sync-server/database/pglite.ts";
import { centreColumns, insertRows } from "../sync-server/database/rows.ts";
import { type GeneratedRow, practiceRows } from "./generator.ts";

const id = (n: number) => `0190aaaa000070008000${n.toString(16).padStart(12, "0")}`;
const base = {
  hlc: `0190aaaa0000${"0".repeat(20)}`,
  now: Date.parse("2026-03-17T12:00:00Z"),
  branch: id(1),
  branchCode: "LDS",
  labBranch: id(2),
  device: id(3),
  optometrist: id(4),
  dispenser: id(5),
  frame: id(6),
  lens: id(7),
};
const given = new Set(Object.values(base));

function rowsOf(patients: number, seed = 1): Generator<GeneratedRow> {
  const random = makePrng(seed);
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => random.int(0, 255));
  return practiceRows({ seed, patients, newId: (at) => newId(at, { bytes }), base });
}

test("rows are whole, pass their entities' checks, and refer to rows that came before", () => {
  const known = new Set<unknown>(given);
  let count = 0;
  for (const { entity, row } of rowsOf(300)) {
    count += 1;
    const declared = entityOf(entity);
    const { id: rowId, hlc, deleted, clocks, ...rest } = row;
    const fields = Object.fromEntries(Object.entries(rest).filter(([name]) => !declared.foldColumns.includes(name)));
    expect(fieldProblem(declared, "insert", fields), entity).toBeNull();
    expect(Object.keys(row).sort(), entity).toEqual(
      centreColumns(declared)
        .map(({ name }) => name)
        .sort(),
    );
    expect(hlc).toBe(base.hlc);
    if (declared.mergeable) expect({ deleted, clocks }).toEqual({ deleted: false, clocks: null });
    for (const [name, field] of Object.entries(declared.fields)) {
      if (field.ref && row[name] !== null) expect(known.has(row[name]), `${entity}.${name}`).toBe(true);
    }
    expect(known.has(rowId)).toBe(false);
    known.add(rowId);
  }
  expect(count / 300).toBeGreaterThan(5);
  expect(count / 300).toBeLessThan(8);
});

test("the same seed gives the same rows", () => {
  expect(JSON.stringify([...rowsOf(40)])).toBe(JSON.stringify([...rowsOf(40)]));
  expect(JSON.stringify([...rowsOf(40, 2)])).not.toBe(JSON.stringify([...rowsOf(40)]));
});

test("the centre's tables take them", async () => {
  const db = await openPglite(null);
  await migrateCentre(db);
  const byEntity = new Map<string, StoredRow[]>();
  for (const { entity, row } of rowsOf(50)) byEntity.set(entity, [...(byEntity.get(entity) ?? []), row]);
  for (const entity of allEntities) await insertRows(db, entity, id(9), byEntity.get(entity.name) ?? []);
  const [sale] = await db.query<{ n: number }>("select count(*) as n from sale where balance = total - paid");
  expect(sale?.n).toBe(byEntity.get("sale")?.length);
  await db.close();
}, 30_000);

test("three hundred thousand rows take a few seconds", () => {
  const before = process.cpuUsage();
  let counter = 0;
  let rows = 0;
  const fast = practiceRows({
    seed: 3,
    patients: 50_000,
    newId: () => (counter++).toString(16).padStart(32, "0"),
    base,
  });
  for (const _ of fast) rows += 1;
  expect(rows).toBeGreaterThan(280_000);
  // Processor time in microseconds, which does not count what else the machine does.
  expect(process.cpuUsage(before).user).toBeLessThan(8_000_000);
}, 30_000);
