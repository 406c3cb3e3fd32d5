import { expect, test } from "vitest";
import { builtInTables, limitTables, tableProblem, tablesOf } from "../../../src-shared/optics/index.ts";
import { differences, isToConfirm, originOf, sourced, toKeep, valueAt, withValue } from "./edits.ts";
import { enGB } from "./en-GB.ts";
import { cellsOf, groupNames, rowsOf, tablesIn } from "./groups.ts";

const given = { source: "Our lab", date: "2026-12-01" };
const { rx, measures } = builtInTables;

test("every number of every table stands on the screen once, with a name", () => {
  const rows = groupNames.flatMap((group) => [...rowsOf(group)]);
  const shown = rows.flatMap((row) => cellsOf(row).map(({ path }) => `${row.table}.${path}`));
  const numbers = limitTables
    .flatMap((table) =>
      differences(builtInTables[table], {})
        .flatMap((name) => leaves(valueAt(builtInTables[table], name), name))
        .filter((path) => !/\.(name|unit|perUnit)$/.test(path))
        // Nothing steps these, and what is possible of a soft lens is so of every lens.
        .filter((path) => !/\.(iop|cl_power|[a-z]+_months|\w+_soft)\.step$|_soft\.block/.test(path))
        .map((path) => `${table}.${path}`),
    )
    // The list of cylinders is one field; the first band of axes begins at no cylinder at all.
    .map((path) => path.replace(/cylinders\.\d$/, "cylinders"))
    .filter((path) => path !== "change.axisAbove.0.cylinderFrom");
  expect(new Set(shown).size).toBe(shown.length);
  expect(new Set(shown)).toEqual(new Set(numbers));
  expect(rows.filter(({ id }) => !(id in enGB.rows))).toEqual([]);
  expect(new Set(groupNames.flatMap(tablesIn))).toEqual(new Set(limitTables));
});

function leaves(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value)
    .filter(([name]) => name !== "source" && name !== "date")
    .flatMap(([name, inner]) => leaves(inner, `${path}.${name}`));
}

test("a changed number brings its source and day along, and the table can be kept", () => {
  const kept = toKeep("rx", withValue(rx, "sphere.warn.1", 15_000), rx, given);
  expect(kept).toEqual({ ...rx, ...given, sphere: { ...rx.sphere, warn: [-20_000, 15_000] } });
  expect(tableProblem("rx", kept)).toBeNull();
});

test("of the measurements only what was changed has another source", () => {
  const kept = toKeep(
    "measures",
    withValue(measures, "quantities.bvd.warn.0", 110),
    measures,
    given,
  ) as unknown as typeof measures;
  expect(tableProblem("measures", kept)).toBeNull();
  expect(kept.quantities.bvd).toMatchObject({ ...given, warn: [110, 160] });
  expect({ ...kept, quantities: { ...kept.quantities, bvd: measures.quantities.bvd } }).toEqual(measures);
  expect(originOf(kept, "quantities.bvd")).toEqual(given);
  expect(originOf(kept, "quantities.iop").date).toBe(measures.date);
});

test("what is as delivered again needs nothing of its own", () => {
  const own = toKeep("measures", withValue(measures, "quantities.bvd.warn.0", 110), measures, given);
  const back = withValue(own, "quantities.bvd.warn.0", 100);
  expect(toKeep("measures", back, own, { source: "x", date: "2027-01-01" })).toBeNull();
});

test("numbers that were confirmed are kept although they are as delivered", () => {
  const part = "quantities.bvd";
  expect(isToConfirm(originOf(measures, part))).toBe(true);
  const confirmed = sourced(measures, part, "Confirmed by Eleanor Aldous", "2026-12-01");
  expect(isToConfirm(originOf(confirmed, part))).toBe(false);
  expect(tablesOf({ measures: confirmed })).toMatchObject({ unusable: [], tables: { measures: confirmed } });
  const later = toKeep("measures", withValue(confirmed, "quantities.iop.warn.1", 209), confirmed, given);
  expect(originOf(later, part).source).toBe("Confirmed by Eleanor Aldous");
});
