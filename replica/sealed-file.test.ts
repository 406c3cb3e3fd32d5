import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkBytes, chunksFor, sealedHeader, sealedSize } from "../src-shared/files/sealed.ts";
import { CannotOpenFile, createFileSealer, openFileRange, type ReadSealed } from "./sealed-file.ts";

const key = randomBytes(32);

function seal(plain: Uint8Array, cuts: readonly number[] = []): Buffer {
  const sealer = createFileSealer(key);
  const bounds = [...new Set([0, ...cuts.map((cut) => cut % (plain.length + 1)), plain.length])].sort((a, b) => a - b);
  const pieces = bounds.slice(1).map((end, n) => sealer.push(plain.subarray(bounds[n], end)));
  return Buffer.concat([...pieces, sealer.end()]);
}
const from =
  (sealed: Uint8Array): ReadSealed =>
  async (at, length) =>
    sealed.subarray(at, at + length);
const open = (sealed: Uint8Array, size: number, start = 0, end = size, with_ = key) =>
  openFileRange(from(sealed), { key: with_, size }, start, end);

/** Sizes around the bounds of chunks, where mistakes live. */
const sizes = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.constantFrom(1, 2, 3).chain((n) => fc.integer({ min: -2, max: 2 }).map((by) => n * chunkBytes + by)),
  fc.integer({ min: 1, max: 4 * chunkBytes }),
);
/** Noise of its own for each file, without drawing every byte. */
const files = sizes.map((size) => randomBytes(size));

test("a file comes back as it was, however it was handed over, and its size is known beforehand", async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.array(fc.nat()), async (plain, cuts) => {
      const sealed = seal(plain, cuts);
      expect(sealed.length).toBe(sealedSize(plain.length));
      expect((await open(sealed, plain.length)).equals(plain)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("a range opens without the rest and equals the slice", async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.nat(), fc.nat(), async (plain, a, b) => {
      const start = a % plain.length;
      const end = start + 1 + (b % (plain.length - start));
      const sealed = seal(plain);
      // Of the rest there is nothing but noise.
      const needed = chunksFor(start, end, plain.length);
      const others = Buffer.from(sealed).fill(0xaa, sealedHeader.length);
      for (const { at, length } of needed) sealed.copy(others, at, at, at + length);
      expect((await open(others, plain.length, start, end)).equals(plain.subarray(start, end))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("any flipped bit is noticed", async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.nat(), fc.integer({ min: 0, max: 7 }), async (plain, where, bit) => {
      const sealed = seal(plain);
      const at = where % sealed.length;
      sealed[at] = (sealed[at] as number) ^ (1 << bit);
      await expect(open(sealed, plain.length)).rejects.toThrow(CannotOpenFile);
    }),
    { numRuns: 100 },
  );
});

test("a file that was cut does not open, not even at the bound of a chunk and under the size that is left", async () => {
  const plain = randomBytes(3 * chunkBytes);
  const sealed = seal(plain);
  for (const size of [chunkBytes, 2 * chunkBytes]) {
    await expect(open(sealed.subarray(0, sealedSize(size)), size)).rejects.toThrow(CannotOpenFile);
  }
  await expect(open(sealed.subarray(0, sealed.length - 1), plain.length)).rejects.toThrow(CannotOpenFile);
});

test("chunks that were exchanged, repeated or taken from another file do not open", async () => {
  const plain = randomBytes(3 * chunkBytes);
  const sealed = seal(plain);
  const piece = (of: Uint8Array, n: number) => {
    const { at, length } = chunksFor(0, plain.length, plain.length)[n] as { at: number; length: number };
    return of.subarray(at, at + length);
  };
  const with_ = (...chunks: Uint8Array[]) => Buffer.concat([Buffer.from(sealedHeader), ...chunks]);
  const [a, b, c] = [0, 1, 2].map((n) => piece(sealed, n)) as [Buffer, Buffer, Buffer];
  for (const wrong of [with_(b, a, c), with_(a, a, c), with_(c, b, a)]) {
    await expect(open(wrong, plain.length)).rejects.toThrow(CannotOpenFile);
  }
  await expect(open(sealed, plain.length, 0, plain.length, randomBytes(32))).rejects.toThrow(CannotOpenFile);
});

test("an empty file is not sealed", () => {
  expect(() => createFileSealer(key).end()).toThrow("empty");
});
