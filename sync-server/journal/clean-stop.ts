/**
 * The mark of a clean stop: everything in the folder is on the disk, and nothing has written there since. It names the
 * folder's control file by its inode and the time of its last change, so that a copy of a folder which was put in its
 * place, mark and all, is not taken for it.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

const markOf = (dataFolder: string) => join(dataFolder, "clean-stop");
const controlOf = (dataFolder: string) => join(dataFolder, "pglite", "global", "pg_control");

/** Takes the mark away, durably; true when it was there and names this very folder. */
export function takeCleanStop(dataFolder: string): boolean {
  const path = markOf(dataFolder);
  if (!existsSync(path)) return false;
  const found = readFileSync(path, "utf8");
  rmSync(path);
  syncFolder(dataFolder);
  return existsSync(controlOf(dataFolder)) && found === identityOf(dataFolder);
}

/** Puts the closed folder on the disk, then says so. */
export function markCleanStop(dataFolder: string): void {
  syncTree(join(dataFolder, "pglite"));
  const file = openSync(markOf(dataFolder), "w", 0o600);
  try {
    writeSync(file, identityOf(dataFolder));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(dataFolder);
}

function identityOf(dataFolder: string): string {
  const { ino, ctimeMs } = statSync(controlOf(dataFolder));
  return JSON.stringify({ ino, ctimeMs });
}

/** Every file and folder below, contents and names. */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    else if (entry.isFile()) sync(path, "r+");
  }
  syncFolder(folder);
}

export function syncFolder(folder: string): void {
  // Windows has no way to do this, nor need of it.
  if (process.platform !== "win32") sync(folder, "r");
}

function sync(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
