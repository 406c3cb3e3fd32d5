/** Puts a backup into an empty database: all of it, in one transaction, or nothing. */

import { schemaVersion } from "../../migrations/index.ts";
import type { Database, Queryable } from "../database/database.ts";
import { migrateTo, SchemaFromTheFuture } from "../database/migrate.ts";
import { tablesOf } from "./dump.ts";
import { BackupUnusable, type Manifest, readBackup, readHead } from "./file.ts";

/** Refuses what this version cannot restore, before anything is opened. */
export async function refuseNewer(path: string): Promise<void> {
  const { head } = await readHead(path);
  if (head.schema > schemaVersion) {
    throw new SchemaFromTheFuture(
      `The backup ${path} was made by a newer sync server (schema ${head.schema}, this one knows ${schemaVersion}). ` +
        "Nothing was changed. Restore it with that version, or a newer one.",
    );
  }
}

/**
 * Fills the database from a backup and brings its schema forward. The next start of a server takes a new epoch, so that
 * every device compares and offers again what the backup does not have.
 */
export async function load(db: Database, path: string, secret: string): Promise<Manifest> {
  const { head } = await readHead(path);
  return db.transaction(async (tx) => {
    if ((await tablesOf(tx)).length > 0) {
      throw new BackupUnusable(
        "This database is not empty. Nothing was changed. Restore into an empty database, or another data folder.",
      );
    }
    await migrateTo(tx, head.schema);
    await tx.query("select set_config('horopter.record_gate', 'open', true)");
    const tables = new Set(await tablesOf(tx));
    const rows = readBackup(path, secret);
    let manifest: Manifest;
    for (;;) {
      const step = await rows.next();
      if (step.done) {
        manifest = step.value;
        break;
      }
      if (!tables.has(step.value.table)) throw new BackupUnusable(`This version has no table ${step.value.table}.`);
      // The schema's own record was written by the migration.
      if (step.value.table !== "schema_migration") await insert(tx, step.value.table, step.value.rows);
    }
    await countRestore(tx);
    await migrateTo(tx, schemaVersion);
    return manifest;
  });
}

async function insert(tx: Queryable, table: string, rows: readonly string[]): Promise<void> {
  await tx.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`, [
    `[${rows.join(",")}]`,
  ]);
}

/** Forgets the epoch, and that terminal codes were given which nobody here knows of. */
export async function countRestore(tx: Queryable): Promise<void> {
  await tx.query("delete from server_meta where key in ('epoch', 'setup_code')");
  await tx.query(
    `insert into server_meta (key, value) values ('restores', '1')
     on conflict (key) do update set value = (server_meta.value::int8 + 1)::text`,
  );
}
