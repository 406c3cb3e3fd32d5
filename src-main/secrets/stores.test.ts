import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Refusal } from "../../src-shared/sync/ports.ts";
import { KEY_FILE, keyFile } from "./key-file.ts";
import { type Keychain, keyring, keyringProvider } from "./keyring.ts";
import { passphraseFile, SEALED_FILE } from "./passphrase-file.ts";
import type { SecretCandidate, SecretFolder } from "./store.ts";

const cheap = { memoryKib: 64, passes: 1 };
const passphrase = "correct horse battery staple";

let folder: SecretFolder;
beforeEach(async () => {
  folder = { path: await mkdtemp(join(tmpdir(), "horopter-secrets-")), scope: "00".repeat(16) };
});
afterEach(() => rm(folder.path, { recursive: true, force: true }));

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

/** What a keychain does, in memory. */
function createKeychain() {
  const entries = new Map<string, string>();
  const keychain: Keychain = (service, account) => ({
    getPassword: async () => entries.get(`${service}/${account}`) ?? null,
    setPassword: async (password) => void entries.set(`${service}/${account}`, password),
    deletePassword: async () => entries.delete(`${service}/${account}`),
  });
  return { entries, keychain };
}

const { keychain } = createKeychain();
describe.each<[string, SecretCandidate]>([
  ["the keychain", keyring(keychain)],
  ["a passphrase file", passphraseFile(async () => passphrase, cheap)],
  ["a key file", keyFile],
])("%s", (_name, candidate) => {
  test("keeps, gives, replaces and forgets, also after it was opened again", async () => {
    const store = await candidate.open(folder, "first");
    expect(store.provider).toBe(candidate.provider);
    expect(await store.get("a")).toBeNull();
    await Promise.all([store.set("a", "1"), store.set("b", "2"), store.set("c", "3")]);
    await store.set("b", "22");
    const again = await candidate.open(folder, "again");
    expect(await Promise.all([again.get("a"), again.get("b"), again.get("c")])).toEqual(["1", "22", "3"]);
    await again.delete("a");
    await again.delete("never there");
    expect(await (await candidate.open(folder, "again")).get("a")).toBeNull();
  });

  test("keeps the secrets of two folders apart", async () => {
    const other = { path: join(folder.path, "other"), scope: "11".repeat(16) };
    await (await candidate.open(folder, "first")).set("a", "mine");
    expect(await (await candidate.open(other, "first")).get("a")).toBeNull();
  });
});

describe("a passphrase file", () => {
  const open = (given: string | null) => passphraseFile(async () => given, cheap).open(folder, "first");

  test("says nothing of what is in it, to anybody", async () => {
    await (await open(passphrase)).set("data-key", "f00d".repeat(16));
    const text = await readFile(join(folder.path, SEALED_FILE), "utf8");
    expect(text).not.toContain("f00d");
    expect(text).not.toContain("data-key");
    if (process.platform !== "win32") expect((await stat(join(folder.path, SEALED_FILE))).mode & 0o777).toBe(0o600);
  });

  test("opens with the same passphrase written another way, and with no other", async () => {
    await (await open("café au lait à deux")).set("a", "1");
    expect(await (await open("café au lait à deux".normalize("NFD"))).get("a")).toBe("1");
    expect(await codeOf(open("cafe au lait a deux"))).toBe("WRONG_PASSPHRASE");
  });

  test("does not open when anything in it was altered", async () => {
    await (await open(passphrase)).set("a", "1");
    const path = join(folder.path, SEALED_FILE);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"passes": 1', '"passes": 2'));
    expect(await codeOf(open(passphrase))).toBe("WRONG_PASSPHRASE");
    await writeFile(path, text.replace('"memory_kib": 64', '"memory_kib": 999999999'));
    expect(await codeOf(open(passphrase))).toBe("KEYRING_DAMAGED");
    await writeFile(path, text.slice(0, -20));
    expect(await codeOf(open(passphrase))).toBe("KEYRING_DAMAGED");
  });

  test("never uses a nonce twice", async () => {
    const store = await open(passphrase);
    const nonces = new Set<string>();
    for (let round = 0; round < 20; round++) {
      await store.set("a", "same");
      nonces.add((JSON.parse(await readFile(join(folder.path, SEALED_FILE), "utf8")) as { nonce: string }).nonce);
    }
    expect(nonces.size).toBe(20);
  });

  test("asks for a longer passphrase when one is chosen, and says when nobody can be asked", async () => {
    expect(await codeOf(open("too short"))).toBe("WEAK_PASSPHRASE");
    expect(await codeOf(open(null))).toBe("STORE_UNAVAILABLE");
  });

  test("asks whether a passphrase is chosen or checked", async () => {
    const asked: boolean[] = [];
    const candidate = passphraseFile(async (isNew) => {
      asked.push(isNew);
      return passphrase;
    }, cheap);
    await (await candidate.open(folder, "first")).set("a", "1");
    await candidate.open(folder, "again");
    expect(asked).toEqual([true, false]);
  });

  test("costs what a sign-in costs, unless told otherwise", async () => {
    await (await passphraseFile(async () => passphrase).open(folder, "first")).set("a", "1");
    const file = JSON.parse(await readFile(join(folder.path, SEALED_FILE), "utf8")) as { kdf: unknown };
    expect(file.kdf).toMatchObject({ name: "argon2id", memory_kib: 65536, passes: 3 });
  });
});

describe("a key file", () => {
  test("is its owner's, says that it protects nothing, and is not used once others can read it", async () => {
    await (await keyFile.open(folder, "first")).set("a", "1");
    const path = join(folder.path, KEY_FILE);
    expect(await readFile(path, "utf8")).toContain("not protected");
    if (process.platform === "win32") return;
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o640);
    expect(await codeOf(keyFile.open(folder, "again"))).toBe("KEY_FILE_EXPOSED");
  });
});

describe("the keychain", () => {
  test("is named by system; on Linux it is the one that survives a restart", () => {
    expect(["linux", "darwin", "win32"].map((platform) => keyringProvider(platform as NodeJS.Platform))).toEqual([
      "keyring:secret-service",
      "keyring:keychain",
      "keyring:credential-manager",
    ]);
  });

  test("is unavailable when it cannot be reached, read or relied on", async () => {
    const unreachable: Keychain = () => {
      throw new Error("no D-Bus");
    };
    const { keychain: sound } = createKeychain();
    const forgetful: Keychain = (...of) => ({ ...sound(...of), setPassword: async () => {} });
    const locked: Keychain = (...of) => ({ ...sound(...of), getPassword: () => Promise.reject(new Error("locked")) });
    for (const broken of [unreachable, forgetful, locked]) {
      expect(await codeOf(keyring(broken).open(folder, "first"))).toBe("STORE_UNAVAILABLE");
    }
    expect(await codeOf(keyring(locked).open(folder, "again"))).toBe("STORE_UNAVAILABLE");
  });

  test("is only read, not written, when it has been used before", async () => {
    const { keychain: sound, entries } = createKeychain();
    const readOnly: Keychain = (...of) => ({ ...sound(...of), setPassword: () => Promise.reject(new Error("denied")) });
    await keyring(readOnly).open(folder, "again");
    expect(entries.size).toBe(0);
  });

  test("leaves nothing of its probing behind", async () => {
    const { keychain: sound, entries } = createKeychain();
    await keyring(sound).open(folder, "first");
    expect(entries.size).toBe(0);
  });

  test("of a machine without a desktop session is unavailable, with the reason", async () => {
    if (process.platform !== "linux" || process.env.DBUS_SESSION_BUS_ADDRESS) return;
    const error = await keyring()
      .open(folder, "first")
      .catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringMatching(/does not answer: \S/) });
  });
});
