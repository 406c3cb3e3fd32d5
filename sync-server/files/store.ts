/** Where the bytes of files lie: in a folder, or in a bucket. Whoever keeps them cannot read them. */
import type { Id } from "../../src-shared/sync/fields.ts";

export interface BlobPlace {
  readonly practice: Id;
  /** SHA-256 of its bytes, hex. */
  readonly blob: string;
}

/** Bytes `start` to `end`, both of them included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface BlobStore {
  /** Bytes of every part but the last. */
  readonly part: number;
  /** Words for the log and for whoever starts the server. */
  readonly words: string;
  /** Begins a blob that comes in parts; returns what the store calls it, if it calls it anything. */
  begin(place: BlobPlace): Promise<string | null>;
  /** How many bytes of it stand without a gap, at least up to `expected`. */
  standing(place: BlobPlace, upload: string | null, expected: number): Promise<number>;
  /** Keeps a part for good; the same part may come again, here or at another server over the same store. */
  write(place: BlobPlace, upload: string | null, at: number, bytes: Buffer): Promise<void>;
  /** Puts the parts together under the blob's name; finding that done is no error. Whether they are right is not known yet. */
  finish(place: BlobPlace, upload: string | null, size: number): Promise<void>;
  /** Bytes of a finished blob; null when it is not there. */
  size(place: BlobPlace): Promise<number | null>;
  read(place: BlobPlace, range: ByteRange): Promise<AsyncIterable<Uint8Array>>;
  /** Throws away a blob and whatever there is of it. */
  remove(place: BlobPlace, upload: string | null): Promise<void>;
}

/** `<practice>/<two digits>/<blob>`: the same in a folder and in a bucket, so that one can be copied into the other. */
export function blobName({ practice, blob }: BlobPlace): string {
  return `${practice}/${blob.slice(0, 2)}/${blob}`;
}
