/** Filling by a file as the sync client sees it: one at a time, which ends with the connection that it began on. */
import type { Clock, Log, Timers } from "../../../src-shared/sync/ports.ts";
import type { HelloOutput } from "../../../src-shared/sync/wire.ts";
import type { EngineState, Identity } from "../state.ts";
import { type FillProgress, fillByFile, type ReplicaExchange } from "./fill-by-file.ts";
import type { Connection, Download } from "./upstream.ts";

/** Milliseconds between two words about how far a file is. */
const tellEvery = 100;

export interface FillerOptions {
  /** Absent in memory: there is no file to exchange for another. */
  readonly exchange: ReplicaExchange | undefined;
  readonly download: Download | undefined;
  readonly state: EngineState;
  readonly identity: () => Identity;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly changed: () => void;
}

export function createFiller({ exchange, download, changed, clock, identity, ...rest }: FillerOptions) {
  let progress: FillProgress | null = null;
  /** The one under way; one that a dead connection had begun ends before another begins. */
  let current: { readonly controller: AbortController; readonly over: Promise<unknown> } | null = null;

  return {
    progress: (): FillProgress | null => progress,

    /** `pages` when that is the only way; after `adopted` another engine is at work. Throws when the line is cut. */
    async fill(connection: Connection, hello: HelloOutput): Promise<"adopted" | "pages"> {
      if (!exchange || !download) return "pages";
      const before = current;
      const controller = new AbortController();
      const { signal } = controller;
      let told = Number.NEGATIVE_INFINITY;
      const report = (next: FillProgress) => {
        if (signal.aborted) return;
        progress = next;
        const now = clock.monotonic();
        if (now - told < tellEvery && next.done < 1) return;
        told = now;
        changed();
      };
      const over = (async () => {
        await before?.over.catch(() => {});
        signal.throwIfAborted();
        return fillByFile({ ...rest, exchange, download, connection, identity: identity(), hello, signal, report });
      })();
      current = { controller, over };
      try {
        return await over;
      } finally {
        if (current?.over === over) current = null;
        progress = null;
      }
    },

    /** The connection has ended. */
    stop(reason: string): void {
      current?.controller.abort(new Error(reason));
    },
  };
}
