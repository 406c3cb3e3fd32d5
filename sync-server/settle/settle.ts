/**
 * Settling (architecture §4, push): one transaction under the practice's head lock takes a batch of groups in their
 * order, decides each against an in-memory working set, and writes everything set-based. A group that is not settled
 * never blocks those behind it.
 */

import { type Access, buildAccess } from "../../src-shared/access/can.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { ParsedGroup } from "../../src-shared/sync/group.ts";
import { type Hlc, receive, zeroHlc } from "../../src-shared/sync/hlc.ts";
import type { Random } from "../../src-shared/sync/ids.ts";
import { type Log, Refusal } from "../../src-shared/sync/ports.ts";
import { allEntities, entityOf } from "../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import type { PushOutput, Verdict } from "../../src-shared/sync/wire.ts";
import type { Database, Queryable } from "../database/database.ts";
import { requireActive } from "../sync/connection.ts";
import { type AccessCache, accessEntityNames, readAccessRows, touchesAccess } from "./access.ts";
import { type Arrivals, endWaiting, readWaiting, sentAgain, stillWaits } from "./arrivals.ts";
import { centreAnswers, isSuspect } from "./centre-answers.ts";
import { type CentreAuthor, centreNode } from "./centre-author.ts";
import type { CentreContext } from "./centre-writes.ts";
import { type Chain, checkSequence, WholeBatch } from "./chain.ts";
import {
  askHeadOffice,
  closeOthers,
  type HeldDecision,
  handoverAnswers,
  heldDecisions,
  saveDecisions,
} from "./held.ts";
import { type JudgeContext, type Judgement, judge } from "./judge.ts";
import { asksLimits } from "./limit-guard.ts";
import {
  appendLog,
  type LogRow,
  logRow,
  readDevice,
  readHead,
  type StoredVerdict,
  saveDevice,
  saveHead,
  saveVerdicts,
} from "./log.ts";
import { prefetch } from "./prefetch.ts";
import { Rejected } from "./rejected.ts";
import type { Standing } from "./standing.ts";
import type { Queues } from "./together.ts";
import { knownVerdicts, rejectedAmong } from "./verdicts.ts";
import { createWorkingSet, Missing, type WorkingSet } from "./working-set.ts";

export interface SettleDeps {
  readonly db: Database;
  readonly rules: SyncRules;
  readonly random: Random;
  readonly now: () => number;
  readonly log: Log;
  readonly access: AccessCache;
  readonly standing: Standing;
  readonly arrivals: Arrivals;
  /** Pushes that wait for the transaction before, by practice. */
  readonly queues: Queues;
  readonly authorOf: (tx: Queryable, practice: Id) => Promise<CentreAuthor>;
  /** Tells subscribers of the practice that the log grew. */
  readonly wake: (practice: Id, seq: number, rows?: readonly LogRow[]) => void;
}

export interface DeviceRef {
  readonly practice: Id;
  readonly device: Id;
  readonly epoch: number;
}

export interface Settled {
  /** One for each push. */
  readonly answers: readonly (PushOutput | Refusal)[];
  readonly seq: number;
  /** What was added to the log. */
  readonly rows: readonly LogRow[];
}
/** One device's groups, in its order. */
export type Push = { readonly device: DeviceRef; readonly groups: readonly ParsedGroup[] };

/** Decides pushes of one practice, one of each device, inside one transaction. */
export async function settleIn(
  deps: SettleDeps,
  tx: Queryable,
  pushes: readonly Push[],
  unstorable: ReadonlySet<Id>,
): Promise<Settled> {
  const [{ device }] = pushes as [Push];
  const { practice } = device;
  const groups = pushes.flatMap((push) => push.groups);
  const now = deps.now();
  const set = createWorkingSet(tx, practice);
  // One round trip. The head comes first: what follows runs under its lock, on what was committed before it.
  const [head, known, waiting, states, rejectedGroups, author] = await Promise.all([
    readHead(tx, practice, deps.rules.lockHead),
    deps.rules.dedupe ? knownVerdicts(tx, practice, groups) : new Map<Id, Verdict>(),
    readWaiting(tx, practice, groups, deps.arrivals.mayCome(tx, practice, now)),
    Promise.all(pushes.map((push) => readDevice(tx, push.device))),
    rejectedAmong(
      tx,
      practice,
      groups.flatMap(({ header }) => header.after),
    ),
    deps.authorOf(tx, practice),
    // Of a group that the database would not hold, nothing is asked for either.
    prefetch(
      set,
      groups.filter(({ header }) => !unstorable.has(header.group)),
      practice,
      deps.standing,
    ),
  ]);
  const rejectedRows = new Map<Id, Id>();
  const logRows: LogRow[] = [];
  const stored: StoredVerdict[] = [];
  const decided: HeldDecision[] = [];
  const centre: CentreContext = {
    set,
    head,
    author,
    random: deps.random,
    rules: deps.rules,
    now,
    logRows,
    fetchMissing: (missing) => fetchMissing(set, missing),
  };
  let clock: Hlc = head.centreHlc;
  /** Rights as a group of this batch changed them. */
  let made: Access | null = null;

  const moved: { device: DeviceRef; state: Chain }[] = [];
  const answers: (PushOutput | Refusal)[] = [];
  for (const [index, push] of pushes.entries()) answers.push(await answer(push, states[index] as Chain));

  async function answer(push: Push, state: Chain): Promise<PushOutput | Refusal> {
    try {
      // Taken out of the practice since its hello, it writes nothing more.
      requireActive(state.status);
      if (deps.rules.checkChain) checkSequence(push.groups, state, known, waiting);
    } catch (error) {
      if (error instanceof WholeBatch) return error.output;
      if (error instanceof Refusal) return error;
      throw error;
    }
    const verdicts: Verdict[] = [];
    for (const group of push.groups) {
      const before = known.get(group.header.group);
      verdicts.push(before ?? (await decide(group)));
      // One that waited has its place in the chain already. One that a copy of the device had answered links what
      // follows in this epoch too.
      if (before ? group.header.seq <= state.lastSeq : stillWaits(waiting, group, state.lastSeq)) continue;
      state.lastSeq = group.header.seq;
      state.lastHash = group.headerHash;
    }
    moved.push({ device: push.device, state });
    return { kind: "verdicts", verdicts };
  }

  async function decide(group: ParsedGroup): Promise<Verdict> {
    const { header } = group;
    if (unstorable.has(header.group)) return reject(group, "UNSTORABLE", {});
    // A version that this transaction made may yet be rolled back, and another take its number: it is not kept.
    const access = made ?? (await deps.access.current(tx, practice, head.authz));
    let earlier: Awaited<ReturnType<AccessCache["at"]>> | undefined;
    for (;;) {
      const mark = set.mark();
      try {
        const decisions = await heldDecisions(tx, set, deps.rules, group);
        const handovers = await handoverAnswers(set, deps.rules, group);
        const approved = decisions.filter(({ approve }) => approve).map(({ held }) => held);
        if ([group, ...approved].some(touchesRights))
          for (const name of accessEntityNames) await set.loadAll(entityOf(name));
        if ([group, ...approved].some(asksLimits)) await set.loadLimits();
        const context: JudgeContext = {
          set,
          standing: deps.standing,
          rules: deps.rules,
          now,
          access,
          earlierAccess: earlier ?? null,
          rejectedRows,
          rejectedGroups,
          waitingGroups: waiting.groups,
        };
        const judgement = judge(group, context);
        waiting.groups.delete(header.group);
        if (judgement.outcome === "review") {
          set.rollback(mark);
          return await hold(group, "AUTHZ_LATE");
        }
        // What cannot settle cannot be approved either: then the decision is refused, and the group stays held.
        const judged = approved.map((held) => ({ held, judgement: judgeHeld(held, header.user as Id, context) }));
        const verdict = await accept(group, judgement, false);
        for (const { held, judgement: anew } of judged) await accept(held, anew, true);
        for (const answer of [...decisions, ...handovers]) closeOthers(centre, group, answer);
        decided.push(...decisions);
        return verdict;
      } catch (error) {
        set.rollback(mark);
        if (error instanceof Missing) {
          await fetchMissing(set, error);
          continue;
        }
        if (!(error instanceof Rejected)) throw error;
        // Only a refusal for want of a right asks what the right was when the group was made.
        const asks = error.code === "NO_PERMISSION" && error.args.held === undefined;
        if (asks && earlier === undefined && header.authz < head.authz) {
          earlier = await deps.access.at(tx, practice, header.authz);
          if (earlier) continue;
        }
        if (error.code === "MISSING_REFERENCE" && waiting.allowed) return wait(group, error.args);
        return reject(group, error.code, error.args);
      }
    }
  }

  function wait(group: ParsedGroup, args: Record<string, unknown>): Verdict {
    const { header } = group;
    waiting.groups.add(header.group);
    // Written anew under another epoch of the device, it is known by that header from now on.
    if (!sentAgain(waiting, group)) stored.push({ group, code: "waiting", args });
    return { group: header.group, verdict: "waiting", args };
  }

  /** Keeps a group for a person's decision, and asks for it. */
  async function hold(group: ParsedGroup, reason: string): Promise<Verdict> {
    stored.push({ group, code: "review", args: { reason } });
    await askHeadOffice(centre, group, reason);
    clock = head.centreHlc;
    return { group: group.header.group, verdict: "review", args: { reason } };
  }

  function reject(group: ParsedGroup, code: Rejected["code"], args: Record<string, unknown>): Verdict {
    rejectedGroups.add(group.header.group);
    waiting.groups.delete(group.header.group);
    for (const body of group.bodies) if (body.op === "insert") rejectedRows.set(body.row, group.header.group);
    stored.push({ group, code, args });
    return { group: group.header.group, verdict: "rejected", code, args };
  }

  async function accept(group: ParsedGroup, judgement: Judgement, approved: boolean): Promise<Verdict> {
    const { header } = group;
    head.seq += 1;
    const seq = head.seq;
    const suspect = isSuspect(header.hlc, now);
    const authzLate = approved || judgement.outcome === "late";
    logRows.push(logRow(group, seq, now, { clockSuspect: suspect, authzLate }));
    clock = receive({ last: clock, high: zeroHlc }, header.hlc, now, centreNode(author.device)).last;
    head.centreHlc = clock;
    if (touchesRights(group)) {
      // The rows have to be in the database for the snapshot of this version to be read from it.
      await set.flush(allEntities);
      set.flushed();
      head.authz = seq;
      made = buildAccess(await readAccessRows(tx, practice));
      await deps.access.snapshot(tx, practice, seq);
    }
    await centreAnswers({ ...centre, group, judgement, log: deps.log });
    clock = head.centreHlc;
    return { group: header.group, verdict: "settled", seq };
  }

  if (moved.length === 0) return { answers, seq: head.seq, rows: [] };
  if (!deps.rules.answerAfterCommit) deps.wake(practice, head.seq);
  await Promise.all([
    set.flush(allEntities),
    appendLog(tx, practice, logRows),
    endWaiting(
      tx,
      practice,
      [...waiting.before.keys()].filter(
        (id) => !waiting.groups.has(id) || stored.some(({ group }) => group.header.group === id),
      ),
    ),
    saveVerdicts(tx, practice, stored, now),
    saveDecisions(tx, practice, decided, now),
    ...moved.map((each) => saveDevice(tx, each.device, each.state, now)),
    saveHead(tx, head),
  ]);
  return { answers, seq: head.seq, rows: logRows };
}

const touchesRights = ({ bodies }: ParsedGroup) => touchesAccess(bodies.map((body) => body.entity));

/** Judges a held group anew, on the rights of who approves it. A refusal names the held group. */
function judgeHeld(held: ParsedGroup, approver: Id, context: JudgeContext): Judgement {
  try {
    return judge(held, { ...context, earlierAccess: null, approver });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    throw new Rejected(error.code, { ...error.args, held: held.header.group });
  }
}

export async function fetchMissing(set: WorkingSet, missing: Missing): Promise<void> {
  const entity = entityOf(missing.entity);
  if (missing.column) await set.loadChildren(entity, missing.column, [missing.id]);
  else await set.load(entity, [missing.id]);
}
