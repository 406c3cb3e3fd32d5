import fc from "fast-check";
import { expect, test } from "vitest";
import { asDelivered, limitSettingProblem, tablesOf } from "./own-tables.ts";
import { builtInTables, type LimitTable, limitsKey, limitTables, versionOfKey } from "./tables.ts";
import { emptyEye } from "./types.ts";
import { checkEye } from "./validate.ts";

const keyOf = (table: LimitTable) => limitsKey({ table, from: "2026-12-01", savedAt: 1 });
const narrow = {
  ...builtInTables.rx,
  source: "our lab",
  sphere: { block: [-20_000, 20_000], warn: [-8_000, 8_000], step: 250 },
};

test("without tables of its own a practice has what was delivered", () => {
  expect(tablesOf({})).toEqual({ tables: builtInTables, unusable: [] });
  expect(tablesOf({ rx: null })).toEqual({ tables: builtInTables, unusable: [] });
});

test("a table of its own is judged by, the others stay as delivered", () => {
  const { tables, unusable } = tablesOf({ rx: narrow });
  expect(unusable).toEqual([]);
  expect(tables).toEqual({ ...builtInTables, rx: narrow });
  expect(checkEye({ ...emptyEye, sphere: -21_000 }, tables.rx)).toMatchObject([{ code: "out_of_range" }]);
  expect(checkEye({ ...emptyEye, sphere: -9_000 }, tables.rx)).toMatchObject([{ severity: "warn", code: "unusual" }]);
  expect(checkEye({ ...emptyEye, sphere: -9_000 })).toEqual([]);
});

test("a table from before a number existed keeps what it says, and has the number as delivered", () => {
  const { add: _add, ...older } = narrow;
  const { tables, unusable } = tablesOf({ rx: older });
  expect(unusable).toEqual([]);
  expect(tables.rx).toEqual(narrow);
});

test("a table of a newer version is not used, and named", () => {
  const { tables, unusable } = tablesOf({ rx: { ...narrow, fresnel: { most: 4_000 } }, acuity: builtInTables.acuity });
  expect(tables).toEqual(builtInTables);
  expect(unusable).toMatchObject([{ table: "rx", path: "fresnel" }]);
});

test("whatever is kept, there is a valid table for everything, and what cannot be used is named", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constant(narrow), fc.constant({ ...narrow, date: "soon" }));
  const kept = fc.dictionary(fc.constantFrom(...limitTables), anything);
  fc.assert(
    fc.property(kept, (own) => {
      const { tables, unusable } = tablesOf(own);
      for (const table of limitTables) {
        expect(limitSettingProblem(keyOf(table), tables[table])).toBeNull();
        const named = unusable.some((problem) => problem.table === table);
        if (named || own[table] === undefined || own[table] === null) expect(tables[table]).toBe(builtInTables[table]);
        expect(named).toBe(limitSettingProblem(keyOf(table), own[table] ?? null) !== null);
      }
    }),
  );
});

test("only settings of limits are judged as such", () => {
  expect(limitSettingProblem("release_policy", { kind: "full" })).toBeNull();
  for (const key of [keyOf("rx"), "limits.rx"]) {
    expect(limitSettingProblem(key, narrow)).toBeNull();
    expect(limitSettingProblem(key, null)).toBeNull();
    expect(limitSettingProblem(key, asDelivered)).toBeNull();
    expect(limitSettingProblem(key, { ...narrow, source: undefined })).toMatchObject({ path: "source" });
  }
  for (const key of ["limits.shoes", "limits.shoes.2026-12-01.1", "limits.rx.2026-13-01.1", "limits.rx.2026-12-01"])
    expect(limitSettingProblem(key, narrow)).not.toBeNull();
  for (const table of limitTables)
    expect(versionOfKey(keyOf(table))).toEqual({ table, from: "2026-12-01", savedAt: 1 });
  expect(versionOfKey("limits.rx")).toBeNull();
});
