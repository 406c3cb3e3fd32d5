/**
 * Looks after the replica of one workstation: opens it, notices when it is damaged or older than it should be, has it put
 * in order, backs it up, and knows what to say about it. The workstation owns the engine and the files; care says when
 * they are to be closed and opened.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDamage, ReplicaError, type Sqlite } from "../../../replica/open.ts";
import { type Clock, type Log, type Refusal, refuse, type Timers } from "../../../src-shared/sync/ports.ts";
import type { Engine } from "../engine.ts";
import { createState } from "../state.ts";
import type { Beside } from "./beside.ts";
import { type Fence, fenceKey, fenceOf } from "./fence.ts";
import { type CareEvent, careRecord, noteCare, withEvent } from "./log.ts";
import { isBehind, type Mark, type MarkWriter, openMark, readMark } from "./mark.ts";
import { isInUse, type OldKeys } from "./old-keys.ts";
import { problemOf, type StartProblem } from "./problem.ts";
import { createRecovery } from "./recovery.ts";
import { type CareWatch, createWatch } from "./watch.ts";

export interface CareOptions {
  readonly folder: string;
  /** The replica's file name. */
  readonly name: string;
  readonly backups: string | null;
  readonly restore: string | null;
  readonly dataKey: () => Promise<Uint8Array>;
  readonly oldKeys: OldKeys;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
  readonly beside: Beside;
  readonly start: (key: Uint8Array) => void;
  readonly stop: () => void;
  /** Something that screens show is different; `everything`: another engine, or none. */
  readonly changed: (everything: boolean) => void;
}

export interface CareState {
  readonly repairing: boolean;
  /** Why the data could not be opened; null when it is open or there is none. */
  readonly problem: StartProblem | null;
  /** The data was damaged beyond telling whose it was: a new enrolment code is needed. */
  readonly lost: { readonly groups: number; readonly folder: string } | null;
  /** Nothing is written until the centre has given this PC new numbers. */
  readonly fence: Fence | null;
  readonly events: readonly (CareEvent & { readonly seen: boolean })[];
  readonly backups: {
    readonly folder: string;
    readonly last: number | null;
    readonly problem: { readonly code: string; readonly message: string } | null;
    readonly tested: { readonly at: number; readonly ok: boolean; readonly patients: number } | null;
  } | null;
}

/** The file was made and then nothing was written: it holds nothing that anybody could miss. */
class NeverSetUp extends Error {}

const unexpected: StartProblem = {
  code: "UNEXPECTED",
  message:
    "The data on this PC could not be opened because of a mistake in Horopter. It was left as it is. Start Horopter again; if this comes back, send the newest file of the folder logs to support: it holds no patients' data.",
};

export function createCare(options: CareOptions) {
  const { folder, name, dataKey, oldKeys, clock, timers, log, beside, start, stop, changed } = options;
  const path = join(folder, name);
  const recovery = createRecovery({ folder, name, backups: options.backups, oldKeys, now: clock.wall, log, beside });
  let restore = options.restore;
  let problem: StartProblem | null = null;
  /** What is being done to the data while no engine runs on it. */
  let work: Promise<void> | null = null;
  let mark: MarkWriter | null = null;
  let watch: CareWatch | null = null;
  let running: Engine | null = null;
  let forgetting: Promise<void> = Promise.resolve();
  let closed = false;
  /** The key of the engine that runs, or last ran. */
  let openKey: Uint8Array | null = null;

  /** Does this once what was under way is done, and tells the screens before and after. */
  function alone(task: () => Promise<void>): Promise<void> {
    const next = (work ?? Promise.resolve())
      .then(task)
      .catch((error: unknown) => {
        stop();
        problem = problemOf(error) ?? unexpected;
        log.error("the data was not opened", { code: problem.code, error: (error as Error).message });
        if (problem === unexpected) throw error;
      })
      .finally(() => {
        if (work === next) work = null;
        if (!closed) changed(true);
      });
    work = next;
    return next;
  }

  /** Starts the engine on what is there, after whatever it takes. */
  async function openWith(key: Uint8Array): Promise<void> {
    await recovery.carryOn(key);
    if (restore !== null) {
      const file = restore;
      restore = null;
      await recovery.restore(key, file);
    }
    if (!existsSync(path)) return;
    try {
      if (recovery.isLogCut(key)) throw new ReplicaError("DAMAGED", "The write-ahead log is damaged in its middle.");
      await recovery.backUpBeforeMigrating(key);
      start(key);
    } catch (error) {
      stop();
      if (error instanceof NeverSetUp) recovery.setUnfinishedAside(key);
      else if (await recovery.isDamaged(error, key)) await repair(key, error);
      else throw error;
    }
  }

  async function repair(key: Uint8Array, error: unknown): Promise<void> {
    problem = null;
    changed(true);
    const code = (error as { code?: string }).code ?? "DAMAGED";
    log.error("replica damaged", { code });
    await recovery.repair(key, code);
    if (existsSync(path)) start(key);
  }

  /** Old keys go with the last file that needs them. */
  function forgetOldKeys(): Promise<void> {
    if (!running) return forgetting;
    const { places = [] } = careRecord(running.state);
    const known = [...new Set(options.backups === null ? places : [...places, options.backups])];
    forgetting = oldKeys
      .forget((key) => isInUse(key, { folder, name, places: known }))
      .catch((error: Error) => log.warn("old keys were not forgotten", { error: error.message }));
    return forgetting;
  }

  return {
    /** Opens the data if there is any. What a person can put right becomes a problem to be shown. */
    async open(): Promise<void> {
      if (closed) return;
      if (!existsSync(path) && !recovery.isUnderWay() && restore === null) {
        problem = null;
        return;
      }
      const wanted = restore;
      await alone(async () => {
        await openWith(await dataKey());
        problem = null;
      });
      // Asked for on the command line: there it is answered.
      const failed = problem as StartProblem | null;
      if (wanted !== null && failed?.code === "BACKUP_UNUSABLE") throw refuse(failed.code, failed.message);
    },

    /** Opens the data after all, once what kept it from being opened was put right; until it is open, that is said on. */
    async retry(): Promise<void> {
      if (!problem) return;
      // Somebody else pressed it too: it is opened once.
      if (work) await work.catch(() => {});
      else await this.open();
    },

    /** Takes a failure of a command, of a query or of the engine itself; damage begins the repair. */
    trouble(error: unknown): void {
      if (!isDamage(error) || work || closed) return;
      // Whoever met the damage is still in the middle of it.
      void alone(async () => {
        await new Promise<void>((resolve) => void timers.after(0, resolve));
        if (closed) return;
        stop();
        await repair(openKey ?? (await dataKey()), error);
      }).catch(() => {});
    },

    /** @throws ReplicaError `DAMAGED`, or `NeverSetUp`, when the file is there but no device's. */
    requireWhole(db: Sqlite): void {
      const tables = db.prepare("select count(*) from sqlite_master where name='sync_meta'").pluck().get();
      const identity = tables && db.prepare("select 1 from sync_meta where key='identity'").get();
      if (identity) return;
      // A device that had ever worked has left its mark.
      if (readMark(folder)) throw new ReplicaError("DAMAGED", `The data at ${path} does not say whose it is.`);
      throw new NeverSetUp("Setting up was cut off.");
    },

    /** A replica that is older than this device has been may not write until the centre has given it new numbers. */
    fenceIfBehind(db: Sqlite): void {
      const state = createState(db);
      const identity = state.identity();
      if (!identity || fenceOf(state)) return;
      const { deviceSeq } = state.writeState();
      const last = readMark(folder);
      if (!isBehind({ device: identity.device, epoch: identity.epoch, seq: deviceSeq }, last)) return;
      const at = clock.wall();
      log.error("the replica is older than it was", { seq: deviceSeq, was: last?.seq });
      const unsent = db.prepare("select count(*) from sync_outbox where state in ('pending','review')").pluck().get();
      const event: CareEvent = {
        at,
        kind: "behind",
        unsent: unsent as number,
        missing: last && last.epoch === identity.epoch ? last.seq - deviceSeq : 0,
        folder: null,
        goesOn: "new_numbers",
      };
      db.transaction(() => {
        state.setMeta(fenceKey, { reason: "older", since: at } satisfies Fence);
        noteCare(state, withEvent(careRecord(state), event));
      }).immediate();
    },

    note(now: Mark): void {
      mark ??= openMark(folder);
      mark.note(now);
    },

    /** Begins the timers of an engine that has started. */
    watch(engine: Engine, key: Uint8Array): void {
      openKey = key;
      running = engine;
      watch = createWatch({
        engine,
        path,
        key,
        chosen: options.backups,
        clock,
        timers,
        log,
        beside,
        changed: () => changed(false),
        backedUp: () => void forgetOldKeys(),
        trouble: (error) => this.trouble(error),
      });
    },
    unwatch(): void {
      watch?.stop();
      watch = null;
      running = null;
      mark?.close();
      mark = null;
    },

    lostGroups: recovery.lostGroups,
    forgetOldKeys,

    /** Why there is no engine; null when there simply is no data. */
    whyClosed(): Refusal | null {
      if (work && !problem) {
        return refuse(
          "REPAIRING",
          "The data on this PC is being put in order. What was saved is kept; this goes on by itself in a moment.",
        );
      }
      return problem ? refuse(problem.code, problem.message) : null;
    },

    state(engine: Engine | null): CareState {
      const lost = engine ? null : recovery.lost();
      const record = engine ? careRecord(engine.state) : null;
      return {
        repairing: work !== null && engine === null && problem === null,
        problem,
        lost: lost?.lost ? { groups: lost.lost.groups, folder: lost.folder } : null,
        fence: engine ? fenceOf(engine.state) : null,
        events: record?.events.map((event) => ({ ...event, seen: event.at <= record.seen })) ?? [],
        backups: watch
          ? {
              folder: watch.folder(),
              last: watch.newest()?.at ?? null,
              problem: watch.problem(),
              tested: record?.tested ?? null,
            }
          : null,
      };
    },

    backUp: (): Promise<void> => watch?.backUp() ?? Promise.resolve(),

    async close(): Promise<void> {
      closed = true;
      await work?.catch(() => {});
      await forgetting;
    },
  };
}
