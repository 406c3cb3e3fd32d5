import { join } from "node:path";
import { z } from "zod";
import { refuse } from "../../src-shared/sync/ports.ts";
import { mapStore } from "../secrets/map-store.ts";
import { readText, writePrivately } from "../secrets/private-file.ts";
import type { SecretCandidate, SecretStore } from "../secrets/store.ts";

/** The part of Electron's `safeStorage` that is used: the asynchronous one, since the other is gone in Electron 46. */
export interface SafeStorage {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }>;
  getSelectedStorageBackend(): string;
}

export const SAFE_STORAGE_FILE = "secrets.os.json";

const fileSchema = z.object({ version: z.literal(1), entries: z.record(z.string(), z.base64()) });

/** Backends that protect nothing: a password that stands in the program, or none chosen yet. */
const worthless: readonly string[] = ["basic_text", "unknown"];

/** Keeps secrets in a file beside the data, encrypted by a key that the operating system keeps. After `ready` only. */
export function safeStorageCandidate(safeStorage: SafeStorage, platform: NodeJS.Platform): SecretCandidate {
  const backend = platform === "linux" ? safeStorage.getSelectedStorageBackend() : platform;
  const provider = `safe-storage:${backend}`;
  return {
    provider,
    async open(folder, use) {
      if (worthless.includes(backend)) throw unavailable(provider, "it would protect nothing on this desktop");
      if (!(await safeStorage.isAsyncEncryptionAvailable()))
        throw unavailable(provider, "the system's key is not there");
      if (use === "first") await probe(safeStorage, provider);
      return openStore(join(folder.path, SAFE_STORAGE_FILE), provider, safeStorage);
    },
  };
}

async function openStore(path: string, provider: string, safeStorage: SafeStorage): Promise<SecretStore> {
  const text = await readText(path);
  const entries = text === null ? {} : fileSchema.parse(JSON.parse(text)).entries;
  const file = mapStore(provider, entries, (changed) =>
    writePrivately(path, `${JSON.stringify({ version: 1, entries: changed }, null, 2)}\n`),
  );
  const set = async (name: string, value: string) =>
    file.set(name, (await safeStorage.encryptStringAsync(value)).toString("base64"));
  return {
    provider,
    async get(name) {
      const encrypted = await file.get(name);
      if (encrypted === null) return null;
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(encrypted, "base64"));
      // The system has a newer key; what the old one encrypted stays readable, so this may wait if it fails.
      if (shouldReEncrypt) await set(name, result).catch(() => {});
      return result;
    },
    set,
    delete: (name) => file.delete(name),
  };
}

async function probe(safeStorage: SafeStorage, provider: string): Promise<void> {
  try {
    const { result } = await safeStorage.decryptStringAsync(await safeStorage.encryptStringAsync("probe"));
    if (result === "probe") return;
  } catch (cause) {
    throw unavailable(provider, cause instanceof Error ? cause.message : String(cause));
  }
  throw unavailable(provider, "it did not give back what it was given");
}

function unavailable(provider: string, reason: string) {
  return refuse("STORE_UNAVAILABLE", `The system's storage of secrets cannot be used: ${reason}`, { provider });
}
