/** The folder of encrypted files beside the replica. A file has its name, the hash of its bytes, only once it is whole. */
import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { ReadSealed } from "../../../replica/sealed-file.ts";
import { syncFolder } from "../care/aside.ts";

const whole = /^[0-9a-f]{64}$/;
/** Being encrypted here, or on its way from the centre. */
const unfinished = /\.(new|get)$/;
const day = 86_400_000;

export type FilesFolder = ReturnType<typeof openFilesFolder>;

export function openFilesFolder(path: string) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const pathOf = (blob: string) => join(path, blob);
  const sizeOf = (name: string) => statSync(name, { throwIfNoEntry: false })?.size ?? null;

  return {
    path,
    pathOf,
    /** Where a file goes that is being encrypted. */
    newPath: (name: string) => join(path, `${name}.new`),
    /** Where a blob goes that is being fetched. */
    partPath: (blob: string) => join(path, `${blob}.get`),
    has: (blob: string, size: number): boolean => sizeOf(pathOf(blob)) === size,
    /** Gives a file that is whole and on the disk its name, for good. */
    async adopt(from: string, blob: string): Promise<void> {
      await rename(from, pathOf(blob));
      syncFolder(path);
    },
    remove(blob: string): void {
      rmSync(pathOf(blob), { force: true });
      rmSync(`${pathOf(blob)}.get`, { force: true });
    },
    /** The blobs that lie here. */
    blobs: (): string[] => readdirSync(path).filter((name) => whole.test(name)),
    sizeOf: (blob: string): number => sizeOf(pathOf(blob)) ?? 0,
    /** How long ago a blob was put here, milliseconds by the disk's own clock. */
    ageOf: (blob: string, now: number): number =>
      now - (statSync(pathOf(blob), { throwIfNoEntry: false })?.mtimeMs ?? now),
    /** Throws away what was being encrypted when the program ended, and what nobody went on fetching for a week. */
    tidy(now: number): void {
      for (const name of readdirSync(path).filter((each) => unfinished.test(each))) {
        const at = join(path, name);
        const age = now - (statSync(at, { throwIfNoEntry: false })?.mtimeMs ?? now);
        if (name.endsWith(".new") || age > 7 * day) rmSync(at, { force: true });
      }
    },
  };
}

/** Opens a file here and reads pieces of it; `work` is given the way to do so. */
export async function withReader<T>(path: string, work: (read: ReadSealed) => Promise<T>): Promise<T> {
  const file: FileHandle = await open(path, "r");
  try {
    return await work(async (at, length) => {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(buffer, 0, length, at);
      return buffer.subarray(0, bytesRead);
    });
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file, hex. */
export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(path, { highWaterMark: 256 * 1024 })) hash.update(bytes);
  return hash.digest("hex");
}
