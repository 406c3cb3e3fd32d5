/**
 * Wakes the streams of a practice when its log grew: in process after commit, other instances by NOTIFY (leading edge,
 * then at most every 50 ms). A hint only: each instance also reads the heads of its connected practices every 15 s.
 */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Log } from "../../src-shared/sync/ports.ts";
import { arrayLiteral, type Database } from "../database/database.ts";

const channel = "horopter_log";
const notifyEvery = 50;
const pollEvery = 15_000;

export interface Subscription {
  /** Takes note of a position that somebody read. */
  learn(seq: number): void;
  /** The highest position known to be committed. */
  head(): number;
  /** Resolves once the head is beyond `seq`, or the signal aborts. */
  beyond(seq: number, signal: AbortSignal): Promise<void>;
  end(): void;
}

export interface Hub {
  wake(practice: Id, seq: number): void;
  subscribe(practice: Id): Subscription;
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): number;
}

export function createHub(db: Database, log: Log, after: (ms: number, task: () => void) => () => void): Hub {
  const practices = new Map<Id, { head: number; waiting: Set<() => void>; streams: number }>();
  const toNotify = new Map<Id, number>();
  let cooling = false;
  let stopListening: (() => Promise<void>) | null = null;
  let cancelPoll: (() => void) | null = null;
  let stopped = false;

  function advance(practice: Id, seq: number): void {
    const entry = practices.get(practice);
    if (!entry || seq <= entry.head) return;
    entry.head = seq;
    for (const wake of [...entry.waiting]) wake();
  }

  function notifyOthers(): void {
    if (cooling || toNotify.size === 0 || db.kind !== "postgres") return;
    cooling = true;
    const payload = JSON.stringify([...toNotify]);
    toNotify.clear();
    db.notify(channel, payload).catch((error) => log.warn("notify failed", { error: (error as Error).message }));
    after(notifyEvery, () => {
      cooling = false;
      notifyOthers();
    });
  }

  async function poll(): Promise<void> {
    const ids = [...practices.keys()];
    if (ids.length > 0) {
      const heads = await db.query<{ practice_id: Id; seq: number }>(
        "select practice_id, seq from practice_head where practice_id = any(($1::text)::uuid[])",
        [arrayLiteral(ids)],
      );
      for (const { practice_id, seq } of heads) advance(practice_id, seq);
    }
  }
  function pollLater(): void {
    cancelPoll = after(pollEvery, () => {
      if (stopped) return;
      poll()
        .catch((error) => log.warn("head poll failed", { error: (error as Error).message }))
        .finally(() => {
          if (!stopped) pollLater();
        });
    });
  }

  return {
    wake(practice, seq) {
      advance(practice, seq);
      toNotify.set(practice, seq);
      notifyOthers();
    },
    subscribe(practice) {
      const entry = practices.get(practice) ?? { head: 0, waiting: new Set<() => void>(), streams: 0 };
      practices.set(practice, entry);
      entry.streams += 1;
      return {
        learn: (seq) => advance(practice, seq),
        head: () => entry.head,
        beyond: (seq, signal) =>
          new Promise((resolve) => {
            if (entry.head > seq || signal.aborted) {
              resolve();
              return;
            }
            const done = () => {
              entry.waiting.delete(done);
              signal.removeEventListener("abort", done);
              resolve();
            };
            entry.waiting.add(done);
            signal.addEventListener("abort", done);
          }),
        end() {
          entry.streams -= 1;
          if (entry.streams === 0) practices.delete(practice);
        },
      };
    },
    async start() {
      stopListening = await db.listen(channel, (payload) => {
        for (const [practice, seq] of JSON.parse(payload) as [Id, number][]) advance(practice, seq);
      });
      pollLater();
    },
    async stop() {
      stopped = true;
      cancelPoll?.();
      await stopListening?.();
    },
    connected: () => [...practices.values()].reduce((sum, entry) => sum + entry.streams, 0),
  };
}
