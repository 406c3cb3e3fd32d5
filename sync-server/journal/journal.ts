/**
 * The journal of a centre on PGlite (architecture §1): PGlite does not sync what it writes to the disk, so whatever a
 * device is told has to stand in this file first. SQLite with WAL and `synchronous=FULL`, encrypted under a key that is
 * derived from the server's secret. It holds the rows of the log as they are, and the newest form of every row of the
 * centre's own tables (`kept.ts`); people's rows follow from the log.
 *
 * Every commit of the centre is one *entry*, numbered without a gap. The folder keeps the number of its newest entry in
 * the same transaction, together with the epoch in which it was written, so that at a start both can be held against
 * each other: a folder that stands further back is brought forward, and a journal of another history is recognised.
 */
import { hkdfSync } from "node:crypto";
import { openReplica, ReplicaError, type Sqlite } from "../../replica/open.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { LogRow } from "../settle/log.ts";
import type { KeptTable } from "./kept.ts";

/** A row of the log as the journal has it; whether it touches devices is asked of its bodies when it matters. */
export type JournalLogRow = Omit<LogRow, "devices"> & { readonly practice: Id };

/** A row of one of the centre's own tables as PostgreSQL writes it in JSON; null once it is deleted. */
export interface KeptRow {
  readonly table: KeptTable;
  /** The values of its key, as a JSON array. */
  readonly key: string;
  readonly row: string | null;
}

export interface JournalEntry {
  readonly log: readonly JournalLogRow[];
  readonly rows: readonly KeptRow[];
  /** Tables of which `rows` has every row there is: what else the journal knows of them is deleted. */
  readonly whole: readonly KeptTable[];
  /** Everything was thrown away and begun anew: only a demo does that. */
  readonly anew: boolean;
}

/** Where a folder or the journal stands: the newest entry, and the epoch in which it was written. */
export interface Place {
  readonly epoch: string;
  readonly entry: number;
}

export class JournalKeyWrong extends Error {}

/** Rows of the log older than this may go, once a backup holds them. */
const keepFor = 30 * 86_400_000;

const schema = `
  create table if not exists journal_epoch (id text primary key, first integer not null, last integer) without rowid;
  create table if not exists journal_log (
    practice text not null, seq integer not null, entry integer not null, group_id text not null, device text not null,
    epoch integer not null, device_seq integer not null, mask integer not null, header text not null, sig text not null,
    bodies text not null, clock_suspect integer not null, authz_late integer not null, received_at integer not null,
    primary key (practice, seq));
  create index if not exists journal_log_entry on journal_log (entry);
  create table if not exists journal_row (
    table_name text not null, key text not null, entry integer not null, row text, primary key (table_name, key));
  create index if not exists journal_row_entry on journal_row (entry);
  create table if not exists journal_head (practice text primary key, seq integer not null) without rowid;
  create table if not exists journal_mark (name text primary key, value integer not null) without rowid;
`;

export type Journal = ReturnType<typeof openJournal>;

/** Opens the journal, or makes it. Throws `JournalKeyWrong` when it was written under another secret. */
export function openJournal(path: string, secret: string) {
  const db = open(path, secret);
  db.exec(schema);
  const sql = {
    epochs: db.prepare("select id, first, last from journal_epoch order by first, coalesce(last, first + 1e15)"),
    closeEpochs: db.prepare("update journal_epoch set last=? where last is null"),
    openEpoch: db.prepare("insert into journal_epoch (id, first, last) values (?,?,null)"),
    addLog: db.prepare(
      `insert into journal_log (practice, seq, entry, group_id, device, epoch, device_seq, mask, header, sig, bodies,
         clock_suspect, authz_late, received_at) values (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    ),
    setHead: db.prepare("insert or replace into journal_head (practice, seq) values (?,?)"),
    head: db.prepare("select seq from journal_head where practice=?").pluck(),
    setRow: db.prepare("insert or replace into journal_row (table_name, key, entry, row) values (?,?,?,?)"),
    keys: db.prepare("select key from journal_row where table_name=? and row is not null").pluck(),
    mark: db.prepare("select value from journal_mark where name=?").pluck(),
    setMark: db.prepare("insert or replace into journal_mark (name, value) values (?,?)"),
    logAfter: db.prepare("select * from journal_log where entry > ? order by practice, seq"),
    rowsAfter: db.prepare("select table_name, key, row from journal_row where entry > ? order by table_name, key"),
  };
  const mark = (name: string) => (sql.mark.get(name) as number | undefined) ?? 0;
  /** The number of the newest entry; 0 before the first. */
  let last = mark("last");

  function write(entry: JournalEntry): void {
    const number = last + 1;
    if (entry.anew) {
      db.exec("delete from journal_log; delete from journal_head; delete from journal_row");
      // A folder from before cannot be brought forward any more.
      sql.setMark.run("pruned", number - 1);
    }
    for (const row of entry.log) {
      const flags = [row.clockSuspect ? 1 : 0, row.authzLate ? 1 : 0];
      const from = [row.group, row.device, row.epoch, row.deviceSeq, row.mask];
      sql.addLog.run(row.practice, row.seq, number, ...from, row.header, row.sig, row.bodies, ...flags, row.receivedAt);
      sql.setHead.run(row.practice, row.seq);
    }
    for (const { table, key, row } of entry.rows) sql.setRow.run(table, key, number, row);
    for (const table of entry.whole) {
      const there = new Set(entry.rows.filter((row) => row.table === table).map(({ key }) => key));
      for (const key of sql.keys.all(table) as string[]) if (!there.has(key)) sql.setRow.run(table, key, number, null);
    }
    sql.setMark.run("last", number);
  }

  const journal = {
    last: () => last,
    isNew: () => (sql.epochs.all() as unknown[]).length === 0,
    /** The epochs in their order; `last` is null for the one that goes on. */
    epochs: () => sql.epochs.all() as { id: string; first: number; last: number | null }[],
    /** Up to which entry the rows of the log may be gone. */
    pruned: () => mark("pruned"),
    /** The highest position of the practice's log that stands here, or stood before the journal began. */
    headOf: (practice: Id) => (sql.head.get(practice) as number | undefined) ?? 0,

    /** Makes an entry durable: when this returns, it survives a power cut. One fsync. */
    append(entry: JournalEntry): void {
      db.transaction(write).immediate(entry);
      last += 1;
    },
    /** From here on the centre writes under another epoch. */
    begin(epoch: string): void {
      db.transaction(() => {
        sql.closeEpochs.run(last);
        sql.openEpoch.run(epoch, last + 1);
      }).immediate();
    },
    /** A new journal beside a folder that is older than it: the log up to here is only there. */
    startBehind(heads: readonly { practice: Id; seq: number }[]): void {
      db.transaction(() => {
        for (const { practice, seq } of heads) sql.setHead.run(practice, seq);
        if (heads.length > 0) sql.setMark.run("pruned", last + 1);
      }).immediate();
    },

    /** The rows of the log that came after an entry, in the order of each practice's log. */
    *logAfter(entry: number): Generator<JournalLogRow> {
      for (const raw of sql.logAfter.iterate(entry) as IterableIterator<StoredLogRow>) yield logRowOf(raw);
    },
    rowsAfter: (entry: number): KeptRow[] =>
      (sql.rowsAfter.all(entry) as { table_name: KeptTable; key: string; row: string | null }[]).map(
        ({ table_name, key, row }) => ({ table: table_name, key, row }),
      ),

    /** A backup up to this entry was written and read back. */
    backedUp(entry: number): void {
      sql.setMark.run("backed_up", Math.max(entry, mark("backed_up")));
    },
    /**
     * Drops rows of the log that a backup holds and that are older than thirty days: until then the folder, the devices
     * and the journal each have them. Without a backup nothing is dropped. Returns how many went.
     */
    prune(nowMs: number): number {
      const upTo = db
        .prepare("select max(entry) from journal_log where entry <= ? and received_at < ?")
        .pluck()
        .get(mark("backed_up"), nowMs - keepFor) as number | null;
      if (upTo === null) return 0;
      return db
        .transaction(() => {
          const { changes } = db.prepare("delete from journal_log where entry <= ?").run(upTo);
          sql.setMark.run("pruned", Math.max(upTo, mark("pruned")));
          return changes;
        })
        .immediate();
    },
    close(): void {
      db.close();
    },
  };
  return journal;
}

function open(path: string, secret: string): Sqlite {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "horopter-centre-journal-1", 32));
  try {
    const db = openReplica({ path, key });
    // Entries are small and are read only after a failure: a checkpoint now and then, not one of 64 MiB.
    db.pragma("wal_autocheckpoint=1000");
    return db;
  } catch (error) {
    if (!(error instanceof ReplicaError) || error.code !== "WRONG_KEY") throw error;
    throw new JournalKeyWrong(
      `The journal ${path} cannot be read with this server's secret. Nothing was changed. Start the server with the ` +
        "secret that belongs to its data: HOROPTER_SECRET, or the file server-secret in the data folder.",
    );
  }
}

interface StoredLogRow {
  practice: string;
  seq: number;
  group_id: string;
  device: string;
  epoch: number;
  device_seq: number;
  mask: number;
  header: string;
  sig: string;
  bodies: string;
  clock_suspect: number;
  authz_late: number;
  received_at: number;
}

function logRowOf(raw: StoredLogRow): JournalLogRow {
  const { practice, seq, device, epoch, mask, header, sig, bodies } = raw;
  return {
    ...{ practice, seq, device, epoch, mask, header, sig, bodies },
    group: raw.group_id,
    deviceSeq: raw.device_seq,
    clockSuspect: raw.clock_suspect === 1,
    authzLate: raw.authz_late === 1,
    receivedAt: raw.received_at,
  };
}
