/** What reads a whole replica, and therefore runs beside the engine in a thread of its own. */
import { openReplica, type Sqlite } from "../../../replica/open.ts";
import { opensSomePage } from "./pages.ts";
import { type Salvaged, salvage } from "./salvage.ts";

export interface Verdict {
  /** What SQLite's own check says, `ok` when it finds nothing. */
  readonly check: string;
  /** The device it belongs to; null when that does not stand in it. */
  readonly device: string | null;
  readonly schema: number;
  readonly patients: number;
  /** Groups that had not reached the centre. */
  readonly waiting: number;
}

/** The tasks by name, as the thread runs them; each opens the file for itself and closes it. */
export const tasks = {
  /** Writes an encrypted copy of the replica to `to`, as of one moment; those who write are not held up. */
  backUp({ path, key, to }: { path: string; key: Uint8Array; to: string }): void {
    using(path, key, (db) => db.prepare("vacuum into ?").run(to));
  },
  /** Opens a replica or a backup of one, reads every page, and counts. */
  examine({ path, key }: { path: string; key: Uint8Array }): Verdict {
    return using(path, key, (db) => {
      const one = (sql: string) => db.prepare(sql).pluck().get();
      const identity = one("select value from sync_meta where key='identity'") as string | undefined;
      return {
        check: String(db.pragma("quick_check(1)", { simple: true })),
        device: identity ? ((JSON.parse(identity) as { device?: string }).device ?? null) : null,
        schema: db.pragma("user_version", { simple: true }) as number,
        patients: one("select count(*) from patient") as number,
        waiting: one("select count(*) from sync_outbox where state in ('pending','review')") as number,
      };
    });
  },
  opensSomePage: ({ path, key, workFolder }: { path: string; key: Uint8Array; workFolder: string }): boolean =>
    opensSomePage(path, key, workFolder),
  salvage: ({ path, key, workFolder }: { path: string; key: Uint8Array; workFolder: string }): Salvaged =>
    salvage(path, key, workFolder),
} as const;

function using<T>(path: string, key: Uint8Array, work: (db: Sqlite) => T): T {
  const db = openReplica({ path, key, readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
