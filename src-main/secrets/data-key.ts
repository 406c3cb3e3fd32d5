import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { refuse } from "../../src-shared/sync/ports.ts";
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
  await forget(secrets, record.next, [record.key, next]);
}

/** The key that was kept for a replica to come; null while there is none. */
export async function nextDataKey({ folder, secrets }: DataKeyOptions): Promise<Uint8Array | null> {
  const record = await readRecord(folder);
  return record?.next && record.provider === secrets.provider ? readKey(record.next, secrets) : null;
}

/**
 * The next key has opened the file that is there: it is the key from now on, and the other is forgotten. Without a next
 * one nothing changes.
 */
export async function takeNextKey({ folder, secrets }: DataKeyOptions): Promise<void> {
  const record = await ownRecord(folder, secrets);
  if (!record.next) return;
  await writeRecord(folder, { ...record, key: record.next, next: null });
  await forget(secrets, record.key, [record.next]);
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
  const next = record.next && (await readKey(record.next, from));
  await setVerified(to, record.key.name, key);
  if (record.next && next) await setVerified(to, record.next.name, next);
  await writeRecord(folder, { ...record, provider: to.provider });
  await from.delete(record.key.name);
  if (record.next) await from.delete(record.next.name);
}

/**
 * Destroys the key of a folder's data for good: what it encrypted is lost to everybody. Overwritten first, since a keeper
 * may only mark what was deleted. A second call, after a power cut, finds nothing left to do.
 *
 * @throws Refusal `PROVIDER_CHANGED` when another keeper has the key; nothing is destroyed then.
 */
export async function destroyDataKey({ folder, secrets, random = randomBytes }: DataKeyOptions): Promise<void> {
  const record = await readRecord(folder);
  // A file that was to take the replica's place has a key of its own.
  const kept = [record?.key, record?.next].filter((entry) => entry != null);
  if (!record || kept.length === 0) return;
  if (record.provider !== secrets.provider) throw providerChanged(folder, record.provider, secrets.provider);
  for (const { name } of kept) {
    await secrets.set(name, Buffer.from(random(DATA_KEY_LENGTH)).toString("hex"));
    await secrets.delete(name);
  }
  await writeRecord(folder, { ...record, key: null, next: null });
}

/** Stores a key under a name of its own, and only then points the record to it. */
async function keep(options: DataKeyOptions, record: KeyringRecord, key: Uint8Array): Promise<Uint8Array> {
  const { folder, secrets } = options;
  const kept = await keepEntry(options, key);
  await writeRecord(folder, { ...record, provider: secrets.provider, key: kept, next: null });
  // What it replaces encrypted nothing: there was no database.
  if (record.provider === secrets.provider) {
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
