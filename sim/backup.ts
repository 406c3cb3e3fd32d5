/** The centre's state of one practice, copied and put back: a restore from an older backup. */
import type { Database, Queryable } from "../sync-server/database/database.ts";

/** Every table that holds rows of practices, as the database itself lists them. */
async function practiceTables(tx: Queryable): Promise<string[]> {
  const rows = await tx.query<{ table_name: string }>(
    "select table_name from information_schema.columns where column_name='practice_id' and table_schema='public' order by table_name",
  );
  return rows.map((row) => row.table_name);
}

export type PracticeBackup = Map<string, string>;

export async function backupPractice(db: Database, practice: string): Promise<PracticeBackup> {
  return db.transaction(async (tx) => {
    const backup: PracticeBackup = new Map();
    for (const table of await practiceTables(tx)) {
      const [row] = await tx.query<{ rows: string | null }>(
        `select json_agg(t)::text as rows from "${table}" t where practice_id=$1`,
        [practice],
      );
      backup.set(table, row?.rows ?? "[]");
    }
    return backup;
  });
}

export async function restorePractice(db: Database, practice: string, backup: PracticeBackup): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("select set_config('horopter.record_gate', 'open', true)");
    // A table that came with an upgrade since is not in the backup: it is empty again.
    for (const table of await practiceTables(tx)) {
      const rows = backup.get(table) ?? "[]";
      await tx.query(`delete from "${table}" where practice_id=$1`, [practice]);
      await tx.query(`insert into "${table}" select * from json_populate_recordset(null::"${table}", $1::json)`, [
        rows,
      ]);
    }
  });
}
