/** A centre's database with its journal: whatever commits stands in the journal before anybody is told. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Database, Queryable } from "../database/database.ts";
import type { Journal, JournalEntry, JournalLogRow, KeptRow, Place } from "./journal.ts";
import { type KeptTable, keptTableNames, keptTables, type Written, writtenBy } from "./kept.ts";

export const placeKey = "journal";

/**
 * Wraps a database that one process owns. Transactions run one after the other, as they do on PGlite anyway, and each
 * ends with its entry in the journal: one append for a push, however many groups it brought. When the journal cannot
 * be written (a full disk), the transaction is reported as failed although the folder has it; nobody was told, the same
 * push is found there when it comes again, and the next entry brings along what is missing.
 */
export function journalled(db: Database, journal: Journal, epoch: string): Database {
  let last: Promise<unknown> = Promise.resolve();
  let behind = false;

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  }

  const transaction = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
    inTurn(async () => {
      let entry: JournalEntry | null = null;
      const result = await db.transaction(async (tx) => {
        const touched = newTouched();
        const answer = await work(watched(tx, touched));
        if (behind) touched.everything();
        entry = touched.isEmpty() ? null : await capture(tx, touched, journal);
        if (entry) await savePlace(tx, { epoch, entry: journal.last() + 1 });
        return answer;
      });
      if (!entry) return result;
      try {
        journal.append(entry);
        behind = false;
      } catch (error) {
        behind = true;
        throw error;
      }
      return result;
    });

  return {
    ...db,
    transaction,
    query: <T>(text: string, parameters?: readonly unknown[]) =>
      isEmpty(writtenBy(text)) ? db.query<T>(text, parameters) : transaction((tx) => tx.query<T>(text, parameters)),
  };
}

const isEmpty = (written: Written) =>
  written.changed.length === 0 && written.deleted.length === 0 && !written.log && !written.everything;

interface Touched {
  add(written: Written): void;
  everything(): void;
  isEmpty(): boolean;
  readonly changed: Set<KeptTable>;
  readonly whole: Set<KeptTable>;
  log: boolean;
  anew: boolean;
}
function newTouched(): Touched {
  const touched: Touched = {
    changed: new Set(),
    whole: new Set(),
    log: false,
    anew: false,
    add(written) {
      for (const table of written.changed) touched.changed.add(table);
      for (const table of written.deleted) touched.whole.add(table);
      touched.log ||= written.log;
      touched.anew ||= written.everything;
      if (written.everything) touched.everything();
    },
    everything() {
      for (const table of keptTableNames) touched.whole.add(table);
      touched.log = true;
    },
    isEmpty: () => touched.changed.size === 0 && touched.whole.size === 0 && !touched.log,
  };
  return touched;
}

function watched(tx: Queryable, touched: Touched): Queryable {
  return {
    query(text, parameters) {
      touched.add(writtenBy(text));
      return tx.query(text, parameters);
    },
  };
}

/** Everything that the folder has and the journal may not. */
export function captureAll(tx: Queryable, journal: Journal): Promise<JournalEntry> {
  const touched = newTouched();
  touched.everything();
  return capture(tx, touched, journal);
}

/** Reads back what this transaction wrote, as the database has it. */
async function capture(tx: Queryable, touched: Touched, journal: Journal): Promise<JournalEntry> {
  const rows: KeptRow[] = [];
  const heads: { practice: Id; seq: number }[] = [];
  for (const table of keptTableNames) {
    const whole = touched.whole.has(table);
    if (!whole && !touched.changed.has(table)) continue;
    const found = await rowsOf(tx, table, whole);
    rows.push(...found);
    if (table !== "practice_head") continue;
    for (const { row } of found) {
      const head = JSON.parse(row as string) as { practice_id: string; seq: number };
      heads.push({ practice: head.practice_id.replaceAll("-", ""), seq: head.seq });
    }
  }
  const log: JournalLogRow[] = [];
  if (touched.log) {
    for (const { practice } of heads) {
      log.push(...(await logAfter(tx, practice, touched.anew ? 0 : journal.headOf(practice))));
    }
  }
  return { log, rows, whole: [...touched.whole], anew: touched.anew };
}

/** Rows of a table that this transaction wrote, or all of them. */
async function rowsOf(tx: Queryable, table: KeptTable, whole: boolean): Promise<KeptRow[]> {
  const key = keptTables[table].map((column) => `t."${column}"`).join(",");
  const which = whole ? "true" : "t.xmin = pg_current_xact_id()::xid";
  // Where the folder stands is written by the journal itself.
  const own = table === "server_meta" ? `and t.key <> '${placeKey}'` : "";
  const found = await tx.query<{ key: string; row: string }>(
    `select jsonb_build_array(${key})::text as key, row_to_json(t)::text as row from "${table}" t where ${which} ${own}`,
  );
  return found.map(({ key: values, row }) => ({ table, key: values, row }));
}

async function logAfter(tx: Queryable, practice: Id, seq: number): Promise<JournalLogRow[]> {
  const rows = await tx.query<Omit<JournalLogRow, "practice">>(
    `select seq, group_id as "group", device_id as device, device_epoch as epoch, device_seq as "deviceSeq", mask, header,
       sig, bodies, clock_suspect as "clockSuspect", authz_late as "authzLate", received_at as "receivedAt"
     from change_log where practice_id=$1 and seq > $2 order by seq`,
    [practice, seq],
  );
  return rows.map((row) => ({ ...row, practice }));
}

/** Where the folder stands, as it says itself. */
export async function readPlace(db: Queryable): Promise<Place | null> {
  const [row] = await db.query<{ value: string }>("select value from server_meta where key=$1", [placeKey]);
  if (!row) return null;
  const [epoch = "", entry = ""] = row.value.split(":");
  return { epoch, entry: Number(entry) };
}

export async function savePlace(tx: Queryable, { epoch, entry }: Place): Promise<void> {
  await tx.query(
    "insert into server_meta (key, value) values ($1, $2) on conflict (key) do update set value=excluded.value",
    [placeKey, `${epoch}:${entry}`],
  );
}
