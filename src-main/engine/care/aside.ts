/**
 * Moves a replica out of the way, whole: the file, its write-ahead log and its shared memory. A note is on the disk
 * before the first is moved, so that a start after a power cut finishes the move and never opens a file without its log,
 * which would be an older state of it. What was moved aside is never deleted by us.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { markOf } from "./old-keys.ts";

export interface Aside {
  /** `damaged`: what only this device has is salvaged from it. `replaced`: a backup takes its place. */
  readonly kind: "damaged" | "replaced";
  /** The name of the folder in the data folder. */
  readonly folder: string;
  /** UTC milliseconds. */
  readonly at: number;
  /** SQLite's or our own code of what was found. */
  readonly cause: string;
  /** The device could not be told from it: a new enrolment code is needed, after which what it held is placed. */
  readonly lost?: { readonly groups: number };
}

const noteFile = "replica-aside.json";
const draftFile = `${noteFile}.draft`;
const suffixes = ["", "-wal", "-shm", "-journal"];

/** The move that is under way, or whose outcome waits; null when there is none. */
export function asideUnderWay(folder: string): Aside | null {
  const path = join(folder, noteFile);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Aside) : null;
}

/** A note that was not finished says nothing; it goes. */
export function dropDraftNote(folder: string): void {
  rmSync(join(folder, draftFile), { force: true });
}

export function noteAside(folder: string, aside: Aside): void {
  const draft = join(folder, draftFile);
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, JSON.stringify(aside));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(folder, noteFile));
  syncFolder(folder);
}

export function forgetAside(folder: string): void {
  rmSync(join(folder, noteFile), { force: true });
  syncFolder(folder);
}

/** Moves what is still in place. Running it again after it was cut off finishes the work. */
export function moveAside(folder: string, aside: Aside, name: string): void {
  const target = join(folder, aside.folder);
  const present = suffixes.map((suffix) => `${name}${suffix}`).filter((file) => existsSync(join(folder, file)));
  if (present.length === 0) return;
  mkdirSync(target, { recursive: true, mode: 0o700 });
  for (const file of present) renameSync(join(folder, file), join(target, file));
  syncFolder(target);
  syncFolder(folder);
}

/** What a folder for files that are laid aside is called: why, when, and by a mark of it which key opens them. */
export function asideName(kind: Aside["kind"] | "unfinished", at: number, key: Uint8Array): string {
  return `${kind}-${stampOf(at)}-${markOf(key)}`;
}

/** `2026-11-21T14-05-09Z`: a moment as a name that every file system takes. */
export function stampOf(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
}

/** A folder's own entries reach the disk only when it is asked to; where that cannot be asked, the system does it. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const file = openSync(folder, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
