/** Where a device's chain stands, and what a push has to go on from (P4). */
import type { Id } from "../../src-shared/sync/fields.ts";
import { type ParsedGroup, zeroHash } from "../../src-shared/sync/group.ts";
import type { PushOutput, Verdict } from "../../src-shared/sync/wire.ts";
import { stillWaits, type Waiting } from "./arrivals.ts";
import type { readDevice } from "./log.ts";

/** Why a batch was not looked at group by group. */
export class WholeBatch extends Error {
  readonly output: PushOutput;
  constructor(output: PushOutput) {
    super("whole batch");
    this.output = output;
  }
}

/** Where a device's chain stands; moved on in memory while its groups are decided. */
export type Chain = Awaited<ReturnType<typeof readDevice>>;

/** The sequence of new groups has to go on where the device's chain stands (P4); anything else says what to do. */
export function checkSequence(
  groups: readonly ParsedGroup[],
  state: { lastSeq: number; lastHash: string },
  known: ReadonlyMap<Id, Verdict>,
  waiting: Waiting,
): void {
  let { lastSeq, lastHash } = state;
  for (const group of groups) {
    const { header, headerHash } = group;
    // Answered before, or it waits.
    if (header.seq <= lastSeq && (known.has(header.group) || stillWaits(waiting, group, lastSeq))) continue;
    if (lastHash === zeroHash) {
      // Nothing is known of this chain: what does not begin it comes too early, or its beginning was lost by a restore.
      if (header.prev !== zeroHash) throw new WholeBatch({ kind: "gap", lastDeviceSeq: 0 });
    } else {
      if (header.seq <= lastSeq || (header.seq === lastSeq + 1 && header.prev !== lastHash))
        throw new WholeBatch({ kind: "forked" });
      if (header.seq !== lastSeq + 1) throw new WholeBatch({ kind: "gap", lastDeviceSeq: lastSeq });
    }
    lastSeq = header.seq;
    lastHash = headerHash;
  }
  if (groups.length === 0) throw new WholeBatch({ kind: "verdicts", verdicts: [] });
}
