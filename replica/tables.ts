/** Which tables of a replica hold what the centre settled, and which belong to the device alone. */
import { allEntities } from "../src-shared/sync/registry.ts";
import type { Sqlite } from "./open.ts";

/** Made from rows of entities, and travelling with them in a file: sums and words to search by. */
const derivedTables = ["stock_level", "patient_token"] as const;
/** What the log said and this version does not understand. */
const unknownTable = "sync_pending_unknown";
/** Made anew where a replica is filled: where it stands, and how unsettled patches lie over settled rows. */
const madeAnew: readonly string[] = ["sync_cursor", "sync_overlay", "sync_base", "bootstrap_page"];

/** Tables whose rows come from the centre, whole in a snapshot; parents stand before their children. */
export const settledTables: readonly string[] = [
  ...allEntities.map(({ name }) => name),
  ...derivedTables,
  unknownTable,
];

/**
 * Tables of the device alone that go along when its replica is exchanged for another: every one that is not known to be
 * something else, so that a later migration's table is not forgotten.
 */
export function deviceTables(db: Sqlite): string[] {
  const all = db.prepare("select name from sqlite_master where type='table' order by name").pluck().all() as string[];
  const others = new Set([...settledTables, ...madeAnew, "sqlite_stat1", "sqlite_stat4"]);
  return all.filter((name) => !others.has(name));
}

/** The columns of a table, quoted, in its order. */
export function columnList(db: Sqlite, table: string): string {
  const names = db.prepare("select name from pragma_table_info(?)").pluck().all(table) as string[];
  return names.map((name) => `"${name}"`).join(",");
}
