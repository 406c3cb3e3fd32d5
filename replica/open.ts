/**
 * The one door to an encrypted replica: opens it, checks that the key fits and that SQLite and the schema are ones we
 * can trust, sets what every connection needs, migrates.
 */
import Database from "better-sqlite3";
import { migrations, schemaVersion, statementsOf } from "../migrations/index.ts";
import { makeSearch } from "./search-index.ts";

export type Sqlite = Database.Database;

export type ReplicaProblem =
  | "WRONG_KEY"
  | "LOCKED"
  | "DISK_FULL"
  | "FROM_THE_FUTURE"
  | "DAMAGED"
  | "SQLITE_TOO_OLD"
  | "CANNOT_OPEN";

/** Why a replica could not be opened, what is safe, and what to do. Nothing is ever deleted because of one. */
export class ReplicaError extends Error {
  readonly code: ReplicaProblem;
  constructor(code: ReplicaProblem, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "ReplicaError";
    this.code = code;
  }
}

/** The migration from which on patients are found by what `search.ts` says today. */
const searchSince = 60;

export type CipherScheme = "aegis" | "sqlcipher";

export interface OpenOptions {
  readonly path: string;
  /** 32 raw bytes. */
  readonly key: Uint8Array;
  readonly cipher?: CipherScheme;
  readonly readonly?: boolean;
}

/** 3.51.3 fixed a corruption of WAL databases with two connections (sync design §0.8). */
const oldestSqlite = [3, 51, 3] as const;

export function openReplica({ path, key, cipher = "aegis", readonly = false }: OpenOptions): Sqlite {
  if (key.length !== 32) throw new ReplicaError("WRONG_KEY", "The data key has to be 32 bytes.");
  let db: Sqlite | undefined;
  try {
    db = new Database(path, { readonly, timeout: 5000 });
    db.pragma(`cipher='${cipher}'`);
    db.pragma(`key="x'${Buffer.from(key).toString("hex")}'"`);
    configure(db, readonly);
    return db;
  } catch (error) {
    db?.close();
    throw explain(error, path);
  }
}

/** Encrypts a file that nobody else has open with another key, in place: cut off, it opens with neither. */
export function changeKey(file: { readonly path: string; readonly key: Uint8Array }, to: Uint8Array): void {
  const db = openReplica(file);
  try {
    // With a write-ahead log every page would be written there first.
    db.pragma("journal_mode=DELETE");
    db.pragma(`rekey="x'${Buffer.from(to).toString("hex")}'"`);
  } finally {
    db.close();
  }
}

/** An unencrypted replica in memory, for the simulator and for tests of pure engine behaviour. */
export function openMemoryReplica(from?: Buffer): Sqlite {
  const db = from ? new Database(from) : new Database(":memory:");
  configure(db, false);
  return db;
}

function configure(db: Sqlite, readonly: boolean): void {
  const version = db.prepare("select sqlite_version() as v").pluck().get() as string;
  if (olderThan(version, oldestSqlite)) {
    throw new ReplicaError("SQLITE_TOO_OLD", `SQLite ${version} can damage databases; 3.51.3 or newer is needed.`);
  }
  // The first statement that reads a page: a wrong key shows here.
  db.prepare("select count(*) from sqlite_master").get();
  if (!readonly) db.pragma("journal_mode=WAL");
  db.pragma("synchronous=FULL");
  db.pragma("foreign_keys=ON");
  db.pragma("cache_size=-65536");
  db.pragma("temp_store=MEMORY");
  db.pragma("secure_delete=ON");
  db.pragma("trusted_schema=OFF");
  // Checkpoints happen in idle time (engine/checkpoints.ts); this is the ceiling if no idle time comes.
  db.pragma("wal_autocheckpoint=16000");
  if (process.platform === "darwin") db.pragma("checkpoint_fullfsync=ON");
}

/**
 * The schema that the data has, 0 for an empty file.
 * @throws ReplicaError `FROM_THE_FUTURE` when a newer version wrote it: nothing in it can be judged, so nothing is touched.
 */
export function requireKnownSchema(db: Sqlite, path: string): number {
  const current = db.pragma("user_version", { simple: true }) as number;
  if (current > schemaVersion) {
    throw new ReplicaError(
      "FROM_THE_FUTURE",
      `The data at ${path} was written by a newer version of Horopter (schema ${current}, this one knows ${schemaVersion}). ` +
        "Everything in it is safe and stays untouched. Install the newer version to go on.",
    );
  }
  return current;
}

/** Brings the schema forward, one transaction per step, so that a power cut leaves a whole schema behind. */
export function migrateReplica(db: Sqlite, path: string): void {
  const current = requireKnownSchema(db, path);
  for (const migration of migrations) {
    if (migration.number <= current) continue;
    db.transaction(() => {
      for (const statement of statementsOf(migration, "sqlite")) db.exec(statement);
      if (migration.number === searchSince && current > 0) makeSearch(db);
      db.pragma(`user_version=${migration.number}`);
    }).immediate();
  }
}

function olderThan(version: string, oldest: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  for (let i = 0; i < oldest.length; i++) {
    const difference = (parts[i] ?? 0) - (oldest[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * Whether the file itself is broken, as opposed to locked, full or out of reach. `SQLITE_NOTADB` counts only once the file
 * was open: before, it is the same as a wrong key.
 */
export function isDamage(error: unknown): boolean {
  // By its code alone: an error that comes from a thread has lost its class.
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && (code === "DAMAGED" || /^SQLITE_(CORRUPT|NOTADB|IOERR_DATA)/.test(code));
}

/** A failure of SQLite in words for a person. Errors that are not SQLite's come back as they are. */
export function explain(error: unknown, path: string): unknown {
  const code = (error as { code?: string }).code ?? "";
  if (error instanceof ReplicaError) return error;
  if (code.startsWith("SQLITE_NOTADB")) {
    return new ReplicaError(
      "WRONG_KEY",
      `The key of this PC does not open the data at ${path}. The data is safe and was not changed. ` +
        "Restore the keychain entry of this PC; do not delete the file.",
      error,
    );
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new ReplicaError(
      "LOCKED",
      `Another program holds the data at ${path}. Nothing was changed. Close the other window of Horopter and try again.`,
      error,
    );
  }
  if (code.startsWith("SQLITE_FULL") || code === "SQLITE_IOERR_WRITE") {
    return new ReplicaError(
      "DISK_FULL",
      `The disk of this PC is full: the last step was not saved, everything before it is safe. Free some space and repeat the step.`,
      error,
    );
  }
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_IOERR_DATA") {
    return new ReplicaError(
      "DAMAGED",
      `The data at ${path} is damaged. It was not changed. Work that reached the centre is safe there; ask for help before doing anything with the file.`,
      error,
    );
  }
  if (code.startsWith("SQLITE_CANTOPEN") || code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_PERM")) {
    return new ReplicaError(
      "CANNOT_OPEN",
      `The data at ${path} cannot be opened for writing. Check that the folder exists and belongs to this user.`,
      error,
    );
  }
  return error;
}
