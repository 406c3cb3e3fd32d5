/**
 * What a newer version wrote and this one does not know: columns, entities, values of a closed list. The known part is
 * applied at once; the rest is kept as it came and merged, by the same rules and stamps, once this device is updated.
 */
import type { Entity, StoredRow } from "./entity.ts";
import type { Field } from "./fields.ts";
import type { Body } from "./group.ts";
import type { Hlc } from "./hlc.ts";
import { writeClocks } from "./merge.ts";

type Known = Pick<Entity, "columns" | "foldColumns" | "fields" | "enumerated" | "mergeable">;

/**
 * A body of the log, or a settled row of a page, of which something has to wait. `fields` are those that were not known,
 * none where only a value was not; null when the whole entity was unknown.
 */
export type KeptNewer =
  | { readonly kind: "body"; readonly fields: readonly string[] | null; readonly hlc: Hlc; readonly body: Body }
  | {
      readonly kind: "row";
      readonly fields: readonly string[] | null;
      readonly entity: string;
      readonly row: StoredRow;
    };

/** What sync keeps beside the fields of a row. */
const beside = new Set(["id", "hlc", "clocks", "deleted"]);

/** The fields of a body that the entity does not have. A null that an insert brings is what is there anyway. */
export function unknownFields(entity: Known, body: Body): string[] {
  return Object.keys(body.fields).filter(
    (name) =>
      !Object.hasOwn(entity.fields, name) && !beside.has(name) && !(body.op === "insert" && body.fields[name] === null),
  );
}

/** Whether a closed list has a value that this version does not know: what is folded from it has to be folded again. */
export function hasUnknownValue(entity: Known, values: Readonly<Record<string, unknown>>): boolean {
  return entity.enumerated.some((name) => {
    const value = values[name];
    return typeof value === "string" && !entity.fields[name]?.values?.includes(value);
  });
}

/** The value as this version understands it: itself, or what the field says that unknown ones stand for. */
export function understood<T>(field: Field<T>, value: unknown): T {
  const { values, fallback } = field as Field;
  if (typeof value !== "string" || fallback === undefined || values?.includes(value)) return value as T;
  return fallback as T;
}

/** A settled row as a newer centre sends it, parted into what this version holds and what it has to keep for later. */
export function partRow(
  entity: Known & { readonly name: string },
  whole: StoredRow,
): { row: StoredRow; newer: KeptNewer | null } {
  const row: StoredRow = { id: whole.id, hlc: whole.hlc };
  if (entity.mergeable) row.deleted = whole.deleted === true;
  for (const name of [...entity.columns, ...entity.foldColumns]) row[name] = whole[name] ?? null;
  const clocks = whole.clocks ? (JSON.parse(whole.clocks) as Record<string, Hlc>) : {};
  const known = (name: string) => beside.has(name) || Object.hasOwn(row, name);
  if (entity.mergeable) row.clocks = clocksText(clocks, known);
  const fields = Object.keys(whole).filter((name) => !known(name) && (whole[name] !== null || name in clocks));
  if (fields.length === 0 && !hasUnknownValue(entity, whole)) return { row, newer: null };
  const waits: StoredRow = { id: whole.id, hlc: whole.hlc };
  for (const name of [...fields, ...entity.enumerated]) waits[name] = whole[name] ?? null;
  waits.clocks = clocksText(clocks, (name) => fields.includes(name));
  return { row, newer: { kind: "row", fields, entity: entity.name, row: waits } };
}

function clocksText(clocks: Readonly<Record<string, Hlc>>, which: (name: string) => boolean): string | null {
  return writeClocks(Object.fromEntries(Object.entries(clocks).filter(([name]) => which(name))));
}
