/** The pages in a write-ahead log, read without SQLite: it stops at the first damaged one and forgets all behind it. */
import { existsSync, readFileSync } from "node:fs";

/** Of a replica, bytes. */
export const pageSize = 4096;
const logHeader = 32;
const frameHeader = 24;

interface Frame {
  readonly page: number;
  readonly commits: boolean;
  readonly salts: string;
  readonly content: Buffer;
}

/**
 * The frames of the log's present round, damaged ones among them (sqlite.org/walformat.html). Those of earlier rounds
 * carry other salts.
 */
function framesOf(path: string): Frame[] {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const frames: Frame[] = [];
  for (let at = logHeader; at + frameHeader + pageSize <= bytes.length; at += frameHeader + pageSize) {
    frames.push({
      page: bytes.readUInt32BE(at),
      commits: bytes.readUInt32BE(at + 4) > 0,
      salts: bytes.toString("hex", at + 8, at + 16),
      content: bytes.subarray(at + frameHeader, at + frameHeader + pageSize),
    });
  }
  // The log is always written from its start, so when its header is damaged the first frame says which round it is. A
  // whole header without a frame of its own begins a new round: what stands behind it is in the file already.
  const salts = isWholeHeader(bytes) ? bytes.toString("hex", 16, 24) : frames[0]?.salts;
  const end = frames.findLastIndex((frame) => frame.salts === salts);
  return frames.slice(0, end + 1);
}

/** Whether the log's header fits its checksum: sums over its words, in the byte order that its first word names. */
function isWholeHeader(bytes: Buffer): boolean {
  if (bytes.length < logHeader) return false;
  const word = (at: number) => ((bytes[3] ?? 0) & 1 ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at));
  let [one, two] = [0, 0];
  for (let at = 0; at < 24; at += 8) {
    one = (one + word(at) + two) >>> 0;
    two = (two + word(at + 4) + one) >>> 0;
  }
  return bytes.readUInt32BE(24) === one && bytes.readUInt32BE(28) === two;
}

/**
 * Every committed form of every page in the log, oldest first; what follows the last commit is left out. `ownPages`: how
 * many the file itself has.
 */
export function pagesInLog(path: string, ownPages: number): Map<number, Buffer[]> {
  const pages = new Map<number, Buffer[]>();
  const frames = framesOf(path);
  const end = frames.findLastIndex(({ commits }) => commits);
  for (const { page, content } of frames.slice(0, end + 1)) {
    // A damaged page number could be any; but a file grows by a page of the log at a time.
    if (page === 0 || page > ownPages + frames.length) continue;
    pages.set(page, [...(pages.get(page) ?? []), content]);
  }
  return pages;
}

/** How many commits stand in the log behind its first `frames` frames. */
export function commitsBehind(path: string, frames: number): number {
  return framesOf(path)
    .slice(frames)
    .filter(({ commits }) => commits).length;
}
