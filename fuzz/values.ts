/**
 * Values for a schema, drawn from its own definition: right ones, ones that are a little wrong, and rubbish. Ids of real
 * rows cannot be known when a value is drawn, so they are drawn as references (`@patient:7`) and looked up when used.
 */
import fc from "fast-check";
import type { z } from "zod";

/** The parts of zod's definitions that are read here. */
interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly checks?: readonly { readonly _zod: { readonly def: CheckDefinition } }[];
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly items?: readonly z.ZodType[];
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly in?: z.ZodType;
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
}
interface CheckDefinition {
  readonly check: string;
  readonly format?: string;
  readonly pattern?: RegExp;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly value?: number;
  readonly inclusive?: boolean;
}

/** A schema has a part that there are no values for. The message says which. */
export class NotFuzzed extends Error {}

export interface ValueOptions {
  /** Tables whose rows an id by this name may mean; the first that has rows is taken most often. */
  readonly tables: (name: string) => readonly string[];
  /** Texts that mean something under this name, besides what the schema says. */
  readonly words: (name: string) => readonly string[];
  /** Out of a hundred parts of a value, about so many are wrong. */
  readonly wrong: number;
}

const idPattern = "^[0-9a-f]{32}$";
const missing = Symbol("missing");

/** Texts that have broken programs before, and names that mean something to a database or to JavaScript. */
const awkward = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "e\u0301\u0301\u0301",
  "\u202eright to left",
  "👩‍👩‍👧‍👦 👓",
  "İıſß",
  "\ufeff",
  "'; drop table patient; --",
  "%_%",
  '"',
  "\\",
  "../../etc/passwd",
  "__proto__",
  "constructor",
  "toString",
  "patient",
  "user_credential",
  "server_meta",
  "sqlite_master",
  "null",
  // Not "NaN": a product of that name would be repeated in words in which a NaN of ours is looked for.
  "Infinity",
  "0",
  "-1",
  "1e999",
];

/** Anything at all. */
export function rubbish(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(null, true, false, [], {}, Number.NaN, Number.POSITIVE_INFINITY, -0, 0, -1, 0.5),
    fc.constantFrom<unknown>(2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 53), 1e308, 5e-324),
    fc.constantFrom(...awkward),
    fc.constantFrom(10, 300, 70_000).map((length) => "x".repeat(length)),
    fc.constantFrom(50, 3_000).map(deep),
    fc.constant(JSON.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}')),
    fc.jsonValue({ maxDepth: 3 }),
  );
}

function deep(levels: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < levels; level++) value = level % 2 ? [value] : { value };
  return value;
}

/** Values for `schema`. @throws NotFuzzed for a kind of schema that is not known here. */
export function valuesOf(schema: z.ZodType, options: ValueOptions): fc.Arbitrary<unknown> {
  return part(schema, "", options);
}

function part(schema: z.ZodType, name: string, options: ValueOptions): fc.Arbitrary<unknown> {
  const right = fitting(schema, name, options);
  if (options.wrong === 0) return right;
  return fc.oneof(
    { weight: 100 - options.wrong, arbitrary: right },
    { weight: Math.ceil(options.wrong / 2), arbitrary: beyond(schema) },
    { weight: Math.floor(options.wrong / 2), arbitrary: rubbish() },
  );
}

function definitionOf(schema: z.ZodType): Definition {
  return (schema as unknown as { _zod: { def: Definition } })._zod.def;
}

function fitting(schema: z.ZodType, name: string, options: ValueOptions): fc.Arbitrary<unknown> {
  const definition = definitionOf(schema);
  const inner = (child: z.ZodType | undefined, childName = name) => {
    if (!child) throw new NotFuzzed(`a ${definition.type} without its inner part`);
    return part(child, childName, options);
  };
  switch (definition.type) {
    case "string":
      return texts(definition, name, options);
    case "number":
      return numbers(definition);
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "literal":
      return fc.constantFrom(...(definition.values ?? []));
    case "enum":
      return fc.constantFrom(...Object.values(definition.entries ?? {}));
    case "nullable":
      return fc.oneof(
        { weight: 3, arbitrary: inner(definition.innerType) },
        { weight: 1, arbitrary: fc.constant(null) },
      );
    case "optional":
    case "default":
    case "prefault":
      return fc.oneof(
        { weight: 3, arbitrary: inner(definition.innerType) },
        { weight: 1, arbitrary: fc.constant(missing as unknown) },
      );
    case "nonoptional":
      return inner(definition.innerType).filter((value) => value !== missing);
    case "readonly":
    case "catch":
      return inner(definition.innerType);
    case "pipe":
      return inner(definition.in);
    case "intersection":
      return fc
        .tuple(inner(definition.left), inner(definition.right))
        .map(([left, right]) => Object.assign({}, left, right));
    case "union":
      return fc.oneof(...(definition.options ?? []).map((option) => inner(option)));
    case "tuple":
      return fc.tuple(...(definition.items ?? []).map((item) => inner(item))).map((values) => values.filter(isThere));
    case "array":
      return arrays(definition, inner);
    case "object":
      return objects(definition, options);
    case "record":
      return fc
        .array(fc.tuple(inner(definition.keyType), inner(definition.valueType)), { maxLength: 6 })
        .map((entries) => fromEntries(entries.filter(([key]) => typeof key === "string") as [string, unknown][]));
    case "unknown":
    case "any":
      return fc.jsonValue({ maxDepth: 2 });
    default:
      throw new NotFuzzed(`zod's ${definition.type}`);
  }
}

const isThere = (value: unknown) => value !== missing;

function arrays(definition: Definition, inner: (child: z.ZodType | undefined) => fc.Arbitrary<unknown>) {
  const { minimum = 0, maximum = 4 } = lengthsOf(definition);
  return fc
    .array(inner(definition.element), { minLength: minimum, maxLength: Math.min(maximum, minimum + 4) })
    .map((values) => values.filter(isThere));
}

function objects(definition: Definition, options: ValueOptions): fc.Arbitrary<unknown> {
  const shape = Object.entries(definition.shape ?? {});
  const lose = options.wrong > 0 ? 2 : 0;
  const values = shape.map(([key, child]) =>
    fc.oneof(
      { weight: 100 - lose, arbitrary: part(child, key, options) },
      ...(lose > 0 ? [{ weight: lose, arbitrary: fc.constant(missing as unknown) }] : []),
    ),
  );
  const added = fc.tuple(fc.constantFrom("extra", "id", "__proto__", "practice", "deleted"), rubbish());
  const extra: fc.Arbitrary<[string, unknown] | null> = fc.oneof(
    { weight: 20, arbitrary: fc.constant(null) },
    ...(options.wrong > 0 ? [{ weight: 1, arbitrary: added }] : []),
  );
  return fc.tuple(fc.tuple(...values), extra).map(([made, more]) => {
    const entries = shape.map(([key], index) => [key, made[index]] as [string, unknown]);
    return fromEntries(more ? [...entries, more] : entries);
  });
}

/** Own properties only, also one called `__proto__`: that is what JSON makes of it. */
function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, value] of entries) {
    if (value === missing) continue;
    Object.defineProperty(made, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return made;
}

function lengthsOf({ checks = [] }: Definition): { minimum?: number; maximum?: number } {
  const found: { minimum?: number; maximum?: number } = {};
  for (const check of checks) {
    const { check: kind, minimum, maximum } = check._zod.def;
    if (kind === "min_length" && minimum !== undefined) found.minimum = minimum;
    if (kind === "max_length" && maximum !== undefined) found.maximum = maximum;
  }
  return found;
}

function texts(definition: Definition, name: string, options: ValueOptions): fc.Arbitrary<unknown> {
  const { minimum = 0, maximum = 60 } = lengthsOf(definition);
  const patterns = [definition.pattern, ...(definition.checks ?? []).map((check) => check._zod.def.pattern)].filter(
    (pattern) => pattern instanceof RegExp,
  );
  const format = definition.format ?? definition.checks?.find((check) => check._zod.def.format)?._zod.def.format;
  if (patterns.some(({ source }) => source === idPattern)) return ids(name, options);
  if (format === "date") return dates();
  if (format === "email") return fc.nat(99).map((n) => `person.${n}@example.org`);
  const [pattern] = patterns;
  if (pattern) return fc.stringMatching(pattern);
  const fits = (text: string) => text.length >= minimum && text.length <= maximum;
  const words = options.words(name);
  return fc.oneof(
    ...(words.length > 0 ? [{ weight: 12, arbitrary: fc.constantFrom(...words) }] : []),
    { weight: 4, arbitrary: fc.string({ minLength: minimum, maxLength: Math.min(maximum, minimum + 30) }) },
    {
      weight: 2,
      arbitrary: fc.string({ unit: "grapheme", minLength: minimum, maxLength: Math.min(maximum, minimum + 10) }),
    },
    { weight: 1, arbitrary: fc.constantFrom(...["Ellison", ...awkward].filter(fits), "x".repeat(maximum)) },
  );
}

function ids(name: string, { tables }: ValueOptions): fc.Arbitrary<unknown> {
  const known = tables(name);
  const real = known.map((table, index) => ({
    weight: index === 0 ? 12 : 3,
    arbitrary: place().map((n) => `@${table}:${n}`),
  }));
  return fc.oneof(...real, { weight: 1, arbitrary: fc.stringMatching(/^[0-9a-f]{32}$/) });
}

/** Mostly the first few, so that ids of one value belong together. */
function place(): fc.Arbitrary<number> {
  return fc.oneof({ weight: 2, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(4) }, fc.nat(40));
}

function dates(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true }).map((date) => {
      return date.toISOString().slice(0, 10);
    }),
    fc.constantFrom("2024-02-29", "1958-12-03", "0001-01-01", "9999-12-31"),
  );
}

function numbers({ checks = [], format }: Definition): fc.Arbitrary<unknown> {
  let [low, high] = [-1_000_000, 1_000_000];
  let whole = format === "safeint";
  for (const check of checks) {
    const { check: kind, value = 0, inclusive, format: checked } = check._zod.def;
    if (kind === "greater_than") low = inclusive ? value : value + 1;
    if (kind === "less_than") high = inclusive ? value : value - 1;
    if (checked === "safeint") whole = true;
  }
  low = Math.max(low, Number.MIN_SAFE_INTEGER);
  high = Math.max(low, Math.min(high, Number.MAX_SAFE_INTEGER));
  const edges = fc.constantFrom(low, high, ...(low <= 0 && high >= 0 ? [0, -0] : []));
  const few = fc.integer({ min: low, max: Math.min(high, low + 1000) });
  const all = whole ? fc.integer({ min: low, max: high }) : fc.double({ min: low, max: high, noNaN: true });
  return fc.oneof({ weight: 3, arbitrary: few }, { weight: 3, arbitrary: all }, { weight: 1, arbitrary: edges });
}

/** Just outside what the schema allows. */
function beyond(schema: z.ZodType): fc.Arbitrary<unknown> {
  const definition = definitionOf(schema);
  const { minimum, maximum } = lengthsOf(definition);
  switch (definition.type) {
    case "string":
      return fc.constantFrom<unknown>(
        ...(maximum === undefined ? ["x".repeat(5_000)] : ["x".repeat(maximum + 1), "👓".repeat(maximum / 2 + 1)]),
        ...(minimum ? ["x".repeat(minimum - 1)] : []),
        "0".repeat(31),
        "F".repeat(32),
        "2026-02-30",
        "\0",
      );
    case "number": {
      const limits = (definition.checks ?? [])
        .map((check) => check._zod.def.value)
        .filter((value) => value !== undefined);
      return fc.constantFrom<unknown>(0.5, Number.NaN, 2 ** 53, ...limits.flatMap((limit) => [limit - 1, limit + 1]));
    }
    case "array":
      return fc.constantFrom<unknown>([], new Array((maximum ?? 50) + 1).fill(null), {});
    case "enum":
      return fc.constantFrom<unknown>("ENUM", "", ...Object.values(definition.entries ?? {}).map((one) => `${one} `));
    default:
      return rubbish();
  }
}

/** Replaces references by what `look` finds for them. Numbers become what JSON makes of them: not a number is null. */
export function resolved(value: unknown, look: (table: string, n: number) => string): unknown {
  if (typeof value === "string") {
    const reference = /^@(\w+):(\d+)$/.exec(value);
    return reference ? look(reference[1] as string, Number(reference[2])) : value;
  }
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (Array.isArray(value)) {
    // Deep rubbish is passed on as it is: nothing of it refers to a row.
    return value.length === 1 && typeof value[0] === "object" ? value : value.map((item) => resolved(item, look));
  }
  if (typeof value === "object" && value !== null) {
    if (Object.hasOwn(value, "value") && Object.keys(value).length === 1) return value;
    return fromEntries(Object.entries(value).map(([key, child]) => [key, resolved(child, look)]));
  }
  return value;
}
