/**
 * Blobs in a folder, which several servers may share. A part is on the disk before it is said to be there, and a blob
 * has its name only once all of it is.
 */
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "../journal/clean-stop.ts";
import { type BlobPlace, type BlobStore, blobName } from "./store.ts";

const chunk = 512 * 1024;

export function openFolderStore(folder: string): BlobStore {
  const pathOf = (place: BlobPlace) => join(folder, blobName(place));
  const partOf = (place: BlobPlace) => `${pathOf(place)}.part`;

  return {
    part: 4 * 1024 * 1024,
    words: `folder ${folder}`,
    begin: async () => null,
    standing: async (place) => (await sizeOf(partOf(place))) ?? 0,
    async write(place, _upload, at, bytes) {
      const path = partOf(place);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // Made if missing and never emptied: another server may have written the part before.
      const file = await openForWriting(path);
      try {
        await file.write(bytes, 0, bytes.length, at);
        await file.datasync();
      } finally {
        await file.close();
      }
    },
    async finish(place) {
      const path = pathOf(place);
      try {
        await rename(partOf(place), path);
      } catch (error) {
        // Another server was quicker.
        if (!isMissing(error) || (await sizeOf(path)) === null) throw error;
      }
      syncFolder(dirname(path));
      syncFolder(dirname(dirname(path)));
    },
    size: (place) => sizeOf(pathOf(place)),
    async read(place, { start, end }) {
      const file = await open(pathOf(place), "r");
      return createReadStream("", { fd: file, start, end, highWaterMark: chunk });
    },
    async remove(place) {
      await rm(partOf(place), { force: true });
      await rm(pathOf(place), { force: true });
    },
  };
}

async function openForWriting(path: string) {
  try {
    return await open(path, "r+");
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return await open(path, "wx+", 0o600);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    return open(path, "r+");
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === "ENOENT";
}
