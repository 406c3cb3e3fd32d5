/**
 * What the shells start: a data folder that is empty (first run), being filled, or at work. It owns the replica's file,
 * the engine on it, and who is signed in.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { makeSealingKeys, makeSigningKeys } from "../../replica/crypto.ts";
import { migrateReplica, openReplica, ReplicaError, requireKnownSchema, type Sqlite } from "../../replica/open.ts";
import type { Random } from "../../src-shared/sync/ids.ts";
import { type Clock, type Log, refuse, type Timers } from "../../src-shared/sync/ports.ts";
import { productRules } from "../../src-shared/sync/rules.ts";
import type { Enrolment } from "../../src-shared/sync/wire.ts";
import { besideEngine } from "./care/beside.ts";
import { type CareState, createCare } from "./care/care.ts";
import { noOldKeys, type OldKeys } from "./care/old-keys.ts";
import { createEngine, type Engine } from "./engine.ts";
import { beginErasure, erase, forgetErasure, readErasure } from "./erasure.ts";
import { enrolOver, prepareReplica } from "./joining.ts";
import { staffRouter } from "./router.ts";
import { createSessions, type Sessions } from "./session/sessions.ts";
import { createState } from "./state.ts";
import { opens } from "./sync/adopt.ts";
import { checkFile } from "./sync/check-file.ts";
import { downloadOf, exchangeReplica, keyOfReplica, type NextKey } from "./sync/exchange.ts";
import { removeDownload } from "./sync/fetch-file.ts";
import type { FileToAdopt } from "./sync/fill-by-file.ts";
import type { Connection, Upstream } from "./sync/upstream.ts";
import type { StaffContext } from "./trpc.ts";

export interface WorkstationOptions {
  /** The data folder; it is made if missing. */
  readonly folder: string;
  /** Gets the replica's data key, or makes one while there is no database yet. */
  readonly dataKey: () => Promise<Uint8Array>;
  /** Destroys that key for good, when head office took this PC out; finding none is no error. */
  readonly destroyKey: () => Promise<void>;
  /** Keeps the key of a replica that takes the present one's place; without it replicas are filled by pages alone. */
  readonly nextKey?: NextKey;
  /** The keys that replicas had before they were exchanged; absent where none are. */
  readonly oldKeys?: OldKeys;
  readonly connect: (serverUrl: string) => Upstream;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  readonly pcName: string;
  /** Shown on the first run before anything is known of the centre. */
  readonly demo?: boolean;
  /** Where the centre is now, when it moved since this PC joined it. */
  readonly serverUrl?: string;
  /** Where backups of the replica go beside the data folder, a second disk for example. */
  readonly backups?: string;
  /** A backup that takes the replica's place before anything is opened. */
  readonly restore?: string;
  /** Starts the demo for *try the demo* and returns its address; absent where no demo is built in. */
  readonly tryDemo?: () => Promise<string>;
}

export interface Workstation {
  readonly router: typeof staffRouter;
  readonly sessions: Sessions;
  readonly log: Log;
  readonly demo: boolean;
  readonly version: string;
  readonly pcName: string;
  readonly tryDemo: (() => Promise<string>) | null;
  context(connection: string): StaffContext;
  /** The engine, or a refusal while there is none. Another one takes its place when the replica is exchanged. */
  engine(): Engine;
  engineOrNull(): Engine | null;
  serverUrl(): string | null;
  /** When head office took this PC out of its practice, UTC milliseconds; null unless that is why it is empty. */
  takenOutAt(): number | null;
  /** How the data of this PC is, and its copies. */
  care(): CareState;
  /** Something failed that may be the replica's fault: a damaged one is put aside and built anew. */
  trouble(error: unknown): void;
  backUp(): Promise<void>;
  careChanged(): void;
  /** Opens the data again, after what kept it from being opened was put right. */
  retry(): Promise<void>;
  /** Joins a practice: `ask` enrols over a fresh connection, then the replica is made and filled. */
  join(
    serverUrl: string,
    ask: (connection: Connection, keys: { ed25519: string; x25519: string }) => Promise<Enrolment>,
    options?: JoinOptions,
  ): Promise<void>;
  onChange(listener: (touched: ReadonlySet<string>) => void): () => void;
  /** Tells the windows that somebody was signed in without their asking. */
  sessionChanged(): void;
  /** Whether the program may be replaced now: nothing half-typed at the till or in an exam, nothing unsent. */
  installReadiness(): { safe: boolean; reasons: string[] };
  /** Before the computer sleeps: what is in the write-ahead log goes into the file. */
  suspend(): void;
  /** After it woke up: the line to the centre is tried at once. */
  resume(): void;
  close(): Promise<void>;
}

export interface JoinOptions {
  readonly demo?: boolean;
  readonly defaultUser?: string;
}

export const replicaFile = "replica.db";

export async function createWorkstation(options: WorkstationOptions): Promise<Workstation> {
  const { folder, connect, clock, timers, random, log } = options;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, replicaFile);
  const listeners = new Set<(touched: ReadonlySet<string>) => void>();
  const tell = (touched: ReadonlySet<string>) => {
    for (const listener of [...listeners]) listener(touched);
  };
  let engine: Engine | null = null;
  let files: Sqlite[] = [];
  let serverUrl: string | null = null;
  let joining = false;
  let erasing: Promise<void> = Promise.resolve();
  let exchanging: Promise<void> = Promise.resolve();
  const sessions = createSessions(() => engine);
  const care = createCare({
    folder,
    name: replicaFile,
    backups: options.backups ?? null,
    restore: options.restore ?? null,
    dataKey: async () => {
      const key = await options.dataKey();
      return existsSync(path) ? keyOfReplica(path, key, options.nextKey ?? null) : key;
    },
    oldKeys: options.oldKeys ?? noOldKeys,
    clock,
    timers,
    log,
    beside: besideEngine,
    start: startEngine,
    stop: () => {
      sessions.clear();
      stopEngine();
    },
    changed: (everything) => tell(new Set(everything ? ["*"] : ["care"])),
  });

  /** Goes on with another replica; what people do meanwhile waits for the fraction of a second that it takes. */
  async function adopt(file: FileToAdopt, key: Uint8Array, nextKey: NextKey): Promise<void> {
    await nextKey.stage(file.key);
    const before = engine;
    // The program is being closed.
    if (!before) return;
    before.db.pragma("wal_checkpoint(TRUNCATE)");
    const now = before.time.now();
    stopEngine();
    try {
      exchangeReplica(file, { path, key }, { rules: productRules, now });
    } catch (error) {
      log.error("file not adopted", { error: (error as Error).message });
      removeDownload(file.path);
      await goOn(() => startEngine(opens({ path, key: file.key }) ? file.key : key, { byFile: false }));
      return;
    }
    if (!(await goOn(() => startEngine(file.key)))) return;
    await nextKey.take();
    await care.forgetOldKeys();
  }

  /** A replica that does not open now is a problem to be shown, never an empty PC that somebody sets up anew. */
  async function goOn(start: () => Engine): Promise<boolean> {
    try {
      start();
      tell(new Set(["*"]));
      return true;
    } catch (error) {
      log.error("the replica did not open after the exchange", { error: (error as Error).message });
      stopEngine();
      await care.open();
      return false;
    }
  }

  function stopEngine(): void {
    care.unwatch();
    engine?.close();
    engine = null;
    // Whoever may write closes last: it puts the write-ahead log back into the file.
    for (const file of files.reverse()) file.close();
    files = [];
  }

  function startEngine(
    key: Uint8Array,
    { prepare, byFile = true }: { prepare?: (sqlite: Sqlite) => void; byFile?: boolean } = {},
  ): Engine {
    const { nextKey } = options;
    const writer = openReplica({ path, key });
    files = [writer];
    requireKnownSchema(writer, path);
    if (!prepare) care.requireWhole(writer);
    migrateReplica(writer, path);
    // Whose the replica is and what it takes over from a lost one: all of it or nothing.
    if (prepare) writer.transaction(() => prepare(writer)).immediate();
    care.fenceIfBehind(writer);
    const reader = openReplica({ path, key, readonly: true });
    files.push(reader);
    const state = createState(writer);
    if (options.serverUrl) state.setMeta("server_url", options.serverUrl);
    serverUrl = state.meta<string>("server_url");
    const started = createEngine({
      sqlite: writer,
      readSqlite: reader,
      upstream: connect(serverUrl ?? ""),
      filesFolder: join(folder, "files"),
      clock,
      timers,
      random,
      log,
      app: options.version,
      takenOut: leavePractice,
      committed: (mark) => care.note(mark),
      trouble: (error) => care.trouble(error),
      onDamaged: ([problem]) => care.trouble(new ReplicaError("DAMAGED", problem ?? "The check found damage.")),
      checkFile: () => checkFile(path, key),
      ...(nextKey && byFile
        ? { exchange: { path: downloadOf(path), adopt: (file) => (exchanging = adopt(file, key, nextKey)) } }
        : {}),
    });
    engine = started;
    care.watch(started, key);
    // Of an exchange that was cut off, or of files that somebody removed.
    void care.forgetOldKeys();
    started.onChange((touched) => {
      const people = touched.has("app_user") || touched.has("*");
      tell(people && sessions.dropInactive() ? new Set([...touched, "session"]) : touched);
    });
    started.onStatus(() => tell(new Set(["sync_status"])));
    started.start();
    return started;
  }

  /** The centre has what this PC had left: from now on its data goes, whatever happens in between. */
  function leavePractice(): void {
    beginErasure(folder, clock.wall());
    sessions.clear();
    stopEngine();
    serverUrl = null;
    erasing = eraseFiles();
  }

  async function eraseFiles(): Promise<void> {
    tell(new Set(["*"]));
    // Nobody writes to the keeper of secrets any more.
    await exchanging.catch(() => {});
    try {
      await erase(folder, options.destroyKey);
      log.warn("this PC was taken out and its data erased");
    } catch (error) {
      // The note stands: the next start goes on.
      log.error("erasing is not finished", { error: (error as Error).message });
    }
    tell(new Set(["*"]));
  }

  // A power cut in the middle of it: nothing of what is still there is opened.
  await erase(folder, options.destroyKey);
  await care.open();

  const workstation: Workstation = {
    router: staffRouter,
    sessions,
    log,
    demo: options.demo ?? false,
    version: options.version,
    pcName: options.pcName,
    tryDemo: options.tryDemo ?? null,
    context: (connection) => ({ workstation, connection }),
    sessionChanged: () => tell(new Set(["session"])),
    engine() {
      if (!engine) throw care.whyClosed() ?? refuse("NOT_SET_UP", "This PC does not belong to a practice yet.");
      return engine;
    },
    engineOrNull: () => engine,
    serverUrl: () => serverUrl,
    takenOutAt: () => (engine ? null : (readErasure(folder)?.at ?? null)),
    care: () => care.state(engine),
    trouble: (error) => care.trouble(error),
    backUp: () => care.backUp(),
    careChanged: () => tell(new Set(["care"])),
    retry: () => care.retry(),
    async join(url, ask, { demo = false, defaultUser } = {}) {
      const closed = care.whyClosed();
      if (closed) throw closed;
      if (engine || joining) throw refuse("ALREADY_SET_UP", "This PC belongs to a practice already.");
      joining = true;
      try {
        const keys = makeSigningKeys();
        const sealing = makeSealingKeys();
        const enrolment = await enrolOver(connect(url), (connection) =>
          ask(connection, { ed25519: keys.publicKey, x25519: sealing.publicKey }),
        );
        // Nothing of the practice that this PC was taken out of is left when it joins one.
        await erasing;
        await erase(folder, options.destroyKey);
        const key = await options.dataKey();
        const lost = await care.lostGroups(key);
        startEngine(key, {
          prepare: (sqlite) => {
            forgetErasure(folder);
            prepareReplica(sqlite, {
              enrolment,
              serverUrl: url,
              demo,
              defaultUser: defaultUser ?? null,
              node: Buffer.from(random.bytes(8)).toString("hex"),
              keys,
              sealingPrivateKey: sealing.privateKey,
            });
            const identity = createState(sqlite).identity();
            if (identity) lost?.place(sqlite, identity);
          },
        });
        lost?.placed();
      } finally {
        joining = false;
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    installReadiness() {
      if (!engine) return { safe: true, reasons: [] };
      const count = (sql: string) => (engine?.read.sql<{ n: number }>(sql)[0]?.n ?? 0) > 0;
      const reasons = [
        count("select count(*) as n from local_draft where kind='checkout'") ? "A sale is open at the till." : null,
        count("select count(*) as n from exam where record_id is null and discarded_at is null and deleted=0")
          ? "An exam is being written."
          : null,
        count("select count(*) as n from sync_outbox where state='pending'")
          ? "Changes wait to reach the centre."
          : null,
      ].filter((reason) => reason !== null);
      return { safe: reasons.length === 0, reasons };
    },
    suspend() {
      engine?.db.pragma("wal_checkpoint(TRUNCATE)");
    },
    resume() {
      engine?.sync.tryNow();
    },
    async close() {
      // A repair under way comes to its end, and starts an engine that is closed then.
      await care.close();
      stopEngine();
      await erasing;
      // The keeper of secrets may still be told which key it is.
      await exchanging.catch(() => {});
    },
  };
  return workstation;
}
