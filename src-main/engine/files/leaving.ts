/**
 * The last of a device that was taken out: the bytes that only it has. They go to the centre like any others, once the
 * rows that name them are held there; what the centre would not have keeps this device from being erased until somebody
 * made room, saved a copy, or left it behind knowingly.
 */
import type { Log } from "../../../src-shared/sync/ports.ts";
import { type Connection, refusalOf } from "../sync/upstream.ts";
import type { FilesFolder } from "./folder.ts";
import type { HereBlob, HereBlobs } from "./here.ts";
import { saidNo } from "./sending.ts";

export interface LeavingOptions {
  readonly here: HereBlobs;
  readonly folder: FilesFolder;
  readonly handOver: (blob: HereBlob, connection: Connection) => Promise<void>;
  readonly log: Log;
}

/**
 * Hands over all that can be; returns how many files the centre would not have.
 *
 * @throws when the line is cut: what has arrived counts, and the next attempt goes on from there.
 */
export async function handOverFiles(
  { here, folder, handOver, log }: LeavingOptions,
  connection: Connection,
): Promise<number> {
  let left = 0;
  for (const name of here.toHandOver()) {
    const blob = here.get(name);
    // Bytes that are not on the disk any more nobody can hand over.
    if (!blob || !folder.has(name, blob.size)) continue;
    try {
      await handOver(blob, connection);
      log.info("file handed over", { size: blob.size });
    } catch (error) {
      const refusal = refusalOf(error);
      // No record anywhere names it: a person decided so, and nothing of it is missed.
      if (refusal?.code === "FILE_NOT_NAMED") continue;
      if (!refusal || !saidNo.includes(refusal.code)) throw error;
      here.putOff(name, 0, refusal.message);
      log.warn("file not handed over", { reason: refusal.code });
      left += 1;
    }
  }
  return left;
}
