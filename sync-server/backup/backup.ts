/**
 * `npm run server:backup -- --to <file> [--data <folder>]`: a backup of the centre, running or not. The bytes of
 * attachments go into the folder `blobs` beside the file, where all backups of one place share them.
 */
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { boot } from "../boot.ts";
import { openPostgres } from "../database/postgres.ts";
import { blobFolder } from "../files/chosen-store.ts";
import { FolderInUse } from "../lock.ts";
import { mirrorBlobs, wordsOf } from "./blobs.ts";
import { backUp } from "./dump.ts";
import { BackupUnusable, type Manifest } from "./file.ts";
import { askForBackup } from "./operator.ts";
import { databaseUrl, defaultData, explainBackup, knownSecret } from "./options.ts";

const { values } = parseArgs({
  options: { to: { type: "string" }, data: { type: "string", default: defaultData } },
});

async function run(): Promise<Manifest> {
  if (!values.to) throw new BackupUnusable("npm run server:backup -- --to <file> [--data <folder>]");
  const path = resolve(values.to);
  const secret = knownSecret(values.data);
  if (databaseUrl) {
    const db = await openPostgres(databaseUrl, 1);
    try {
      return (await backUp(db, secret, path, Date.now())).manifest;
    } finally {
      await db.close();
    }
  }
  try {
    const booted = await boot({ dataFolder: values.data, databaseUrl, demo: false, log: silentLog, secret });
    try {
      return await booted.backUp(path);
    } finally {
      await booted.close();
    }
  } catch (error) {
    // The server has the folder: it writes the file.
    if (!(error instanceof FolderInUse) || !error.url) throw error;
    return askForBackup(error.url, secret, path);
  }
}

/** After the database: what its rows name is in the store by then. */
async function backUpFiles(): Promise<string> {
  const from = blobFolder(process.env, values.data);
  if (!from) return "Attachments are in the bucket, which this backup does not hold: back that up by its own means.";
  return wordsOf(await mirrorBlobs(from, join(dirname(resolve(values.to as string)), "blobs")), "Backed up");
}

try {
  const { counts } = await run();
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  console.log(`Backed up ${rows} rows of ${Object.keys(counts).length} tables to ${values.to}, and read them back.`);
  console.log(await backUpFiles());
  console.log(
    "Keep the server's secret (HOROPTER_SECRET, or the file server-secret) apart from it: one is of no use without the other.",
  );
  process.exit(0);
} catch (error) {
  console.error(explainBackup(error));
  process.exit(1);
}
