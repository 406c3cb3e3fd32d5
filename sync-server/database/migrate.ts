import { migrations, schemaVersion, statementsOf } from "../../migrations/index.ts";
import type { Database, Queryable } from "./database.ts";

export class SchemaFromTheFuture extends Error {}

/**
 * Brings the centre's schema forward, all steps in one transaction behind an advisory lock, so that two instances
 * that start at once do not both try. PostgreSQL's DDL is transactional; nothing half-done can be left.
 */
export async function migrateCentre(db: Database): Promise<void> {
  await db.transaction((tx) => migrateTo(tx, schemaVersion));
}

/** The same inside the caller's transaction, up to a schema that this version knows. */
export async function migrateTo(tx: Queryable, schema: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(727461)");
  await tx.query("create table if not exists schema_migration (number bigint primary key, name text not null)");
  const newest = await schemaOf(tx);
  if (newest > schemaVersion) {
    throw new SchemaFromTheFuture(
      `This database was written by a newer sync server (schema ${newest}, this one knows ${schemaVersion}). ` +
        "Nothing was changed. Start the newer server.",
    );
  }
  for (const migration of migrations) {
    if (migration.number <= newest || migration.number > schema) continue;
    for (const statement of statementsOf(migration, "postgres")) await tx.query(statement);
    await tx.query("insert into schema_migration (number, name) values ($1, $2)", [migration.number, migration.name]);
  }
}

/** Whether a newer server has started on the database since: it holds more than this one knows. */
export async function isOutrun(db: Queryable): Promise<boolean> {
  return (await schemaOf(db)) > schemaVersion;
}

async function schemaOf(db: Queryable): Promise<number> {
  const [row] = await db.query<{ newest: number | null }>("select max(number) as newest from schema_migration");
  return row?.newest ?? 0;
}
