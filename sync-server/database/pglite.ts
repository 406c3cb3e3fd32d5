import { PGlite } from "@electric-sql/pglite";
import { type Database, type Queryable, typeParsers } from "./database.ts";

/** Embedded PostgreSQL in a folder, or in memory without one. The caller holds the folder's lock: PGlite has none. */
export async function openPglite(folder: string | null): Promise<Database> {
  const db = await PGlite.create({ ...(folder ? { dataDir: folder } : {}), parsers: typeParsers as never });
  // PGlite describes bytea as hex text only when asked.
  await db.exec("set bytea_output = 'hex'");
  const on = (client: Pick<PGlite, "query">): Queryable => ({
    async query<T>(text: string, parameters: readonly unknown[] = []) {
      const result = await client.query<T>(text, parameters as unknown[]);
      return result.rows;
    },
  });
  return {
    kind: "pglite",
    reads: 1,
    ...on(db),
    transaction: <T>(work: (tx: Queryable) => Promise<T>) =>
      db.transaction((tx) => work(on(tx as unknown as PGlite))) as Promise<T>,
    async exec(sql) {
      await db.exec(sql);
    },
    // One process owns the folder, so there is no other instance to tell.
    async notify() {},
    async listen() {
      return async () => {};
    },
    async close() {
      await db.close();
    },
  };
}
