/**
 * How far this device has come, noted beside the replica after every commit: not for recovery, only to notice a replica
 * that is older than it was (a file put back by hand, a log of which the end was lost). It is written without waiting for
 * the disk, so after a power cut it may itself be behind, which tells nothing; ahead of the replica, it is proof.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Id } from "../../../src-shared/sync/fields.ts";

export interface Mark {
  readonly device: Id;
  readonly epoch: number;
  readonly seq: number;
}

const markFile = "replica.mark";
const width = 80;

/** What was last noted in this folder; null when nothing was, or nothing that can be read. */
export function readMark(folder: string): Mark | null {
  try {
    const [device, epoch, seq] = readFileSync(join(folder, markFile), "utf8").trim().split(" ");
    const mark = { device: device ?? "", epoch: Number(epoch), seq: Number(seq) };
    return /^[0-9a-f]{32}$/.test(mark.device) && mark.epoch > 0 && Number.isInteger(mark.seq) ? mark : null;
  } catch {
    return null;
  }
}

/** Whether a replica in this state is behind what its device is known to have done. */
export function isBehind(state: Mark, mark: Mark | null): boolean {
  if (!mark || mark.device !== state.device) return false;
  return mark.epoch > state.epoch || (mark.epoch === state.epoch && mark.seq > state.seq);
}

export interface MarkWriter {
  note(mark: Mark): void;
  close(): void;
}

/** A folder in which nothing can be noted (a full disk) does not keep anybody from working. */
export function openMark(folder: string): MarkWriter {
  let file: number | null = null;
  try {
    file = openSync(join(folder, markFile), "a+", 0o600);
    closeSync(file);
    file = openSync(join(folder, markFile), "r+");
  } catch {
    file = null;
  }
  return {
    note({ device, epoch, seq }) {
      if (file === null) return;
      try {
        // Of one length, so that a shorter number leaves nothing of a longer one behind.
        writeSync(file, `${device} ${epoch} ${seq}`.padEnd(width), 0);
      } catch {
        // As above.
      }
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}
