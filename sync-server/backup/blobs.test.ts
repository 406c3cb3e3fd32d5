import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openClinic } from "../../sim/clinic.ts";
import { temporaryFolder } from "../../sim/filing.ts";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { boot } from "../boot.ts";
import { blobName } from "../files/store.ts";
import { mirrorBlobs } from "./blobs.ts";

const practice = "0123456789abcdef0123456789abcdef";

/** Puts a blob into a folder of blobs; returns its name there. */
function keep(folder: string, size: number): string {
  const bytes = randomBytes(size);
  const name = blobName({ practice, blob: createHash("sha256").update(bytes).digest("hex") });
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
  return name;
}

test("only what is missing is copied, what is damaged is left out and named, and what is unfinished stays", async () => {
  const [from, to] = [temporaryFolder(), temporaryFolder()];
  const first = keep(from, 900_000);
  writeFileSync(join(from, `${keep(from, 10)}.part`), "half");
  expect(await mirrorBlobs(from, to)).toMatchObject({ copied: 2, bytes: 900_010, damaged: [] });
  const damaged = keep(from, 5000);
  writeFileSync(join(from, damaged), randomBytes(5000));
  keep(from, 20);
  expect(await mirrorBlobs(from, to)).toMatchObject({ copied: 1, bytes: 20, damaged: [damaged] });
  expect(existsSync(join(to, damaged))).toBe(false);
  expect(readFileSync(join(to, first)).equals(readFileSync(join(from, first)))).toBe(true);
  // Cut off in the middle of a copy: made good by the next.
  writeFileSync(join(to, first), "half");
  expect(await mirrorBlobs(from, to)).toMatchObject({ copied: 1, bytes: 900_000 });
  expect(await mirrorBlobs(join(from, "nothing"), to)).toEqual({ copied: 0, bytes: 0, damaged: [] });
});

const run = promisify(execFile);

test("the scripts bring files along: beside the backup, and back into an empty folder", async () => {
  const home = temporaryFolder();
  const [old, fresh, backups] = ["old", "fresh", "backups"].map((name) => join(home, name)) as [string, string, string];
  mkdirSync(backups);
  const booted = await boot({ dataFolder: old, databaseUrl: null, demo: false, log: silentLog, secret: null });
  const clinic = await openClinic(booted.centre);
  await clinic.close();
  await booted.close();
  const name = keep(join(old, "blobs"), 300_000);
  const script = (which: string, ...args: string[]) =>
    run(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, `${which}.ts`), ...args],
      {
        env: { ...process.env, DATABASE_URL: "", HOROPTER_SECRET: "", HOROPTER_BLOBS: "", HOROPTER_S3_BUCKET: "" },
      },
    );
  const file = join(backups, "monday.backup");
  expect((await script("backup", "--data", old, "--to", file)).stdout).toContain("Backed up 1 files");
  expect(existsSync(join(backups, "blobs", name))).toBe(true);
  expect((await script("backup", "--data", old, "--to", join(backups, "tuesday.backup"))).stdout).toContain(
    "Backed up 0 files",
  );
  mkdirSync(fresh);
  writeFileSync(join(fresh, "server-secret"), readFileSync(join(old, "server-secret")));
  expect((await script("restore", file, "--data", fresh)).stdout).toContain("Restored 1 files");
  expect(readFileSync(join(fresh, "blobs", name)).equals(readFileSync(join(old, "blobs", name)))).toBe(true);
}, 60_000);
