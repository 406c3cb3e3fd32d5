/**
 * Files that a window is handing over, piece by piece: encrypted as they come, so that no plain byte of one touches the
 * disk. When the last is here the bytes are on the disk under their name, and the row may be written.
 */
import { createHash, type Hash } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createFileSealer, type FileSealer } from "../../../replica/sealed-file.ts";
import { sizeText } from "../../../src-shared/files/limits.ts";
import { bytesToRecognise, type FileType, recognise } from "../../../src-shared/files/recognise.ts";
import { fileKeyBytes } from "../../../src-shared/files/sealed.ts";
import { type Random, toHex } from "../../../src-shared/sync/ids.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { FilesFolder } from "./folder.ts";

/** Bytes of a file in one piece, at most. */
export const pieceBytes = 1024 * 1024;
/** Of one window; it hands them over one after the other, and whatever it left behind must not fill the memory. */
const mostPerWindow = 4;
/** After so long without a piece the window has given up. */
const forgetAfter = 10 * 60_000;

interface Coming {
  readonly window: string;
  readonly size: number;
  readonly path: string;
  readonly key: Uint8Array;
  readonly sealer: FileSealer;
  readonly hash: Hash;
  readonly file: FileHandle;
  mime: FileType | null;
  received: number;
  written: number;
  at: number;
  /** One piece after the other, also if the window sends two at once. */
  turn: Promise<unknown>;
}

/** What a row has to say of a file that is on the disk. */
export interface KeptFile {
  readonly mime: FileType;
  readonly size: number;
  readonly blob: string;
  readonly blobSize: number;
  /** base64url. */
  readonly key: string;
}

export interface IncomingOptions {
  readonly folder: FilesFolder;
  readonly random: Random;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

export function createIncoming({ folder, random, now }: IncomingOptions) {
  const coming = new Map<string, Coming>();

  async function drop(id: string): Promise<void> {
    const file = coming.get(id);
    if (!file) return;
    coming.delete(id);
    await file.turn.catch(() => {});
    await file.file.close().catch(() => {});
    rmSync(file.path, { force: true });
  }

  async function forgetOld(window: string): Promise<void> {
    for (const [id, file] of coming) if (now() - file.at > forgetAfter) await drop(id);
    const own = [...coming].filter(([, file]) => file.window === window);
    for (const [id] of own.slice(0, Math.max(0, own.length - mostPerWindow + 1))) await drop(id);
  }

  function find(window: string, id: string): Coming {
    const file = coming.get(id);
    if (file?.window !== window) {
      throw refuse("FILE_FORGOTTEN", "This file was not handed over in time. Nothing was kept of it; add it again.");
    }
    file.at = now();
    return file;
  }

  async function take(id: string, file: Coming, at: number, bytes: Uint8Array): Promise<number> {
    // A piece that came before, whose answer was lost.
    if (at + bytes.length <= file.received) return file.received;
    if (at !== file.received || at + bytes.length > file.size) {
      throw refuse(
        "FILE_MIXED_UP",
        "The pieces of this file did not come in their order. Nothing was kept; add it again.",
      );
    }
    if (at === 0) {
      file.mime = recognise(bytes);
      if (!file.mime) {
        void drop(id);
        throw notTaken();
      }
    }
    await write(file, file.sealer.push(bytes));
    file.received += bytes.length;
    return file.received;
  }

  return {
    /** Begins a file of `size` bytes, of which `limit` are allowed. */
    async begin(window: string, size: number, limit: number): Promise<string> {
      if (size > limit) {
        throw refuse(
          "FILE_TOO_LARGE",
          `Files of up to ${sizeText(limit)} can be added; this one has ${sizeText(size)}. Make it smaller, or have head office raise the limit.`,
        );
      }
      await forgetOld(window);
      const id = toHex(random.bytes(16));
      const path = folder.newPath(id);
      const key = random.bytes(fileKeyBytes);
      const file = await open(path, "wx", 0o600);
      const sealer = createFileSealer(key);
      const hash = createHash("sha256");
      const turn = Promise.resolve();
      coming.set(id, {
        window,
        size,
        path,
        key,
        sealer,
        hash,
        file,
        mime: null,
        received: 0,
        written: 0,
        at: now(),
        turn,
      });
      return id;
    },
    /** Takes the piece that begins at byte `at`; the first one, unless it is all of it, is long enough to know the type by. */
    async piece(window: string, id: string, at: number, bytes: Uint8Array): Promise<{ received: number }> {
      const file = find(window, id);
      if (at === 0 && bytes.length < Math.min(bytesToRecognise, file.size)) {
        throw refuse("FILE_MIXED_UP", "The first piece of this file is too short. Nothing was kept; add it again.");
      }
      const taken = file.turn.then(() => take(id, file, at, bytes));
      file.turn = taken.catch(() => {});
      return { received: await taken };
    },
    /** All pieces are here: the bytes are on the disk under their name when this resolves. */
    async finish(window: string, id: string): Promise<KeptFile> {
      const file = find(window, id);
      await file.turn;
      if (file.received !== file.size || !file.mime) {
        throw refuse("FILE_MIXED_UP", "A piece of this file is missing. Nothing was kept; add it again.");
      }
      try {
        await write(file, file.sealer.end());
        await file.file.sync();
        await file.file.close();
        coming.delete(id);
        const blob = file.hash.digest("hex");
        await folder.adopt(file.path, blob);
        const key = Buffer.from(file.key).toString("base64url");
        return { mime: file.mime, size: file.size, blob, blobSize: file.written, key };
      } catch (error) {
        await drop(id);
        rmSync(file.path, { force: true });
        throw error;
      }
    },
    drop: async (window: string, id: string): Promise<void> => {
      if (coming.get(id)?.window === window) await drop(id);
    },
    async close(): Promise<void> {
      for (const id of [...coming.keys()]) await drop(id);
    },
  };
}

async function write(file: Coming, sealed: Buffer): Promise<void> {
  file.hash.update(sealed);
  await file.file.write(sealed, 0, sealed.length, file.written);
  file.written += sealed.length;
}

function notTaken() {
  return refuse(
    "FILE_UNKNOWN",
    "Only images (PNG, JPEG, WebP, GIF, TIFF), PDF and DICOM files can be added, and this is none of them, whatever its " +
      "name says. Nothing was kept. Save a letter or a text as PDF and add that.",
  );
}
