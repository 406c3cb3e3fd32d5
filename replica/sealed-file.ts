/** Encrypts files chunk by chunk and opens any range of them; the form is `src-shared/files/sealed.ts`. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { chunkBytes, chunkNonce, chunksFor, sealedHeader, tagBytes } from "../src-shared/files/sealed.ts";

const algorithm = "aes-256-gcm";
const header = Buffer.from(sealedHeader);

/** The bytes were altered, cut or put into another order, or the key is another file's. */
export class CannotOpenFile extends Error {}

export interface FileSealer {
  /** Takes the next bytes of the file; returns what can be written by now. */
  push(bytes: Uint8Array): Buffer;
  /** The file is over; returns the rest. An empty file has no form. */
  end(): Buffer;
}

/** `key`: 32 random bytes that no other file has. Holds no more than one chunk. */
export function createFileSealer(key: Uint8Array): FileSealer {
  const waiting = Buffer.allocUnsafe(chunkBytes);
  let held = 0;
  let index = 0;
  let begun = false;

  function seal(isLast: boolean): Buffer[] {
    const cipher = createCipheriv(algorithm, key, chunkNonce(index++, isLast));
    cipher.setAAD(header);
    const sealed = cipher.update(waiting.subarray(0, held));
    cipher.final();
    held = 0;
    return [sealed, cipher.getAuthTag()];
  }
  function first(): Buffer[] {
    if (begun) return [];
    begun = true;
    return [header];
  }

  return {
    push(bytes) {
      const out = first();
      for (let at = 0; at < bytes.length; ) {
        // A full chunk is known not to be the last only when more comes.
        if (held === chunkBytes) out.push(...seal(false));
        const taken = bytes.subarray(at, at + chunkBytes - held);
        waiting.set(taken, held);
        held += taken.length;
        at += taken.length;
      }
      return Buffer.concat(out);
    },
    end() {
      if (held === 0) throw new Error("An empty file is not sealed");
      return Buffer.concat([...first(), ...seal(true)]);
    },
  };
}

/** Reads so many bytes of an encrypted file from a position on; fewer come where it ends. */
export type ReadSealed = (at: number, length: number) => Promise<Uint8Array>;

/**
 * The bytes `from` to `to` (exclusive) of a file of `size` bytes, without reading more of it than their chunks.
 *
 * @throws CannotOpenFile
 */
export async function openFileRange(
  read: ReadSealed,
  file: { readonly key: Uint8Array; readonly size: number },
  from: number,
  to: number,
): Promise<Buffer> {
  if (!header.equals(await read(0, header.length))) throw new CannotOpenFile("The file has another form");
  const parts: Buffer[] = [];
  for (const { index, isLast, at, length } of chunksFor(from, to, file.size)) {
    const sealed = await read(at, length);
    if (sealed.length !== length) throw new CannotOpenFile("The file is shorter than it should be");
    const chunk = openChunk(file.key, index, isLast, sealed);
    const start = index * chunkBytes;
    parts.push(chunk.subarray(Math.max(0, from - start), Math.max(0, to - start)));
  }
  return Buffer.concat(parts);
}

function openChunk(key: Uint8Array, index: number, isLast: boolean, sealed: Uint8Array): Buffer {
  try {
    const end = sealed.length - tagBytes;
    const decipher = createDecipheriv(algorithm, key, chunkNonce(index, isLast), { authTagLength: tagBytes });
    decipher.setAAD(header);
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
  } catch (error) {
    throw new CannotOpenFile("The file was altered, or the key is another file's", { cause: error });
  }
}
