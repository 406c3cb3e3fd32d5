import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrateReplica, openReplica } from "../../replica/open.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { staffRouter } from "../engine/router.ts";
import { createWorkstation, replicaFile } from "../engine/workstation.ts";
import { openDataKey } from "../secrets/data-key.ts";
import { keyFile } from "../secrets/key-file.ts";
import type { SecretStore } from "../secrets/store.ts";
import { clock, random, timers } from "./surroundings.ts";
import { dataKeys } from "./wiring.ts";

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

test("a newer version's data is left as it is: the screen says what is safe and what to do, and has nothing to press but to try again", async () => {
  const before = await state();
  for (const _ of ["first", "again"]) {
    const station = await createWorkstation({
      folder,
      ...dataKeys({ folder, secrets }),
      connect: () => ({ open: () => Promise.reject(new Error("no centre is asked")) }),
      clock,
      timers,
      random,
      log: silentLog,
      version: "test",
      pcName: "Till",
    });
    const screen = staffRouter.createCaller(station.context("window"));
    expect(await screen.setup.state()).toMatchObject({ stage: "problem" });
    const told = { code: "FROM_THE_FUTURE", message: expect.stringMatching(words) };
    expect((await screen.care.state()).problem).toMatchObject(told);
    await screen.care.retry();
    expect((await screen.care.state()).problem).toMatchObject(told);
    await station.close();
    expect(await state()).toEqual(before);
  }
});
