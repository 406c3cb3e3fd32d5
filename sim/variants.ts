import { packHlc } from "../src-shared/sync/hlc.ts";
import { derivedId } from "../src-shared/sync/ids.ts";
import { type SyncRules, stampWithoutObserving } from "../src-shared/sync/rules.ts";

/**
 * A simulator that finds nothing proves nothing: each of these breaks one decision of the sync engine, and is caught.
 * The head lock and the wake-up before commit need real concurrency: `sync-server/settle/concurrency.pg.test.ts`.
 */
interface Variant {
  readonly name: string;
  readonly rules?: Partial<SyncRules>;
  /** What is broken beside the rules. */
  readonly world?: { readonly newEpochAfterRestore: boolean };
  /** The first seed to try; one shortly before a seed that is known to show it. */
  readonly first?: number;
  /** Seeds within which it has to be caught. */
  readonly within: number;
}

export const variants: readonly Variant[] = [
  { name: "no observe rule", rules: { stamp: stampWithoutObserving }, first: 44, within: 60 },
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
    first: 28,
    within: 60,
  },
  {
    name: "a clock that follows whatever it hears",
    rules: { receive: (state, remote) => (remote > state.last ? { ...state, last: remote } : state) },
    first: 42,
    within: 60,
  },
  { name: "the change that arrives last wins", rules: { supersedes: () => true }, within: 20 },
  { name: "the cursor moves on over what was not applied", rules: { cursorAfter: "head" }, within: 20 },
  { name: "what was rejected stays visible", rules: { undoRejected: false }, within: 40 },
  { name: "nothing is offered again to a restored centre", rules: { offerAgain: false }, within: 40 },
  { name: "a copy of a till keeps the numbers of the original", rules: { redrawNumbers: false }, first: 4, within: 40 },
  { name: "the centre asks nobody's rights", rules: { authorise: () => ({ allowed: true }) }, within: 40 },
  { name: "the centre forgets what it has answered", rules: { dedupe: false }, within: 20 },
  { name: "the centre does not look at the device's chain", rules: { checkChain: false }, within: 40 },
  { name: "every body goes to every device", rules: { sends: () => true }, within: 20 },
  { name: "a restored centre keeps its epoch", world: { newEpochAfterRestore: false }, within: 40 },
];
