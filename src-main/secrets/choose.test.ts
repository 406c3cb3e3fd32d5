import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Refusal, refuse } from "../../src-shared/sync/ports.ts";
import { chooseSecretStore } from "./choose.ts";
import { openDataKey } from "./data-key.ts";
import { RECORD_FILE, readRecord } from "./keyring-record.ts";
import type { SecretCandidate } from "./store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-choose-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A keeper that can be taken away and given back. */
function createCandidate(provider: string) {
  const entries = new Map<string, string>();
  const uses: string[] = [];
  const keeper = {
    there: true,
    uses,
    scopes: new Set<string>(),
    candidate: {
      provider,
      async open({ scope }, use) {
        uses.push(use);
        keeper.scopes.add(scope);
        if (!keeper.there) throw refuse("STORE_UNAVAILABLE", `${provider} does not answer`);
        return {
          provider,
          get: async (name) => entries.get(name) ?? null,
          set: async (name, value) => void entries.set(name, value),
          delete: async (name) => void entries.delete(name),
        };
      },
    } satisfies SecretCandidate,
  };
  return keeper;
}

const refusalOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error as Refusal,
  );

test("takes the first keeper that is there", async () => {
  const [first, second] = [createCandidate("first"), createCandidate("second")];
  expect((await chooseSecretStore(folder, [first.candidate, second.candidate])).provider).toBe("first");
  first.there = false;
  expect((await chooseSecretStore(folder, [first.candidate, second.candidate])).provider).toBe("second");
});

test("stays with the keeper that has the key, whatever else is there", async () => {
  const [first, second] = [createCandidate("first"), createCandidate("second")];
  first.there = false;
  const candidates = [first.candidate, second.candidate];
  await openDataKey({ folder, secrets: await chooseSecretStore(folder, candidates) });
  await writeFile(join(folder, "replica.db"), "");
  first.there = true;
  expect((await chooseSecretStore(folder, candidates)).provider).toBe("second");
  expect(first.uses).toEqual(["first"]);
  expect(second.uses).toEqual(["first", "again"]);

  second.there = false;
  const error = await refusalOf(chooseSecretStore(folder, candidates));
  expect(error).toMatchObject({
    code: "PROVIDER_CHANGED",
    args: { previous: "second", reason: "second does not answer" },
  });
  expect((await refusalOf(chooseSecretStore(folder, [first.candidate]))).code).toBe("PROVIDER_CHANGED");
  expect((await readRecord(folder))?.provider).toBe("second");
});

test("goes back first to the keeper of a key that was taken over before its database came", async () => {
  const [first, second] = [createCandidate("first"), createCandidate("second")];
  first.there = false;
  await openDataKey({ folder, secrets: await chooseSecretStore(folder, [first.candidate, second.candidate]) });
  first.there = true;
  expect((await chooseSecretStore(folder, [first.candidate, second.candidate])).provider).toBe("second");
});

test("gives a folder one scope, for good", async () => {
  const keeper = createCandidate("only");
  await chooseSecretStore(folder, [keeper.candidate]);
  await chooseSecretStore(folder, [keeper.candidate]);
  expect([...keeper.scopes]).toEqual([(await readRecord(folder))?.scope]);
});

test("says why no keeper can be used", async () => {
  const keeper = createCandidate("only");
  keeper.there = false;
  const error = await refusalOf(chooseSecretStore(folder, [keeper.candidate]));
  expect(error).toMatchObject({ code: "NO_SECRET_STORE", args: { reasons: { only: "only does not answer" } } });
});

test("does not pass over a keeper that refuses for another reason", async () => {
  const strict: SecretCandidate = { provider: "strict", open: () => Promise.reject(refuse("WRONG_PASSPHRASE", "no")) };
  const error = await refusalOf(chooseSecretStore(folder, [strict, createCandidate("other").candidate]));
  expect(error.code).toBe("WRONG_PASSPHRASE");
});

test("a database without the note of its key opens nothing and writes nothing", async () => {
  await writeFile(join(folder, "replica.db"), "");
  const error = await refusalOf(chooseSecretStore(folder, [createCandidate("only").candidate]));
  expect(error).toMatchObject({ code: "KEY_MISSING", message: expect.stringContaining(RECORD_FILE) });
  expect(await readdir(folder)).toEqual(["replica.db"]);
});
