/**
 * One replica takes the place of another. The keeper of secrets has both keys from before the first step until after the
 * last: whichever opens the file that is there is the key. Cut off at any instruction, the folder holds the old replica
 * whole, or the new one with everything of the device's in it.
 */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { adoptFile, isAdopted, type KeyedFile, opens } from "./adopt.ts";
import type { FileToAdopt } from "./fill-by-file.ts";

/** The key of a replica to come, beside the present one. */
export interface NextKey {
  /** Null while there is none. */
  get(): Promise<Uint8Array | null>;
  /** Keeps it, in place of any other that never came to be used. */
  stage(key: Uint8Array): Promise<void>;
  /** Makes it the key; the one before is an old one from then on. */
  take(): Promise<void>;
}

/** Where a file for filling lies while it is not the replica yet. */
export const downloadOf = (path: string) => `${path}.part`;

/** The key of the replica at `path`, after finishing an exchange that was cut off. */
export async function keyOfReplica(path: string, present: Uint8Array, nextKey: NextKey | null): Promise<Uint8Array> {
  const next = (await nextKey?.get()) ?? null;
  if (!nextKey || !next) return present;
  if (!opens({ path, key: next })) {
    const part = downloadOf(path);
    const finished = statSync(part, { throwIfNoEntry: false }) !== undefined;
    // The old replica is as it was when the new one was made from it: nothing ran in between.
    if (!finished || !isAdopted({ path: part, key: next }, { path, key: present })) return present;
    replaceFile(part, path);
  }
  await nextKey.take();
  return next;
}

/**
 * Adopts a file and puts it in the replica's place; nobody has the replica open.
 *
 * @throws CannotAdopt and what SQLite throws; the replica is untouched then.
 */
export function exchangeReplica(
  file: FileToAdopt,
  old: KeyedFile,
  { rules, now }: { rules: SyncRules; now: number },
): void {
  adoptFile({ file, cursor: file.cursor, old, rules, now });
  replaceFile(file.path, old.path);
}

/** Gives the file the replica's name: the one step that exchanges them. */
export function replaceFile(from: string, to: string): void {
  // Pages of the old file in a write-ahead log must never meet the new one.
  if ((statSync(`${to}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) {
    throw new Error("The replica is open in another program");
  }
  for (const end of ["-wal", "-shm"]) rmSync(`${to}${end}`, { force: true });
  renameSync(from, to);
  for (const end of ["-wal", "-shm"]) rmSync(`${from}${end}`, { force: true });
  syncFolder(dirname(to));
}

/** The new name survives a power cut; Windows keeps it by itself and opens no folder. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}
