import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { refuse } from "../../src-shared/sync/ports.ts";
import { readText, writePrivately } from "./private-file.ts";

/** Beside the replica: which keeper has its key and under what name. No secret is in it. */
export const RECORD_FILE = "keyring.json";

const hex32 = z.string().regex(/^[0-9a-f]{32}$/);

const keptKey = z.object({
  name: z.string().min(1),
  /** Of the key, so that another one under its name is noticed before a database is opened with it. */
  fingerprint: hex32,
  made_at: z.number().int(),
});

const recordSchema = z.object({
  version: z.literal(1),
  scope: hex32,
  provider: z.string().min(1).nullable(),
  key: keptKey.nullable(),
  /** While one replica takes the place of another: the key of the one that comes. */
  next: keptKey.nullable().default(null),
  /** Keys that were the key before, newest first, while there are files that only they open. */
  old: z.array(keptKey).default([]),
});

export type KeyringRecord = z.infer<typeof recordSchema>;

/** @throws Refusal `KEYRING_NEWER` or `KEYRING_DAMAGED`; nothing is overwritten in either case. */
export async function readRecord(folder: string): Promise<KeyringRecord | null> {
  const text = await readText(join(folder, RECORD_FILE));
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(folder);
  }
  const version = z.object({ version: z.number() }).safeParse(value);
  if (version.success && version.data.version > 1) {
    throw refuse(
      "KEYRING_NEWER",
      `The data in ${folder} was last used by a newer version of Horopter. Nothing was changed. Start that version, or update this one.`,
      { folder, version: version.data.version },
    );
  }
  const record = recordSchema.safeParse(value);
  if (!record.success) throw damaged(folder);
  return record.data;
}

export function writeRecord(folder: string, record: KeyringRecord): Promise<void> {
  return writePrivately(join(folder, RECORD_FILE), `${JSON.stringify(recordSchema.parse(record), null, 2)}\n`);
}

/** A record for a folder that has none: no keeper and no key yet. */
export function newRecord(): KeyringRecord {
  return { version: 1, scope: randomBytes(16).toString("hex"), provider: null, key: null, next: null, old: [] };
}

const database = /\.(db|sqlite3?)([-.].*)?$/i;

/** Folders beside the data in which databases are laid aside: after damage, and when a backup took their place. */
const aside = /^(damaged|replaced|unfinished)-/;

/**
 * What a lost key would make unreadable: databases in the folder and among its backups, with what SQLite keeps
 * beside them, and those laid aside after damage. Not a download under way, whose name ends in `.part`: its key is
 * the one that comes with it.
 */
export async function databasesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  const present = await namesIn(folder);
  for (const place of [
    folder,
    ...["backups", ...present.filter((name) => aside.test(name))].map((name) => join(folder, name)),
  ]) {
    const names = await namesIn(place);
    found.push(
      ...names.filter((name) => database.test(name) && !name.endsWith(".part")).map((name) => join(place, name)),
    );
  }
  return found.sort();
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
}

function damaged(folder: string) {
  return refuse(
    "KEYRING_DAMAGED",
    `${join(folder, RECORD_FILE)} cannot be read, so it is not known where the key of this data is kept. ` +
      "Nothing was changed. Restore that file from a backup of the folder.",
    { folder },
  );
}
