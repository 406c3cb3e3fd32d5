/** Fetches what somebody wants to see and this device does not have: from where the last attempt ended, checked, kept. */
import { rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Log, Timers } from "../../../src-shared/sync/ports.ts";
import { type BlobLine, type Connection, DownloadRefused, refusalOf } from "../sync/upstream.ts";
import { digestOfFile, type FilesFolder } from "./folder.ts";

const firstRetry = 250;
const lastRetry = 30_000;
/** A file that is still on another PC is asked for again while somebody waits for it: soon, and then less often. */
const lastElsewhere = 15_000;
const mostTries = 8;

/** `elsewhere`: the centre does not have it yet. `failed`: given up until somebody asks again. */
export type WantedState = "waiting" | "fetching" | "elsewhere" | "failed";

export interface FetchingOptions {
  readonly folder: FilesFolder;
  readonly line: () => Connection | null;
  readonly blobs: BlobLine;
  readonly timers: Timers;
  readonly log: Log;
  readonly report: (blob: string, bytes: number | null) => void;
  readonly arrived: (blob: string, size: number) => void;
  readonly changed: () => void;
}

interface Wanted {
  readonly size: number;
  state: WantedState;
  tries: number;
  cancel: (() => void) | null;
}

export function createFetching(options: FetchingOptions) {
  const { folder, blobs, timers, log, report } = options;
  const wanted = new Map<string, Wanted>();
  let running = false;
  let closed = false;
  let abort = new AbortController();

  async function run(): Promise<void> {
    if (running || closed) return;
    running = true;
    abort = new AbortController();
    try {
      for (let next = nextOne(); next; next = nextOne()) await attempt(...next);
    } finally {
      running = false;
    }
  }
  function nextOne(): [string, Wanted] | null {
    if (closed || abort.signal.aborted || !options.line()) return null;
    return [...wanted].find(([, { state, cancel }]) => state === "waiting" && !cancel) ?? null;
  }

  async function attempt(blob: string, want: Wanted): Promise<void> {
    want.state = "fetching";
    options.changed();
    try {
      await fetch(blob, want.size);
      wanted.delete(blob);
      options.arrived(blob, want.size);
    } catch (error) {
      want.state = "waiting";
      if (closed || (abort.signal.aborted && !refusalOf(error))) return;
      const code = refusalOf(error)?.code;
      log.warn("file not fetched", { reason: code ?? (error as Error).message });
      want.tries += 1;
      // A stale ticket, a centre that lost the bytes: asked anew each time.
      const isElsewhere = code === "FILE_NOT_THERE" || (error instanceof DownloadRefused && error.status === 404);
      if (isElsewhere) want.state = "elsewhere";
      else if (want.tries >= mostTries || code === "FILE_NOT_NAMED") want.state = "failed";
      if (want.state !== "failed")
        again(want, Math.min(isElsewhere ? lastElsewhere : lastRetry, firstRetry * 2 ** want.tries));
    } finally {
      report(blob, null);
      options.changed();
    }
  }

  function again(want: Wanted, wait: number): void {
    want.cancel = timers.after(wait, () => {
      want.cancel = null;
      want.state = "waiting";
      poke();
    });
  }

  async function fetch(blob: string, size: number): Promise<void> {
    const line = options.line();
    if (!line) throw new Error("there is no line to the centre");
    const offer = await line.filesGet({ blob });
    if (offer.size !== size) throw new Error("the centre has a file of another size under this name");
    const path = folder.partPath(blob);
    const has = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const from = has <= size ? has : 0;
    const file = await open(path, from > 0 ? "r+" : "w+", 0o600);
    let at = from;
    try {
      report(blob, at);
      if (at < size) {
        for await (const bytes of blobs.get(blob, offer.ticket, at, abort.signal)) {
          if (at + bytes.length > size) throw new Error("more came than there is of it");
          await file.write(bytes, 0, bytes.length, at);
          at += bytes.length;
          report(blob, at);
        }
      }
      if (at < size) throw new Error("the line to the centre was cut");
      await file.sync();
    } finally {
      await file.close();
    }
    if ((await digestOfFile(path)) !== blob) {
      rmSync(path, { force: true });
      throw new Error("what came is not what its name says");
    }
    await folder.adopt(path, blob);
  }

  function poke(): void {
    void run().catch((error: Error) => log.error("fetching files failed", { error: error.message }));
  }

  return {
    /** Somebody wants to see it; one that was given up is tried again. */
    want(blob: string, size: number): void {
      const known = wanted.get(blob);
      if (known && known.state !== "failed") return;
      wanted.set(blob, { size, state: "waiting", tries: 0, cancel: null });
      poke();
      options.changed();
    },
    stateOf: (blob: string): WantedState | null => wanted.get(blob)?.state ?? null,
    poke,
    stop: () => abort.abort(),
    close(): void {
      closed = true;
      abort.abort();
      for (const { cancel } of wanted.values()) cancel?.();
    },
  };
}
