/** The compressions of baseline TIFF (TIFF 6.0, sections 9 and 13, and Adobe's Deflate): each fills exactly what it is given. */
import { Unreadable } from "./unreadable.ts";

/** Unpacks `packed` into at most `size` bytes; fewer are filled up with nought, more are cut off. */
export type Unpack = (packed: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>;

export const plain: Unpack = (packed, size) => {
  if (packed.length >= size) return packed.subarray(0, size);
  const out = new Uint8Array(size);
  out.set(packed);
  return out;
};

/** Runs and stretches of bytes; 128 says nothing. */
export const packBits: Unpack = (packed, size) => {
  const out = new Uint8Array(size);
  let to = 0;
  for (let at = 0; at < packed.length && to < size; ) {
    const says = packed[at++] as number;
    if (says < 128) {
      const bytes = packed.subarray(at, Math.min(at + says + 1, at + size - to));
      out.set(bytes, to);
      at += says + 1;
      to += bytes.length;
    } else if (says > 128) {
      const run = 257 - says;
      out.fill(packed[at++] ?? 0, to, Math.min(size, to + run));
      to += run;
    }
  }
  return out;
};

const clearCode = 256;
const endCode = 257;
const longestCode = 12;

/**
 * Codes of 9 to 12 bits, highest bit first, one bit longer one code early (TIFF 6.0, section 13).
 *
 * @throws Unreadable `damaged` for a code that was not made yet.
 */
export const lzw: Unpack = (packed, size) => {
  const out = new Uint8Array(size);
  // A string of the table is the one before it and a byte more, kept as where it was written and how long it is.
  const from = new Int32Array(1 << longestCode);
  const length = new Int32Array(1 << longestCode);
  let [next, width, before] = [258, 9, -1];
  let [to, bits, held, at] = [0, 0, 0, 0];
  let [beforeAt, beforeLength] = [0, 0];
  while (to < size) {
    while (held < width && at < packed.length) {
      bits = ((bits << 8) | (packed[at++] as number)) & 0xffffff;
      held += 8;
    }
    if (held < width) break;
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === endCode) break;
    if (code === clearCode) {
      [next, width, before] = [258, 9, -1];
      continue;
    }
    const start = to;
    if (code < 256) out[to++] = code;
    else if (before >= 0 && code < next) {
      const begins = from[code] as number;
      const ends = begins + (length[code] as number);
      for (let i = begins; i < ends && to < size; i++) out[to++] = out[i] as number;
    } else if (before >= 0 && code === next) {
      for (let i = 0; i < beforeLength && to < size; i++) out[to++] = out[beforeAt + i] as number;
      if (to < size) out[to++] = out[beforeAt] as number;
    } else throw new Unreadable("damaged", "a code that was not made");
    if (before >= 0 && next < 1 << longestCode) {
      from[next] = beforeAt;
      length[next] = beforeLength + 1;
      next += 1;
      if (next >= (1 << width) - 1 && width < longestCode) width += 1;
    }
    [before, beforeAt, beforeLength] = [code, start, to - start];
  }
  return out;
};

/** zlib, by the browser's own; read only as far as it is needed, so that a bomb stays small. */
export const deflate: Unpack = async (packed, size) => {
  const out = new Uint8Array(size);
  const stream = new Blob([packed.slice()]).stream().pipeThrough(new DecompressionStream("deflate"));
  const reader = stream.getReader();
  let to = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || to >= size) break;
      const bytes = value.subarray(0, size - to);
      out.set(bytes, to);
      to += bytes.length;
    }
  } catch {
    throw new Unreadable("damaged", "deflated wrongly");
  } finally {
    await reader.cancel().catch(() => {});
  }
  return out;
};
