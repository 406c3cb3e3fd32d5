/**
 * Makes a downloaded file this device's own: everything that belongs to the device alone goes over from the replica that
 * it replaces, and the groups that the centre has not settled are laid over the settled rows. One transaction; while it
 * has not committed the file can be adopted again, and afterwards only the file's name has to change.
 */
import { schemaVersion } from "../../../migrations/index.ts";
import { openReplica, ReplicaError, type Sqlite } from "../../../replica/open.ts";
import { createReplica } from "../../../replica/replica.ts";
import { columnList, deviceTables } from "../../../replica/tables.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { type Snapshot, snapshotKey } from "../../../src-shared/sync/snapshot.ts";
import { type Cursor, createState } from "../state.ts";

export interface KeyedFile {
  readonly path: string;
  readonly key: Uint8Array;
}

/** The file is not one that this device can go on with. */
export class CannotAdopt extends Error {}

/** What the device had written when the file was adopted: when it wrote more since, the file is of no use any more. */
const adoptedKey = "adopted";
/** Words about the replica itself, which do not go over. */
const ofTheReplica = [
  "bootstrap",
  "bootstrap_file",
  "bootstrap_complete",
  "authz",
  "record_gate",
  snapshotKey,
  adoptedKey,
];

export interface AdoptOptions {
  readonly file: KeyedFile;
  readonly cursor: Cursor;
  /** The replica that it takes the place of; nobody writes to it. */
  readonly old: KeyedFile;
  readonly rules: SyncRules;
  /** UTC milliseconds. */
  readonly now: number;
}

/** @throws CannotAdopt when the file is not what the centre said; nothing but the file has changed. */
export function adoptFile({ file, cursor, old, rules, now }: AdoptOptions): void {
  const db = openReplica(file);
  try {
    const state = createState(db);
    check(db, state.meta<Snapshot>(snapshotKey), cursor);
    // Unsettled rows lie in it by now and would be taken for settled ones.
    if (state.meta<string>(adoptedKey) !== null) throw new CannotAdopt("the file was adopted before");
    db.pragma("foreign_keys=OFF");
    attach(db, old);
    db.transaction(() => {
      for (const table of deviceTables(db)) {
        if (table === "sync_meta") continue;
        const columns = columnList(db, table);
        db.exec(
          `delete from main."${table}"; insert into main."${table}" (${columns}) select ${columns} from old."${table}"`,
        );
      }
      const kept = ofTheReplica.map((key) => `'${key}'`).join(",");
      db.exec(`insert or replace into main.sync_meta select * from old.sync_meta where key not in (${kept})`);
      const replica = createReplica(db, rules);
      replica.reapplyPending(now);
      replica.store.runFolds();
      state.saveCursor(cursor);
      state.setMeta("authz", cursor.seq);
      state.setMeta("bootstrap_complete", true);
      state.setMeta(checkDueKey, true);
      state.setMeta(adoptedKey, written(db));
    }).immediate();
    db.exec("detach old");
  } finally {
    db.close();
  }
}

/** Set while a file that was taken as it came still has to be checked to its last page. */
export const checkDueKey = "check_due";

/** Whether the file was adopted by the device as it is now: then only its name is missing. */
export function isAdopted(file: KeyedFile, old: KeyedFile): boolean {
  try {
    const [adopted, present] = [file, old].map((which, index) => {
      const db = openReplica(which);
      try {
        return index === 0 ? createState(db).meta<string>(adoptedKey) : written(db);
      } finally {
        db.close();
      }
    });
    return adopted !== null && adopted === present;
  } catch {
    return false;
  }
}

/** Whether the key opens the file. */
export function opens(file: KeyedFile): boolean {
  try {
    openReplica({ ...file, readonly: true }).close();
    return true;
  } catch (error) {
    if (error instanceof ReplicaError && error.code === "WRONG_KEY") return false;
    throw error;
  }
}

function check(db: Sqlite, snapshot: Snapshot | null, cursor: Cursor): void {
  const schema = db.pragma("user_version", { simple: true });
  if (schema !== schemaVersion) throw new CannotAdopt(`the file has schema ${schema}`);
  const { serverEpoch, streamSet, seq } = snapshot ?? {};
  if (serverEpoch !== cursor.serverEpoch || streamSet !== cursor.streamSet || seq !== cursor.seq) {
    throw new CannotAdopt("the file is of another state of the centre");
  }
}

function attach(db: Sqlite, { path, key }: KeyedFile): void {
  db.prepare("attach ? as old key ?").run(path, `x'${Buffer.from(key).toString("hex")}'`);
}

/** Tells two states of the device apart: its counters, and what it has typed and not sent. */
function written(db: Sqlite): string {
  const { last, deviceSeq } = createState(db).writeState();
  const drafts = db.prepare("select count(*) || ',' || coalesce(max(at), 0) from local_draft").pluck().get();
  return `${deviceSeq},${last},${drafts}`;
}
