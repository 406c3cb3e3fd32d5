/**
 * Digests of a table (anti-entropy): 256 buckets by the last byte of a row's id, each the XOR of its rows' hashes. Equal
 * tables have equal digests in whatever order their rows were read; where they differ, only the rows of that bucket have
 * to be looked at.
 */
import type { StoredRow } from "./entity.ts";
import type { Id } from "./fields.ts";

export const bucketCount = 256;
/** Hex digits of a row's hash that are kept: 64 bits, for accidents and not for adversaries. */
export const hashDigits = 16;

/** The text of a row that is hashed: id, stamps and values, those of folds among them, in the order of `columns`. */
export function digestText(columns: readonly string[], row: StoredRow): string {
  return JSON.stringify(columns.map((column) => row[column] ?? null));
}

/** Ids end in random digits, derived ones in those of a hash. */
export function bucketOf(id: Id): number {
  return Number.parseInt(id.slice(-2), 16);
}

export interface Digest {
  /** `hash`: the first {@link hashDigits} digits of the SHA-256 of the row's text. */
  add(id: Id, hash: string): void;
  /** One hash per bucket, as hex; zeros for an empty one. */
  buckets(): string[];
}

export function createDigest(): Digest {
  const words = new Uint32Array(bucketCount * 2);
  return {
    add(id, hash) {
      const at = bucketOf(id) * 2;
      words[at] = (words[at] as number) ^ Number.parseInt(hash.slice(0, 8), 16);
      words[at + 1] = (words[at + 1] as number) ^ Number.parseInt(hash.slice(8, 16), 16);
    },
    buckets: () =>
      Array.from({ length: bucketCount }, (_, bucket) =>
        [words[bucket * 2], words[bucket * 2 + 1]]
          .map((word) => (word as number).toString(16).padStart(8, "0"))
          .join(""),
      ),
  };
}

/** Buckets in which two digests of one table differ. */
export function differing(ours: readonly string[], theirs: readonly string[]): number[] {
  return ours.flatMap((hash, bucket) => (hash === theirs[bucket] ? [] : [bucket]));
}
