import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { Refusal, refuse } from "../../src-shared/sync/ports.ts";
import { databasesIn, type KeyringRecord, newRecord, RECORD_FILE, readRecord, writeRecord } from "./keyring-record.ts";
import type { SecretStore } from "./store.ts";

type KeptKey = NonNullable<KeyringRecord["key"]>;

/** Bytes of the key that a replica is encrypted with; it is given to SQLite raw, without a derivation. */
const DATA_KEY_LENGTH = 32;

export interface DataKeyOptions {
  /** The data folder, in which the replica stands. */
  readonly folder: string;
  readonly secrets: SecretStore;
  readonly random?: (length: number) => Uint8Array;
  /** UTC milliseconds. */
  readonly now?: () => number;
}

/**
 * The key of the replica in this folder. It is made the first time, and only while there is nothing that another
 * key encrypts: as long as a database file is there, a missing key is an error and never a reason for a new one.
 *
 * @throws Refusal
 * - `KEY_MISSING`: the keeper has no such entry any more, or the note of its name is gone.
 * - `KEY_MISMATCH`: the entry holds something other than what was put there.
 * - `PROVIDER_CHANGED`: another keeper has the key than the one given here.
 * - `STORE_UNRELIABLE`: the keeper did not give back what it was given.
 */
export async function openDataKey(options: DataKeyOptions): Promise<Uint8Array> {
  const { folder, secrets, random = randomBytes } = options;
  const databases = await databasesIn(folder);
  const record = await readRecord(folder);

  if (record?.key && (databases.length > 0 || record.provider === secrets.provider)) {
    if (record.provider !== secrets.provider) throw providerChanged(folder, record.provider, secrets.provider);
    const key = await readKey(record.key, secrets);
    if (key) return key;
  }
  if (databases.length > 0) throw keyMissing(folder, secrets.provider, record, databases);
  return keep(options, record ?? newRecord(), random(DATA_KEY_LENGTH));
}

/**
 * Keeps the key of a downloaded replica beside the present one, before that file takes the present one's place: whichever
 * of the two opens the file that is there is then the key, whenever the power fails.
 *
 * @throws Refusal as {@link openDataKey} does.
 */
export async function stageNextKey(options: DataKeyOptions, key: Uint8Array): Promise<void> {
  const { folder, secrets } = options;
  const record = await ownRecord(folder, secrets);
  const next = await keepEntry(options, key);
  await writeRecord(folder, { ...record, next });
  await forget(secrets, record.next, [record.key, next, ...record.old]);
}

/** The key that was kept for a replica to come; null while there is none. */
export async function nextDataKey({ folder, secrets }: DataKeyOptions): Promise<Uint8Array | null> {
  const record = await readRecord(folder);
  return record?.next && record.provider === secrets.provider ? readKey(record.next, secrets) : null;
}

/**
 * The next key has opened the file that is there: it is the key from now on. The one before stays among the old ones:
 * backups and files that were laid aside open with nothing else. Without a next one nothing changes.
 */
export async function takeNextKey({ folder, secrets }: DataKeyOptions): Promise<void> {
  const record = await ownRecord(folder, secrets);
  const { key, next } = record;
  if (!next) return;
  const old = [key, ...record.old].filter((kept) => kept !== null && kept.name !== next.name) as KeptKey[];
  await writeRecord(folder, { ...record, key: next, next: null, old });
}

/** The keys that were the key before and were not forgotten, newest first; those that the keeper lost are left out. */
export async function oldDataKeys({ folder, secrets }: DataKeyOptions): Promise<Uint8Array[]> {
  const record = await readRecord(folder);
  if (!record || record.provider !== secrets.provider) return [];
  const keys = await Promise.all(record.old.map((kept) => readKeyOrNothing(kept, secrets)));
  return keys.filter((key) => key !== null);
}

/** Forgets those old keys that `isNeeded` does not hold on to; called again after it was cut off, it finishes. */
export async function forgetOldKeys(
  { folder, secrets }: DataKeyOptions,
  isNeeded: (key: Uint8Array) => boolean,
): Promise<void> {
  const record = await readRecord(folder);
  if (!record || record.provider !== secrets.provider || record.old.length === 0) return;
  const old: KeptKey[] = [];
  for (const kept of record.old) {
    const key = await readKeyOrNothing(kept, secrets);
    if (key && isNeeded(key)) old.push(kept);
    // Before the record: a key that no record names could never be erased.
    else await forget(secrets, kept, [record.key, record.next]);
  }
  if (old.length < record.old.length) await writeRecord(folder, { ...record, old });
}

/**
 * Moves the key to another keeper. The old one keeps it until the new one has proven that it gives it back and the
 * record names it; cut off at any moment, the record names a keeper that has the key.
 *
 * @throws Refusal as {@link openDataKey} does.
 */
export async function moveDataKey(options: { folder: string; from: SecretStore; to: SecretStore }): Promise<void> {
  const { folder, from, to } = options;
  const record = await readRecord(folder);
  if (!record?.key) throw keyMissing(folder, from.provider, record, await databasesIn(folder));
  if (record.provider !== from.provider) throw providerChanged(folder, record.provider, from.provider);
  const key = await readKey(record.key, from);
  if (!key) throw keyMissing(folder, from.provider, record, await databasesIn(folder));
  const beside = record.next ? [record.next, ...record.old] : record.old;
  await setVerified(to, record.key.name, key);
  for (const kept of beside) {
    const value = await readKeyOrNothing(kept, from);
    if (value) await setVerified(to, kept.name, value);
  }
  await writeRecord(folder, { ...record, provider: to.provider });
  for (const { name } of [record.key, ...beside]) await from.delete(name);
}

/**
 * Destroys the keys of a folder's data for good, old ones too: what they encrypted is lost to everybody. Overwritten
 * first, since a keeper may only mark what was deleted. A second call, after a power cut, finds nothing left to do.
 *
 * @throws Refusal `PROVIDER_CHANGED` when another keeper has the key; nothing is destroyed then.
 */
export async function destroyDataKey({ folder, secrets, random = randomBytes }: DataKeyOptions): Promise<void> {
  const record = await readRecord(folder);
  // A file that was to take the replica's place has a key of its own, and so have backups from before an exchange.
  const kept = [record?.key, record?.next, ...(record?.old ?? [])].filter((entry) => entry != null);
  if (!record || kept.length === 0) return;
  if (record.provider !== secrets.provider) throw providerChanged(folder, record.provider, secrets.provider);
  for (const { name } of kept) {
    await secrets.set(name, Buffer.from(random(DATA_KEY_LENGTH)).toString("hex"));
    await secrets.delete(name);
  }
  await writeRecord(folder, { ...record, key: null, next: null, old: [] });
}

/** Stores a key under a name of its own, and only then points the record to it. */
async function keep(options: DataKeyOptions, record: KeyringRecord, key: Uint8Array): Promise<Uint8Array> {
  const { folder, secrets } = options;
  const kept = await keepEntry(options, key);
  const same = record.provider === secrets.provider;
  // Old keys stay: they may belong to backups on another disk.
  const old = same ? record.old : [];
  await writeRecord(folder, { ...record, provider: secrets.provider, key: kept, next: null, old });
  // What it replaces encrypted nothing: there was no database.
  if (same) {
    await forget(secrets, record.key, [kept]);
    await forget(secrets, record.next, [kept]);
  }
  return key;
}

async function keepEntry({ secrets, now = Date.now }: DataKeyOptions, key: Uint8Array): Promise<KeptKey> {
  if (key.length !== DATA_KEY_LENGTH)
    throw new RangeError(`A data key has ${DATA_KEY_LENGTH} bytes, not ${key.length}`);
  const fingerprint = fingerprintOf(key);
  const name = `data-key.${fingerprint}`;
  await setVerified(secrets, name, key);
  return { name, fingerprint, made_at: now() };
}

/** Forgets an entry, unless one of the others is the very same. */
async function forget(secrets: SecretStore, entry: KeptKey | null, others: readonly (KeptKey | null)[]): Promise<void> {
  if (entry && others.every((other) => other?.name !== entry.name)) await secrets.delete(entry.name);
}

/** The record of a folder whose key this keeper has. */
async function ownRecord(folder: string, secrets: SecretStore): Promise<KeyringRecord> {
  const record = await readRecord(folder);
  if (!record?.key) throw keyMissing(folder, secrets.provider, record, await databasesIn(folder));
  if (record.provider !== secrets.provider) throw providerChanged(folder, record.provider, secrets.provider);
  return record;
}

async function setVerified(secrets: SecretStore, name: string, key: Uint8Array): Promise<void> {
  const value = Buffer.from(key).toString("hex");
  await secrets.set(name, value);
  if ((await secrets.get(name)) !== value) {
    throw refuse(
      "STORE_UNRELIABLE",
      `"${secrets.provider}" on this computer did not give back the key it was given, so nothing was encrypted with it. ` +
        "Nothing was lost. Check that the keychain is unlocked, or keep the key under a passphrase.",
      { provider: secrets.provider },
    );
  }
}

async function readKey(kept: KeptKey, secrets: SecretStore): Promise<Uint8Array | null> {
  const value = await secrets.get(kept.name);
  if (value === null) return null;
  const key = Buffer.from(value, "hex");
  const same =
    key.length === DATA_KEY_LENGTH && timingSafeEqual(Buffer.from(fingerprintOf(key)), Buffer.from(kept.fingerprint));
  if (!same) {
    throw refuse(
      "KEY_MISMATCH",
      `The key that "${secrets.provider}" gives for this data is not the one that was put there. ` +
        "Nothing was deleted or opened. Restore the keychain from a backup.",
      { provider: secrets.provider },
    );
  }
  return key;
}

/** A key that something else goes on without: one that was lost or altered counts as none. */
async function readKeyOrNothing(kept: KeptKey, secrets: SecretStore): Promise<Uint8Array | null> {
  return readKey(kept, secrets).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "KEY_MISMATCH") return null;
    throw error;
  });
}

/** Names a key without saying anything of it: it is 32 random bytes, which nobody guesses. */
function fingerprintOf(key: Uint8Array): string {
  return createHash("sha256").update("horopter-data-key-1\0").update(key).digest("hex").slice(0, 32);
}

function keyMissing(folder: string, provider: string, record: KeyringRecord | null, databases: readonly string[]) {
  const lost = record?.key
    ? `"${provider}" no longer has it`
    : `${RECORD_FILE}, which says where it is kept, is missing`;
  return refuse(
    "KEY_MISSING",
    `The key of the data in ${folder} was not found: ${lost}. Nothing was deleted, and no new key was made: the data ` +
      "stays as it is and opens again when the key is back. Restore the keychain (or that file) from a " +
      "backup; what the centre has already can also be downloaded into a new folder.",
    { folder, provider, databases },
  );
}

function providerChanged(folder: string, previous: string | null, current: string) {
  return refuse(
    "PROVIDER_CHANGED",
    `The key of the data in ${folder} is kept by "${previous ?? "nobody"}", but this start came with "${current}". Nothing was ` +
      "deleted and no new key was made. Start Horopter as before (same user account, same desktop session).",
    { folder, previous, current },
  );
}
