import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { refuse } from "../../src-shared/sync/ports.ts";
import { databasesIn, type KeyringRecord, newRecord, RECORD_FILE, readRecord, writeRecord } from "./keyring-record.ts";
import type { SecretStore } from "./store.ts";

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
 * Takes a key that was made elsewhere: the one a downloaded replica is encrypted with. Called before that file is
 * put in its place.
 *
 * @throws Refusal `DATABASE_EXISTS` while there is a database here, which the key it has would be lost for.
 */
export async function adoptDataKey(options: DataKeyOptions, key: Uint8Array): Promise<void> {
  const { folder } = options;
  const databases = await databasesIn(folder);
  if (databases.length > 0) {
    throw refuse(
      "DATABASE_EXISTS",
      `There is a database in ${folder} already, so its key was not replaced. Nothing was changed. Use an empty folder.`,
      { folder, databases },
    );
  }
  await keep(options, (await readRecord(folder)) ?? newRecord(), key);
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
  await setVerified(to, record.key.name, key);
  await writeRecord(folder, { ...record, provider: to.provider });
  await from.delete(record.key.name);
}

/**
 * Destroys the key of a folder's data for good: what it encrypted is lost to everybody. Overwritten first, since a keeper
 * may only mark what was deleted. A second call, after a power cut, finds nothing left to do.
 *
 * @throws Refusal `PROVIDER_CHANGED` when another keeper has the key; nothing is destroyed then.
 */
export async function destroyDataKey({ folder, secrets, random = randomBytes }: DataKeyOptions): Promise<void> {
  const record = await readRecord(folder);
  if (!record?.key) return;
  if (record.provider !== secrets.provider) throw providerChanged(folder, record.provider, secrets.provider);
  await secrets.set(record.key.name, Buffer.from(random(DATA_KEY_LENGTH)).toString("hex"));
  await secrets.delete(record.key.name);
  await writeRecord(folder, { ...record, key: null });
}

/** Stores a key under a name of its own, and only then points the record to it. */
async function keep(options: DataKeyOptions, record: KeyringRecord, key: Uint8Array): Promise<Uint8Array> {
  const { folder, secrets, now = Date.now } = options;
  if (key.length !== DATA_KEY_LENGTH)
    throw new RangeError(`A data key has ${DATA_KEY_LENGTH} bytes, not ${key.length}`);
  const fingerprint = fingerprintOf(key);
  const name = `data-key.${fingerprint}`;
  await setVerified(secrets, name, key);
  await writeRecord(folder, { ...record, provider: secrets.provider, key: { name, fingerprint, made_at: now() } });
  // What it replaces encrypted nothing: there was no database.
  if (record.key && record.key.name !== name && record.provider === secrets.provider) {
    await secrets.delete(record.key.name);
  }
  return key;
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

async function readKey(kept: { name: string; fingerprint: string }, secrets: SecretStore): Promise<Uint8Array | null> {
  const value = await secrets.get(kept.name);
  if (value === null) return null;
  const key = Buffer.from(value, "hex");
  const same =
    key.length === DATA_KEY_LENGTH && timingSafeEqual(Buffer.from(fingerprintOf(key)), Buffer.from(kept.fingerprint));
  if (!same) {
    throw refuse(
      "KEY_MISMATCH",
      `The key that "${secrets.provider}" gives for this data is not the one that was put there. ` +
        "Nothing was deleted or opened. Restore the keychain from a backup, or use the practice's recovery key.",
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
      "stays as it is and opens again when the key is back. Restore the keychain (or that file) from a backup, or use " +
      "the practice's recovery key; what the centre has already can also be downloaded into a new folder.",
    { folder, provider, databases },
  );
}

function providerChanged(folder: string, previous: string | null, current: string) {
  return refuse(
    "PROVIDER_CHANGED",
    `The key of the data in ${folder} is kept by "${previous ?? "nobody"}", but this start came with "${current}". Nothing was ` +
      "deleted and no new key was made. Start Horopter as before (same user account, same desktop session), or use " +
      "the practice's recovery key.",
    { folder, previous, current },
  );
}
