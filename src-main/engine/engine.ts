/**
 * The engine: one device's replica, its commands and queries, its reactions and its sync client. No Electron here, no
 * clock, no timers and no randomness of its own.
 */
import { schemaVersion } from "../../migrations/index.ts";
import { signer } from "../../replica/crypto.ts";
import { migrateReplica, type Sqlite } from "../../replica/open.ts";
import { createReplica } from "../../replica/replica.ts";
import { type Access, buildAccess } from "../../src-shared/access/can.ts";
import type { Reaction } from "../../src-shared/events/reaction.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { packHlc } from "../../src-shared/sync/hlc.ts";
import type { Random } from "../../src-shared/sync/ids.ts";
import { type Clock, type Log, refuse, type Timers } from "../../src-shared/sync/ports.ts";
import { productRules, type SyncRules } from "../../src-shared/sync/rules.ts";
import { type Limits, pushLimits } from "../../src-shared/sync/wire.ts";
import { fenceOf } from "./care/fence.ts";
import type { Mark } from "./care/mark.ts";
import { createFiles } from "./files/files.ts";
import { createImportRunner } from "./patients/import/runner.ts";
import { bytes, createReader, db } from "./read/database.ts";
import { createState, type Identity } from "./state.ts";
import { checkDueKey } from "./sync/adopt.ts";
import { accessEntities } from "./sync/apply.ts";
import { createSyncClient, productPeriods, type SyncPeriods } from "./sync/client.ts";
import { createDigestCheck } from "./sync/digests.ts";
import type { ReplicaExchange } from "./sync/fill-by-file.ts";
import type { Upstream } from "./sync/upstream.ts";
import { createTime } from "./time.ts";
import type { Command } from "./write/define.ts";
import type { Actor } from "./write/transaction.ts";
import { createWriter } from "./write/writer.ts";

export interface EngineOptions {
  /** The one writer connection; the engine migrates it. */
  readonly sqlite: Sqlite;
  /** A second connection that only reads; the writer's own when there is none (in memory). */
  readonly readSqlite?: Sqlite;
  /** Who this device is; stored in the replica when it is given. */
  readonly identity?: Identity;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly app: string;
  readonly rules?: SyncRules;
  /** How much one push holds. */
  readonly pushes?: Limits;
  readonly extraReactions?: readonly Reaction[];
  readonly periods?: SyncPeriods;
  /** Head office took this device out and has what it had not sent: whoever owns the files erases them. */
  readonly takenOut?: () => void;
  /** Exchanges the replica for a file of the centre's; absent in memory, where pages fill it. */
  readonly exchange?: ReplicaExchange;
  /** Where the bytes of attachments lie, beside the replica; absent in memory, where none are kept. */
  readonly filesFolder?: string;
  /** Reads the whole file, on a connection and in a thread of its own; resolves with what is wrong in it. */
  readonly checkFile?: () => Promise<readonly string[]>;
  /** The replica turned out to be damaged. */
  readonly onDamaged?: (problems: readonly string[]) => void;
  /** Told how far the device has come after each commit of its own. */
  readonly committed?: (mark: Mark) => void;
  /** Something failed that may be the replica's fault: its file is damaged, its disk is full. */
  readonly trouble?: (error: unknown) => void;
}

export type Engine = ReturnType<typeof createEngine>;

/** What may let a file move on: its row, and that the centre has it. */
const movesFiles = ["attachment", "sync_outbox", "*"];
/** Settled groups stay this long, to be offered again to a centre restored from a backup (architecture §1). */
const keepSettled = 30 * 86_400_000;

export function createEngine(options: EngineOptions) {
  const { sqlite, clock, timers, random, log, app, rules = productRules, periods = productPeriods } = options;
  migrateReplica(sqlite, sqlite.name);
  const state = createState(sqlite);
  if (options.identity) state.setMeta("identity", options.identity);
  let identity = state.identity() as Identity;
  if (!identity) throw new Error("An engine needs a replica that belongs to a device");
  let signing = signer(identity.privateKey);
  const replica = createReplica(sqlite, rules);
  const time = createTime(clock, state.meta<number>("clock_offset") ?? 0, identity.notBefore);
  raiseClockFloor();
  takeWhatWaited();
  const read = createReader(options.readSqlite ?? sqlite);
  const listeners = new Set<(touched: ReadonlySet<string>) => void>();
  const statusListeners = new Set<() => void>();
  let access: Access | null = null;
  let cancelHousekeeping: (() => void) | null = null;
  let closed = false;
  let checking = false;
  let complete = false;

  /** A clock that was reset years back must not make stamps below the enrolment. */
  function raiseClockFloor(): void {
    const now = state.writeState();
    const floor = packHlc({ ms: identity.notBefore, counter: 0, node: identity.node });
    if (now.last < floor) state.saveWriteState({ ...now, last: floor });
  }

  /** After an update: what newer versions had sent and the old one kept is merged, before anything is shown. */
  function takeWhatWaited(): void {
    if (state.meta<number>("schema") === schemaVersion) return;
    replica.rebase(() => {
      replica.newer.replayAll(state.cursor()?.streamSet ?? 0);
      replica.store.runFolds();
      state.setMeta("schema", schemaVersion);
    });
    replica.store.takeTouched();
  }

  function changed(touched: Set<string>): void {
    if (touched.size === 0) return;
    for (const name of touched) if (accessEntities.has(name) || name === "*") access = null;
    if (movesFiles.some((name) => touched.has(name))) files?.poke();
    for (const listener of [...listeners]) {
      // The change is durable by now: a screen that fails to hear of it must not make the command look failed.
      try {
        listener(touched);
      } catch (error) {
        log.error("a listener failed", { error: (error as Error).message });
      }
    }
  }

  function currentAccess(): Access {
    access ??= buildAccess({
      users: rowsOf("app_user"),
      roles: rowsOf("role"),
      rolePermissions: rowsOf("role_permission"),
      userRoles: rowsOf("user_role"),
    });
    return access;
  }
  function rowsOf(entity: "app_user" | "role" | "role_permission" | "user_role"): never {
    const rows = writer.reader.all(db.selectFrom(entity).selectAll());
    return rows.map((row) => ({
      ...row,
      active: Boolean((row as { active?: number }).active ?? 1),
      deleted: Boolean(row.deleted),
    })) as never;
  }

  const writer = createWriter({
    replica,
    state,
    identity: () => identity,
    signer: () => signing,
    time,
    random,
    rules,
    log,
    app,
    access: currentAccess,
    branchCode: () => {
      const [branch] = writer.reader.sql<{ code: string }>(
        "select code from branch where id=?",
        bytes(identity.branch),
      );
      if (!branch) throw branchUnknown();
      return branch.code;
    },
    committed: (touched, seq) => {
      touched.add("sync_outbox");
      options.committed?.({ device: identity.device, epoch: identity.epoch, seq });
      // On its way first: the other branch waits longer than this PC's own screen.
      sync.poke();
      changed(touched);
    },
    ...(options.extraReactions ? { extraReactions: options.extraReactions } : {}),
  });

  const sync = createSyncClient({
    replica,
    state,
    identity: () => identity,
    setIdentity: (next) => {
      identity = next;
      signing = signer(next.privateKey);
    },
    upstream: options.upstream,
    clock,
    time,
    timers,
    random,
    rules,
    log,
    app,
    changed,
    pushes: options.pushes ?? pushLimits,
    statusChanged: () => {
      files?.poke();
      for (const listener of [...statusListeners]) listener();
    },
    periods,
    handOverFiles: async (connection) => (await files?.handOver(connection)) ?? 0,
    ...(options.takenOut ? { takenOut: options.takenOut } : {}),
    ...(options.exchange ? { exchange: options.exchange } : {}),
    trouble: (error) => options.trouble?.(error),
  });

  const digests = createDigestCheck({
    replica,
    state,
    time,
    timers,
    log,
    line: () => sync.upToDate(),
    changed,
    periods,
  });

  const files = options.filesFolder
    ? createFiles({
        ...{ db: sqlite, read, state, clock, time, timers, random, log, changed },
        path: options.filesFolder,
        identity: () => identity,
        upstream: options.upstream,
        line: () => (closed ? null : sync.connection()),
        isWhole: () => state.meta<boolean>("bootstrap_complete") === true && fenceOf(state) === null,
      })
    : null;
  const imports = createImportRunner({
    // What a command has just written, also where another connection reads for the screens.
    read: writer.reader,
    timers,
    now: time.now,
    execute: (command, input, { user, role }) =>
      writer.execute(command, input, { user, role, branch: identity.branch }),
    changed: () => changed(new Set(["local_draft"])),
  });

  /** Now and then: reactions that failed, settled groups past their time, the write-ahead log back into the file. */
  function housekeeping(): void {
    if (closed) return;
    try {
      if (!fenceOf(state)) writer.retryReactions({ user: null, role: null, branch: identity.branch });
      // Only by the centre's time: a wall clock that is months ahead would throw away what a restored centre needs.
      if (sync.connection())
        sqlite
          .prepare("delete from sync_outbox where state='settled' and settled_at < ?")
          .run(time.now() - keepSettled);
      sqlite.pragma("wal_checkpoint(PASSIVE)");
      void checkWhole();
    } catch (error) {
      // A full disk, for one: what is committed stays in the log, and the next round tries again.
      log.error("housekeeping failed", { code: (error as { code?: string }).code ?? (error as Error).name });
      options.trouble?.(error);
    }
    cancelHousekeeping = timers.after(30_000, housekeeping);
  }

  /**
   * A file that was taken as it came is read to its last page once nobody waits for anything: each page proves itself
   * when it is read, but some may not be for months.
   */
  async function checkWhole(): Promise<void> {
    if (checking || !options.checkFile || sync.status().phase !== "live" || !state.meta<boolean>(checkDueKey)) return;
    checking = true;
    try {
      const problems = await options.checkFile();
      if (closed) return;
      state.setMeta("full_check", { at: time.now(), problems });
      state.setMeta(checkDueKey, false);
      if (problems.length > 0) options.onDamaged?.(problems);
    } catch (error) {
      log.warn("the replica was not checked", { error: (error as Error).message });
    } finally {
      checking = false;
    }
  }

  return {
    read,
    db: sqlite,
    state,
    replica,
    time,
    sync,
    writer,
    files,
    imports,
    identity: () => identity,
    access: currentAccess,
    /** Whether all of the practice's data is here; until then nothing of it is shown. */
    ready(): boolean {
      complete ||= state.meta<boolean>("bootstrap_complete") === true;
      return complete;
    },

    /** Runs a person's command on this device. */
    execute<I, O>(command: Command<I, O>, input: unknown, actor: { user: Id; role: Id | null; branch?: Id }): O {
      const whole: Actor = { user: actor.user, role: actor.role, branch: actor.branch ?? identity.branch };
      return writer.execute(command, input, whole);
    },
    /** Tells which entities changed, after each commit and each applied batch. `*` means everything. */
    onChange(listener: (touched: ReadonlySet<string>) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onStatus(listener: () => void): () => void {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    start(): void {
      files?.poke();
      sync.start();
      digests.start();
      imports.resume();
      cancelHousekeeping = timers.after(5_000, housekeeping);
    },
    close(): void {
      if (closed) return;
      closed = true;
      cancelHousekeeping?.();
      digests.close();
      files?.close();
      imports.close();
      sync.close();
      listeners.clear();
      statusListeners.clear();
    },
  };
}

/** A number under a made-up code could be on another till's paper too. */
function branchUnknown() {
  return refuse(
    "BRANCH_UNKNOWN",
    "This PC does not know the branch that it belongs to, so it cannot number what was to be saved. Nothing was saved, and " +
      "everything before it is safe. Connect the PC to the centre and try again once all changes are in; if this " +
      "comes back, head office takes the PC out under Devices and adds it to its branch again.",
  );
}
