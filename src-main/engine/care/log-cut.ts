/** Whether the write-ahead log that a crash left behind lost something in its middle. */
import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { endianness } from "node:os";
import { openReplica, type Sqlite } from "../../../replica/open.ts";
import type { Identity } from "../state.ts";
import { commitsBehind } from "./log-pages.ts";
import { isBehind, type Mark, readMark } from "./mark.ts";

/**
 * Whether the log goes on after the place where SQLite stops reading it. One commit may: power failed while it was
 * written, and nobody was told that it was saved. Two, or a mark that is ahead, mean damage; opening the file for writing
 * would throw away what stands behind it.
 */
export function isLogCut(folder: string, path: string, key: Uint8Array): boolean {
  const log = `${path}-wal`;
  if (!existsSync(log) || statSync(log).size === 0) return false;
  const db = openReplica({ path, key, readonly: true });
  try {
    const state = readState(db);
    const behind = commitsBehind(log, framesRead(`${path}-shm`));
    return behind > 1 || (behind === 1 && (state === null || isBehind(state, readMark(folder))));
  } finally {
    db.close();
  }
}

/** How far the device has come by its own replica; null when that does not stand in it. */
function readState(db: Sqlite): Mark | null {
  try {
    const identity = JSON.parse(
      db.prepare("select value from sync_meta where key='identity'").pluck().get() as string,
    ) as Identity;
    const seq = db.prepare("select device_seq from sync_clock").pluck().get() as number;
    return { device: identity.device, epoch: identity.epoch, seq };
  } catch {
    return null;
  }
}

/** Frames of the log that SQLite takes for whole, from the index that it keeps beside it. */
function framesRead(index: string): number {
  const file = openSync(index, "r");
  const header = Buffer.alloc(48);
  try {
    readSync(file, header, 0, header.length, 0);
  } finally {
    closeSync(file);
  }
  // `mxFrame`, in the byte order of the machine (walformat.html, 2.1).
  return endianness() === "LE" ? header.readUInt32LE(16) : header.readUInt32BE(16);
}
