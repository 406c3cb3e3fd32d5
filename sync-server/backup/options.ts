/** What the two scripts share: where the data is, and the secret that belongs to it. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { BootRefused } from "../boot.ts";
import { SchemaFromTheFuture } from "../database/migrate.ts";
import { JournalKeyWrong } from "../journal/journal.ts";
import { FolderInUse } from "../lock.ts";
import { BackupUnusable } from "./file.ts";

export const defaultData = process.env.HOROPTER_SERVER_DATA ?? join(homedir(), ".local", "share", "horopter-server");
export const databaseUrl = process.env.DATABASE_URL || null;

/** The server's secret; none is made here, since a new one would open nothing. */
export function knownSecret(dataFolder: string): string {
  const path = join(dataFolder, "server-secret");
  const secret = process.env.HOROPTER_SECRET || (existsSync(path) ? readFileSync(path, "utf8").trim() : null);
  if (secret) return secret;
  throw new BackupUnusable(
    `The server's secret is needed. Nothing was changed. Set HOROPTER_SECRET, or put the file server-secret into ${dataFolder}.`,
  );
}

/** A failure in words for a person. */
export function explainBackup(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  const known = [BackupUnusable, FolderInUse, BootRefused, SchemaFromTheFuture, JournalKeyWrong];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  if (code === "ENOSPC") return "The disk is full. Nothing was changed. Free some space and try again.";
  if (code === "ENOENT") return `There is no such file or folder. Nothing was changed. (${message})`;
  if (code === "ECONNREFUSED") return "The server does not answer. Nothing was changed. Check that it runs.";
  return `It failed, and nothing was changed: ${message ?? String(error)}`;
}
