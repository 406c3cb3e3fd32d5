/** What a file for filling a replica says of itself; the file is a replica, and this stands in its `sync_meta`. */
import type { Id } from "./fields.ts";

export const snapshotKey = "snapshot";

export interface Snapshot {
  readonly practice: Id;
  readonly serverEpoch: string;
  /** The streams whose rows it holds, a mask of their bits. */
  readonly streamSet: number;
  /** The position in the log up to which everything is in it. */
  readonly seq: number;
}
