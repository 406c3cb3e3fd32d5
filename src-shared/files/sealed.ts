/**
 * The form of an encrypted file, version 1: four bytes that name it, then chunks of 64 KiB, each AES-256-GCM under the
 * file's own key with its tag behind it. The nonce counts chunks and says which is the last, so that a file that was
 * cut, or whose chunks were exchanged, does not open; any chunk opens without the others. Its name is the SHA-256 of
 * all of these bytes. This module only computes; `replica/sealed-file.ts` encrypts.
 */

/** "HOR" and the version; authenticated with every chunk. */
export const sealedHeader: readonly number[] = [0x48, 0x4f, 0x52, 0x01];
/** Bytes of a file per chunk; only the last is shorter, and it is never empty. */
export const chunkBytes = 64 * 1024;
export const tagBytes = 16;
/** Each file has a random key of its own, so that its nonces may count from nought. */
export const fileKeyBytes = 32;
const sealedChunk = chunkBytes + tagBytes;

/** Bytes that a file of `size` bytes (at least 1) has once it is encrypted. */
export function sealedSize(size: number): number {
  return sealedHeader.length + size + tagBytes * chunkCount(size);
}

export function chunkCount(size: number): number {
  return Math.ceil(size / chunkBytes);
}

/** 12 bytes: eight of the chunk's number, big-endian, three of nought, one that is 1 for the last chunk. */
export function chunkNonce(index: number, isLast: boolean): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(0, BigInt(index));
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

export interface ChunkPlace {
  readonly index: number;
  readonly isLast: boolean;
  /** Where it lies in the encrypted file, and its length with the tag. */
  readonly at: number;
  readonly length: number;
}

/** The chunks that hold the bytes `from` to `to` (exclusive) of a file of `size` bytes, in their order. */
export function chunksFor(from: number, to: number, size: number): ChunkPlace[] {
  const last = chunkCount(size) - 1;
  const chunks: ChunkPlace[] = [];
  for (let index = Math.floor(from / chunkBytes); index * chunkBytes < Math.min(to, size); index++) {
    const isLast = index === last;
    const at = sealedHeader.length + index * sealedChunk;
    chunks.push({ index, isLast, at, length: isLast ? sealedSize(size) - at : sealedChunk });
  }
  return chunks;
}
