import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tableProblem } from "./table-problem.ts";
import { builtInTables, type LimitTable, limitTables } from "./tables.ts";

/** A copy of a built-in table with one part of it exchanged. */
function changed(table: LimitTable, path: string, value: unknown): unknown {
  const copy = structuredClone(builtInTables[table]) as unknown as Record<string, unknown>;
  const parts = path.split(".");
  const last = parts.pop() as string;
  let at = copy;
  for (const part of parts) at = at[part] as Record<string, unknown>;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return copy;
}
const problemOf = (table: LimitTable, path: string, value: unknown) => tableProblem(table, changed(table, path, value));

test.each(limitTables)("the built-in table of %s is a valid table of its own", (table) => {
  expect(tableProblem(table, structuredClone(builtInTables[table]))).toBeNull();
  expect(builtInTables[table]).toMatchObject({ date: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) });
});

test.each(limitTables)("a table of %s survives being kept as JSON", (table) => {
  expect(tableProblem(table, JSON.parse(JSON.stringify(builtInTables[table])))).toBeNull();
});

describe("what is refused", () => {
  test.each<[why: string, table: LimitTable, path: string, value: unknown]>([
    ["half a number", "rx", "sphere.warn.1", 12_000.5],
    ["a number as text", "rx", "sphere.warn.1", "12000"],
    ["no number", "rx", "sphere.warn.1", null],
    ["a range that ends before it begins", "rx", "add.warn", [3_500, 750]],
    ["a range with one end", "rx", "add.warn", [750]],
    ["possible wider than as delivered", "rx", "sphere.block.1", 50_000],
    ["possible wider below", "measures", "quantities.iop.block.0", -1],
    ["usual wider than possible", "rx", "sphere.block.1", 19_000],
    ["an open end where the built-in range has none", "rx", "sphere.warn.0", null],
    ["a part that is missing", "rx", "add", undefined],
    ["a part that is not known", "rx", "intermediate", { block: [0, 1], warn: [0, 1], step: 250 }],
    ["a step that is no eighth", "rx", "sphere.step", 100],
    ["a step of nothing", "measures", "quantities.bvd.step", 0],
    ["another unit", "measures", "quantities.bvd.unit", "°"],
    ["another scale of the unit", "measures", "quantities.bvd.perUnit", 1],
    ["a prism beyond what is possible", "rx", "prism.most", 4_025],
    ["a warning beyond what is possible", "rx", "prism.warnAboveVertical", 4_001],
    ["axes that miss more than a right angle", "measures", "pairs.kAxes", 91],
    ["cylinders out of order", "change", "axisAbove.1.cylinderFrom", 0],
    ["a plus cylinder of contact lenses", "contact_lenses", "cylinders", [-750, 1_250]],
    ["no cylinder at all", "contact_lenses", "cylinders", []],
    ["no day", "rx", "date", undefined],
    ["a day that is none", "rx", "date", "2026-02-30"],
    ["no source", "rx", "source", "  "],
    ["a prescription that is valid longer than two years", "measures", "quantities.rx_months.block.1", 36],
    ["no table", "rx", "sphere", "wide"],
  ])("%s", (_why, table, path, value) => {
    expect(problemOf(table, path, value)?.message).toBeTruthy();
  });

  test.each([null, undefined, 7, "rx", [], {}])("something that is no table: %j", (own) => {
    for (const table of limitTables) expect(tableProblem(table, own)).not.toBeNull();
  });
});

describe("what is allowed", () => {
  test.each<[why: string, table: LimitTable, path: string, value: unknown]>([
    ["narrower than as delivered", "rx", "sphere.block", [-25_000, 25_000]],
    ["never unusual on a side that may be open", "measures", "quantities.bvd.warn.0", null],
    ["unusual on a side that was open", "measures", "quantities.iop.warn.0", 50],
    ["a day and a source of one quantity", "measures", "quantities.bvd.date", "2026-12-01"],
    ["more cylinders", "contact_lenses", "cylinders", [-750, -1_250, -1_750, -2_250, -2_750]],
  ])("%s", (_why, table, path, value) => {
    expect(problemOf(table, path, value)).toBeNull();
  });
});

/** Paths of all numbers of a table. */
function numbersIn(value: unknown, path: string): string[] {
  if (typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([part, inner]) => numbersIn(inner, path === "" ? part : `${path}.${part}`));
}

test("no table that is let through holds more for possible than the built-in one, however it was changed", () => {
  const edit = fc.constantFrom(...limitTables).chain((table) =>
    fc.record({
      table: fc.constant(table),
      edits: fc.array(
        fc.tuple(
          fc.constantFrom(...numbersIn(builtInTables[table], "")),
          fc.oneof(fc.integer({ min: -60_000, max: 60_000 }), fc.constant(null), fc.double()),
        ),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  );
  fc.assert(
    fc.property(edit, ({ table, edits }) => {
      let own: unknown = structuredClone(builtInTables[table]);
      for (const [path, value] of edits) own = set(own, path.split("."), value);
      if (tableProblem(table, own)) return;
      for (const path of numbersIn(own, "")) expect(Number.isInteger(get(own, path))).toBe(true);
      for (const path of rangesIn(own, "")) {
        const { block, warn } = get(own, path) as { block: [number, number]; warn: [number | null, number | null] };
        const { block: widest } = get(builtInTables[table], path) as { block: [number, number] };
        expect(block[0]).toBeLessThanOrEqual(block[1]);
        expect(block[0]).toBeGreaterThanOrEqual(widest[0]);
        expect(block[1]).toBeLessThanOrEqual(widest[1]);
        expect(warn[0] ?? block[0]).toBeGreaterThanOrEqual(block[0]);
        expect(warn[1] ?? block[1]).toBeLessThanOrEqual(block[1]);
        expect(warn[0] ?? block[0]).toBeLessThanOrEqual(warn[1] ?? block[1]);
      }
    }),
    { numRuns: 500 },
  );
});

function get(from: unknown, path: string): unknown {
  if (path === "") return from;
  return path.split(".").reduce((at, part) => (at as Record<string, unknown>)[part], from);
}
function set(whole: unknown, [part, ...rest]: string[], value: unknown): unknown {
  if (part === undefined) return value;
  const copy = structuredClone(whole) as Record<string, unknown>;
  copy[part] = set(copy[part], rest, value);
  return copy;
}
/** Paths of what has a possible and a usual range. */
function rangesIn(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([part, each]) => rangesIn(each, path === "" ? part : `${path}.${part}`));
  return Object.hasOwn(value, "block") ? [path, ...inner] : inner;
}
