/**
 * Wakes the streams of a practice when its log grew: in process after commit, other instances by NOTIFY (leading edge,
 * then at most every 50 ms). A hint only: each instance also reads the heads of its connected practices every 15 s.
 * What this instance itself committed last is kept at hand, so that streams which are up to date need not read it again.
 */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Log } from "../../src-shared/sync/ports.ts";
import { arrayLiteral, type Database } from "../database/database.ts";
import type { LogRow } from "../settle/log.ts";

const channel = "horopter_log";
const notifyEvery = 50;
const pollEvery = 15_000;
/** Rows of the log kept per practice: what a busy one makes in a few seconds. */
const keepRows = 1024;

export interface Subscription {
  /** Takes note of a position that somebody read. */
  learn(seq: number): void;
  /** The highest position known to be committed. */
  head(): number;
  /** The rows of the log after `seq` up to the end, if all of them are at hand. */
  rowsAfter(seq: number): readonly LogRow[] | null;
  /** Resolves once the head is beyond `seq`, or the signal aborts. */
  beyond(seq: number, signal: AbortSignal): Promise<void>;
  end(): void;
}

export interface Hub {
  /** `rows`: the rows of the log that end at `seq`, where the caller just committed them. */
  wake(practice: Id, seq: number, rows?: readonly LogRow[]): void;
  subscribe(practice: Id): Subscription;
  start(): Promise<void>;
  stop(): Promise<void>;
  connected(): number;
}

interface Entry {
  head: number;
  readonly waiting: Set<() => void>;
  streams: number;
  /** The newest rows, without a gap between them. */
  recent: LogRow[];
}

export function createHub(db: Database, log: Log, after: (ms: number, task: () => void) => () => void): Hub {
  const practices = new Map<Id, Entry>();
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

  function keep(practice: Id, rows: readonly LogRow[]): void {
    const entry = practices.get(practice);
    if (!entry) return;
    for (const row of rows) {
      const last = entry.recent.at(-1)?.seq;
      // Told out of order: what follows it is here already.
      if (last !== undefined && row.seq <= last) continue;
      // Another instance committed in between: only what has no gap is of use.
      if (last !== undefined && row.seq !== last + 1) entry.recent = [];
      entry.recent.push(row);
    }
    if (entry.recent.length > keepRows) entry.recent = entry.recent.slice(-keepRows);
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
  const pollNow = () => poll().catch((error) => log.warn("head poll failed", { error: (error as Error).message }));
  function pollLater(): void {
    cancelPoll = after(pollEvery, () => {
      if (stopped) return;
      void pollNow().finally(() => {
        if (!stopped) pollLater();
      });
    });
  }

  return {
    wake(practice, seq, rows = []) {
      keep(practice, rows);
      advance(practice, seq);
      toNotify.set(practice, seq);
      notifyOthers();
    },
    subscribe(practice) {
      const entry = practices.get(practice) ?? { head: 0, waiting: new Set<() => void>(), streams: 0, recent: [] };
      practices.set(practice, entry);
      entry.streams += 1;
      return {
        learn: (seq) => advance(practice, seq),
        head: () => entry.head,
        rowsAfter(seq) {
          const first = entry.recent[0]?.seq ?? Number.POSITIVE_INFINITY;
          const complete = first <= seq + 1 && entry.recent.at(-1)?.seq === entry.head;
          return complete ? entry.recent.slice(seq + 1 - first) : null;
        },
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
      stopListening = await db.listen(
        channel,
        (payload) => {
          for (const [practice, seq] of JSON.parse(payload) as [Id, number][]) advance(practice, seq);
        },
        pollNow,
      );
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
