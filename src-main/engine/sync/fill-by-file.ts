/**
 * Fills a replica by a file (architecture §4): asks the centre for one, waits while it is made, downloads it beside the
 * replica, and hands it over to be put in the replica's place.
 */
import { schemaVersion } from "../../../migrations/index.ts";
import { CannotUnseal, unseal } from "../../../replica/sealing.ts";
import type { Log, Timers } from "../../../src-shared/sync/ports.ts";
import { bakedKeyPurpose, type HelloOutput } from "../../../src-shared/sync/wire.ts";
import type { Cursor, EngineState, Identity } from "../state.ts";
import { DamagedDownload, dropDownload, fetchFile, type OfferedFile } from "./fetch-file.ts";
import { type Connection, type Download, DownloadRefused } from "./upstream.ts";

/** A whole file, its key, and the place in the log that it reaches. */
export interface FileToAdopt {
  readonly path: string;
  readonly key: Uint8Array;
  readonly cursor: Cursor;
}

/** What stands around the engine and can exchange its replica for another. */
export interface ReplicaExchange {
  /** Where a file is downloaded to: in the replica's folder, under a name that ends in `.part`. */
  readonly path: string;
  /**
   * Puts the file in the replica's place, with all that is the device's own. This engine is closed then, and another
   * goes on, also when the file could not be adopted.
   */
  adopt(file: FileToAdopt): Promise<void>;
}

export interface FillProgress {
  /** `preparing`: the centre makes the file. */
  readonly stage: "preparing" | "downloading";
  /** 0 to 1. */
  readonly done: number;
  readonly bytes: { readonly done: number; readonly total: number } | null;
}

export interface FillByFileOptions {
  readonly exchange: ReplicaExchange;
  readonly download: Download;
  readonly connection: Connection;
  readonly state: EngineState;
  readonly identity: Identity;
  readonly hello: HelloOutput;
  readonly timers: Timers;
  readonly log: Log;
  /** Aborted when the connection ends. */
  readonly signal: AbortSignal;
  readonly report: (progress: FillProgress) => void;
}

/** How often a file that is not what it should be, or not where it should be, is asked for again. */
const rounds = 3;

/** `pages` when no file is to be had; after `adopted` another engine is at work. Throws when the line is cut. */
export async function fillByFile(options: FillByFileOptions): Promise<"adopted" | "pages"> {
  const { exchange, state, log, signal, report, identity } = options;
  for (let round = 0; round < rounds; round++) {
    const file = await ask(options);
    signal.throwIfAborted();
    if (!file) break;
    try {
      // Before the download: a key that cannot be unsealed would show only after it.
      const key = unseal(identity.sealingPrivateKey, bakedKeyPurpose(file.id), file.sealedKey);
      await fetchFile(file, {
        state,
        path: exchange.path,
        download: options.download,
        signal,
        report: (done) => report({ stage: "downloading", done: done / file.size, bytes: { done, total: file.size } }),
      });
      signal.throwIfAborted();
      const { serverEpoch, streamSet, seq } = file;
      await exchange.adopt({ path: exchange.path, key, cursor: { serverEpoch, streamSet, seq } });
      return "adopted";
    } catch (error) {
      // Sealed to a later epoch of this device: it goes on from a backup, and gets keys of its own once it is filled.
      if (error instanceof CannotUnseal) {
        log.warn("file for filling not taken", { reason: error.message, round });
        break;
      }
      // Another server may have it, or it is past its day: what there is now says the one we are connected to.
      if (!(error instanceof DownloadRefused) && !(error instanceof DamagedDownload)) throw error;
      log.warn("file for filling not taken", { reason: error.message, round });
    }
  }
  dropDownload(state, exchange.path);
  return "pages";
}

/** Asks until there is a file; null when there will be none that fits this device. */
async function ask({ connection, hello, timers, signal, report }: FillByFileOptions): Promise<OfferedFile | null> {
  for (;;) {
    const answer = await connection.bootstrapFile({ schema: schemaVersion });
    signal.throwIfAborted();
    if (answer.kind === "none") return null;
    if (answer.kind === "ready") {
      const fits =
        answer.schema === schemaVersion &&
        answer.streamSet === hello.streamSet &&
        answer.serverEpoch === hello.serverEpoch;
      return fits ? answer : null;
    }
    report({ stage: "preparing", done: answer.done, bytes: null });
    await new Promise<void>((resolve) => {
      const cancel = timers.after(answer.afterMs, done);
      signal.addEventListener("abort", done, { once: true });
      function done(): void {
        cancel();
        signal.removeEventListener("abort", done);
        resolve();
      }
    });
    signal.throwIfAborted();
  }
}
