/** Asks PostgreSQL or PGlite what tables it has. */
import { type ColumnShape, sorted } from "./describe.ts";

interface Asked {
  query<T>(text: string): Promise<T[]>;
}

export interface CentreTables {
  readonly tables: ReadonlyMap<string, ColumnShape[]>;
  /** Columns of each primary key, in its order. */
  readonly keys: ReadonlyMap<string, string[]>;
}

export async function centreTables(db: Asked): Promise<CentreTables> {
  const columns = await db.query<{ table_name: string; column_name: string; data_type: string; is_nullable: string }>(
    "select table_name, column_name, data_type, is_nullable from information_schema.columns where table_schema='public'",
  );
  const byTable = Map.groupBy(columns, ({ table_name }) => table_name);
  const keyColumns = await db.query<{ table_name: string; column_name: string }>(
    `select k.table_name, k.column_name from information_schema.key_column_usage k
     join information_schema.table_constraints c using (constraint_schema, constraint_name)
     where c.constraint_type='PRIMARY KEY' and k.table_schema='public' order by k.table_name, k.ordinal_position`,
  );
  return {
    tables: new Map(
      [...byTable].map(([name, rows]) => [
        name,
        sorted(
          rows.map((row) => ({ name: row.column_name, type: row.data_type, nullable: row.is_nullable === "YES" })),
        ),
      ]),
    ),
    keys: new Map(
      [...Map.groupBy(keyColumns, ({ table_name }) => table_name)].map(([name, rows]) => [
        name,
        rows.map((row) => row.column_name),
      ]),
    ),
  };
}
