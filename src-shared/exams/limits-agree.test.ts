/** Screens, engine and centre judge by one rule: what a cell takes the engine takes, and what the engine takes the centre. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInTables, checkEye, type LimitTables, tableProblem } from "../optics/index.ts";
import { entryProblem, examProblem, itemProblem, valueProblem } from "./check.ts";
import { readValue, showValue } from "./reading.ts";
import { examFieldsBySection, keysOf, sectionKeys } from "./sections.ts";

type Tables = Pick<LimitTables, "rx" | "measures">;
type Range = readonly [number, number];

/** A range within another, cut off by so many hundredths of it at either end. */
const within = ([least, most]: Range, low: number, high: number): Range => {
  const size = most - least;
  const cut = (part: number) => Math.floor((size * part) / 200);
  return [least + cut(low), most - cut(high)];
};
const clipped = (warn: readonly [number | null, number | null], [least, most]: Range) =>
  warn.map((end) => (end === null ? null : Math.min(Math.max(end, least), most))) as unknown as Range;

/** Tables of a practice: what is possible narrowed at either end, by hundredths of half the range. */
function narrowed({ rx, measures }: Tables, cuts: readonly number[]): Tables {
  let next = 0;
  const cut = () => cuts[next++ % cuts.length] ?? 0;
  const range = <T extends { block: Range; warn: readonly [number | null, number | null] }>(part: T): T => {
    const block = within(part.block, cut(), cut());
    return { ...part, block, warn: clipped(part.warn, block) };
  };
  const most = Math.floor((rx.prism.most * (100 - cut())) / 100);
  const prism = {
    ...rx.prism,
    most,
    step: 1,
    ...Object.fromEntries(
      (["warnAboveHorizontal", "warnAboveVertical", "splitAbove"] as const).map((name) => [
        name,
        Math.min(rx.prism[name], most),
      ]),
    ),
  };
  return {
    rx: {
      ...rx,
      sphere: range(rx.sphere),
      cylinder: range(rx.cylinder),
      add: range(rx.add),
      prism,
    },
    measures: {
      ...measures,
      quantities: Object.fromEntries(
        Object.entries(measures.quantities).map(([name, part]) => [name, range(part as never)]),
      ) as never,
    },
  };
}
const cuts = fc.array(fc.nat(99), { minLength: 1, maxLength: 40 });
const tables = cuts.map((each) => narrowed(builtInTables, each));
/** Tables, and others that are narrower still. */
const nested = fc.tuple(tables, cuts).map(([wide, more]) => ({ wide, narrow: narrowed(wide, more) }));

const figures = sectionKeys
  .flatMap((section) => examFieldsBySection[section])
  .filter(({ shape }) => ["power", "axis", "prism", "number", "lens"].includes(shape.kind));
const field = fc.constantFrom(...figures);

const figure = fc.oneof(
  fc.integer({ min: -60_000, max: 60_000 }),
  fc.integer({ min: -480, max: 480 }).map((eighths) => eighths * 125),
  fc.integer({ min: -10, max: 2600 }),
  fc.constant(null),
);
const lens = fc.record({
  brand: fc.constant("Biofinity"),
  base_curve: fc.oneof(fc.integer({ min: 500, max: 1100 }), fc.constant(null)),
  diameter: fc.oneof(fc.integer({ min: 700, max: 2600 }), fc.constant(null)),
  sphere: figure,
  cylinder: figure,
  axis: fc.integer({ min: 1, max: 180 }),
});
const trial = lens.map(({ brand, ...figures }) => ({
  ...figures,
  axis: figures.cylinder ? figures.axis : null,
  eye: "r",
  lens: brand,
  va: null,
  fit: null,
}));
const item = fc.oneof(
  trial.map((data) => ({ list: "lens_trial", data })),
  fc
    .integer({ min: -50, max: 900 })
    .map((value) => ({ list: "pressure", data: { eye: "r", value, method: "goldmann", at: 0, note: null } })),
);
const column = fc.constantFrom("r_sphere", "l_sphere", "r_cylinder", "l_add", "r_prism_h", "l_prism_v", "bvd");

test("the tables that are drawn here are tables that a practice may keep", () => {
  fc.assert(
    fc.property(nested, ({ wide, narrow }) => {
      for (const { rx, measures } of [wide, narrow]) {
        expect(tableProblem("rx", rx)).toBeNull();
        expect(tableProblem("measures", measures)).toBeNull();
      }
    }),
    { numRuns: 40 },
  );
});

describe("what a cell takes", () => {
  test("the engine takes, and so does the centre that knows the same table or none", () => {
    fc.assert(
      fc.property(tables, field, figure, (own, { key: _, ...asked }, value) => {
        const words = (code: string) => code;
        const read = readValue(asked, showValue(asked, value, words), words, own);
        if (!read.ok || value === null) return;
        for (const key of keysOf({ key: _, ...asked })) {
          expect(entryProblem({ key, value: read.value }, own)).toBeNull();
          expect(entryProblem({ key, value: read.value })).toBeNull();
        }
      }),
      { numRuns: 600 },
    );
  });

  test("a lens that is kept at its cell is kept by the engine and by the centre", () => {
    fc.assert(
      fc.property(tables, lens, (own, value) => {
        const problem = valueProblem({ kind: "lens" }, value, own.rx, own.measures);
        expect(entryProblem({ key: "contact_lenses.lens.r", value }, own)?.message ?? null).toBe(problem);
        if (problem === null) expect(entryProblem({ key: "contact_lenses.lens.r", value })).toBeNull();
      }),
      { numRuns: 400 },
    );
  });
});

describe("narrower limits refuse at least what wider ones refuse", () => {
  test("of entries, columns and lists", () => {
    fc.assert(
      fc.property(nested, field, figure, column, item, ({ wide, narrow }, { key, eyes }, value, name, row) => {
        const entry = { key: eyes === "none" ? key : `${key}.r`, value };
        const questions = [
          (own?: Tables) => entryProblem(entry, own),
          (own?: Tables) => examProblem({ [name]: value }, own),
          (own?: Tables) => itemProblem(row, own),
        ];
        for (const problem of questions) {
          if (problem()) expect(problem(wide)).not.toBeNull();
          if (problem(wide)) expect(problem(narrow)).not.toBeNull();
        }
      }),
      { numRuns: 600 },
    );
  });

  test("of lenses, and of an eye as it is signed", () => {
    fc.assert(
      fc.property(nested, lens, figure, ({ wide, narrow }, value, power) => {
        const problem = (own: Tables) => valueProblem({ kind: "lens" }, value, own.rx, own.measures);
        if (problem(builtInTables)) expect(problem(wide)).not.toBeNull();
        if (problem(wide)) expect(problem(narrow)).not.toBeNull();
        const none = { prism_h: null, base_h: null, prism_v: null, base_v: null, add: null };
        const eye = { sphere: power, cylinder: null, axis: null, ...none };
        const blocked = (own: Tables) => checkEye(eye, own.rx).some(({ severity }) => severity === "block");
        if (blocked(wide)) expect(blocked(narrow)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
