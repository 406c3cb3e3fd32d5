import { join } from "node:path";
import { z } from "zod";
import { refuse } from "../../src-shared/sync/ports.ts";
import { mapStore } from "./map-store.ts";
import { readText, writePrivately } from "./private-file.ts";
import {
  defaultCost,
  deriveKey,
  newKdf,
  type PassphraseCost,
  type Sealed,
  seal,
  sealedSchema,
  unseal,
} from "./sealed.ts";
import type { SecretCandidate, SecretStore } from "./store.ts";

export const SEALED_FILE = "secrets.sealed.json";
const PROVIDER = "passphrase-file";
/** Characters. The file can be tried without end by whoever has it, so the passphrase is all there is. */
const MIN_PASSPHRASE = 12;

const secretsSchema = z.record(z.string(), z.string());

/** Where the passphrase comes from; null when nobody can be asked. `isNew`: it is being chosen, not checked. */
export type AskPassphrase = (isNew: boolean) => Promise<string | null>;

/** Keeps secrets in a file beside the data, sealed by a passphrase: for machines without a keychain. */
export function passphraseFile(ask: AskPassphrase, cost: PassphraseCost = defaultCost): SecretCandidate {
  return { provider: PROVIDER, open: ({ path }) => openSealed(join(path, SEALED_FILE), ask, cost) };
}

async function openSealed(path: string, ask: AskPassphrase, cost: PassphraseCost): Promise<SecretStore> {
  const text = await readText(path);
  const file = text === null ? null : parseFile(path, text);
  const passphrase = await ask(file === null);
  if (passphrase === null) {
    throw refuse(
      "STORE_UNAVAILABLE",
      "There is no passphrase: none was given in HOROPTER_PASSPHRASE and there is no terminal to ask on.",
      { provider: PROVIDER },
    );
  }
  if (file === null && [...passphrase].length < MIN_PASSPHRASE) {
    throw refuse(
      "WEAK_PASSPHRASE",
      `The passphrase has fewer than ${MIN_PASSPHRASE} characters, so nothing was encrypted with it. Choose a longer one, for example four words.`,
      { minimum: MIN_PASSPHRASE },
    );
  }

  const kdf = file?.kdf ?? newKdf(cost);
  const key = await deriveKey(passphrase, kdf);
  const opened = file === null ? "{}" : unseal(key, file);
  if (opened === null) {
    throw refuse(
      "WRONG_PASSPHRASE",
      "The passphrase does not open the keys of this data. Nothing was changed. Try again; without it nothing opens the data on this PC, and what the centre has comes back by joining the practice anew.",
      { path },
    );
  }
  return mapStore(PROVIDER, secretsSchema.parse(JSON.parse(opened)), (secrets) =>
    writePrivately(path, `${JSON.stringify(seal(key, kdf, JSON.stringify(secrets)), null, 2)}\n`),
  );
}

function parseFile(path: string, text: string): Sealed {
  try {
    return sealedSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw refuse(
      "KEYRING_DAMAGED",
      `${path} cannot be read, so the keys in it are out of reach. Nothing was changed. Restore that file from a backup of the folder.`,
      { path, cause: String(cause) },
    );
  }
}
