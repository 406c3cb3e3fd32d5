/**
 * The simulator's world: one thread, one seed, virtual time. Nothing runs but what the scheduler lets run, and between
 * two of its tasks everything that a task set off (database work included) comes to rest.
 */
import type { Random } from "../src-shared/sync/ids.ts";
import type { Clock, Timers } from "../src-shared/sync/ports.ts";
import type { Database, Queryable } from "../sync-server/database/database.ts";
import type { Carrier } from "./direct.ts";

/** mulberry32: 32 bits of state, good enough to choose what happens next, the same everywhere. */
export function prng(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Chance {
  next(): number;
  int(below: number): number;
  pick<T>(items: readonly T[]): T;
  happens(probability: number): boolean;
}
export function chance(seed: number): Chance {
  const next = prng(seed);
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    pick: (items) => items[int(items.length)] as never,
    happens: (probability) => next() < probability,
  };
}
export function seededRandom(seed: number): Random {
  const next = prng(seed);
  return { bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(next() * 256)) };
}

export interface Scheduler extends Timers {
  now(): number;
  /** Runs tasks due up to `until`, letting everything come to rest after each. */
  runUntil(until: number): Promise<void>;
}

/** Midday of a fixed day: nothing in the simulator depends on the real one. */
export const startTime = Date.UTC(2026, 10, 12, 12, 0, 0);

export function createScheduler(rest: () => Promise<void>): Scheduler {
  let now = startTime;
  let order = 0;
  let tasks: { at: number; order: number; run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const task = { at: now + Math.max(0, Math.ceil(ms)), order: order++, run };
      tasks.push(task);
      return () => {
        tasks = tasks.filter((other) => other !== task);
      };
    },
    async runUntil(until) {
      for (;;) {
        await rest();
        let next: (typeof tasks)[number] | undefined;
        for (const task of tasks) {
          if (task.at <= until && (!next || task.at < next.at || (task.at === next.at && task.order < next.order)))
            next = task;
        }
        if (!next) break;
        const due = next;
        tasks = tasks.filter((task) => task !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = Math.max(now, until);
    },
  };
}

/** Counts work under way in the database, so that the world knows when it is at rest. */
export function watched(db: Database): { db: Database; rest(): Promise<void> } {
  let busy = 0;
  async function count<T>(work: Promise<T>): Promise<T> {
    busy += 1;
    try {
      return await work;
    } finally {
      busy -= 1;
    }
  }
  return {
    db: {
      ...db,
      query: (text, parameters) => count(db.query(text, parameters)),
      transaction: <T>(work: (tx: Queryable) => Promise<T>) => count(db.transaction(work)),
    } as Database,
    async rest() {
      // Two turns of the loop in a row with nothing under way: what a finished query set off has run too.
      for (let quiet = 0; quiet < 2; ) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        quiet = busy === 0 ? quiet + 1 : 0;
      }
    },
  };
}

/** A device's own clocks: a wall clock that may be wrong, by an offset that can change, and a monotonic one. */
export function skewedClock(scheduler: Scheduler): Clock & { skew: number } {
  const clock = {
    skew: 0,
    wall: () => scheduler.now() + clock.skew,
    monotonic: () => scheduler.now(),
  };
  return clock;
}

export interface NetworkControl extends Carrier {
  partitioned: boolean;
}
/** Messages take 1 to 120 ms, arrive again now and then, or are cut while the device is cut off. */
export function createNetwork(scheduler: Scheduler, dice: Chance): NetworkControl {
  const network: NetworkControl = {
    partitioned: false,
    carry: () =>
      new Promise((resolve, reject) => {
        scheduler.after(1 + dice.int(120), () => {
          if (network.partitioned || dice.happens(0.004)) reject(new Error("the line was cut"));
          else resolve();
        });
      }),
    repeats: () => dice.happens(0.08),
    stray: () =>
      dice.happens(0.08) ? new Promise((resolve) => void scheduler.after(1 + dice.int(3000), resolve)) : null,
  };
  return network;
}
