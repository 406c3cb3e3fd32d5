import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Body } from "./group.ts";
import { packHlc } from "./hlc.ts";
import { insertedRow, mergePatch, mergeRows, readClocks, stampOf } from "./merge.ts";
import { entityOf, type StoredRow } from "./registry.ts";
import { productRules } from "./rules.ts";

const patient = entityOf("patient");
const row = "ab".repeat(16);
const hlcAt = (at: number, node = 1) => packHlc({ ms: at, counter: 0, node: node.toString(16).padStart(16, "0") });

function patch(fields: Record<string, unknown>, base: Record<string, string> = {}, op: Body["op"] = "patch"): Body {
  return { id: row, branch: null, stream: "people", entity: "patient", row, op, fields, base };
}
const start: StoredRow = insertedRow(
  patient,
  { ...patch({ given_name: "Margaret", family_name: "Ellison", phone: "1" }), op: "insert" },
  hlcAt(1),
);

interface Change {
  readonly body: Body;
  readonly hlc: string;
}
const fields = fc.record(
  {
    phone: fc.constantFrom("1", "2", "3"),
    family_name: fc.constantFrom("Ellison", "Voss"),
    notes: fc.constantFrom(null, "x"),
  },
  { requiredKeys: [] },
);
/** Changes of several devices, each with a stamp of its own. */
const changes = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fields,
      fc.constantFrom<Body["op"]>("patch", "patch", "patch", "remove", "restore"),
    ),
    {
      selector: ([at, node]) => `${at}:${node}`,
      maxLength: 8,
    },
  )
  .map((list): Change[] =>
    list.map(([at, node, values, op]) => ({ body: patch(op === "patch" ? values : {}, {}, op), hlc: hlcAt(at, node) })),
  );

const fold = (list: readonly Change[]) =>
  list.reduce((state, { body, hlc }) => mergePatch(productRules, patient, state, body, hlc).row, start);

describe("merging patches", () => {
  test("does not depend on their order", () => {
    fc.assert(
      fc.property(
        changes.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(fold(shuffled)).toEqual(fold(list));
        },
      ),
    );
  });
  test("takes a repetition as nothing", () => {
    fc.assert(
      fc.property(
        changes.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 })),
        ),
        ([list, doubled]) => {
          expect(fold(doubled)).toEqual(fold(list));
        },
      ),
    );
  });
  test("keeps per field the value of the latest stamp", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const end = fold(list);
        for (const field of ["phone", "family_name", "notes"]) {
          const writers = list.filter(({ body }) => field in body.fields).sort((a, b) => (a.hlc < b.hlc ? 1 : -1));
          expect(end[field]).toEqual(writers[0] ? writers[0].body.fields[field] : start[field]);
          expect(stampOf(end, field)).toBe(writers[0]?.hlc ?? start.hlc);
        }
      }),
    );
  });
  test("merges two forms of a row, each with some of the changes, into the one with all of them", () => {
    fc.assert(
      fc.property(
        changes.chain((list) => fc.tuple(fc.constant(list), fc.subarray(list), fc.subarray(list))),
        ([list, some, others]) => {
          const both = list.filter((change) => some.includes(change) || others.includes(change));
          expect(mergeRows(productRules, patient, fold(some), fold(others))).toEqual(fold(both));
        },
      ),
    );
  });
  test("leaves the row it was given as it was", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const before = structuredClone(start);
        fold(list);
        expect(start).toEqual(before);
      }),
    );
  });
});

describe("clocks of fields", () => {
  test("are sparse and sorted, so that equal states are equal bytes", () => {
    const made = fold([
      { body: patch({ phone: "2" }), hlc: hlcAt(5) },
      { body: patch({ notes: "x", family_name: "Voss" }), hlc: hlcAt(3) },
    ]);
    expect(made.clocks).toBe(JSON.stringify({ family_name: hlcAt(3), notes: hlcAt(3), phone: hlcAt(5) }));
    expect(made.hlc).toBe(hlcAt(1));
    expect(Object.keys(readClocks(start))).toEqual([]);
  });
  test("of one group: the later body of two stands", () => {
    const made = fold([
      { body: patch({ phone: "2" }), hlc: hlcAt(5) },
      { body: patch({ phone: "3" }), hlc: hlcAt(5) },
    ]);
    expect(made.phone).toBe("3");
  });
});

describe("concurrent values", () => {
  const late = { body: patch({ phone: "2" }, { phone: hlcAt(1) }), hlc: hlcAt(10) };
  test("that lost are told, whichever arrives first", () => {
    const once = mergePatch(productRules, patient, start, late.body, late.hlc);
    expect(once.concurrent).toEqual([]);
    const loser = mergePatch(productRules, patient, once.row, patch({ phone: "3" }, { phone: hlcAt(1) }), hlcAt(9));
    expect(loser.row.phone).toBe("2");
    expect(loser.concurrent).toMatchObject([{ field: "phone", kept: "2", lost: "3", incomingLost: true }]);
    const winner = mergePatch(productRules, patient, once.row, patch({ phone: "3" }, { phone: hlcAt(1) }), hlcAt(11));
    expect(winner.concurrent).toMatchObject([{ field: "phone", kept: "3", lost: "2", incomingLost: false }]);
  });
  test("are no conflict when the author had seen what stood, or typed the same", () => {
    const once = mergePatch(productRules, patient, start, late.body, late.hlc).row;
    expect(
      mergePatch(productRules, patient, once, patch({ phone: "3" }, { phone: hlcAt(10) }), hlcAt(11)).concurrent,
    ).toEqual([]);
    expect(
      mergePatch(productRules, patient, once, patch({ phone: "2" }, { phone: hlcAt(1) }), hlcAt(11)).concurrent,
    ).toEqual([]);
  });
});
