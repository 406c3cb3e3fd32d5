/** What a table of the registry has to look like, in words that every database can be asked for. */
import type { ColumnType } from "../src-shared/sync/fields.ts";
import type { AnyEntity } from "../src-shared/sync/registry.ts";
import type { Target } from "./schema.ts";

export interface ColumnShape {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

const sqlTypes: Record<Target, Record<ColumnType, string>> = {
  sqlite: { id: "blob", hlc: "blob", text: "text", int: "integer", bool: "integer", json: "text" },
  postgres: { id: "uuid", hlc: "bytea", text: "text", int: "bigint", bool: "boolean", json: "text" },
};

/** The columns of an entity's table by name, as the registry has them. */
export function expectedColumns(entity: AnyEntity, target: Target): ColumnShape[] {
  const types = sqlTypes[target];
  const column = (name: string, type: ColumnType, nullable = false): ColumnShape => ({
    name,
    type: types[type],
    nullable,
  });
  return sorted([
    ...(target === "postgres" ? [column("practice_id", "id")] : []),
    column("id", "id"),
    column("hlc", "hlc"),
    ...(entity.mergeable ? [column("clocks", "json", true), column("deleted", "bool")] : []),
    ...Object.entries(entity.fields).map(([name, field]) => column(name, field.type, field.nullable)),
    ...Object.entries(entity.fold?.columns ?? {}).map(([name, field]) => column(name, field.type, field.nullable)),
  ]);
}

export function sorted(columns: readonly ColumnShape[]): ColumnShape[] {
  return [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a column of this name holds an id: the query layer converts by name (ADR 0001). */
export function isIdName(name: string): boolean {
  return name === "id" || name.endsWith("_id");
}
