/**
 * Brings the files of one folder into another, beside a backup or back from it. A blob never changes and its name is the
 * hash of its bytes, so only what is missing is copied, and each is checked on its way.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../journal/clean-stop.ts";

export interface Mirrored {
  readonly copied: number;
  readonly bytes: number;
  /** Those that are not what their name says any more; they were not copied. */
  readonly damaged: readonly string[];
}

/** `<practice>/<two digits>/<blob>`; what is unfinished has another ending. */
const named = /^[0-9a-f]{32}\/[0-9a-f]{2}\/[0-9a-f]{64}$/;

export async function mirrorBlobs(from: string, to: string): Promise<Mirrored> {
  let copied = 0;
  let bytes = 0;
  const damaged: string[] = [];
  const folders = new Set<string>();
  for await (const name of blobsIn(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const { size } = await stat(source);
    if (existsSync(target) && (await stat(target)).size === size) continue;
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    if (await copy(source, target)) {
      folders.add(dirname(target));
      copied += 1;
      bytes += size;
    } else damaged.push(name);
  }
  for (const folder of folders) syncFolder(folder);
  return { copied, bytes, damaged };
}

async function* blobsIn(folder: string): AsyncGenerator<string> {
  if (!existsSync(folder)) return;
  for (const practice of await readdir(folder)) {
    for (const two of await readdir(join(folder, practice)).catch(() => [])) {
      for (const blob of await readdir(join(folder, practice, two)).catch(() => [])) {
        const name = `${practice}/${two}/${blob}`;
        if (named.test(name)) yield name;
      }
    }
  }
}

/** Copies one blob, which gets its name once it is on the disk; false when it is not what it should be. */
async function copy(source: string, target: string): Promise<boolean> {
  const part = `${target}.part`;
  const hash = createHash("sha256");
  const file = await open(part, "w", 0o600);
  try {
    for await (const bytes of createReadStream(source, { highWaterMark: 512 * 1024 })) {
      hash.update(bytes);
      await file.write(bytes);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const isRight = target.endsWith(hash.digest("hex"));
  if (isRight) await rename(part, target);
  else await rm(part);
  return isRight;
}

/** What was done, in words. */
export function wordsOf({ copied, bytes, damaged }: Mirrored, what: "Backed up" | "Restored"): string {
  const done = `${what} ${copied} files (${Math.round(bytes / 1e6)} MB) that were not there yet.`;
  if (damaged.length === 0) return done;
  return `${done}\n${damaged.length} files are not what they were and were left out; workstations that have them bring them again:\n  ${damaged.join("\n  ")}`;
}
