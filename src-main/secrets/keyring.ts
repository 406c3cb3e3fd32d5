import { refuse } from "../../src-shared/sync/ports.ts";
import type { SecretCandidate, SecretFolder, SecretStore } from "./store.ts";

/** One entry of the operating system's keychain. */
export interface KeychainEntry {
  getPassword(): Promise<string | null | undefined>;
  setPassword(password: string): Promise<void>;
  deletePassword(): Promise<boolean>;
}

/** Finds entries by service and account; throws where there is no keychain. */
export type Keychain = (service: string, account: string) => KeychainEntry;

const SERVICE = "Horopter";
const PROBE = "probe";

/**
 * The keeper's name. On Linux only the Secret Service counts: the package would fall back to the kernel's keyring,
 * which forgets everything when the computer is switched off, and the key of the replica with it.
 */
export function keyringProvider(platform: NodeJS.Platform): string {
  if (platform === "darwin") return "keyring:keychain";
  if (platform === "win32") return "keyring:credential-manager";
  return "keyring:secret-service";
}

/** The operating system's keychain. A given `keychain` stands in for it in tests. */
export function keyring(keychain?: Keychain): SecretCandidate {
  const provider = keyringProvider(process.platform);
  return {
    provider,
    async open(folder, use) {
      try {
        const store = storeIn(keychain ?? (await systemKeychain()), provider, folder);
        await probe(store, use);
        return store;
      } catch (cause) {
        throw refuse("STORE_UNAVAILABLE", `The keychain of this computer does not answer: ${messageOf(cause)}`, {
          provider,
        });
      }
    },
  };
}

function storeIn(keychain: Keychain, provider: string, folder: SecretFolder): SecretStore {
  const entry = (name: string) => keychain(SERVICE, `${folder.scope}/${name}`);
  return {
    provider,
    get: async (name) => (await entry(name).getPassword()) ?? null,
    set: (name, value) => entry(name).setPassword(value),
    delete: async (name) => {
      await entry(name).deletePassword();
    },
  };
}

/** Reading an entry there is none of shows that somebody answers; only writing shows that the keychain can be used. */
async function probe(store: SecretStore, use: "first" | "again"): Promise<void> {
  if (use === "again") {
    await store.get(PROBE);
    return;
  }
  await store.set(PROBE, PROBE);
  const read = await store.get(PROBE);
  await store.delete(PROBE);
  if (read !== PROBE) throw new Error("it did not give back what it was given");
}

async function systemKeychain(): Promise<Keychain> {
  const { AsyncEntry } = await import("@napi-rs/keyring");
  const options = process.platform === "linux" ? { linux: { store: "secret-service" as const } } : undefined;
  return (service, account) => new AsyncEntry(service, account, options);
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
