/** The files of one device: those that windows hand over, those that lie here, those on their way in either direction. */
import { sha1 } from "../../../replica/crypto.ts";
import type { Sqlite } from "../../../replica/open.ts";
import { CannotOpenFile, openFileRange } from "../../../replica/sealed-file.ts";
import { type FileLimit, limitOf } from "../../../src-shared/files/limits.ts";
import { bytesToRecognise, recognise } from "../../../src-shared/files/recognise.ts";
import { derivedId, type Random } from "../../../src-shared/sync/ids.ts";
import { type Clock, type Log, refuse, type Timers } from "../../../src-shared/sync/ports.ts";
import { db as query, type Reader } from "../read/database.ts";
import type { EngineState, Identity } from "../state.ts";
import type { Connection, Upstream } from "../sync/upstream.ts";
import type { EngineTime } from "../time.ts";
import { createFetching, type WantedState } from "./fetching.ts";
import { openFilesFolder, withReader } from "./folder.ts";
import { createHere } from "./here.ts";
import { createIncoming } from "./incoming.ts";
import { handOverFiles } from "./leaving.ts";
import { putFilesInOrder } from "./order.ts";
import { createSending } from "./sending.ts";

export interface FilesOptions {
  /** The folder beside the replica. */
  readonly path: string;
  readonly db: Sqlite;
  readonly read: Reader;
  readonly state: EngineState;
  readonly identity: () => Identity;
  readonly upstream: Upstream;
  readonly line: () => Connection | null;
  /** Whether all of the practice's data is here, and nothing stands between the replica and the centre. */
  readonly isWhole: () => boolean;
  readonly clock: Clock;
  readonly time: EngineTime;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly changed: (touched: Set<string>) => void;
}

export type Files = ReturnType<typeof createFiles>;

/** Where a file's bytes are, as far as this device can tell. */
export interface Whereabouts {
  readonly isHere: boolean;
  /** Whether the centre has it; null when this device cannot know. */
  readonly atCentre: boolean | null;
  /** Why the centre would not take it, in words. */
  readonly problem: string | null;
  readonly moving: { readonly way: "up" | "down"; readonly bytes: number } | null;
  readonly wanted: WantedState | null;
}

/** Which epoch of the centre knows what was sent. */
const epochKey = "files_epoch";
/** A bar moves this often over the whole of a file. */
const steps = 50;

export function createFiles(options: FilesOptions) {
  const { db, read, state, timers, time, clock, log, upstream } = options;
  const folder = openFilesFolder(options.path);
  const here = createHere(db);
  const incoming = createIncoming({ folder, random: options.random, now: clock.monotonic });
  const moving = new Map<string, { way: "up" | "down"; bytes: number; told: number }>();
  const isBusy = db.prepare("select 1 from sync_outbox where state='pending' limit 1");
  const told = () => options.changed(new Set(["file_blob"]));
  let isInOrder = false;
  let hadLine = false;
  let mustLeave = false;

  const report = (way: "up" | "down") => (blob: string, bytes: number | null) => {
    if (bytes === null) {
      if (moving.delete(blob)) told();
      return;
    }
    const before = moving.get(blob);
    const size = here.get(blob)?.size ?? sizeOf(blob);
    const due = !before || Math.abs(bytes - before.told) >= size / steps;
    moving.set(blob, { way, bytes, told: due ? bytes : before.told });
    if (due) told();
  };
  const sizes = new Map<string, number>();
  const sizeOf = (blob: string) => sizes.get(blob) ?? 0;

  const { blobs } = upstream;
  const line = () => (isInOrder ? options.line() : null);
  const sending = blobs
    ? createSending({
        ...{ here, line, blobs, timers, log, pathOf: folder.pathOf, report: report("up") },
        isBusy: () => isBusy.get() !== undefined,
        now: () => time.now(),
      })
    : null;
  const fetching = blobs
    ? createFetching({ ...{ folder, line, blobs, timers, log, report: report("down"), changed: told }, arrived })
    : null;

  function arrived(blob: string, size: number): void {
    here.putSeen(blob, size, time.now());
    sizes.delete(blob);
    makeRoom(blob);
    told();
  }

  /** What was not looked at for longest goes, if the centre has it; `but` was asked for just now. */
  function makeRoom(but: string): void {
    for (const blob of here.toSpare(limit("files_device"))) {
      if (blob === but) continue;
      here.forget(blob);
      folder.remove(blob);
    }
  }

  function limit(name: FileLimit): number {
    const { practice } = options.identity();
    const id = derivedId(sha1, practice, { subject: practice, reaction: `setting:${name}`, index: 0 });
    const row = read.first(query.selectFrom("setting").select("value").where("id", "=", id).where("deleted", "=", 0));
    return limitOf(name, row ? JSON.parse(row.value) : null);
  }

  /** Once the replica is whole: before that, what no row names may be named by one that is still to come. */
  function comeToOrder(): void {
    if (isInOrder || !options.isWhole()) return;
    isInOrder = true;
    putFilesInOrder({ db, folder, here, log, wall: clock.wall(), now: time.now() });
  }

  /** A centre that came back from a backup may have lost what it had: all that lies here is offered again. */
  function noticeEpoch(): void {
    const epoch = state.cursor()?.serverEpoch ?? null;
    const known = state.meta<string>(epochKey);
    if (epoch === null || epoch === known) return;
    if (known !== null) here.offerAll();
    state.setMeta(epochKey, epoch);
  }

  function poke(): void {
    comeToOrder();
    const hasLine = line() !== null;
    if (!hasLine) {
      sending?.stop();
      fetching?.stop();
    } else {
      if (!hadLine) {
        noticeEpoch();
        here.tryAll();
      }
      sending?.poke();
      fetching?.poke();
    }
    hadLine = hasLine;
  }

  return {
    incoming,
    limit,
    poke,
    /** Files that only this device has: their paths by the names of their blobs. */
    unsent: (): Map<string, string> => new Map(here.unsent().map((blob) => [blob, folder.pathOf(blob)])),
    /** The device was taken out: hands over what only it has; returns how many files the centre would not have. */
    async handOver(connection: Connection): Promise<number> {
      if (!sending) return 0;
      const left = await handOverFiles({ here, folder, handOver: sending.handOver, log }, connection);
      mustLeave = left > 0;
      told();
      return left;
    },
    /** Whether this device is to be erased and cannot be, since the centre would not have these blobs. */
    keptBack: (): readonly string[] => (mustLeave ? here.toHandOver().filter((blob) => here.get(blob)?.error) : []),
    /** Bytes of files that lie here. */
    kept: (): number => here.kept(),
    leaveBehind(blob: string): void {
      here.leaveBehind(blob);
      told();
    },
    /** Removes bytes that were kept for a row that was refused. */
    drop: (blob: string) => folder.remove(blob),
    where(blob: string, size: number): Whereabouts {
      const known = here.get(blob);
      const move = moving.get(blob);
      return {
        isHere: known !== null && folder.has(blob, size),
        atCentre: known === null ? null : known.state === "whole",
        problem: known?.error ?? null,
        moving: move ? { way: move.way, bytes: move.bytes } : null,
        wanted: fetching?.stateOf(blob) ?? null,
      };
    },
    /** Fetches a file that somebody wants to see, unless it is here. */
    want(blob: string, size: number): void {
      if (folder.has(blob, size) || !fetching) return;
      sizes.set(blob, size);
      fetching.want(blob, size);
    },
    /**
     * Bytes `from` to `to` (exclusive) of a file that is here.
     *
     * @throws Refusal `FILE_NOT_HERE`, `FILE_DAMAGED`.
     */
    async open(
      file: { readonly blob: string; readonly blobSize: number; readonly size: number; readonly key: Uint8Array },
      from: number,
      to: number,
    ) {
      if (!here.get(file.blob) || !folder.has(file.blob, file.blobSize)) {
        throw refuse(
          "FILE_NOT_HERE",
          "The file is not on this PC yet. It is fetched when there is a line to the centre.",
        );
      }
      if (from === 0) here.markUsed(file.blob, time.now());
      try {
        return await withReader(folder.pathOf(file.blob), async (pieces) => ({
          bytes: await openFileRange(pieces, file, from, to),
          // By what it is, whatever the row says: a screen is told nothing else.
          mime: recognise(await openFileRange(pieces, file, 0, bytesToRecognise)),
        }));
      } catch (error) {
        if (!(error instanceof CannotOpenFile)) throw error;
        log.error("a file does not open", { blob: file.blob });
        // One that the centre has comes from there, whole, when it is asked for again.
        if (here.get(file.blob)?.state === "whole") {
          here.forget(file.blob);
          folder.remove(file.blob);
          told();
        }
        throw refuse(
          "FILE_DAMAGED",
          "This file is damaged on this PC and was not shown. Open it again: it is fetched from the centre.",
        );
      }
    },
    close(): void {
      sending?.close();
      fetching?.close();
      void incoming.close();
    },
  };
}
