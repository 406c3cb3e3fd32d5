import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateReplica, openReplica } from "../../replica/open.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { replicaFile } from "../engine/workstation.ts";
import { openDataKey } from "../secrets/data-key.ts";
import { keyFile } from "../secrets/key-file.ts";
import type { SecretStore } from "../secrets/store.ts";
import { reportOf } from "./report.ts";
import { startWorkstation } from "./wiring.ts";

// The data of a newer version, met by this one. Both shells show what is reported here and end: neither has a choice to offer.

let folder: string;
let secrets: SecretStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-future-"));
  secrets = await keyFile.open({ path: folder, scope: "00".repeat(16) }, "first");
  const path = join(folder, replicaFile);
  const db = openReplica({ path, key: await openDataKey({ folder, secrets }) });
  migrateReplica(db, path);
  db.pragma("user_version=9990");
  db.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const state = async () => ({
  files: (await readdir(folder)).sort(),
  data: await readFile(join(folder, replicaFile), "base64"),
});
const words = /newer version of Horopter.*Everything in it is safe and stays untouched\. Install the newer version/;

test("the host says what is safe and what to do, and leaves every file as it is", async () => {
  const before = await state();
  for (const _ of ["first", "again"]) {
    const failure = await startWorkstation({ folder, secrets, log: silentLog }).catch((error: unknown) => error);
    expect(reportOf(failure)).toEqual({ code: "FROM_THE_FUTURE", message: expect.stringMatching(words) });
    expect(await state()).toEqual(before);
  }
});
