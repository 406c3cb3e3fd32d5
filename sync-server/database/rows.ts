/** Rows of registered entities in the centre's database: reading them, and writing many of them set-based. */

import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { Field, Id } from "../../src-shared/sync/fields.ts";
import type { AnyEntity } from "../../src-shared/sync/registry.ts";
import { arrayLiteral, joinedJson, jsonTexts, type Queryable } from "./database.ts";

const pgTypes: Record<Field["type"], string> = {
  id: "uuid",
  hlc: "text",
  text: "text",
  int: "int8",
  bool: "bool",
  json: "text",
};

interface Column {
  readonly name: string;
  readonly type: Field["type"];
  readonly nullable: boolean;
}
const columnsByEntity = new Map<string, readonly Column[]>();

/** Every stored column but the practice, in one fixed order. */
export function centreColumns(entity: AnyEntity): readonly Column[] {
  const known = columnsByEntity.get(entity.name);
  if (known) return known;
  const columns: Column[] = [
    { name: "id", type: "id", nullable: false },
    { name: "hlc", type: "hlc", nullable: false },
  ];
  if (entity.mergeable)
    columns.push({ name: "clocks", type: "text", nullable: true }, { name: "deleted", type: "bool", nullable: false });
  for (const name of entity.columns) columns.push(columnOf(name, entity.fields[name] as Field));
  for (const name of entity.foldColumns) columns.push(columnOf(name, entity.fold?.columns[name] as Field));
  columnsByEntity.set(entity.name, columns);
  return columns;
}

/**
 * The columns of an entity for a `select`, each by its name: a server of the next version may add columns while this one
 * is at work, and PostgreSQL ends a prepared `select *` for good when its columns change.
 */
export function columnList(entity: AnyEntity): string {
  return centreColumns(entity)
    .map(({ name }) => `"${name}"`)
    .join(",");
}

function columnOf(name: string, { type, nullable }: Field): Column {
  return { name, type, nullable };
}

export function rowFromCentre(entity: AnyEntity, raw: Record<string, unknown>): StoredRow {
  const row: StoredRow = { id: raw.id as Id, hlc: raw.hlc as string };
  for (const { name, type } of centreColumns(entity)) {
    const value = raw[name];
    row[name] = type === "json" && value !== null ? JSON.parse(value as string) : value;
  }
  return row;
}

/**
 * One look-up in the index per value. `= any(…)` reads the same rows, but where a table has grown since its statistics
 * were made the planner walks all of it. `fence` keeps the inner query from being merged back into a join.
 */
function lookUp(entity: AnyEntity, column: string, fence: string): string {
  return `select t.* from (select distinct unnest(($2::text)::uuid[]) as id) u cross join lateral (
    select ${columnList(entity)} from "${entity.name}" where practice_id=$1 and "${column}" = u.id ${fence}) t`;
}

export async function readRows(
  tx: Queryable,
  entity: AnyEntity,
  practice: Id,
  ids: readonly Id[],
): Promise<StoredRow[]> {
  if (ids.length === 0) return [];
  const raws = await tx.query(lookUp(entity, "id", "limit 1"), [practice, arrayLiteral(ids)]);
  return raws.map((raw) => rowFromCentre(entity, raw));
}

export async function readChildren(
  tx: Queryable,
  entity: AnyEntity,
  column: string,
  practice: Id,
  parents: readonly Id[],
): Promise<StoredRow[]> {
  if (parents.length === 0) return [];
  const raws = await tx.query(lookUp(entity, column, "offset 0"), [practice, arrayLiteral(parents)]);
  return raws.map((raw) => rowFromCentre(entity, raw));
}

const insertTexts = new Map<string, string>();
const updateTexts = new Map<string, string>();

function source(columns: readonly Column[]): string {
  const arrays = columns.map(({ type }, index) =>
    type === "json" ? jsonTexts(`$${index + 2}`) : `($${index + 2}::text)::${pgTypes[type]}[]`,
  );
  return `unnest(${arrays.join(",")}) as u(${columns.map(({ name }) => `"${name}"`).join(",")})`;
}
const value = ({ name, type }: Column) => (type === "hlc" ? `decode(u."${name}",'hex')` : `u."${name}"`);

function parameters(columns: readonly Column[], rows: readonly StoredRow[]): string[] {
  return columns.map(({ name, type, nullable }) => {
    if (type !== "json") return arrayLiteral(rows.map((row) => row[name]));
    // A JSON column that allows no NULL can still hold JSON's own null.
    const none = nullable ? null : "null";
    return joinedJson(rows.map((row) => (row[name] == null ? none : JSON.stringify(row[name]))));
  });
}

export async function insertRows(
  tx: Queryable,
  entity: AnyEntity,
  practice: Id,
  rows: readonly StoredRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = centreColumns(entity);
  let text = insertTexts.get(entity.name);
  if (!text) {
    text = `insert into "${entity.name}" (practice_id,${columns.map(({ name }) => `"${name}"`).join(",")})
      select $1::uuid, ${columns.map(value).join(",")} from ${source(columns)}`;
    insertTexts.set(entity.name, text);
  }
  await tx.query(text, [practice, ...parameters(columns, rows)]);
}

export async function updateRows(
  tx: Queryable,
  entity: AnyEntity,
  practice: Id,
  rows: readonly StoredRow[],
): Promise<void> {
  if (rows.length === 0) return;
  // A fact's own fields never change: only its folded columns are written.
  const all = centreColumns(entity);
  const columns = entity.mergeable ? all : all.filter(({ name }) => name === "id" || entity.foldColumns.includes(name));
  let text = updateTexts.get(entity.name);
  if (!text) {
    const set = columns.filter(({ name }) => name !== "id").map((column) => `"${column.name}"=${value(column)}`);
    text = `update "${entity.name}" t set ${set.join(",")} from ${source(columns)} where t.practice_id=$1 and t.id=u.id`;
    updateTexts.set(entity.name, text);
  }
  await tx.query(text, [practice, ...parameters(columns, rows)]);
}
