/** Where a device keeps copies of its replica, what they are called, when one is due and which are kept. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { stampOf, syncFolder } from "./aside.ts";
import { backupFoldersAt, markOf } from "./old-keys.ts";

const backupsFolder = "backups";
const hour = 3_600_000;
const kept = { replica: 7, migration: 2 } as const;
export type BackupKind = keyof typeof kept;

export interface Backup {
  readonly path: string;
  /** UTC milliseconds. */
  readonly at: number;
}

const name = /^(replica|before-schema-\d+)-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)-([0-9a-f]{8})\.db$/;
const draft = /^(replica|before-schema-\d+)-.*\.db\.part$/;

/** The backups of a folder that `key` opens, newest first. A folder that is not there has none. */
export function backupsIn(folder: string, kind: BackupKind, key: Uint8Array): Backup[] {
  return named(folder, kind)
    .filter(({ mark }) => mark === markOf(key))
    .map(({ path, at }) => ({ path, at }));
}

function named(folder: string, kind: BackupKind): (Backup & { mark: string })[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((file) => ({ file, parts: name.exec(file) }))
    .filter(({ parts }) => parts !== null && (parts[1] === "replica") === (kind === "replica"))
    .map(({ file, parts }) => ({
      path: join(folder, file),
      at: Date.parse((parts?.[2] ?? "").replace(/T(\d\d)-(\d\d)-/, "T$1:$2:")),
      mark: parts?.[3] ?? "",
    }))
    .sort((a, b) => b.at - a.at);
}

/** Hourly while work waits to be sent: until then this PC alone has it. Once a day otherwise. */
export function isDue(last: number | null, now: number, waiting: number): boolean {
  return last === null || now - last >= (waiting > 0 ? hour : 24 * hour);
}

/**
 * Writes a backup through `write`, which is given a name that says that it is not finished; it gets its own when it is
 * whole and on the disk. Then the oldest go.
 */
export async function keepBackup(
  folder: string,
  of: { readonly kind: BackupKind; readonly key: Uint8Array; readonly schema?: number },
  at: number,
  write: (path: string) => Promise<void> | void,
): Promise<Backup> {
  const what = of.kind === "replica" ? "replica" : `before-schema-${of.schema}`;
  const path = join(folder, `${what}-${stampOf(at)}-${markOf(of.key)}.db`);
  const unfinished = `${path}.part`;
  // Left by one that was cut off.
  for (const file of readdirSync(folder)) if (draft.test(file)) rmSync(join(folder, file), { force: true });
  try {
    await write(unfinished);
    const file = openSync(unfinished, "r+");
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
    syncFolder(folder);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  // The one just made stays, whatever a wrong clock called the others.
  const others = named(folder, of.kind).filter((other) => other.path !== path);
  for (const { path: old } of others.slice(kept[of.kind] - 1)) rmSync(old, { force: true });
  return { path, at };
}

/**
 * The folder to keep backups in: the data folder's own is made, one that was chosen has to be there.
 *
 * @throws Refusal `BACKUP_FOLDER_MISSING`.
 */
export function openBackupsFolder(dataFolder: string, chosen: string | null, device: Id): string {
  if (chosen !== null && !existsSync(chosen)) {
    throw refuse(
      "BACKUP_FOLDER_MISSING",
      `The folder for backups, ${chosen}, is not there. Work goes on, and nothing is lost; backups are kept on this PC's own disk until it is back.`,
      { folder: chosen },
    );
  }
  // Several PCs may share a disk for backups; each removes only old ones of its own.
  const folder = chosen === null ? join(dataFolder, backupsFolder) : join(chosen, `horopter-${device.slice(-8)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

export interface KeyedBackup extends Backup {
  readonly key: Uint8Array;
}

/** Every backup that one of the keys opens, in the data folder and the chosen one, newest first. */
export function allBackups(dataFolder: string, chosen: string | null, keys: readonly Uint8Array[]): KeyedBackup[] {
  return [join(dataFolder, backupsFolder), ...(chosen === null ? [] : backupFoldersAt(chosen))]
    .flatMap((place) => keys.flatMap((key) => backupsIn(place, "replica", key).map((backup) => ({ ...backup, key }))))
    .sort((a, b) => b.at - a.at);
}
