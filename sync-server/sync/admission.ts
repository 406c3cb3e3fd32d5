/**
 * Who goes first when much is asked at once: sales before fillings (sync design §2.15). Fillings and other long reads
 * share most of the connections for reading, never all; what is live keeps the rest, and pushes have their own. Only
 * when more pushes wait than memory should hold is one put off.
 */
import type { Random } from "../../src-shared/sync/ids.ts";
import type { PushOutput } from "../../src-shared/sync/wire.ts";

/** The share of the reading connections that long reads may take. */
const shareOfReads = 0.8;
/** Pushes that are under way or wait at one server; each is half a megabyte at most, a little more for a large group. */
const mostPushes = 400;

export interface BulkReads {
  /** Runs a long read when it is its turn, in the order in which they came. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createBulkReads(reads: number, share = shareOfReads): BulkReads {
  let free = Math.max(1, Math.floor(reads * share));
  const waiting: (() => void)[] = [];
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        // Handed on, so that nobody who comes now goes before those who wait.
        if (next) next();
        else free += 1;
      }
    },
  };
}

export interface PushGate {
  /** Lets a push in, or says when to come again. */
  enter(): PushOutput | null;
  leave(): void;
}

export function createPushGate(random: Random): PushGate {
  let inside = 0;
  return {
    enter() {
      // Spread over two seconds, so that they do not all come again at once.
      if (inside >= mostPushes) return { kind: "retry", afterMs: 1000 + 8 * (random.bytes(1)[0] ?? 0) };
      inside += 1;
      return null;
    },
    leave() {
      inside -= 1;
    },
  };
}
