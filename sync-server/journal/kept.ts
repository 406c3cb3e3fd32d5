/**
 * The centre's own tables: what they hold does not follow from the log. The journal keeps their rows, and a statement
 * that writes to one is recognised by its text, so that whoever writes need not think of the journal.
 */

/** Table → its primary key. */
export const keptTables = {
  server_meta: ["key"],
  practice_head: ["practice_id"],
  verdict: ["practice_id", "group_id"],
  device_state: ["practice_id", "device_id", "epoch"],
  centre_key: ["practice_id"],
  authz_snapshot: ["practice_id", "seq"],
  terminal_code: ["practice_id", "branch_id", "code"],
  enrolment_code: ["code_hash"],
  user_credential: ["practice_id", "user_id"],
  api_token: ["practice_id", "id"],
} as const satisfies Record<string, readonly string[]>;
export type KeptTable = keyof typeof keptTables;
export const keptTableNames = Object.keys(keptTables) as KeptTable[];

/** Not the journal's: the log has rows of its own there, and the rest can be made again or lost without harm. */
export const otherTables = ["schema_migration", "change_log", "stock_level", "baked_file", "device_cursor"] as const;

/** What a statement writes, as far as the journal cares. */
export interface Written {
  readonly changed: readonly KeptTable[];
  /** Tables of which rows may be gone. */
  readonly deleted: readonly KeptTable[];
  readonly log: boolean;
  readonly everything: boolean;
}

const nothing: Written = { changed: [], deleted: [], log: false, everything: false };
const known = new Map<string, Written>();
const writing = /\b(insert\s+into|update|delete\s+from|truncate)\s+(?:only\s+)?"?([a-z_]+)"?/gi;

export function writtenBy(text: string): Written {
  let written = known.get(text);
  if (!written) {
    written = read(text);
    // The product's own statements are a few hundred.
    if (known.size > 5000) known.clear();
    known.set(text, written);
  }
  return written;
}

function read(text: string): Written {
  const changed: KeptTable[] = [];
  const deleted: KeptTable[] = [];
  let log = false;
  let everything = false;
  for (const [, verb = "", table = ""] of text.matchAll(writing)) {
    const kind = verb.toLowerCase().replace(/\s+/g, " ");
    if (kind === "truncate") everything = true;
    else if (table === "change_log") log ||= kind === "insert into";
    else if (Object.hasOwn(keptTables, table)) (kind === "delete from" ? deleted : changed).push(table as KeptTable);
  }
  if (changed.length === 0 && deleted.length === 0 && !log && !everything) return nothing;
  return { changed, deleted, log, everything };
}
