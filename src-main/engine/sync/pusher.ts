/**
 * The pushing half of a connection: sends what waits in the outbox in the device's order, takes the verdicts, and asks
 * again about what is held or waits at the centre.
 */
import type { PendingGroup, Replica } from "../../../replica/replica.ts";
import { type Header, zeroHash } from "../../../src-shared/sync/group.ts";
import type { Log, Timers } from "../../../src-shared/sync/ports.ts";
import type { SyncRules } from "../../../src-shared/sync/rules.ts";
import type { Limits, PushOutput, Verdict } from "../../../src-shared/sync/wire.ts";
import { fenceOf } from "../care/fence.ts";
import type { EngineState } from "../state.ts";
import type { EngineTime } from "../time.ts";
import { decidedMeanwhile, nextPush } from "./outbox.ts";
import { keepRejected } from "./quarantine.ts";
import type { Connection } from "./upstream.ts";

/**
 * Pushes on their way at once: while the centre writes one, it checks the signatures of the next. Each names its place
 * in the device's chain, so that one which overtakes or follows a lost one is answered with a gap and sent again.
 */
const pushesInFlight = 2;
/** Milliseconds until the centre is asked again about groups that wait there for others. */
const askWaitingAfter = 60_000;
const askAfterNews = 1_000;

export interface PusherOptions {
  readonly replica: Replica;
  readonly state: EngineState;
  readonly timers: Timers;
  readonly time: EngineTime;
  readonly rules: SyncRules;
  readonly log: Log;
  /** How much one push holds. */
  readonly pushes: Limits;
  readonly changed: (touched: Set<string>) => void;
  /** The connection, while something may be sent on it. */
  readonly line: () => Connection | null;
  /** Whether another copy of this device wrote: nothing is sent before this one has an epoch of its own. */
  readonly forked: () => boolean;
  /** Up to where the log stands in the replica; null while its cursor is of no use at this centre. */
  readonly cursor: () => number | null;
  /** The centre took something. */
  readonly worked: () => void;
  readonly failed: (opened: Connection, error: Error) => void;
  /** This device has to go on under a new epoch, whose chain begins with what waits. */
  readonly startAnew: (opened: Connection) => void;
}

/** One for the life of a sync client; `begin` and `stop` mark its connections. */
export function createPusher(options: PusherOptions) {
  const { replica, state, timers, time, rules, log, pushes } = options;
  /** Counts connections, so that what a dead one still answers is ignored. */
  let connections = 0;
  let pushing = false;
  /** Pushes without an answer, oldest first. */
  let flying: { last: number; first: number; answer: Promise<PushOutput> }[] = [];
  /** The highest device sequence answered on this connection. */
  let answered = 0;
  /** Held groups asked about again on this connection, since the log told of a decision. */
  let askedAgain = new Set<string>();
  /** What the centre had settled, said while the cursor was of no use. */
  let answeredEarly: Verdict[] = [];
  /** Set while groups wait at the centre for what other devices bring. */
  let cancelAsking: (() => void) | null = null;

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

  async function pumpOn(opened: Connection): Promise<void> {
    try {
      send(opened);
      if (pushing) return;
      const wait = await exchange(opened);
      if (wait > 0) timers.after(wait, pump);
    } catch (error) {
      options.failed(opened, error as Error);
    }
  }
  function pump(): void {
    const opened = options.line();
    if (opened) void pumpOn(opened);
  }

  /** Sends what waits before anything else happens on this connection; ends when all of it has an answer. */
  async function drain(opened: Connection, stale: () => boolean): Promise<void> {
    while (!options.forked() && !stale()) {
      send(opened);
      if (flying.length === 0) return;
      const wait = await exchange(opened);
      if (wait) await new Promise<void>((resolve) => void timers.after(wait, resolve));
    }
  }

  /** Takes the answers of what flies and sends what follows; returns the milliseconds to wait if the centre is busy. */
  async function exchange(opened: Connection): Promise<number> {
    const mine = connections;
    pushing = true;
    try {
      for (;;) {
        const [push] = flying;
        if (!push) return 0;
        const answer = await push.answer;
        if (mine !== connections) return 0;
        flying.shift();
        if (answer.kind === "verdicts") {
          take(answer.verdicts);
          options.worked();
          answered = push.last;
        } else {
          // What was sent behind it rests on it: those answers say the same, and it all goes again.
          await Promise.allSettled(flying.map((other) => other.answer));
          if (mine !== connections) return 0;
          flying = [];
          // Nothing of it was answered: held groups that were asked about are asked about again.
          askedAgain = new Set();
          if (answer.kind === "retry") return answer.afterMs;
          if (!again(opened, push.first, answer)) return 0;
        }
        send(opened);
      }
    } finally {
      if (mine === connections) pushing = false;
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
      pump();
    });
  }

  /** Goes on under a new epoch of this device, whose chain begins with what waits. */
  function startAnew(opened: Connection): false {
    options.startAnew(opened);
    return false;
  }

  /** Keeps the centre's verdicts. What settled stays unsettled here until the log brings it, in the log's order. */
  function take(verdicts: readonly Verdict[]): void {
    const now = time.now();
    const cursor = options.cursor();
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
    /** Sends what waits, if anything may be sent now. */
    pump,
    drain,
    /** A connection greeted: what waits goes out from the first of it. */
    begin(): void {
      answered = 0;
    },
    /** Of what was answered before the cursor stood, some lies behind it now, and no log brings it. */
    cursorStands(): void {
      const early = answeredEarly;
      answeredEarly = [];
      if (early.length > 0) take(early);
      askedAgain = new Set();
    },
    /** Others wrote something: what waits at the centre may rest on it. */
    heardNews(): void {
      if (cancelAsking) askLater(askAfterNews);
    },
    /** The connection is gone. */
    stop(): void {
      connections += 1;
      cancelAsking?.();
      cancelAsking = null;
      pushing = false;
      flying = [];
      answeredEarly = [];
    },
  };
}
