import { describe, expect, test } from "vitest";
import { packHlc } from "../src-shared/sync/hlc.ts";
import { derivedId } from "../src-shared/sync/ids.ts";
import { productRules, type SyncRules, stampWithoutObserving } from "../src-shared/sync/rules.ts";
import { runSeeds } from "./clean-seeds.ts";

/**
 * A simulator that finds nothing proves nothing: each of these breaks one decision of the sync engine, and is caught.
 * The head lock and the wake-up before commit need real concurrency: `sync-server/settle/concurrency.pg.test.ts`.
 */
interface Variant {
  readonly name: string;
  readonly rules: Partial<SyncRules>;
  /** The first seed to try; one shortly before a seed that is known to show it. */
  readonly first?: number;
  /** Seeds within which it has to be caught. */
  readonly within: number;
}

const variants: readonly Variant[] = [
  { name: "no observe rule", rules: { stamp: stampWithoutObserving }, first: 28, within: 60 },
  { name: "forgets a group when it is answered, not when it is settled", rules: { forgetOn: "answered" }, within: 20 },
  {
    name: "a later stamp has to be strictly greater",
    rules: { supersedes: (incoming, current) => incoming > current },
    within: 20,
  },
  {
    name: "ids derived from the event",
    rules: {
      derive: (sha1, practice, { subject, reaction, index }, event) =>
        derivedId(sha1, practice, { subject, reaction: event ? `${reaction}@${event}` : reaction, index }),
    },
    within: 20,
  },
  { name: "no check of the cursor", rules: { checkCursor: false }, within: 20 },
  {
    name: "a clock that trusts the wall and remembers nothing",
    rules: {
      stamp: (state, nowMs, node) => ({ hlc: packHlc({ ms: Math.floor(nowMs), counter: 0, node }), next: state }),
    },
    within: 20,
  },
];

describe("a broken rule is caught", () => {
  for (const { name, rules, first = 1, within } of variants) {
    test(name, async () => {
      const results = await runSeeds({ first, count: within, rules: { ...productRules, ...rules }, stopAtFirst: true });
      const caught = results.find(({ violation }) => violation !== null);
      expect(caught?.violation ?? "nothing was noticed").not.toBe("nothing was noticed");
    });
  }
});
