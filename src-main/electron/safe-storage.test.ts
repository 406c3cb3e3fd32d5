import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Refusal } from "../../src-shared/sync/ports.ts";
import { SAFE_STORAGE_FILE, type SafeStorage, safeStorageCandidate } from "./safe-storage.ts";

let folder: { path: string; scope: string };
beforeEach(async () => {
  folder = { path: await mkdtemp(join(tmpdir(), "horopter-safe-")), scope: "00".repeat(16) };
});
afterEach(() => rm(folder.path, { recursive: true, force: true }));

/** What Electron's safeStorage does, with a key that can change. */
function createSafeStorage(change: Partial<SafeStorage> = {}) {
  const system = { key: 1 };
  const safeStorage: SafeStorage = {
    isAsyncEncryptionAvailable: async () => true,
    getSelectedStorageBackend: () => "gnome_libsecret",
    encryptStringAsync: async (text) => Buffer.from(`${system.key}:${Buffer.from(text).toString("hex")}`),
    async decryptStringAsync(encrypted) {
      const [key, hex = ""] = encrypted.toString().split(":");
      return { result: Buffer.from(hex, "hex").toString(), shouldReEncrypt: Number(key) !== system.key };
    },
    ...change,
  };
  return { system, safeStorage };
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as Refusal,
  );

test("keeps secrets encrypted by the system, over restarts", async () => {
  const { safeStorage } = createSafeStorage();
  const candidate = safeStorageCandidate(safeStorage, "linux");
  expect(candidate.provider).toBe("safe-storage:gnome_libsecret");
  await (await candidate.open(folder, "first")).set("key", "f00d");
  const text = await readFile(join(folder.path, SAFE_STORAGE_FILE), "utf8");
  expect(text).not.toContain("f00d");
  const again = await candidate.open(folder, "again");
  expect(await again.get("key")).toBe("f00d");
  expect(await again.get("other")).toBeNull();
  await again.delete("key");
  expect(await again.get("key")).toBeNull();
});

test("encrypts again with the system's new key", async () => {
  const { safeStorage, system } = createSafeStorage();
  const store = await safeStorageCandidate(safeStorage, "darwin").open(folder, "first");
  await store.set("key", "f00d");
  system.key = 2;
  expect(await store.get("key")).toBe("f00d");
  const { entries } = JSON.parse(await readFile(join(folder.path, SAFE_STORAGE_FILE), "utf8")) as {
    entries: { key: string };
  };
  expect(Buffer.from(entries.key, "base64").toString()).toMatch(/^2:/);
});

test.each(["basic_text", "unknown"])("refuses the backend %s on Linux, which protects nothing", async (backend) => {
  const { safeStorage } = createSafeStorage({ getSelectedStorageBackend: () => backend });
  expect((await refusalOf(safeStorageCandidate(safeStorage, "linux").open(folder, "first"))).code).toBe(
    "STORE_UNAVAILABLE",
  );
  expect(safeStorageCandidate(safeStorage, "win32").provider).toBe("safe-storage:win32");
});

test.each<[string, Partial<SafeStorage>]>([
  ["has no key", { isAsyncEncryptionAvailable: async () => false }],
  ["fails", { encryptStringAsync: () => Promise.reject(new Error("denied")) }],
  ["gives back something else", { decryptStringAsync: async () => ({ result: "", shouldReEncrypt: false }) }],
])("is unavailable when the system %s", async (_how, change) => {
  const { safeStorage } = createSafeStorage(change);
  expect((await refusalOf(safeStorageCandidate(safeStorage, "darwin").open(folder, "first"))).code).toBe(
    "STORE_UNAVAILABLE",
  );
});
