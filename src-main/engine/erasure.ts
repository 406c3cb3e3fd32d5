/**
 * Erasing a device that head office took out. A note in the data folder says how far it has come, so that a power cut in
 * the middle goes on at the next start: first the key, without which the rest is noise, then the files. The note stays,
 * to say why this PC is empty, until the PC joins a practice again.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const noteFile = "taken-out.json";
const noteSchema = z.object({ version: z.literal(1), state: z.enum(["erasing", "erased"]), at: z.int() });
type Note = z.infer<typeof noteSchema>;

/**
 * Databases, what SQLite puts beside them, those set aside, notes on them, what is read page by page, downloads, and the
 * bytes of files.
 */
const dataFile = /\.(db|sqlite3?)([-.].*)?$|\.part$|^reading\.tmp|^replica(\.mark|-aside\.json(\.draft)?)$/i;
const dataFolder = /^(backups|downloads|files|(damaged|replaced|unfinished)(-.*)?)$/;

/** What the note in the folder says; null when the device was never taken out, or has joined again since. */
export function readErasure(folder: string): Note | null {
  const path = join(folder, noteFile);
  if (!existsSync(path)) return null;
  try {
    return noteSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    // Written whole or not at all; whatever this is, nothing is erased because of it.
    return null;
  }
}

/** From now on the folder's data is to go, whatever happens. `at`: UTC milliseconds. */
export function beginErasure(folder: string, at: number): void {
  writeNote(folder, { version: 1, state: "erasing", at });
}

/** Destroys the key, then the files; can be run again from the start at any moment. */
export async function erase(folder: string, destroyKey: () => Promise<void>): Promise<void> {
  const note = readErasure(folder);
  if (note?.state !== "erasing") return;
  await destroyKey();
  for (const name of readdirSync(folder)) {
    if (dataFile.test(name) || dataFolder.test(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  writeNote(folder, { ...note, state: "erased" });
}

/** The PC joins a practice: that it was taken out of one is over. */
export function forgetErasure(folder: string): void {
  rmSync(join(folder, noteFile), { force: true });
}

function writeNote(folder: string, note: Note): void {
  const draft = join(folder, `${noteFile}.draft`);
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, JSON.stringify(note));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(folder, noteFile));
}
