/**
 * The keys that a replica had before it was exchanged for a file: backups from then, and files that were laid aside, open
 * with nothing else. A key stays as long as one of those is there, or may be there on a disk that is not.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What the keeper of secrets has beside the present key. */
export interface OldKeys {
  /** Newest first. */
  all(): Promise<readonly Uint8Array[]>;
  /** Forgets those that nothing needs. */
  forget(isNeeded: (key: Uint8Array) => boolean): Promise<void>;
}

/** Where nothing exchanges replicas there are none. */
export const noOldKeys: OldKeys = { all: async () => [], forget: async () => {} };

/** Names the key that opens a file in that file's name; tells nothing of the key. */
export function markOf(key: Uint8Array): string {
  return createHash("sha256").update("horopter-backup-1\0").update(key).digest("hex").slice(0, 8);
}

const backup = /-([0-9a-f]{8})\.db$/;
const aside = /^(?:damaged|replaced|unfinished)-.*?(?:Z-([0-9a-f]{8}))?$/;

/** The folders of the PCs that keep backups at `place`; none when it is not there. */
export function backupFoldersAt(place: string): string[] {
  return namesIn(place)
    .filter((entry) => entry.startsWith("horopter-"))
    .map((entry) => join(place, entry));
}

/**
 * Whether a file of this device, in its data folder or in the `places` where it has kept backups, opens with the key.
 * In doubt it does: while a place is not there, and for what was laid aside before its name said which key is its own.
 */
export function isInUse(
  key: Uint8Array,
  { folder, name, places }: { folder: string; name: string; places: readonly string[] },
): boolean {
  if (places.some((place) => !existsSync(place))) return true;
  const marks = [join(folder, "backups"), ...places.flatMap(backupFoldersAt)].flatMap((place) =>
    namesIn(place).flatMap((file) => backup.exec(file)?.[1] ?? []),
  );
  for (const entry of namesIn(folder)) {
    const found = aside.exec(entry);
    if (!found || !namesIn(join(folder, entry)).some((file) => file.startsWith(name))) continue;
    if (found[1] === undefined) return true;
    marks.push(found[1]);
  }
  return marks.includes(markOf(key));
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
