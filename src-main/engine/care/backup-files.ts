/**
 * Files that only this PC has, beside its backups on another disk: encrypted as they lie here. Their keys are in the
 * rows, and those are in the backup.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { syncFolder } from "./aside.ts";

const folderName = "files";
const blobName = /^[0-9a-f]{64}$/;

/** Copies what is not there yet of `unsent` (paths by name), and takes away what the centre has by now. */
export function backUpFiles(place: string, unsent: ReadonlyMap<string, string>): void {
  const folder = join(place, folderName);
  if (unsent.size === 0 && !existsSync(folder)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [blob, path] of unsent) copyWhole(path, join(folder, blob));
  for (const name of readdirSync(folder)) {
    if (!unsent.has(name)) rmSync(join(folder, name), { force: true });
  }
  syncFolder(folder);
}

/** Brings the files that lie beside a backup into the data folder, where the next start finds the rows that name them. */
export function bringFilesBack(place: string, dataFolder: string): void {
  const from = join(place, folderName);
  if (!existsSync(from)) return;
  const to = join(dataFolder, folderName);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(from)) if (blobName.test(name)) copyWhole(join(from, name), join(to, name));
  syncFolder(to);
}

function copyWhole(from: string, to: string): void {
  if (existsSync(to)) return;
  const part = `${to}.part`;
  copyFileSync(from, part);
  const file = openSync(part, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(part, to);
}
