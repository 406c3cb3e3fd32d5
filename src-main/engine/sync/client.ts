/**
 * The sync client: one connection at a time, hello, fill if needed, stream and push side by side. It only moves bytes
 * and decides what comes next; rows are changed by `apply.ts`, `bootstrap.ts` and the replica.
 */

import { schemaVersion } from "../../../migrations/index.ts";
import { signer } from "../../../replica/crypto.ts";
import type { Replica } from "../../../replica/replica.ts";
import type { Random } from "../../../src-shared/sync/ids.ts";
import type { Clock, Log, Timers } from "../../../src-shared/sync/ports.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { outdatedWords, type Standing, standingOf } from "../../../src-shared/sync/versions.ts";
import {
  type Batch,
  type HelloOutput,
  helloMessage,
  type Limits,
  protocolVersion,
} from "../../../src-shared/sync/wire.ts";
import { fenceOf } from "../care/fence.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { createApplier, ForeignOwn, StreamGap } from "./apply.ts";
import { fillByPages } from "./bootstrap.ts";
import { type DigestPeriods, digestPeriods } from "./digests.ts";
import { FilesLeft, sayFarewell } from "./farewell.ts";
import type { FillProgress, ReplicaExchange } from "./fill-by-file.ts";
import { createFiller } from "./filler.ts";
import { offerAgain } from "./offer-again.ts";
import { createPusher } from "./pusher.ts";
import { renew } from "./renew.ts";
import { fetchBroken } from "./repair.ts";
import { createSeen } from "./seen.ts";
import { type Connection, refusalOf, type Upstream } from "./upstream.ts";

/** `outdated`: too old to understand what the centre sends; what is written here is still sent. */
export type SyncPhase =
  | "unplugged"
  | "connecting"
  | "offline"
  | "filling"
  | "catching_up"
  | "live"
  | "outdated"
  | "revoked";

export interface SyncStatus {
  readonly phase: SyncPhase;
  readonly filled: number;
  /** Filling by a file: how far that is. */
  readonly filling: FillProgress | null;
  /** 0 to 1 while a file or the log is on its way. */
  readonly progress: number | null;
  readonly behind: number;
  readonly offlineSince: number | null;
  readonly lastSeen: number | null;
  /** Why the centre would not have this device, in words for a person; null while nothing but the line is missing. */
  readonly problem: string | null;
}

export interface SyncClientOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly identity: () => Identity;
  readonly setIdentity: (identity: Identity) => void;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly time: EngineTime;
  readonly timers: Timers;
  readonly random: Random;
  readonly rules: SyncRules;
  readonly log: Log;
  readonly app: string;
  readonly changed: (touched: Set<string>) => void;
  readonly statusChanged: () => void;
  /** See `FarewellOptions.files`. */
  readonly handOverFiles: (connection: Connection) => Promise<number>;
  /** The centre has all that this device had left, and the device is of the practice no more: its data is to go. */
  readonly takenOut?: () => void;
  /** Absent in memory: there is no file to exchange for another. */
  readonly exchange?: ReplicaExchange;
  /** How much one push holds. */
  readonly pushes: Limits;
  readonly periods: SyncPeriods;
  /** Something went wrong that may be the replica's fault. */
  readonly trouble: (error: unknown) => void;
}

/** How often things happen by themselves, milliseconds; the simulator's days are shorter. */
export interface SyncPeriods extends DigestPeriods {
  /** Between two words to the centre on how far this device has come. */
  readonly seen: number;
}
export const productPeriods: SyncPeriods = { seen: 5 * 60_000, ...digestPeriods };

const firstRetry = 250;
const lastRetry = 15_000;

export function createSyncClient(options: SyncClientOptions) {
  const { replica, state, identity, upstream, clock, time, timers, random, rules, log, pushes } = options;
  const { periods } = options;
  const applyBatch = createApplier({ replica, state, identity, time, rules });
  let phase: SyncPhase = "offline";
  let plugged = true;
  let closed = false;
  /** Counts connections, so that what a dead one still answers is ignored. */
  let generation = 0;
  let connection: Connection | null = null;
  let stopStream: (() => void) | null = null;
  let cancelRetry: (() => void) | null = null;
  let failures = 0;
  let filled = 0;
  const filler = createFiller({
    exchange: options.exchange,
    download: upstream.download,
    state,
    identity,
    clock,
    timers,
    log,
    changed: options.statusChanged,
  });
  let behind = 0;
  /** How far behind the log this connection found the replica. */
  let behindAtFirst = 0;
  let offlineSince: number | null = null;
  let lastSeen: number | null = null;
  let problem: string | null = null;
  /** The centre told us that another copy of this device wrote; waits until the log is caught up. */
  let forked = false;
  /** The centre's epoch whose log this device is reading; null while its cursor is of no use there. */
  let reading: string | null = null;
  const pusher = createPusher({
    ...{ replica, state, timers, time, rules, log, pushes, changed: options.changed },
    line: () => (forked || !isAtWork() ? null : connection),
    forked: () => forked,
    cursor: () => (reading === null ? null : (state.cursor()?.seq ?? 0)),
    worked: () => {
      // A greeting alone proves little: a centre that fails on what it is sent is tried less and less often.
      failures = 0;
    },
    failed(opened, error) {
      if (connection === opened) disconnect(error.message);
    },
    startAnew(opened) {
      forked = true;
      const mine = generation;
      caughtUp(opened, () => mine !== generation);
    },
  });
  const seen = createSeen({ db: replica.db, state, time, timers, log, every: periods.seen });

  function setPhase(next: SyncPhase): void {
    if (next === "offline" || next === "unplugged") offlineSince ??= time.now();
    else if (next === "live" || next === "catching_up" || next === "filling") offlineSince = null;
    if (phase === next) return;
    phase = next;
    options.statusChanged();
  }

  function disconnect(reason: string): void {
    generation += 1;
    stopStream?.();
    stopStream = null;
    pusher.stop();
    seen.stop();
    connection?.close();
    connection = null;
    filler.stop(reason);
    if (closed) return;
    setPhase(plugged ? "offline" : "unplugged");
    if (plugged) retryLater(reason);
  }

  function retryLater(reason: string): void {
    cancelRetry?.();
    const ceiling = Math.min(lastRetry, firstRetry * 2 ** Math.min(failures, 10));
    failures += 1;
    // Spread, so that a hundred devices do not come back in one second.
    const wait = ceiling / 2 + (ceiling / 2) * ((random.bytes(1)[0] ?? 0) / 255);
    log.info("sync retry", { reason, wait: Math.round(wait) });
    cancelRetry = timers.after(wait, () => {
      cancelRetry = null;
      void connect();
    });
  }

  async function connect(): Promise<void> {
    if (closed || !plugged || connection || phase === "revoked") return;
    const mine = ++generation;
    const stale = () => mine !== generation || closed;
    setPhase("connecting");
    try {
      const opened = await upstream.open((reason) => {
        if (mine === generation) disconnect(reason);
      });
      if (stale()) {
        opened.close();
        return;
      }
      connection = opened;
      const hello = await greet(opened);
      if (stale()) return;
      await follow(opened, hello, stale);
    } catch (error) {
      if (stale()) return;
      options.trouble(error);
      problem = error instanceof FilesLeft ? error.message : (refusalOf(error)?.message ?? null);
      disconnect((error as Error).message);
      options.statusChanged();
    }
  }

  async function greet(opened: Connection): Promise<HelloOutput> {
    const me = identity();
    const { nonce } = await opened.challenge();
    const asked = clock.monotonic();
    const hello = await opened.hello({
      protocol: protocolVersion,
      schema: schemaVersion,
      app: options.app,
      practice: me.practice,
      device: me.device,
      epoch: me.epoch,
      nonce,
      sig: signer(me.privateKey).sign(helloMessage(nonce, me.device, me.epoch, me.practice)),
      t0: clock.wall(),
      cursor: state.cursor(),
      deviceSeq: state.writeState().deviceSeq,
      authz: seen.oldestAuthz(),
    });
    time.learn({ t1: hello.t1, t2: hello.t2, elapsed: clock.monotonic() - asked });
    state.setMeta("clock_offset", time.offset());
    lastSeen = time.now();
    problem = null;
    return hello;
  }

  async function follow(opened: Connection, hello: HelloOutput, stale: () => boolean): Promise<void> {
    if (hello.revoked) {
      log.warn("device revoked");
      const confirmed = await sayFarewell({ replica, identity, random, pushes, files: options.handOverFiles }, opened);
      if (stale()) return;
      if (!confirmed) throw new Error("whoever says that this PC was taken out is not the centre");
      // Closed by us, not cut: nothing is tried again until somebody asks for it.
      generation += 1;
      connection = null;
      opened.close();
      setPhase("revoked");
      options.statusChanged();
      options.takenOut?.();
      return;
    }
    // Behind a fence nothing is sent either before the device has a new epoch.
    forked = hello.forked || fenceOf(state) !== null;
    const cursor = state.cursor();
    if (cursor && cursor.serverEpoch !== hello.serverEpoch) {
      const again = rules.offerAgain ? await offerAgain(replica, identity().epoch, hello, opened) : 0;
      if (stale()) return;
      log.warn("the centre was restored", { offeredAgain: again });
    }
    pusher.begin();
    const standing = standingOf(hello.versions, { protocol: protocolVersion, schema: schemaVersion });
    if (standing !== "whole") {
      stayOutdated(standing);
      return;
    }
    if (hello.bootstrap) {
      // First what waits: a fill can take minutes, and a PC that was away for months may not live through them.
      reading = null;
      await pusher.drain(opened, stale);
      if (stale()) return;
      log.info("fill", { reason: hello.bootstrapReason });
      setPhase("filling");
      const way = await filler.fill(opened, hello);
      if (stale() || way === "adopted") return;
      await fillByPages(replica, state, opened, hello, ({ rows }) => {
        filled = rows;
        options.statusChanged();
      });
      if (stale()) return;
      replica.store.takeTouched();
      options.changed(new Set(["*"]));
    }
    reading = hello.serverEpoch;
    pusher.cursorStands();
    behind = Math.max(0, hello.head - (state.cursor()?.seq ?? 0));
    behindAtFirst = behind;
    setPhase(behind > 0 ? "catching_up" : "live");
    openStream(opened, stale);
    caughtUp(opened, stale);
    seen.tell(opened);
    pusher.pump();
  }

  function progress(): number | null {
    if (phase === "filling") return filler.progress()?.done ?? null;
    return phase === "catching_up" && behindAtFirst > 0 ? Math.max(0, 1 - behind / behindAtFirst) : null;
  }

  /** The centre has no use for this version any more, or only for what was written here: the person is told. */
  function stayOutdated(standing: Exclude<Standing, "whole">): void {
    problem = outdatedWords[standing];
    // What is answered meanwhile is settled once the log can be read.
    reading = null;
    log.warn("this version is too old for the centre", { standing });
    // Asked again now and then: this PC is updated by a restart, but the centre may be set right too.
    if (standing === "none") disconnect("outdated");
    else {
      pusher.begin();
      setPhase("outdated");
      pusher.pump();
    }
    options.statusChanged();
  }

  /** `whole`: groups that carry this device's name come with their bodies too, since a copy of it may have written them. */
  function openStream(opened: Connection, stale: () => boolean, whole = false): void {
    const cursor = state.cursor();
    if (!cursor) return;
    stopStream?.();
    stopStream = opened.stream(
      { ...cursor, whole },
      {
        onBatch: (batch) => {
          if (!stale()) receive(batch, opened, stale);
        },
        onEnd: (error) => {
          if (!stale()) disconnect(error?.message ?? "the stream ended");
        },
      },
    );
  }

  function receive(batch: Batch, opened: Connection, stale: () => boolean): void {
    try {
      const { touched, broken } = applyBatch(batch);
      lastSeen = time.now();
      failures = 0;
      behind = Math.max(0, batch.head - batch.to);
      setPhase(behind > 0 ? "catching_up" : "live");
      if (touched.size > 0 || batch.groups.length > 0) options.changed(touched);
      if (batch.groups.some(({ own }) => !own)) pusher.heardNews();
      if (broken.length > 0)
        fetchBroken({ replica, state, changed: options.changed, stale }, opened, broken).catch((error) => {
          if (!stale()) disconnect((error as Error).message);
        });
      if (touched.has("review_task")) pusher.pump();
      caughtUp(opened, stale);
    } catch (error) {
      if (error instanceof StreamGap) {
        log.warn("stream gap", { reason: error.message });
        openStream(opened, stale, error instanceof ForeignOwn);
        return;
      }
      log.error("batch not applied", { error: (error as Error).message });
      options.trouble(error);
      disconnect("batch not applied");
    }
  }

  /** A forked device writes its unsettled work anew once it has seen everything that settled meanwhile. */
  function caughtUp(opened: Connection, stale: () => boolean): void {
    if (!forked || behind > 0 || reading === null) return;
    forked = false;
    renew({ ...options, stale }, opened)
      .then((done) => {
        if (done) disconnect(done);
      })
      .catch((error) => {
        if (!stale()) disconnect((error as Error).message);
      });
  }

  /** While a replica with old data in it is filled anew, work goes on, and what is done then is sent. */
  function isAtWork(): boolean {
    if (phase === "outdated" || phase === "filling") return isUsable();
    return phase === "live" || phase === "catching_up";
  }
  const isUsable = () => state.meta<boolean>("bootstrap_complete") === true;

  return {
    start(): void {
      void connect();
    },
    /** Something waits in the outbox. */
    poke(): void {
      if (connection) pusher.pump();
    },
    /** Tries at once instead of at the next planned moment. */
    tryNow(): void {
      if (connection || closed || !plugged) return;
      // Taken out, and perhaps taken in again since.
      if (phase === "revoked") setPhase("offline");
      cancelRetry?.();
      cancelRetry = null;
      failures = 0;
      void connect();
    },
    setPlugged(next: boolean): void {
      if (plugged === next) return;
      plugged = next;
      cancelRetry?.();
      cancelRetry = null;
      failures = 0;
      if (plugged) {
        setPhase("offline");
        void connect();
      } else disconnect("unplugged");
      options.statusChanged();
    },
    isPlugged: () => plugged,
    /** The open connection, for what truly needs the centre. */
    connection: () => (isAtWork() ? connection : null),
    /** The same while nothing that the centre told of is missing here. */
    upToDate: () => (phase === "live" && behind === 0 ? connection : null),
    status: (): SyncStatus => ({
      phase,
      filled,
      filling: filler.progress(),
      progress: progress(),
      behind,
      offlineSince,
      lastSeen,
      problem,
    }),
    close(): void {
      closed = true;
      cancelRetry?.();
      disconnect("closed");
    },
  };
}
