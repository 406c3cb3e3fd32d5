/**
 * The decisions that the sync engine's correctness rests on, gathered so that the simulator can replace one by a
 * deliberately broken variant and show that it notices (architecture §9). The product only ever uses `productRules`.
 */

import { authoriseBody } from "./authorise.ts";
import type { Id } from "./fields.ts";
import { type ClockState, type Hlc, receive, stampFor, tick } from "./hlc.ts";
import { type Derivation, derivedId, type Sha1 } from "./ids.ts";

export interface SyncRules {
  /** The stamp of a new group, given the highest stamp among the values it overwrites as its author saw them. */
  stamp(state: ClockState, nowMs: number, node: string, observed: Hlc): { hlc: Hlc; next: ClockState };
  /** Whether a change stamped `incoming` takes a field stamped `current`. */
  supersedes(incoming: Hlc, current: Hlc): boolean;
  /** A device's clock after it has seen the stamp of another. */
  receive(state: ClockState, remote: Hlc, nowMs: number, node: string): ClockState;
  /** The id of a derived row. `event` is what raised the reaction; the product leaves it out. */
  derive(sha1: Sha1, practice: Id, derivation: Derivation, event: Id | null): Id;
  /** When a device forgets a group: once the centre settled it, seen in the log. */
  readonly forgetOn: "settled" | "answered";
  /** Whether the centre answers only after its transaction committed. */
  readonly answerAfterCommit: boolean;
  /** Whether the centre holds the practice's head row locked from reading it to commit. */
  readonly lockHead: boolean;
  /** Whether a device takes log entries only beyond its cursor, without a gap. */
  readonly checkCursor: boolean;
  /** Where a device stands after a batch: at its last entry, or wherever the centre's log ends. */
  readonly cursorAfter: "batch" | "head";
  /** Whether what a rejected group wrote is taken back on its author's device. */
  readonly undoRejected: boolean;
  /** Whether a device offers again what a restored centre does not know any more. */
  readonly offerAgain: boolean;
  /** Whether a device that goes on under a new epoch draws its unsettled numbers anew. */
  readonly redrawNumbers: boolean;
  /** Whether a person may write one body of a group, asked by the centre. */
  readonly authorise: typeof authoriseBody;
  /** Whether the centre answers a group that it has answered before with what it said then. */
  readonly dedupe: boolean;
  /** Whether the centre holds each push against the device's sequence and chain. */
  readonly checkChain: boolean;
  /** Whether the centre sends a body of a stream (`bit`) to a device that holds the streams of `mask`. */
  sends(bit: number, mask: number): boolean;
}

export const productRules: SyncRules = {
  stamp: stampFor,
  // Equal stamps are bodies of one group, of which the later one stands.
  supersedes: (incoming, current) => incoming >= current,
  receive,
  derive: (sha1, practice, derivation) => derivedId(sha1, practice, derivation),
  forgetOn: "settled",
  answerAfterCommit: true,
  lockHead: true,
  checkCursor: true,
  cursorAfter: "batch",
  undoRejected: true,
  offerAgain: true,
  redrawNumbers: true,
  authorise: authoriseBody,
  dedupe: true,
  checkChain: true,
  sends: (bit, mask) => (bit & mask) !== 0,
};

/** The stamp without the observe rule; exported for the variant that shows why the rule exists. */
export function stampWithoutObserving(state: ClockState, nowMs: number, node: string): { hlc: Hlc; next: ClockState } {
  const hlc = tick(state, nowMs, node);
  return { hlc, next: { last: hlc, high: state.high } };
}
