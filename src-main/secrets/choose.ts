import { Refusal, refuse } from "../../src-shared/sync/ports.ts";
import { databasesIn, newRecord, RECORD_FILE, readRecord, writeRecord } from "./keyring-record.ts";
import type { SecretCandidate, SecretStore } from "./store.ts";

/**
 * Opens the keeper of a folder's keys.
 *
 * A folder whose key is kept somewhere stays with that keeper: another one being there instead is an error, never a
 * reason to begin anew. A folder without a key takes the first keeper of the list that this machine has.
 *
 * @throws Refusal
 * - `KEY_MISSING`: there is a database, but no note of where its key is kept.
 * - `PROVIDER_CHANGED`: the keeper that has the key is not among the candidates or does not answer.
 * - `NO_SECRET_STORE`: no candidate can be used.
 * - whatever the keeper itself refuses with, a wrong passphrase for example.
 */
export async function chooseSecretStore(folder: string, candidates: readonly SecretCandidate[]): Promise<SecretStore> {
  const found = await readRecord(folder);
  if (!found && (await databasesIn(folder)).length > 0) {
    throw refuse(
      "KEY_MISSING",
      `There is a database in ${folder}, but ${RECORD_FILE}, which says where its key is kept, is missing. Nothing was deleted ` +
        "and no new key was made. Restore that file from a backup of the folder.",
      { folder },
    );
  }
  const record = found ?? newRecord();
  // Kept at once, so that what a keeper is given has the same name after a start that was cut off.
  if (!found) await writeRecord(folder, record);
  const place = { path: folder, scope: record.scope };

  if (record.key && record.provider !== null && (await databasesIn(folder)).length > 0) {
    return reopen(record.provider, candidates, (candidate) => candidate.open(place, "again"));
  }

  // The keeper of a key that was taken over before its database is in place goes first.
  const inOrder = [...candidates].sort(
    (a, b) => Number(b.provider === record.provider) - Number(a.provider === record.provider),
  );
  const reasons: Record<string, string> = {};
  for (const candidate of inOrder) {
    try {
      return await candidate.open(place, "first");
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      reasons[candidate.provider] = error.message;
    }
  }
  const why = Object.entries(reasons).map(([provider, reason]) => `  ${provider}: ${reason}`);
  throw refuse(
    "NO_SECRET_STORE",
    `The data could not be encrypted, because this computer has nowhere to keep its key:\n${why.join("\n")}\n` +
      "Nothing was written. Unlock the keychain, or set HOROPTER_PASSPHRASE to a passphrase of your own.",
    { reasons },
  );
}

async function reopen(
  previous: string,
  candidates: readonly SecretCandidate[],
  open: (candidate: SecretCandidate) => Promise<SecretStore>,
): Promise<SecretStore> {
  const candidate = candidates.find(({ provider }) => provider === previous);
  let reason = "it is not one that this start can use";
  if (candidate) {
    try {
      return await open(candidate);
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      reason = error.message;
    }
  }
  throw refuse(
    "PROVIDER_CHANGED",
    `The key of this data is kept by "${previous}", which cannot be used now: ${reason}. Nothing was deleted and no new key ` +
      "was made. Start Horopter as before (same user account, same desktop session).",
    { previous, reason, candidates: candidates.map(({ provider }) => provider) },
  );
}

function isUnavailable(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code === "STORE_UNAVAILABLE";
}
