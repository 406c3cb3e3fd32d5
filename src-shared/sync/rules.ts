/**
 * The decisions that the sync engine's correctness rests on, gathered so that the simulator can replace one by a
 * deliberately broken variant and show that it notices (architecture §9). The product only ever uses `productRules`.
 */

import type { Id } from "./fields.ts";
import { type ClockState, type Hlc, stampFor, tick } from "./hlc.ts";
import { type Derivation, derivedId, type Sha1 } from "./ids.ts";

export interface SyncRules {
  /** The stamp of a new group, given the highest stamp among the values it overwrites as its author saw them. */
  stamp(state: ClockState, nowMs: number, node: string, observed: Hlc): { hlc: Hlc; next: ClockState };
  /** Whether a change stamped `incoming` takes a field stamped `current`. */
  supersedes(incoming: Hlc, current: Hlc): boolean;
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
}

export const productRules: SyncRules = {
  stamp: stampFor,
  // Equal stamps are bodies of one group, of which the later one stands.
  supersedes: (incoming, current) => incoming >= current,
  derive: (sha1, practice, derivation) => derivedId(sha1, practice, derivation),
  forgetOn: "settled",
  answerAfterCommit: true,
  lockHead: true,
  checkCursor: true,
};

/** The stamp without the observe rule; exported for the variant that shows why the rule exists. */
export function stampWithoutObserving(state: ClockState, nowMs: number, node: string): { hlc: Hlc; next: ClockState } {
  const hlc = tick(state, nowMs, node);
  return { hlc, next: { last: hlc, high: state.high } };
}
