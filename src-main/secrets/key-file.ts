import { stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { refuse } from "../../src-shared/sync/ports.ts";
import { mapStore } from "./map-store.ts";
import { readText, writePrivately } from "./private-file.ts";
import type { SecretCandidate, SecretStore } from "./store.ts";

export const KEY_FILE = "secrets.unprotected.json";
const PROVIDER = "key-file";
const WARNING = "The keys in this file are not protected. For demonstrations and tests only, never for patients' data.";

const fileSchema = z.object({ warning: z.string(), secrets: z.record(z.string(), z.string()) });

/**
 * Keeps secrets in a plain file beside the data, readable by its owner only: whoever copies the folder has data and
 * key. For demonstrations and tests, and never chosen unless asked for by name.
 */
export const keyFile: SecretCandidate = {
  provider: PROVIDER,
  open: async (folder) => openKeyFile(join(folder.path, KEY_FILE)),
};

async function openKeyFile(path: string): Promise<SecretStore> {
  const text = await readText(path);
  if (text !== null) await assertPrivate(path);
  const entries = text === null ? {} : fileSchema.parse(JSON.parse(text)).secrets;
  return mapStore(PROVIDER, entries, (secrets) =>
    writePrivately(path, `${JSON.stringify({ warning: WARNING, secrets }, null, 2)}\n`),
  );
}

/** Windows keeps the owner's folder from others by itself; elsewhere the file's mode says who may read it. */
async function assertPrivate(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return;
  throw refuse(
    "KEY_FILE_EXPOSED",
    `Other people on this computer can read ${path}, so it was not used. Nothing was changed. Make it private with: chmod 600 "${path}"`,
    { path },
  );
}
