/**
 * What a device offers again to a restored centre (architecture §1): everything behind the place in its chain that the
 * centre knows. Where a copy of the device was there first, the centre's chain is the copy's from somewhere on, and what
 * this device had settled before that place may be gone as well: then the centre is asked which of it it has.
 */
import type { Replica } from "../../../replica/replica.ts";
import type { HelloOutput } from "../../../src-shared/sync/wire.ts";
import type { Connection } from "./upstream.ts";

const askedAtOnce = 5000;

/** How many groups wait to be sent again. */
export async function offerAgain(
  replica: Replica,
  epoch: number,
  hello: Pick<HelloOutput, "forked" | "lastDeviceSeq" | "lastHash" | "undecided">,
  opened: Pick<Connection, "known">,
): Promise<number> {
  const lost: string[] = [];
  const mine = replica.headerHashAt(hello.lastDeviceSeq, epoch);
  if (hello.forked || (mine !== null && mine !== hello.lastHash)) {
    const settled = replica.settledUpTo(hello.lastDeviceSeq, epoch);
    for (let from = 0; from < settled.length; from += askedAtOnce) {
      const groups = settled.slice(from, from + askedAtOnce);
      const there = new Set(await opened.known({ groups }));
      lost.push(...groups.filter((group) => !there.has(group)));
    }
  }
  const after = Math.min(hello.lastDeviceSeq, (hello.undecided ?? Infinity) - 1);
  return replica.unsettle(lost) + replica.unsettleAfter(after, epoch);
}
