/**
 * Downloads a baked file beside the replica. What is on the disk for good is noted in the replica, so that a cut line
 * and a killed program both go on from there; what lies there is digested again, and the rest on its way.
 */
import { createHash, type Hash } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { BootstrapFile } from "../../../src-shared/sync/wire.ts";
import type { EngineState } from "../state.ts";
import type { Download } from "./upstream.ts";

export type OfferedFile = Extract<BootstrapFile, { kind: "ready" }>;

/** The file arrived whole and is not what the centre said; it was thrown away. */
export class DamagedDownload extends Error {}

interface Progress {
  readonly file: OfferedFile;
  /** Bytes that a power cut leaves there. */
  readonly safe: number;
  /** All of it is here and fits its digest. */
  readonly whole: boolean;
}
const key = "bootstrap_file";
/** Bytes after which what has arrived is forced to the disk, while more arrives. */
const syncEvery = 8 * 1024 * 1024;
const writeEvery = 1024 * 1024;
/** On a slow line a megabyte takes long: the bar moves in between, though not for every packet of a fast one. */
const steps = 200;

export interface FetchOptions {
  readonly state: EngineState;
  /** Where the file goes. */
  readonly path: string;
  readonly download: Download;
  readonly signal: AbortSignal;
  readonly report: (bytes: number) => void;
}

/** Resolves when the whole file lies at `path` and fits its digest. */
export async function fetchFile(file: OfferedFile, options: FetchOptions): Promise<void> {
  const { state, path } = options;
  let progress = state.meta<Progress>(key);
  const here = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (progress?.file.id !== file.id || progress.file.sha256 !== file.sha256 || here < progress.safe) {
    removeDownload(path);
    progress = { file, safe: 0, whole: false };
    state.setMeta(key, progress);
  }
  const handle = await open(path, here > 0 && progress.safe > 0 ? "r+" : "w+", 0o600);
  try {
    if (progress.whole) return;
    await receive(handle, file, progress.safe, options);
  } finally {
    await handle.close();
  }
}

/** Forgets a download and what there is of it. */
export function dropDownload(state: EngineState, path: string): void {
  if (state.meta<Progress>(key)) state.setMeta(key, null);
  removeDownload(path);
}

export function removeDownload(path: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(`${path}${end}`, { force: true });
}

async function receive(handle: FileHandle, file: OfferedFile, from: number, options: FetchOptions): Promise<void> {
  const { state, path, download, signal, report } = options;
  await handle.truncate(from);
  const hash = createHash("sha256");
  await digest(handle, hash, from);
  let written = from;
  let safe = from;
  let told = from;
  let gathered: Uint8Array[] = [];
  let size = 0;
  let syncing: Promise<void> | null = null;

  async function write(): Promise<void> {
    if (size === 0) return;
    await handle.writev(gathered, written);
    written += size;
    gathered = [];
    size = 0;
  }
  async function makeSafe(): Promise<void> {
    const reached = written;
    await handle.datasync();
    safe = reached;
    state.setMeta(key, { file, safe, whole: false } satisfies Progress);
  }

  report(written);
  try {
    for await (const chunk of download(file.id, from, signal)) {
      signal.throwIfAborted();
      if (written + size + chunk.length > file.size) throw new DamagedDownload("more came than there is of it");
      hash.update(chunk);
      gathered.push(chunk);
      size += chunk.length;
      if (written + size - told >= file.size / steps) {
        told = written + size;
        report(told);
      }
      if (size < writeEvery) continue;
      await write();
      if (written - safe >= syncEvery && !syncing) {
        syncing = makeSafe().finally(() => {
          syncing = null;
        });
        // Awaited below; until then it is nobody's.
        syncing.catch(() => {});
      }
    }
    await write();
    if (written < file.size) throw new Error("the line to the centre was cut");
    if (hash.digest("hex") !== file.sha256) throw new DamagedDownload("the file is not what the centre sent");
    await syncing;
    await handle.datasync();
    state.setMeta(key, { file, safe: written, whole: true } satisfies Progress);
    report(written);
  } catch (error) {
    await (syncing as Promise<void> | null)?.catch(() => {});
    if (error instanceof DamagedDownload) dropDownload(state, path);
    // What came before the cut counts.
    else
      await write()
        .then(makeSafe)
        .catch(() => {});
    throw error;
  }
}

async function digest(handle: FileHandle, hash: Hash, length: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(writeEvery);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, length - at), at);
    if (bytesRead === 0) throw new Error("the download is shorter than was noted");
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}
