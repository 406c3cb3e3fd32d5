/**
 * The SQLite work on snapshots and baked files: building one from pages, bringing it forward from the log by the code
 * that the devices use, copying it under another key. All of it is synchronous, so it runs in a worker thread.
 */
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from "node:fs";
import { schemaVersion } from "../../migrations/index.ts";
import { type BulkLoad, beginBulkLoad, withoutJournal } from "../../replica/bulk.ts";
import { groupCrypto } from "../../replica/crypto.ts";
import { migrateReplica, openReplica, type Sqlite } from "../../replica/open.ts";
import { type BrokenBaseline, createReplica } from "../../replica/replica.ts";
import { settledTables } from "../../replica/tables.ts";
import { openGroup } from "../../src-shared/sync/group.ts";
import { productRules } from "../../src-shared/sync/rules.ts";
import { type Snapshot, snapshotKey } from "../../src-shared/sync/snapshot.ts";

/** A file and the 32 bytes that open it. */
export interface KeyedFile {
  readonly path: string;
  readonly key: Uint8Array;
}

/** A row of the log, as it is stored. */
export interface LoggedGroup {
  readonly seq: number;
  readonly header: string;
  readonly sig: string;
  readonly bodies: string;
}

export interface FinishedFile {
  readonly size: number;
  readonly sha256: string;
}

export interface Building {
  add(entity: string, rows: string, count: number): void;
  /** Puts the finished file in its place. */
  finish(): void;
  abandon(): void;
}

/** Begins a file out of pages. Until it is finished it lies under another name. */
export function build(file: KeyedFile, snapshot: Snapshot): Building {
  const path = `${file.path}.new`;
  removeFile(path);
  const db = openReplica({ path, key: file.key });
  const load: BulkLoad = beginBulkLoad(db);
  return {
    add: load.add,
    finish() {
      saveSnapshot(db, snapshot);
      load.finish();
      db.close();
      putInPlace(path, file.path);
    },
    abandon() {
      db.close();
      removeFile(path);
    },
  };
}

/** What a snapshot holds; null where there is none that this version can go on with. Such a file is removed. */
export function describe(file: KeyedFile): Snapshot | null {
  let db: Sqlite | null = null;
  try {
    statSync(file.path);
    db = openReplica({ path: file.path, key: file.key });
    const schema = db.pragma("user_version", { simple: true });
    const text = db.prepare("select value from sync_meta where key=?").pluck().get(snapshotKey) as string | undefined;
    if (schema === schemaVersion && text !== undefined) return JSON.parse(text) as Snapshot;
  } catch {
    // Damaged, or of another secret: it is only a cache.
  } finally {
    db?.close();
  }
  removeFile(file.path);
  return null;
}

/**
 * Applies rows of the log that follow the snapshot's position, and notes that it now stands at `to`.
 *
 * @throws Error when the log changes a row that is not there: the snapshot cannot be gone on with.
 */
export function forward(file: KeyedFile, rows: readonly LoggedGroup[], to: number): void {
  const db = openReplica({ path: file.path, key: file.key });
  try {
    // Power that fails may take the last rows with it, never half of them: they are applied again then.
    db.pragma("synchronous=NORMAL");
    db.pragma("foreign_keys=OFF");
    const snapshot = readSnapshot(db);
    const replica = createReplica(db, productRules);
    const broken: BrokenBaseline[] = [];
    db.transaction(() => {
      for (const row of rows) {
        const bodies = JSON.parse(row.bodies) as { i: number; s: number; salt: string; body: string }[];
        const seen = bodies.filter(({ s }) => (s & snapshot.streamSet) !== 0);
        const group = openGroup(
          groupCrypto,
          {
            header: row.header,
            sig: row.sig,
            bodies: seen.map(({ i, salt, body }) => ({ i, salt, body })),
            erased: [],
          },
          null,
        );
        const { group: id, hlc } = group.header;
        replica.applySettled({ ...group, seq: row.seq, group: id, hlc }, snapshot.streamSet, 0, broken);
      }
      replica.store.runFolds();
      saveSnapshot(db, { ...snapshot, seq: to });
    }).immediate();
    if (broken.length > 0) throw new Error(`The log changes ${broken.length} rows that the snapshot does not hold`);
  } finally {
    db.close();
  }
}

/** Copies everything the centre settled into a new file under another key; `from` may be at work meanwhile. */
export function copy(from: KeyedFile, to: KeyedFile): FinishedFile {
  const path = `${to.path}.new`;
  removeFile(path);
  const db = openReplica({ path, key: to.key });
  try {
    withoutJournal(db);
    migrateReplica(db, path);
    db.prepare("attach ? as source key ?").run(from.path, `x'${Buffer.from(from.key).toString("hex")}'`);
    db.exec("begin");
    // Same tables, same indexes, nothing in them yet: SQLite copies whole pages' worth without looking inside.
    for (const table of settledTables) db.exec(`insert into main."${table}" select * from source."${table}"`);
    db.exec(`insert into main.sync_meta select * from source.sync_meta where key='${snapshotKey}'`);
    db.exec("commit");
    db.exec("detach source");
  } catch (error) {
    db.close();
    removeFile(path);
    throw error;
  }
  db.close();
  putInPlace(path, to.path);
  return digest(to.path);
}

/** Size in bytes and SHA-256 in hex of a file. */
export function digest(path: string): FinishedFile {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  let size = 0;
  try {
    for (;;) {
      const count = readSync(file, buffer);
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      size += count;
    }
  } finally {
    closeSync(file);
  }
  return { size, sha256: hash.digest("hex") };
}

export function removeFile(path: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${end}`, { force: true });
}

function putInPlace(from: string, to: string): void {
  const file = openSync(from, "r+");
  fsyncSync(file);
  closeSync(file);
  removeFile(to);
  renameSync(from, to);
}

function readSnapshot(db: Sqlite): Snapshot {
  return JSON.parse(
    db.prepare("select value from sync_meta where key=?").pluck().get(snapshotKey) as string,
  ) as Snapshot;
}
function saveSnapshot(db: Sqlite, snapshot: Snapshot): void {
  db.prepare("insert or replace into sync_meta (key, value) values (?,?)").run(snapshotKey, JSON.stringify(snapshot));
}
