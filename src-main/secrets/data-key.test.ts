import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Refusal } from "../../src-shared/sync/ports.ts";
import {
  destroyDataKey,
  forgetOldKeys,
  moveDataKey,
  nextDataKey,
  oldDataKeys,
  openDataKey,
  stageNextKey,
  takeNextKey,
} from "./data-key.ts";
import { databasesIn, RECORD_FILE, readRecord } from "./keyring-record.ts";
import type { SecretStore } from "./store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-key-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A keeper whose entries a test can see and spoil. */
function createStore(provider = "keyring:test") {
  const entries = new Map<string, string>();
  const store: SecretStore = {
    provider,
    get: async (name) => entries.get(name) ?? null,
    set: async (name, value) => void entries.set(name, value),
    delete: async (name) => void entries.delete(name),
  };
  return { entries, store };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );
const placeDatabase = (name = "replica.db") => writeFile(join(folder, name), "encrypted pages");

test("is made once and found again", async () => {
  const { store, entries } = createStore();
  const key = await openDataKey({ folder, secrets: store });
  expect(key).toHaveLength(32);
  await placeDatabase();
  expect(Buffer.from(await openDataKey({ folder, secrets: store }))).toEqual(Buffer.from(key));
  expect(entries.size).toBe(1);
});

test("neither stands in the record nor can be told from it", async () => {
  const { store } = createStore();
  const key = Buffer.from(await openDataKey({ folder, secrets: store }));
  const record = await readFile(join(folder, RECORD_FILE), "utf8");
  expect(record).not.toContain(key.toString("hex"));
  expect(record).not.toContain(key.toString("base64"));
  expect(JSON.parse(record)).toMatchObject({ version: 1, provider: "keyring:test" });
});

test.each(["replica.db", "replica.db-wal", "replica.sqlite", "replica.db.damaged-2026-11-20"])(
  "a lost entry is never a reason for a new key while %s is there",
  async (name) => {
    const { store, entries } = createStore();
    await openDataKey({ folder, secrets: store });
    await placeDatabase(name);
    entries.clear();
    expect(await codeOf(openDataKey({ folder, secrets: store }))).toBe("KEY_MISSING");
    expect(entries.size).toBe(0);
    expect(await readFile(join(folder, name), "utf8")).toBe("encrypted pages");
  },
);

test("a backup is a database too", async () => {
  const { store, entries } = createStore();
  await openDataKey({ folder, secrets: store });
  await mkdir(join(folder, "backups"));
  await placeDatabase("backups/2026-11-20.db");
  entries.clear();
  expect(await codeOf(openDataKey({ folder, secrets: store }))).toBe("KEY_MISSING");
});

test("a lost record is told, and the message says what is safe", async () => {
  const { store } = createStore();
  await openDataKey({ folder, secrets: store });
  await placeDatabase();
  await rm(join(folder, RECORD_FILE));
  const error = await openDataKey({ folder, secrets: store }).catch((cause: unknown) => cause as Refusal);
  expect(error).toMatchObject({ code: "KEY_MISSING", message: expect.stringContaining("Nothing was deleted") });
});

test("an entry that holds another key is not used", async () => {
  const { store, entries } = createStore();
  await openDataKey({ folder, secrets: store });
  await placeDatabase();
  for (const name of entries.keys()) entries.set(name, "00".repeat(32));
  expect(await codeOf(openDataKey({ folder, secrets: store }))).toBe("KEY_MISMATCH");
  for (const name of entries.keys()) entries.set(name, "no hex at all");
  expect(await codeOf(openDataKey({ folder, secrets: store }))).toBe("KEY_MISMATCH");
});

test("another keeper is told which one it was before", async () => {
  await openDataKey({ folder, secrets: createStore("keyring:secret-service").store });
  await placeDatabase();
  const error = await openDataKey({ folder, secrets: createStore("safe-storage:kwallet6").store }).catch(
    (e: unknown) => e,
  );
  expect(error).toMatchObject({
    code: "PROVIDER_CHANGED",
    args: { previous: "keyring:secret-service", current: "safe-storage:kwallet6" },
  });
});

test("another keeper may begin while there is nothing to lose", async () => {
  await openDataKey({ folder, secrets: createStore("a").store });
  const { store, entries } = createStore("b");
  await openDataKey({ folder, secrets: store });
  expect(entries.size).toBe(1);
  expect((await readRecord(folder))?.provider).toBe("b");
});

test("a keeper that does not give back what it was given encrypts nothing", async () => {
  const { store } = createStore();
  const forgetful = { ...store, set: async () => {} };
  expect(await codeOf(openDataKey({ folder, secrets: forgetful }))).toBe("STORE_UNRELIABLE");
  expect(await readRecord(folder)).toBeNull();
});

test("keeps the key of a downloaded replica beside the present one until it is taken", async () => {
  const { store, entries } = createStore();
  const options = { folder, secrets: store };
  const present = await openDataKey(options);
  await placeDatabase();
  expect(await nextDataKey(options)).toBeNull();
  const given = new Uint8Array(32).fill(7);
  await stageNextKey(options, given);
  expect(entries.size).toBe(2);
  expect(Buffer.from(await openDataKey(options))).toEqual(Buffer.from(present));
  expect(Buffer.from((await nextDataKey(options)) ?? [])).toEqual(Buffer.from(given));
  await takeNextKey(options);
  expect(Buffer.from(await openDataKey(options))).toEqual(Buffer.from(given));
  expect(await nextDataKey(options)).toBeNull();
  // Backups from before need the one that it took the place of.
  expect((await oldDataKeys(options)).map((old) => Buffer.from(old))).toEqual([Buffer.from(present)]);
});

/** A folder whose replica was exchanged twice: its old keys, newest first, are ones and the first one. */
async function exchangedTwice(store: SecretStore) {
  const options = { folder, secrets: store };
  const first = Buffer.from(await openDataKey(options));
  await placeDatabase();
  for (const fill of [1, 2]) {
    await stageNextKey(options, new Uint8Array(32).fill(fill));
    await takeNextKey(options);
  }
  return { options, first };
}
const ones = Buffer.alloc(32, 1);
const asBuffers = (keys: readonly Uint8Array[]) => keys.map((key) => Buffer.from(key));

test("old keys are kept until nothing needs them, and one that the keeper lost is left out", async () => {
  const { store, entries } = createStore();
  const { options, first } = await exchangedTwice(store);
  expect(asBuffers(await oldDataKeys(options))).toEqual([ones, first]);
  await forgetOldKeys(options, (key) => first.equals(key));
  expect(asBuffers(await oldDataKeys(options))).toEqual([first]);
  expect(entries.size).toBe(2);
  for (const [name, value] of entries) if (value === first.toString("hex")) entries.set(name, "00".repeat(32));
  expect(await oldDataKeys(options)).toEqual([]);
  expect(Buffer.from(await openDataKey(options))).toEqual(Buffer.alloc(32, 2));
});

test("forgetting old keys that was cut off leaves none that the record does not name", async () => {
  const { store, entries } = createStore();
  const { options } = await exchangedTwice(store);
  let deleted = 0;
  const cutOff: SecretStore = {
    ...store,
    async delete(name) {
      if (deleted++ > 0) throw new Error("power went");
      await store.delete(name);
    },
  };
  await expect(forgetOldKeys({ folder, secrets: cutOff }, () => false)).rejects.toThrow("power went");
  await forgetOldKeys(options, () => false);
  expect(entries.size).toBe(1);
  expect((await readRecord(folder))?.old).toEqual([]);
});

test("a next key that never came to be used makes room for another", async () => {
  const { store, entries } = createStore();
  const options = { folder, secrets: store };
  await openDataKey(options);
  await placeDatabase();
  await stageNextKey(options, new Uint8Array(32).fill(7));
  await stageNextKey(options, new Uint8Array(32).fill(8));
  await stageNextKey(options, new Uint8Array(32).fill(8));
  expect(entries.size).toBe(2);
  expect(Buffer.from((await nextDataKey(options)) ?? [])).toEqual(Buffer.alloc(32, 8));
});

test("both keys move to another keeper", async () => {
  const [from, to] = [createStore("a"), createStore("b")];
  await openDataKey({ folder, secrets: from.store });
  await placeDatabase();
  await stageNextKey({ folder, secrets: from.store }, new Uint8Array(32).fill(7));
  await moveDataKey({ folder, from: from.store, to: to.store });
  expect(from.entries.size).toBe(0);
  expect(Buffer.from((await nextDataKey({ folder, secrets: to.store })) ?? [])).toEqual(Buffer.alloc(32, 7));
});

test("old keys move along, and are destroyed along", async () => {
  const [from, to] = [createStore("a"), createStore("b")];
  const { first } = await exchangedTwice(from.store);
  await moveDataKey({ folder, from: from.store, to: to.store });
  expect(from.entries.size).toBe(0);
  expect(asBuffers(await oldDataKeys({ folder, secrets: to.store }))).toEqual([ones, first]);
  await destroyDataKey({ folder, secrets: to.store });
  expect(to.entries.size).toBe(0);
  expect(await oldDataKeys({ folder, secrets: to.store })).toEqual([]);
});

test("moves to another keeper and leaves the old one", async () => {
  const [from, to] = [createStore("a"), createStore("b")];
  const key = await openDataKey({ folder, secrets: from.store });
  await placeDatabase();
  await moveDataKey({ folder, from: from.store, to: to.store });
  expect(from.entries.size).toBe(0);
  expect(Buffer.from(await openDataKey({ folder, secrets: to.store }))).toEqual(Buffer.from(key));
});

test.each([
  ["refuses to store", { set: async () => Promise.reject(new Error("locked")) }],
  ["forgets at once", { get: async () => null }],
])("stays where it was when the new keeper %s", async (_how, spoilt) => {
  const from = createStore("a");
  const key = await openDataKey({ folder, secrets: from.store });
  await placeDatabase();
  const to = { ...createStore("b").store, ...spoilt };
  await expect(moveDataKey({ folder, from: from.store, to })).rejects.toThrow();
  expect(Buffer.from(await openDataKey({ folder, secrets: from.store }))).toEqual(Buffer.from(key));
});

test("a move that was cut off before the old entry went leaves a folder that opens", async () => {
  const [from, to] = [createStore("a"), createStore("b")];
  const key = await openDataKey({ folder, secrets: from.store });
  await placeDatabase();
  const cutOff = { ...from.store, delete: async () => Promise.reject(new Error("power went")) };
  await expect(moveDataKey({ folder, from: cutOff, to: to.store })).rejects.toThrow("power went");
  expect(Buffer.from(await openDataKey({ folder, secrets: to.store }))).toEqual(Buffer.from(key));
});

test("the record of a newer version, or a broken one, is left as it is", async () => {
  const { store } = createStore();
  const path = join(folder, RECORD_FILE);
  for (const [text, code] of [
    ['{"version":2,"anything":1}', "KEYRING_NEWER"],
    ["{", "KEYRING_DAMAGED"],
    ['{"version":1}', "KEYRING_DAMAGED"],
  ] as const) {
    await writeFile(path, text);
    expect(await codeOf(openDataKey({ folder, secrets: store }))).toBe(code);
    expect(await readFile(path, "utf8")).toBe(text);
  }
});

test("leaves no drafts behind", async () => {
  await openDataKey({ folder, secrets: createStore().store });
  expect(await readdir(folder)).toEqual([RECORD_FILE]);
  expect(await databasesIn(join(folder, "nowhere"))).toEqual([]);
});

test("is overwritten before it is forgotten, once and for all, and a new one is made only when the data is gone", async () => {
  const { store, entries } = createStore();
  const key = Buffer.from(await openDataKey({ folder, secrets: store }));
  await placeDatabase();
  const kept: string[] = [];
  const watching: SecretStore = {
    ...store,
    async delete(name) {
      kept.push(entries.get(name) ?? "");
      await store.delete(name);
    },
  };
  await destroyDataKey({ folder, secrets: watching });
  await destroyDataKey({ folder, secrets: watching });
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(kept[0]).not.toBe(key.toString("hex"));
  expect(entries.size).toBe(0);
  expect(await codeOf(openDataKey({ folder, secrets: store }))).toBe("KEY_MISSING");
  await rm(join(folder, "replica.db"));
  expect(Buffer.from(await openDataKey({ folder, secrets: store }))).not.toEqual(key);
});

test("is not destroyed in the name of another keeper", async () => {
  const { store, entries } = createStore();
  await openDataKey({ folder, secrets: store });
  expect(await codeOf(destroyDataKey({ folder, secrets: createStore("keyring:other").store }))).toBe(
    "PROVIDER_CHANGED",
  );
  expect(entries.size).toBe(1);
});
