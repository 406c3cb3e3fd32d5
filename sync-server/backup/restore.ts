/** `npm run server:restore -- <file> [--data <folder>]`: a backup into an empty database or folder. */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openPglite } from "../database/pglite.ts";
import { openPostgres } from "../database/postgres.ts";
import { blobFolder } from "../files/chosen-store.ts";
import { syncFolder, syncTree } from "../journal/clean-stop.ts";
import { lockFolder } from "../lock.ts";
import { mirrorBlobs, wordsOf } from "./blobs.ts";
import { checkBackup } from "./dump.ts";
import { BackupUnusable, type Manifest } from "./file.ts";
import { load, refuseNewer } from "./load.ts";
import { databaseUrl, defaultData, explainBackup, knownSecret } from "./options.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string", default: defaultData } },
});

async function run(): Promise<Manifest> {
  const [given] = positionals;
  if (!given) throw new BackupUnusable("npm run server:restore -- <file> [--data <folder>]");
  const path = resolve(given);
  await refuseNewer(path);
  const secret = knownSecret(values.data);
  // All of it is read once before anything is touched.
  await checkBackup(path, secret);
  if (databaseUrl) {
    const db = await openPostgres(databaseUrl, 1);
    try {
      return await load(db, path, secret);
    } finally {
      await db.close();
    }
  }
  return restoreFolder(values.data, path, secret);
}

/** PGlite is filled beside its place and takes it when it is whole and on the disk. */
async function restoreFolder(dataFolder: string, path: string, secret: string): Promise<Manifest> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const lock = lockFolder(dataFolder);
  try {
    const folder = join(dataFolder, "pglite");
    if (existsSync(folder)) {
      throw new BackupUnusable(
        `There is a database in ${dataFolder} already. Nothing was changed. Restore into another folder (--data), or ` +
          `move ${folder} away first; leave the file journal.db where it is.`,
      );
    }
    const filling = join(dataFolder, "pglite-restoring");
    rmSync(filling, { recursive: true, force: true });
    const db = await openPglite(filling);
    let manifest: Manifest;
    try {
      manifest = await load(db, path, secret);
    } finally {
      await db.close();
    }
    syncTree(filling);
    renameSync(filling, folder);
    syncFolder(dataFolder);
    return manifest;
  } finally {
    lock.release();
  }
}

/** What lies beside the backup; whatever is missing there is brought again by the workstations that have it. */
async function restoreFiles(): Promise<string> {
  const to = blobFolder(process.env, values.data);
  if (!to) return "Attachments are in the bucket: restore that by its own means.";
  return wordsOf(await mirrorBlobs(join(dirname(resolve(positionals[0] as string)), "blobs"), to), "Restored");
}

try {
  const { counts } = await run();
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(`Restored ${rows} rows of ${Object.keys(counts).length} tables.`);
  console.log(await restoreFiles());
  console.log(
    "Start the server as usual. Every workstation compares when it next connects, offers again what it had sent in the " +
      "last 30 days, and fills its data anew.",
  );
  process.exit(0);
} catch (error) {
  console.error(explainBackup(error));
  process.exit(1);
}
