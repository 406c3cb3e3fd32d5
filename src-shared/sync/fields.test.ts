import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fieldProblem } from "./entity.ts";
import { bool, date, type Field, idField, instant, int, json, money, nullable, oneOf, power, text } from "./fields.ts";
import { allEntities } from "./registry.ts";

const kinds: Readonly<Record<string, Field>> = {
  id: idField(),
  text: text(12),
  int: int(-5, 900),
  anyInt: int(),
  instant: instant(),
  money: money(),
  power: power(),
  bool: bool(),
  oneOf: oneOf("cash", "card"),
};

/** Values near the edges of what fields allow, and anything at all. */
const values = fc.oneof(
  fc.anything(),
  fc.string({ maxLength: 16 }),
  fc.string({ unit: "binary", maxLength: 14 }),
  fc.constantFrom("cash", "card", "card ", "a\0b", "\0", "\n", "", "toString", "constructor"),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 31, maxLength: 33 }),
  fc.string({ unit: fc.constantFrom(..."0123456789abcdefABg\n"), minLength: 32, maxLength: 33 }),
  fc.integer({ min: -7, max: 905 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(-0, 0.5, 2 ** 53, -100_000, 100_001, 253402300799999, 253402300800000, Number.NaN, true, "true", 1n),
);

describe("the quick check of a field", () => {
  test.each(Object.keys(kinds))("accepts no %s that its schema refuses", (kind) => {
    const field = kinds[kind] as Field;
    fc.assert(
      fc.property(values, (value) => {
        if (field.fits?.(value)) expect(field.schema.safeParse(value).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the quick check of a field saves the schema's", () => {
  test.each([
    ["id", "0123456789abcdef0123456789abcdef"],
    ["text", "Ellison"],
    ["text", ""],
    ["int", -5],
    ["int", 900],
    ["instant", Date.UTC(2026, 10, 21)],
    ["money", -44_700],
    ["power", -4250],
    ["bool", false],
    ["oneOf", "card"],
  ])("for %s %s", (kind, value) => {
    expect(kinds[kind]?.fits?.(value)).toBe(true);
  });
});

describe("the values of a change", () => {
  const entity = { columns: ["name", "born", "note"], fields: { name: text(5), born: date(), note: nullable(text()) } };

  test("a nullable field may be left out of an insert, a needed one may not", () => {
    expect(fieldProblem(entity as never, "insert", { name: "Ann", born: "1990-02-03" })).toBeNull();
    expect(fieldProblem(entity as never, "insert", { born: "1990-02-03", note: null })).toMatchObject({
      field: "name",
    });
    expect(fieldProblem(entity as never, "insert", { name: null, born: "1990-02-03" })).toMatchObject({
      field: "name",
    });
  });
  test("a patch holds what changes, and nothing that does not fit", () => {
    expect(fieldProblem(entity as never, "patch", { note: "x" })).toBeNull();
    expect(fieldProblem(entity as never, "patch", { name: "too long" })).toMatchObject({ field: "name" });
    expect(fieldProblem(entity as never, "patch", { born: "1990-02-30" })).toMatchObject({ field: "born" });
    expect(fieldProblem(entity as never, "patch", { deleted: "yes" })).toMatchObject({ field: "deleted" });
  });
  test("the problem of a JSON value names the place inside it", () => {
    const field = json(z.object({ pd: z.object({ right: z.int() }) }));
    const problem = fieldProblem({ columns: ["m"], fields: { m: field } }, "insert", { m: { pd: { right: "31" } } });
    expect(problem?.field).toBe("m.pd.right");
  });
  test("fields of a newer version pass", () => {
    expect(fieldProblem(entity as never, "patch", { invented_later: { a: 1 } })).toBeNull();
  });
  test("the registry's ids, numbers and flags have a quick check", () => {
    for (const { fields } of allEntities) {
      for (const field of Object.values(fields) as Field[]) {
        if (field.type === "id" || field.type === "int" || field.type === "bool") expect(field.fits).toBeDefined();
      }
    }
  });
});
