/**
 * Sends what was added here to the centre: one blob after the other, in parts, from wherever the last attempt ended. It
 * has a queue of its own and gives way to what people do: between two slices it waits while a change waits.
 */
import { type FileHandle, open } from "node:fs/promises";
import type { BlobState } from "../../../src-shared/files/wire.ts";
import type { Log, Timers } from "../../../src-shared/sync/ports.ts";
import { type BlobLine, type Connection, refusalOf } from "../sync/upstream.ts";
import type { HereBlob, HereBlobs } from "./here.ts";

const slice = 64 * 1024;
/** How long one part gives way at most, so that a change that cannot settle does not hold up files for ever. */
const mostGivingWay = 2000;
const firstRetry = 500;
const lastRetry = 5 * 60_000;
/** The centre said no in words: somebody has to do something first. */
export const saidNo: readonly string[] = ["FILES_FULL", "FILE_TOO_LARGE", "FILES_OFF"];
const refusedRetry = 3_600_000;

export interface SendingOptions {
  readonly here: HereBlobs;
  readonly pathOf: (blob: string) => string;
  /** The centre, while files can be moved. */
  readonly line: () => Connection | null;
  readonly blobs: BlobLine;
  /** Whether changes wait to be sent. */
  readonly isBusy: () => boolean;
  readonly now: () => number;
  readonly timers: Timers;
  readonly log: Log;
  /** Told how many bytes of a blob are on their way or there; null when it is over. */
  readonly report: (blob: string, bytes: number | null) => void;
}

/** On which line bytes go, and what they give way to. */
interface Way {
  readonly line: () => Connection;
  readonly isBusy: () => boolean;
  readonly signal: AbortSignal;
}

export function createSending(options: SendingOptions) {
  const { here, blobs, timers, log, now, report } = options;
  let running = false;
  let closed = false;
  let abort = new AbortController();
  let leaving: AbortController | null = null;
  let cancel: (() => void) | null = null;

  async function run(): Promise<void> {
    if (running || closed) return;
    running = true;
    cancel?.();
    cancel = null;
    abort = new AbortController();
    try {
      for (let blob = nextOne(); blob; blob = nextOne()) await attempt(blob);
    } finally {
      running = false;
      plan();
    }
  }
  const nextOne = () => (closed || abort.signal.aborted || !options.line() ? null : here.nextToSend(now()));

  /** Whatever was put off comes when it is due. */
  function plan(): void {
    if (closed || !options.line()) return;
    const at = now();
    // One may have become due since the last was looked for.
    const due = here.nextToSend(at) ? at : here.nextDue(at);
    if (due !== null) cancel = timers.after(Math.max(250, due - at), () => void run());
  }

  async function attempt(blob: HereBlob): Promise<void> {
    try {
      await send(blob);
      here.markWhole(blob.blob);
      log.info("file sent", { size: blob.size });
    } catch (error) {
      const refusal = refusalOf(error);
      // Closed, or the line is gone: it is not the file's fault, and goes on at once when there is one again.
      if (closed || (abort.signal.aborted && !refusal)) return;
      const isFinal = refusal !== null && saidNo.includes(refusal.code);
      const wait = isFinal ? refusedRetry : Math.min(lastRetry, firstRetry * 2 ** Math.min(blob.tries, 10));
      here.putOff(blob.blob, now() + wait, isFinal ? refusal.message : null);
      log.warn("file not sent", { reason: refusal?.code ?? (error as Error).message, wait });
    } finally {
      report(blob.blob, null);
    }
  }

  async function send({ blob, size }: HereBlob, way: Way = ordinary()): Promise<void> {
    let state: BlobState = await way.line().filesBegin({ blob, size });
    // Begun, sent to the end, and again if the centre found on commit that something is missing.
    for (let round = 0; state.kind === "open"; round++) {
      if (round > 2) throw new Error("the centre does not come to an end with this file");
      await sendParts(blob, size, state, way);
      state = await way.line().filesCommit({ blob });
    }
  }

  async function sendParts(
    blob: string,
    size: number,
    state: Extract<BlobState, { kind: "open" }>,
    way: Way,
  ): Promise<void> {
    const { part, ticket } = state;
    let at = state.received;
    const file = await open(options.pathOf(blob), "r");
    try {
      while (at < size) {
        report(blob, at);
        const length = Math.min(part, size - at);
        const bytes = slices(file, blob, at, length, way);
        const { received } = await blobs.put({ blob, ticket, at, length }, bytes, way.signal);
        if (received > size || (received <= at && received !== 0)) throw new Error("the centre counts otherwise");
        at = received;
        here.markSent(blob, at);
      }
    } finally {
      await file.close();
    }
  }

  async function* slices(file: FileHandle, blob: string, from: number, length: number, way: Way) {
    let gaveWay = 0;
    for (let at = from; at < from + length; ) {
      for (; way.isBusy() && gaveWay < mostGivingWay; gaveWay += 100) await pause(100);
      way.signal.throwIfAborted();
      const buffer = Buffer.allocUnsafe(Math.min(slice, from + length - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new Error("the file is shorter than it was");
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
      report(blob, at);
    }
  }

  const ordinary = (): Way => ({ line: lineNow, isBusy: options.isBusy, signal: abort.signal });

  function lineNow(): Connection {
    const line = options.line();
    if (!line) throw new Error("there is no line to the centre");
    return line;
  }
  const pause = (ms: number) => new Promise<void>((resolve) => void timers.after(ms, resolve));

  return {
    /** Something may be there to send, or a line to send it on. */
    poke(): void {
      void run().catch((error: Error) => log.error("sending files failed", { error: error.message }));
    },
    /**
     * Hands one over on the line of a device that was taken out, on which nothing else goes any more.
     *
     * @throws what the centre refused it with, or what cut the line.
     */
    async handOver(blob: HereBlob, connection: Connection): Promise<void> {
      const leave = new AbortController();
      leaving = leave;
      try {
        await send(blob, { line: () => connection, isBusy: () => false, signal: leave.signal });
        here.markWhole(blob.blob);
      } finally {
        report(blob.blob, null);
      }
    },
    /** The line is gone. */
    stop(): void {
      abort.abort();
      cancel?.();
      cancel = null;
    },
    close(): void {
      closed = true;
      abort.abort();
      leaving?.abort();
      cancel?.();
    },
  };
}
