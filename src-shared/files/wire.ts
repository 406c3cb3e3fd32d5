/** What device and centre say to each other about the bytes of files (sync design §2.15). */
import { z } from "zod";

export const blobSchema = z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in hex is needed");
export const beginInput = z.object({ blob: blobSchema, size: z.int().min(1).max(1_100_000_000) });
export type BeginInput = z.infer<typeof beginInput>;
export const blobInput = z.object({ blob: blobSchema });

export type BlobState =
  /** All of it is there, and is what its name says. */
  | { readonly kind: "whole" }
  /**
   * The next part begins at `received` and has `part` bytes, the last one what is left. `ticket` lets this device send
   * parts of this blob over HTTP for a while; afterwards it begins again, and goes on from where it was.
   */
  | { readonly kind: "open"; readonly received: number; readonly part: number; readonly ticket: string };

/** Where a blob can be fetched, for a while, by ranges. */
export interface BlobOffer {
  readonly size: number;
  readonly ticket: string;
}

/** Under the centre's address; `PUT …?at=<byte>` for parts, `GET` with a range. The ticket is a bearer's. */
export const blobPath = (blob: string) => `/files/${blob}`;
