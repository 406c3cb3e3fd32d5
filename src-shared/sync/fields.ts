/**
 * Column types of synced entities. Each says once how a value looks in TypeScript, on the wire (JSON), in SQLite and
 * in PostgreSQL, and how it is checked at the edge.
 */
import { z } from "zod";
import { isTimeZone } from "../calendar/index.ts";

/** How a column is stored. `id` and `hlc` are 16 bytes; everything else has its plain SQL type. */
export type ColumnType = "id" | "hlc" | "text" | "int" | "bool" | "json";

/** How a value is shown to people and typed by them: money is money, a power is in dioptres. */
export type FieldForm =
  | { readonly kind: "id" | "yesno" | "date" | "instant" | "money" | "power" | "json" }
  | { readonly kind: "text"; readonly max: number }
  | { readonly kind: "number"; readonly min: number; readonly max: number }
  | { readonly kind: "choice"; readonly values: readonly string[] };

export interface Field<T = unknown> {
  readonly type: ColumnType;
  readonly form: FieldForm;
  readonly schema: z.ZodType<T>;
  /**
   * True only for what `schema` accepts, and many times faster: every row of every group is checked in the engine and
   * again at the centre. False leaves the value to the schema. Absent where only the schema can tell.
   */
  readonly fits?: (value: unknown) => boolean;
  readonly nullable: boolean;
  /** The entity this id points to, for dependency tracking and the centre's existence guard. */
  readonly ref: string | null;
  /** The values of a closed list, as far as this version knows them: a newer one may write others. */
  readonly values?: readonly string[];
  /** What a value that is not in `values` is shown and counted as; the value itself stays what it is. */
  readonly fallback?: string;
  /** A concurrent change of a safety field raises a review task (architecture §3.3). */
  readonly safety: boolean;
}

export type FieldValue<F> = F extends Field<infer T> ? T : never;

/** A row, change, user or device id: 32 lower-case hex digits, a UUID without dashes. */
export type Id = string;

const idPattern = /^[0-9a-f]{32}$/;
const idSchema = z.string().regex(idPattern, "an id is 32 lower-case hex digits");
export const isId = (value: unknown): value is Id => typeof value === "string" && idPattern.test(value);

function make<T>(type: ColumnType, form: FieldForm, schema: z.ZodType<T>, extra: Partial<Field<T>> = {}): Field<T> {
  return { type, form, schema, nullable: false, ref: null, safety: false, ...extra };
}

/** An id that points to a row of `entity`, or a free id when no entity is named. */
export const idField = (entity: string | null = null): Field<Id> =>
  make("id", { kind: "id" }, idSchema, { ref: entity, fits: isId });
/** A byte order mark in front is lost by whoever decodes it as text: PGlite gives such a text back without. */
export const text = (max = 200): Field<string> =>
  make(
    "text",
    { kind: "text", max },
    z
      .string()
      .max(max)
      .regex(/^([^\0\uFEFF][^\0]*)?$/, "text cannot hold a NUL character or begin with a byte order mark"),
    {
      fits: (value) =>
        typeof value === "string" && value.length <= max && !value.includes("\0") && value.charCodeAt(0) !== 0xfeff,
    },
  );
export const int = (
  min = Number.MIN_SAFE_INTEGER,
  max = Number.MAX_SAFE_INTEGER,
  form: FieldForm = { kind: "number", min, max },
): Field<number> =>
  make("int", form, z.int().min(min).max(max), {
    fits: (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
  });
export const bool = (): Field<boolean> =>
  make("bool", { kind: "yesno" }, z.boolean(), { fits: (value) => value === true || value === false });
/** A UTC instant in milliseconds since 1970. */
export const instant = (): Field<number> => int(0, 253402300799999, { kind: "instant" });
/** A calendar date without a zone, `YYYY-MM-DD`. */
export const date = (): Field<string> => make("text", { kind: "date" }, z.iso.date());
/** A time zone by its IANA name, one that this engine knows: every date of a branch is read in it. */
export const timeZone = (): Field<string> =>
  make(
    "text",
    { kind: "text", max: 64 },
    z.string().max(64).refine(isTimeZone, "a time zone like Europe/London is needed"),
  );
/** Money in minor units of the row's (or the practice's) currency. */
export const money = (): Field<number> => int(-1_000_000_000_00, 1_000_000_000_00, { kind: "money" });
/** A power in integer milli-dioptres; limits per quantity are checked by `src-shared/optics`. */
export const power = (): Field<number> => int(-100_000, 100_000, { kind: "power" });
export const oneOf = <const V extends readonly [string, ...string[]]>(...values: V): Field<V[number]> =>
  make("text", { kind: "choice", values }, z.enum(values) as unknown as z.ZodType<V[number]>, {
    fits: (value) => values.includes(value as string),
    values,
  });
/**
 * Says what a value that a newer version added stands for in this one. Every list that a screen or a fold looks
 * something up by has one: devices are updated one after the other, and the older ones get the rows of the newer.
 */
export const unknownAs = <const V extends string>(fallback: NoInfer<V>, field: Field<V>): Field<V> => ({
  ...field,
  fallback,
});
export const json = <T>(schema: z.ZodType<T>): Field<T> => make("json", { kind: "json" }, schema);

export function nullable<T>(field: Field<T>): Field<T | null> {
  return { ...field, schema: field.schema.nullable(), nullable: true };
}
export function safety<T>(field: Field<T>): Field<T> {
  return { ...field, safety: true };
}
