import { isTrackedEnvelope, TRPCError } from "@trpc/server";
import type { Signal } from "./abort.ts";

/** How many items a subscriber has room for; the source is not asked for more until it has. */
export interface Credit {
  grant(more: number): void;
  /** Takes one, waiting for it if there is none. */
  take(): Promise<void>;
}

/** Credit that starts with `initial` items and is never let grow beyond `limit`. */
export function createCredit(initial: number, limit: number): Credit {
  let left = initial;
  let wake: (() => void) | null = null;
  return {
    grant(more) {
      left = Math.min(left + more, limit);
      wake?.();
    },
    async take() {
      while (left === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      left -= 1;
    },
  };
}

/** One item as it goes to the subscriber: a tracked one carries its id twice, as tRPC's own transports do. */
export interface StreamItem {
  data: unknown;
  eventId?: string;
}

/**
 * Sends what a subscription yields, at the pace of its subscriber, until it ends or is called off.
 *
 * The next item is only asked for when there is credit for it, so a source that merges what changed meanwhile
 * merges exactly while its subscriber is slow.
 *
 * @throws what the source throws, unless it was called off before.
 */
export async function pumpSubscription(
  source: unknown,
  credit: Credit,
  signal: Signal,
  send: (item: StreamItem) => void,
): Promise<void> {
  if (!isAsyncIterable(source)) {
    throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "A subscription must be an async generator" });
  }
  const orCalledOff = calledOffBy(signal);
  const iterator = source[Symbol.asyncIterator]();
  let exhausted = false;
  try {
    while (!signal.aborted) {
      if ((await orCalledOff(credit.take())) === CALLED_OFF) return;
      const next = iterator.next();
      next.catch(() => {
        exhausted = true;
      });
      const result = await orCalledOff(next);
      if (result === CALLED_OFF) return;
      if (result.done) {
        exhausted = true;
        return;
      }
      send(itemOf(result.value));
    }
  } catch (error) {
    // What a source throws because it was called off is nobody's failure.
    if (!signal.aborted) throw error;
  } finally {
    // The source's own clean-up may wait for something that never comes: it is started, not awaited.
    if (!exhausted) void Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

const CALLED_OFF = Symbol("called off");

/**
 * Waits for one promise after another, or for the signal. Racing each of them with a promise of the signal would
 * keep something of every item until the subscription ends.
 */
function calledOffBy(signal: Signal): <T>(wait: Promise<T>) => Promise<T | typeof CALLED_OFF> {
  let release = () => {};
  signal.addEventListener("abort", () => release(), { once: true });
  return (wait) =>
    new Promise((resolve, reject) => {
      release = () => resolve(CALLED_OFF);
      if (signal.aborted) release();
      wait.then(resolve, reject);
    });
}

function itemOf(value: unknown): StreamItem {
  if (!isTrackedEnvelope(value)) return { data: value };
  const [id, data] = value;
  return { data: { id, data }, eventId: id };
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}
