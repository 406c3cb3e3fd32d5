/**
 * What this PC still has to write of an import, kept in its encrypted replica: a part leaves in the transaction that
 * writes it, so a power cut leaves neither half a part nor one twice. One at a time on a PC.
 */
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { bytes, type Reader } from "../../read/database.ts";
import type { PlannedRow } from "./plan.ts";

export interface Work {
  readonly is: "bring" | "undo";
  readonly run: Id;
  readonly name: string;
  readonly user: Id;
  readonly role: Id | null;
  /** Rows in all. */
  readonly total: number;
}

/** Something that runs SQL: a command's transaction, or the reader. */
type Sql = Pick<Reader, "sql">;
type Keeping = Sql & { readonly now: number; readonly user: Id | null };

const head = "kind='import'";
const parts = "kind='import-part'";

export function workOf(at: Sql): Work | null {
  const [row] = at.sql<{ body: string }>(`select body from local_draft where ${head} limit 1`);
  return row ? (JSON.parse(row.body) as Work) : null;
}

export function keepWork(tx: Keeping, work: Work, rows: readonly (readonly PlannedRow[])[]): void {
  const keep = (kind: string, key: string, body: unknown) =>
    tx.sql(
      "insert into local_draft (kind, key, user_id, body, at) values (?,?,?,?,?) returning key",
      kind,
      key,
      bytes(work.user),
      JSON.stringify(body),
      tx.now,
    );
  keep("import", work.run, work);
  rows.forEach((part, index) => {
    keep("import-part", `${String(index).padStart(7, "0")}:${part.length}`, part);
  });
}

export function nextPart(at: Sql): { key: string; rows: PlannedRow[] } | null {
  const [row] = at.sql<{ key: string; body: string }>(
    `select key, body from local_draft where ${parts} order by key limit 1`,
  );
  return row ? { key: row.key, rows: JSON.parse(row.body) as PlannedRow[] } : null;
}
export function removePart(tx: Sql, key: string): void {
  tx.sql(`delete from local_draft where ${parts} and key=? returning key`, key);
}
export function partsLeft(at: Sql): number {
  return at.sql<{ n: number }>(`select count(*) as n from local_draft where ${parts}`)[0]?.n ?? 0;
}
/** Rows that are not written yet: each part's key says how many it holds. */
export function rowsLeft(at: Sql): number {
  const [row] = at.sql<{ n: number | null }>(
    `select sum(cast(substr(key, 9) as integer)) as n from local_draft where ${parts}`,
  );
  return row?.n ?? 0;
}
export function removeWork(tx: Sql): void {
  tx.sql(`delete from local_draft where ${head} or ${parts} returning key`);
}
