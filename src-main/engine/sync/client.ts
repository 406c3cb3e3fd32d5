/**
 * The sync client: one connection at a time, hello, fill if needed, stream and push side by side. It only moves bytes
 * and decides what comes next; rows are changed by `apply.ts`, `bootstrap.ts` and the replica.
 */

import { schemaVersion } from "../../../migrations/index.ts";
import { makeSealingKeys, makeSigningKeys, signer } from "../../../replica/crypto.ts";
import type { BrokenBaseline, Replica } from "../../../replica/replica.ts";
import { type Header, zeroHash } from "../../../src-shared/sync/group.ts";
import type { Random } from "../../../src-shared/sync/ids.ts";
import type { Clock, Log, Timers } from "../../../src-shared/sync/ports.ts";
import { entityOf } from "../../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import {
  type Batch,
  type HelloOutput,
  helloMessage,
  type Limits,
  type PushOutput,
  protocolVersion,
  type Verdict,
} from "../../../src-shared/sync/wire.ts";
import type { EngineState, Identity } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { createApplier, ForeignOwn, StreamGap } from "./apply.ts";
import { fillByPages, pageRows } from "./bootstrap.ts";
import { type FillProgress, fillByFile, type ReplicaExchange } from "./fill-by-file.ts";
import { nextPush } from "./outbox.ts";
import { keepRejected } from "./quarantine.ts";
import { reissue } from "./reissue.ts";
import { type Connection, refusalOf, type Upstream } from "./upstream.ts";

export type SyncPhase = "unplugged" | "connecting" | "offline" | "filling" | "catching_up" | "live" | "revoked";

export interface SyncStatus {
  readonly phase: SyncPhase;
  readonly filled: number;
  /** Filling by a file: how far that is. */
  readonly filling: FillProgress | null;
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
  /** Absent in memory: there is no file to exchange for another. */
  readonly exchange?: ReplicaExchange;
  /** How much one push holds. */
  readonly pushes: Limits;
}

/**
 * Pushes on their way at once: while the centre writes one, it checks the signatures of the next. Each names its place
 * in the device's chain, so that one which overtakes or follows a lost one is answered with a gap and sent again.
 */
const pushesInFlight = 2;
/** Milliseconds between two words about how far a file is. */
const tellEvery = 100;
const firstRetry = 250;
const lastRetry = 15_000;

export function createSyncClient(options: SyncClientOptions) {
  const { replica, state, identity, upstream, clock, time, timers, random, rules, log, pushes } = options;
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
  let pushing = false;
  /** Pushes without an answer, oldest first. */
  let flying: { last: number; first: number; answer: Promise<PushOutput> }[] = [];
  /** The highest device sequence answered on this connection. */
  let answered = 0;
  let filled = 0;
  let filling: FillProgress | null = null;
  /** Filling by a file under way; one that a dead connection had begun ends before another begins. */
  let fetching: { readonly controller: AbortController; readonly over: Promise<unknown> } | null = null;
  let behind = 0;
  let offlineSince: number | null = null;
  let lastSeen: number | null = null;
  let problem: string | null = null;
  /** The centre told us that another copy of this device wrote; waits until the log is caught up. */
  let forked = false;

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
    connection?.close();
    connection = null;
    pushing = false;
    flying = [];
    fetching?.controller.abort(new Error(reason));
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
      // Closed by us, not cut: nothing is tried again until somebody asks for it.
      generation += 1;
      connection = null;
      opened.close();
      setPhase("revoked");
      options.statusChanged();
      return;
    }
    forked = hello.forked;
    const cursor = state.cursor();
    if (cursor && cursor.serverEpoch !== hello.serverEpoch) {
      const again = rules.offerAgain ? replica.unsettleAfter(hello.lastDeviceSeq) : 0;
      log.warn("the centre was restored", { offeredAgain: again });
    }
    if (hello.bootstrap) {
      setPhase("filling");
      const way = await fetchFile(opened, hello);
      if (stale() || way === "adopted") return;
      await fillByPages(replica, state, opened, hello, ({ rows }) => {
        filled = rows;
        options.statusChanged();
      });
      if (stale()) return;
      replica.store.takeTouched();
      options.changed(new Set(["*"]));
    }
    answered = 0;
    behind = Math.max(0, hello.head - (state.cursor()?.seq ?? 0));
    setPhase(behind > 0 ? "catching_up" : "live");
    openStream(opened, stale);
    caughtUp(opened, stale);
    void pump();
  }

  async function fetchFile(opened: Connection, hello: HelloOutput): Promise<"adopted" | "pages"> {
    const { exchange } = options;
    const { download } = upstream;
    if (!exchange || !download) return "pages";
    const before = fetching;
    const controller = new AbortController();
    const { signal } = controller;
    let told = Number.NEGATIVE_INFINITY;
    const report = (progress: FillProgress) => {
      if (signal.aborted) return;
      filling = progress;
      const now = clock.monotonic();
      if (now - told < tellEvery && progress.done < 1) return;
      told = now;
      options.statusChanged();
    };
    const over = (async () => {
      await before?.over.catch(() => {});
      signal.throwIfAborted();
      return fillByFile({
        exchange,
        download,
        connection: opened,
        state,
        identity: identity(),
        hello,
        timers,
        log,
        signal,
        report,
      });
    })();
    fetching = { controller, over };
    try {
      return await over;
    } finally {
      if (fetching?.over === over) fetching = null;
      filling = null;
    }
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
      if (broken.length > 0) void repair(opened, broken, stale);
      caughtUp(opened, stale);
    } catch (error) {
      if (error instanceof StreamGap) {
        log.warn("stream gap", { reason: error.message });
        openStream(opened, stale, error instanceof ForeignOwn);
        return;
      }
      log.error("batch not applied", { error: (error as Error).message });
      disconnect("batch not applied");
    }
  }

  /** Fetches rows whose settled form was missing when a change of them arrived. */
  async function repair(opened: Connection, broken: readonly BrokenBaseline[], stale: () => boolean): Promise<void> {
    const byEntity = Map.groupBy(broken, (row) => row.entity);
    try {
      for (const [name, rows] of byEntity) {
        const page = await opened.fetchRows({
          entity: name,
          ids: [...new Set(rows.map(({ row }) => row))].slice(0, 500),
        });
        if (stale()) return;
        replica.db
          .transaction(() => {
            for (const row of pageRows(entityOf(name), page)) replica.replaceSettled(entityOf(name), row);
            replica.store.runFolds();
          })
          .immediate();
        options.changed(replica.store.takeTouched());
      }
    } catch (error) {
      if (!stale()) disconnect((error as Error).message);
    }
  }

  /** A forked device writes its unsettled work anew once it has seen everything that settled meanwhile. */
  function caughtUp(opened: Connection, stale: () => boolean): void {
    if (!forked || behind > 0) return;
    forked = false;
    void renew(opened, stale).catch((error) => {
      if (!stale()) disconnect((error as Error).message);
    });
  }

  async function renew(opened: Connection, stale: () => boolean): Promise<void> {
    const me = identity();
    const keys = makeSigningKeys();
    const sealing = makeSealingKeys();
    const { nonce } = await opened.challenge();
    const enrolment = await opened.renew({
      practice: me.practice,
      device: me.device,
      epoch: me.epoch,
      nonce,
      sig: signer(me.privateKey).sign(helloMessage(nonce, me.device, me.epoch, me.practice)),
      ed25519: keys.publicKey,
      x25519: sealing.publicKey,
    });
    if (stale()) return;
    const renewed: Identity = {
      ...me,
      epoch: enrolment.epoch,
      terminalCode: enrolment.terminalCode,
      node: Buffer.from(random.bytes(8)).toString("hex"),
      privateKey: keys.privateKey,
      publicKey: keys.publicKey,
      sealingPrivateKey: sealing.privateKey,
    };
    reissue({ replica, state, from: me, to: renewed, time, random, rules, app: options.app });
    options.setIdentity(renewed);
    options.changed(new Set(["*"]));
    log.warn("device renewed", { epoch: renewed.epoch, terminal: renewed.terminalCode });
    disconnect("renewed");
  }

  /** Sends what waits, as far as there is room on the way. */
  function send(opened: Connection): void {
    while (flying.length < pushesInFlight) {
      const groups = nextPush(replica, flying.at(-1)?.last ?? answered, pushes);
      const first = groups[0]?.deviceSeq;
      const last = groups.at(-1)?.deviceSeq;
      if (first === undefined || last === undefined) return;
      const answer = opened.push(groups.map(({ wire }) => wire));
      // Whoever awaits it sees the failure; until then it is nobody's.
      answer.catch(() => {});
      flying.push({ first, last, answer });
    }
  }

  async function pump(): Promise<void> {
    const opened = connection;
    if (!opened || forked || (phase !== "live" && phase !== "catching_up")) return;
    try {
      send(opened);
      if (pushing) return;
      const mine = generation;
      pushing = true;
      try {
        for (;;) {
          const [push] = flying;
          if (!push) break;
          const answer = await push.answer;
          if (mine !== generation) return;
          flying.shift();
          if (answer.kind === "verdicts") {
            take(answer.verdicts);
            // A greeting alone proves little: a centre that fails on what it is sent is tried less and less often.
            failures = 0;
            answered = push.last;
          } else {
            // What was sent behind it rests on it: those answers say the same, and it all goes again.
            await Promise.allSettled(flying.map((other) => other.answer));
            if (mine !== generation) return;
            flying = [];
            if (!again(opened, push.first, answer)) break;
          }
          send(opened);
        }
      } finally {
        if (mine === generation) pushing = false;
      }
    } catch (error) {
      if (connection === opened) disconnect((error as Error).message);
    }
  }

  /** What to do when the centre took nothing of a push: false to wait, true to send anew from where it stands. */
  function again(opened: Connection, first: number, answer: Exclude<PushOutput, { kind: "verdicts" }>): boolean {
    if (answer.kind === "retry") {
      timers.after(answer.afterMs, () => void pump());
      return false;
    }
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
    const cursor = state.cursor()?.seq ?? 0;
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
        else if (verdict.seq <= cursor)
          replica.settleBehind(verdict.group, verdict.verdict === "duplicate" ? verdict.hash : null, now);
      }
      replica.store.runFolds();
    });
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
    connection: () => (phase === "live" || phase === "catching_up" ? connection : null),
    status: (): SyncStatus => ({ phase, filled, filling, behind, offlineSince, lastSeen, problem }),
    close(): void {
      closed = true;
      cancelRetry?.();
      disconnect("closed");
    },
  };
}
