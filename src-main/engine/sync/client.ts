/**
 * The sync client: one connection at a time, hello, fill if needed, stream and push side by side. It only moves bytes
 * and decides what comes next; rows are changed by `apply.ts`, `bootstrap.ts` and the replica.
 */

import { schemaVersion } from "../../../migrations/index.ts";
import { signer } from "../../../replica/crypto.ts";
import type { PendingGroup, Replica } from "../../../replica/replica.ts";
import { type Header, zeroHash } from "../../../src-shared/sync/group.ts";
import type { Random } from "../../../src-shared/sync/ids.ts";
import type { Clock, Log, Timers } from "../../../src-shared/sync/ports.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import { outdatedWords, type Standing, standingOf } from "../../../src-shared/sync/versions.ts";
import {
  type Batch,
  type HelloOutput,
  helloMessage,
  type Limits,
  type PushOutput,
  protocolVersion,
  type Verdict,
} from "../../../src-shared/sync/wire.ts";
import { fenceOf } from "../care/fence.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { createApplier, ForeignOwn, StreamGap } from "./apply.ts";
import { fillByPages } from "./bootstrap.ts";
import { type DigestPeriods, digestPeriods } from "./digests.ts";
import { sayFarewell } from "./farewell.ts";
import type { FillProgress, ReplicaExchange } from "./fill-by-file.ts";
import { createFiller } from "./filler.ts";
import { decidedMeanwhile, nextPush } from "./outbox.ts";
import { keepRejected } from "./quarantine.ts";
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

/**
 * Pushes on their way at once: while the centre writes one, it checks the signatures of the next. Each names its place
 * in the device's chain, so that one which overtakes or follows a lost one is answered with a gap and sent again.
 */
const pushesInFlight = 2;
/** Milliseconds until the centre is asked again about groups that wait there for others. */
const askWaitingAfter = 60_000;
const askAfterNews = 1_000;
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
  /** Set while groups wait at the centre for what other devices bring. */
  let cancelAsking: (() => void) | null = null;
  let failures = 0;
  let pushing = false;
  /** Pushes without an answer, oldest first. */
  let flying: { last: number; first: number; answer: Promise<PushOutput> }[] = [];
  /** The highest device sequence answered on this connection. */
  let answered = 0;
  /** Held groups asked about again on this connection, since the log told of a decision. */
  let askedAgain = new Set<string>();
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
  /** What the centre had settled, said while the cursor was of no use. */
  let answeredEarly: Verdict[] = [];
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
    cancelAsking?.();
    cancelAsking = null;
    seen.stop();
    connection?.close();
    connection = null;
    pushing = false;
    flying = [];
    answeredEarly = [];
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
      problem = refusalOf(error)?.message ?? null;
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
      const confirmed = await sayFarewell({ replica, identity, random, pushes }, opened);
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
      const after = Math.min(hello.lastDeviceSeq, (hello.undecided ?? Infinity) - 1);
      const again = rules.offerAgain ? replica.unsettleAfter(after, identity().epoch) : 0;
      log.warn("the centre was restored", { offeredAgain: again });
    }
    answered = 0;
    const standing = standingOf(hello.versions, { protocol: protocolVersion, schema: schemaVersion });
    if (standing !== "whole") {
      stayOutdated(standing);
      return;
    }
    if (hello.bootstrap) {
      // First what waits: a fill can take minutes, and a PC that was away for months may not live through them.
      reading = null;
      await drain(opened, stale);
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
    // Of what was answered before the cursor stood, some lies behind it now, and no log brings it.
    const early = answeredEarly;
    answeredEarly = [];
    if (early.length > 0) take(early);
    askedAgain = new Set();
    behind = Math.max(0, hello.head - (state.cursor()?.seq ?? 0));
    behindAtFirst = behind;
    setPhase(behind > 0 ? "catching_up" : "live");
    openStream(opened, stale);
    caughtUp(opened, stale);
    seen.tell(opened);
    void pump();
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
      answered = 0;
      setPhase("outdated");
      void pump();
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
      if (cancelAsking && batch.groups.some(({ own }) => !own)) askLater(askAfterNews);
      if (broken.length > 0)
        fetchBroken({ replica, state, changed: options.changed, stale }, opened, broken).catch((error) => {
          if (!stale()) disconnect((error as Error).message);
        });
      if (touched.has("review_task")) void pump();
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

  /** Sends what waits, as far as there is room on the way. */
  function send(opened: Connection): void {
    if (fenceOf(state)) return;
    askAgain(opened);
    while (flying.length < pushesInFlight) {
      const groups = nextPush(replica, flying.at(-1)?.last ?? answered, pushes);
      const first = groups[0]?.deviceSeq;
      const last = groups.at(-1)?.deviceSeq;
      if (first === undefined || last === undefined) return;
      fly(opened, groups, first, last);
    }
  }

  function fly(opened: Connection, groups: readonly PendingGroup[], first: number, last: number): void {
    const answer = opened.push(groups.map(({ wire }) => wire));
    // Whoever awaits it sees the failure; until then it is nobody's.
    answer.catch(() => {});
    flying.push({ first, last, answer });
  }

  /** What head office has decided is asked about at once; the place in the device's order stays where it is. */
  function askAgain(opened: Connection): void {
    if (flying.length >= pushesInFlight) return;
    const groups = decidedMeanwhile(replica, pushes).filter(({ group }) => !askedAgain.has(group));
    if (groups.length === 0) return;
    for (const { group } of groups) askedAgain.add(group);
    const at = flying.at(-1)?.last ?? answered;
    fly(opened, groups, at + 1, at);
  }

  async function pump(): Promise<void> {
    const opened = connection;
    if (!opened || forked || !isAtWork()) return;
    try {
      send(opened);
      if (pushing) return;
      const wait = await exchange(opened);
      if (wait > 0) timers.after(wait, () => void pump());
    } catch (error) {
      if (connection === opened) disconnect((error as Error).message);
    }
  }

  /** While a replica with old data in it is filled anew, work goes on, and what is done then is sent. */
  function isAtWork(): boolean {
    if (phase === "outdated" || phase === "filling") return isUsable();
    return phase === "live" || phase === "catching_up";
  }
  const isUsable = () => state.meta<boolean>("bootstrap_complete") === true;

  /** Sends what waits before anything else happens on this connection; ends when all of it has an answer. */
  async function drain(opened: Connection, stale: () => boolean): Promise<void> {
    while (!forked && !stale()) {
      send(opened);
      if (flying.length === 0) return;
      const wait = await exchange(opened);
      if (wait) await new Promise<void>((resolve) => void timers.after(wait, resolve));
    }
  }

  /** Takes the answers of what flies and sends what follows; returns the milliseconds to wait if the centre is busy. */
  async function exchange(opened: Connection): Promise<number> {
    const mine = generation;
    pushing = true;
    try {
      for (;;) {
        const [push] = flying;
        if (!push) return 0;
        const answer = await push.answer;
        if (mine !== generation) return 0;
        flying.shift();
        if (answer.kind === "verdicts") {
          take(answer.verdicts);
          // A greeting alone proves little: a centre that fails on what it is sent is tried less and less often.
          failures = 0;
          answered = push.last;
        } else {
          // What was sent behind it rests on it: those answers say the same, and it all goes again.
          await Promise.allSettled(flying.map((other) => other.answer));
          if (mine !== generation) return 0;
          flying = [];
          // Nothing of it was answered: held groups that were asked about are asked about again.
          askedAgain = new Set();
          if (answer.kind === "retry") return answer.afterMs;
          if (!again(opened, push.first, answer)) return 0;
        }
        send(opened);
      }
    } finally {
      if (mine === generation) pushing = false;
    }
  }

  /** What to do when the centre took nothing of a push: false to wait, true to send anew from where it stands. */
  function again(opened: Connection, first: number, answer: Extract<PushOutput, { kind: "gap" | "forked" }>): boolean {
    if (answer.kind === "forked") return startAnew(opened);
    // Said before the push ahead of it settled: there is no gap any more.
    if (answer.lastDeviceSeq < answered) return true;
    if (answer.lastDeviceSeq >= state.writeState().deviceSeq) throw new Error("the centre is ahead of this device");
    answered = Math.min(answer.lastDeviceSeq, first - 1);
    const rewound = nextPush(replica, answered, pushes)[0];
    if (!rewound) return false;
    const begins = answer.lastDeviceSeq === 0 && (JSON.parse(rewound.wire.header) as Header).prev === zeroHash;
    if (begins || rewound.deviceSeq === answer.lastDeviceSeq + 1) return true;
    // A restored centre has lost what was settled long ago and thrown away here: the chain cannot be closed any more.
    log.warn("groups before those that wait are gone", { centre: answer.lastDeviceSeq, first: rewound.deviceSeq });
    return startAnew(opened);
  }

  /** Sends what waits at the centre once more: what it rests on may have come. */
  function askLater(wait: number): void {
    cancelAsking?.();
    cancelAsking = timers.after(wait, () => {
      if (flying.length > 0) {
        askLater(askAfterNews);
        return;
      }
      cancelAsking = null;
      answered = 0;
      void pump();
    });
  }

  /** Goes on under a new epoch of this device, whose chain begins with what waits. */
  function startAnew(opened: Connection): false {
    forked = true;
    const mine = generation;
    caughtUp(opened, () => mine !== generation);
    return false;
  }

  /** Keeps the centre's verdicts. What settled stays unsettled here until the log brings it, in the log's order. */
  function take(verdicts: readonly Verdict[]): void {
    const now = time.now();
    const cursor = reading === null ? null : (state.cursor()?.seq ?? 0);
    replica.rebase(() => {
      for (const verdict of [...verdicts].reverse()) {
        if (verdict.verdict === "rejected") {
          const group = replica.undo(verdict.group, "reject");
          if (group) keepRejected(replica.db, group, verdict.code, verdict.args, now);
          else replica.markRejectedAgain(verdict.group);
        } else if (verdict.verdict === "review") replica.markReview(verdict.group);
      }
      for (const verdict of verdicts) {
        if (verdict.verdict !== "settled" && verdict.verdict !== "duplicate") continue;
        if (rules.forgetOn === "answered")
          replica.db.prepare("delete from sync_outbox where group_id=?").run(Buffer.from(verdict.group, "hex"));
        else if (cursor === null) answeredEarly.push(verdict);
        else if (verdict.seq <= cursor)
          replica.settleBehind(verdict.group, verdict.verdict === "duplicate" ? verdict.hash : null, now);
      }
      replica.store.runFolds();
    });
    if (verdicts.some((verdict) => verdict.verdict === "waiting")) askLater(askWaitingAfter);
    const touched = replica.store.takeTouched();
    if (verdicts.some((verdict) => verdict.verdict === "rejected" || verdict.verdict === "review"))
      touched.add("sync_attention");
    touched.add("sync_outbox");
    options.changed(touched);
  }

  return {
    start(): void {
      void connect();
    },
    /** Something waits in the outbox. */
    poke(): void {
      if (connection) void pump();
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
