/** Writes a backup: every table of the centre as it stood at one moment, read back and checked before it gets its name. */
import { existsSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Database, Queryable } from "../database/database.ts";
import { syncFolder } from "../journal/clean-stop.ts";
import type { Place } from "../journal/journal.ts";
import { readPlace } from "../journal/journalled.ts";
import { unwrapKey } from "../settle/centre-author.ts";
import { BackupUnusable, type Manifest, readBackup, writeBackup } from "./file.ts";

/** Rows that are asked for at a time. */
const perFetch = 2000;

export interface BackedUp {
  readonly manifest: Manifest;
  /** How far the journal is covered; null on PostgreSQL. */
  readonly place: Place | null;
}

/**
 * Writes the backup to `path`, which must not exist yet. One repeatable-read transaction: on PostgreSQL nobody waits for
 * it; PGlite has one connection, so pushes wait until it is done.
 */
export async function backUp(db: Database, secret: string, path: string, now: number): Promise<BackedUp> {
  if (existsSync(path))
    throw new BackupUnusable(`There is a file ${path} already. Nothing was written; choose another name.`);
  const part = `${path}.part`;
  const file = await open(part, "w", 0o600);
  try {
    const written = await db.transaction(async (tx) => {
      await tx.query("set transaction isolation level repeatable read, read only");
      await fitsSecret(tx, secret);
      const [schema] = await tx.query<{ number: number }>("select max(number) as number from schema_migration");
      const writer = await writeBackup(file, secret, { schema: schema?.number ?? 0, madeAt: now, kind: db.kind });
      const place = await readPlace(tx);
      for (const table of await tablesOf(tx)) {
        await writer.table(table);
        await tx.query(`declare backup_rows no scroll cursor for select row_to_json(t)::text as row from "${table}" t`);
        for (;;) {
          const rows = await tx.query<{ row: string }>(`fetch ${perFetch} from backup_rows`);
          for (const { row } of rows) await writer.row(row);
          if (rows.length < perFetch) break;
        }
        await tx.query("close backup_rows");
      }
      return { manifest: await writer.end(), place };
    });
    await file.close();
    await checkBackup(part, secret);
    renameSync(part, path);
    syncFolder(dirname(path));
    return written;
  } catch (error) {
    await file.close().catch(() => {});
    rmSync(part, { force: true });
    throw error;
  }
}

/** Reads a backup from end to end; throws `BackupUnusable` unless all of it is there, to the bit. */
export async function checkBackup(path: string, secret: string): Promise<Manifest> {
  const rows = readBackup(path, secret);
  for (;;) {
    const step = await rows.next();
    if (step.done) return step.value;
  }
}

export async function tablesOf(tx: Queryable): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname=current_schema() order by tablename",
  );
  return rows.map(({ name }) => name);
}

/** A backup under a secret that does not open the practices' keys could never be put to use again. */
async function fitsSecret(tx: Queryable, secret: string): Promise<void> {
  const [row] = await tx.query<{ private_key: string }>("select private_key from centre_key limit 1");
  if (!row) return;
  try {
    unwrapKey(secret, row.private_key);
  } catch {
    throw new BackupUnusable(
      "This is not the secret of this database. Nothing was written. Use the server's own: HOROPTER_SECRET, or the file " +
        "server-secret in its data folder.",
    );
  }
}
