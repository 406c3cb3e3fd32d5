/** How values of the registry's column types go into SQLite and come back. */

import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Field } from "../src-shared/sync/fields.ts";
import type { AnyEntity } from "../src-shared/sync/registry.ts";

export type SqlValue = Buffer | string | number | bigint | null;

export function toSql(field: Field, value: unknown): SqlValue {
  if (value === null || value === undefined) {
    // A JSON column that allows no NULL can still hold JSON's own null.
    return field.type === "json" && !field.nullable ? "null" : null;
  }
  switch (field.type) {
    case "id":
    case "hlc":
      return Buffer.from(value as string, "hex");
    case "bool":
      return value ? 1 : 0;
    case "json":
      return JSON.stringify(value);
    case "int":
    case "text":
      return value as string | number;
  }
}

export function fromSql(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (field.type) {
    case "id":
    case "hlc":
      return (value as Buffer).toString("hex");
    case "bool":
      return value !== 0;
    case "json":
      return JSON.parse(value as string);
    case "int":
    case "text":
      return value;
  }
}

/** The whole row of an entity from a result of `select *`. */
export function rowFromSql(entity: AnyEntity, raw: Record<string, unknown>): StoredRow {
  const row: StoredRow = { id: (raw.id as Buffer).toString("hex"), hlc: (raw.hlc as Buffer).toString("hex") };
  for (const name of entity.columns) row[name] = fromSql(entity.fields[name] as Field, raw[name]);
  if (entity.fold) {
    for (const name of entity.foldColumns) row[name] = fromSql(entity.fold.columns[name] as Field, raw[name]);
  }
  if (entity.mergeable) {
    row.deleted = raw.deleted !== 0;
    row.clocks = (raw.clocks as string | null) ?? null;
  }
  return row;
}

/** The same from the bare values of `storedColumns`, which SQLite hands over faster than named ones. */
export function rowFromValues(entity: AnyEntity, values: readonly unknown[]): StoredRow {
  const row: StoredRow = { id: (values[0] as Buffer).toString("hex"), hlc: (values[1] as Buffer).toString("hex") };
  let at = entity.mergeable ? 4 : 2;
  for (const name of entity.columns) row[name] = fromSql(entity.fields[name] as Field, values[at++]);
  if (entity.fold) {
    for (const name of entity.foldColumns) row[name] = fromSql(entity.fold.columns[name] as Field, values[at++]);
  }
  if (entity.mergeable) {
    row.clocks = (values[2] as string | null) ?? null;
    row.deleted = values[3] !== 0;
  }
  return row;
}

/** Every stored column of an entity, in the order of its insert statement. */
export function storedColumns(entity: AnyEntity): string[] {
  return ["id", "hlc", ...(entity.mergeable ? ["clocks", "deleted"] : []), ...entity.columns, ...entity.foldColumns];
}

export function rowToSql(entity: AnyEntity, row: StoredRow): SqlValue[] {
  const values: SqlValue[] = [Buffer.from(row.id, "hex"), Buffer.from(row.hlc, "hex")];
  if (entity.mergeable) values.push(row.clocks ?? null, row.deleted ? 1 : 0);
  for (const name of entity.columns) values.push(toSql(entity.fields[name] as Field, row[name]));
  if (entity.fold) {
    for (const name of entity.foldColumns) values.push(toSql(entity.fold.columns[name] as Field, row[name]));
  }
  return values;
}
