/**
 * Beside the engine at work: backups when they are due, once a month the proof that the newest can be read, once a week
 * the whole replica. All of it in a thread of its own; whoever stands at the till notices nothing.
 */
import { dirname } from "node:path";
import { isDamage, ReplicaError } from "../../../replica/open.ts";
import { type Clock, type Log, Refusal, type Timers } from "../../../src-shared/sync/ports.ts";
import type { Engine } from "../engine.ts";
import { backUpFiles } from "./backup-files.ts";
import { type Backup, backupsIn, isDue, keepBackup, openBackupsFolder } from "./backups.ts";
import type { Beside } from "./beside.ts";
import { careRecord, noteCare } from "./log.ts";

export interface WatchOptions {
  readonly engine: Engine;
  readonly path: string;
  readonly key: Uint8Array;
  /** The chosen folder; null for the data folder's own. */
  readonly chosen: string | null;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly beside: Beside;
  readonly changed: () => void;
  /** Another backup was made, and older ones may be gone. */
  readonly backedUp: () => void;
  readonly trouble: (error: unknown) => void;
}

export interface CareWatch {
  /** Backs the replica up now. */
  backUp(): Promise<void>;
  /** What keeps backups from being made, or from where they should be; null when all is well. */
  problem(): { readonly code: string; readonly message: string } | null;
  /** The newest backup that this device's key opens. */
  newest(): Backup | null;
  folder(): string;
  stop(): void;
}

const minute = 60_000;
const day = 24 * 60 * minute;

export function createWatch(options: WatchOptions): CareWatch {
  const { engine, path, key, chosen, clock, timers, log, beside } = options;
  const dataFolder = dirname(path);
  const { device } = engine.identity();
  let problem: { code: string; message: string } | null = null;
  let busy = false;
  let stopped = false;
  let cancel = timers.after(minute, tick);
  let lastSeq = engine.state.writeState().deviceSeq;

  /** The chosen folder, or the data folder's own while that is not there. */
  function folder(): string {
    try {
      const open = openBackupsFolder(dataFolder, chosen, device);
      if (problem?.code === "BACKUP_FOLDER_MISSING") setProblem(null);
      return open;
    } catch (error) {
      setProblem(wordsOf(error));
      return openBackupsFolder(dataFolder, null, device);
    }
  }
  function setProblem(next: typeof problem): void {
    const told = problem?.code !== next?.code;
    problem = next;
    if (told) options.changed();
  }
  /** What a clock that ran ahead has dated into the future does not count. */
  const newest = () => backupsIn(folder(), "replica", key).find(({ at }) => at <= clock.wall()) ?? null;

  async function backUp(): Promise<void> {
    const place = folder();
    const missing = problem;
    const began = clock.monotonic();
    try {
      await keepBackup(place, { kind: "replica", key }, clock.wall(), async (to) => {
        await beside("backUp", { path, key, to });
        // Of a replica that was exchanged meanwhile: nobody would know that its key is still needed.
        if (stopped) throw new Error("The engine was stopped");
      });
      if (stopped) return;
      // On this PC's own disk they lie already.
      if (chosen !== null && missing === null) backUpFiles(place, engine.files?.unsent() ?? new Map());
      problem = missing?.code === "BACKUP_FOLDER_MISSING" ? missing : null;
      log.info("backed up", { ms: Math.round(clock.monotonic() - began) });
      if (chosen !== null && problem === null) notePlace(chosen);
      options.backedUp();
    } catch (error) {
      if (stopped) return;
      log.warn("not backed up", { error: (error as Error).message });
      // Every page of a table was read: a damaged one is found here first.
      if (isDamage(error) || isFirstPage(error)) options.trouble(asDamage(error));
      else problem = wordsOf(error);
    }
    options.changed();
  }

  /** That backups are there, so that what opens them is kept also while that disk is not. */
  function notePlace(place: string): void {
    const { places = [] } = careRecord(engine.state);
    if (!places.includes(place)) noteCare(engine.state, { places: [...places, place] });
  }

  /** Opens the newest backup and reads all of it: a backup that nobody has opened is a hope. */
  async function testBackup(backup: Backup): Promise<void> {
    const seen = await beside("examine", { path: backup.path, key }).catch((error: Error) => {
      log.warn("a backup does not open", { error: error.message });
      return null;
    });
    if (stopped) return;
    const ok = seen?.check === "ok" && seen.device === engine.identity().device;
    noteCare(engine.state, {
      tested: { at: clock.wall(), backup: backup.at, ok, patients: seen?.patients ?? 0 },
    });
    options.changed();
    if (!ok) await backUp();
  }

  async function checkWhole(): Promise<void> {
    const seen = await beside("examine", { path, key });
    if (stopped) return;
    if (seen.check !== "ok") throw Object.assign(new Error(seen.check), { code: "SQLITE_CORRUPT" });
    noteCare(engine.state, { checked: clock.wall() });
    options.changed();
  }

  async function work(): Promise<void> {
    const now = clock.wall();
    const waiting = engine.replica.unsettledCount() + (engine.files?.unsent().size ?? 0);
    const backup = newest();
    const { deviceSeq } = engine.state.writeState();
    const quiet = deviceSeq === lastSeq;
    lastSeq = deviceSeq;
    if (isDue(backup?.at ?? null, now, waiting)) return backUp();
    const { tested, checked } = careRecord(engine.state);
    if (!quiet) return;
    if (backup && (!tested?.ok || now - tested.at >= 30 * day)) return testBackup(backup);
    if (now - (checked ?? 0) >= 7 * day) return checkWhole();
  }

  function tick(): void {
    cancel = timers.after(minute, tick);
    // A replica that is being filled changes as a whole; what was before it is kept where it was.
    if (busy || !engine.ready()) return;
    busy = true;
    work()
      .catch((error) => {
        log.warn("care failed", { error: (error as Error).message });
        if (!stopped) options.trouble(isFirstPage(error) ? asDamage(error) : error);
      })
      .finally(() => {
        busy = false;
      });
  }

  return {
    backUp,
    problem: () => problem,
    newest,
    folder,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** The engine opened this file with this key: if it does not open now, its first page is gone. */
function isFirstPage(error: unknown): boolean {
  return (error as { code?: string }).code === "WRONG_KEY";
}
function asDamage(error: unknown): ReplicaError {
  return new ReplicaError("DAMAGED", "A page of the replica does not read.", error);
}

function wordsOf(error: unknown): { code: string; message: string } {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  const code = (error as { code?: string }).code ?? "FAILED";
  return {
    code,
    message:
      code === "SQLITE_FULL" || code === "ENOSPC"
        ? "The disk for backups is full, so the last one was not made. Work goes on, and the earlier ones are kept. Free some space."
        : `The last backup was not made (${code}). Work goes on, and the earlier ones are kept; it is tried again.`,
  };
}
