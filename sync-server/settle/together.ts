/** Pushes of one practice that come while a transaction runs settle together in the next one. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { ParsedGroup } from "../../src-shared/sync/group.ts";
import { Refusal } from "../../src-shared/sync/ports.ts";
import type { PushOutput } from "../../src-shared/sync/wire.ts";
import { type DeviceRef, type Push, type SettleDeps, type Settled, settleIn } from "./settle.ts";

/** A push that waits for its transaction. */
interface WaitingPush extends Push {
  answer(output: PushOutput): void;
  fail(error: unknown): void;
}

/** By practice. */
export type Queues = Map<Id, WaitingPush[]>;

/** Groups that one transaction takes, unless a single push brings more. */
const mostTogether = 500;

/**
 * Settles a push. Those of one practice take turns under its head lock anyway: what came while one transaction ran goes
 * into the next one together, so that many devices with a group each pay for one look-up, one writing and one commit.
 */
export function settle(deps: SettleDeps, device: DeviceRef, groups: readonly ParsedGroup[]): Promise<PushOutput> {
  return new Promise((answer, fail) => {
    const push = { device, groups, answer, fail };
    const queue = deps.queues.get(device.practice);
    if (queue) {
      queue.push(push);
      return;
    }
    const started = [push];
    deps.queues.set(device.practice, started);
    void drain(deps, device.practice, started);
  });
}

async function drain(deps: SettleDeps, practice: Id, queue: WaitingPush[]): Promise<void> {
  while (queue.length > 0) await settleTogether(deps, takeTogether(queue));
  deps.queues.delete(practice);
}

/** The next pushes in their order, one of each device. */
function takeTogether(queue: WaitingPush[]): WaitingPush[] {
  const devices = new Set<Id>();
  let count = 0;
  let taken = 0;
  for (const { device, groups } of queue) {
    count += groups.length;
    if (taken > 0 && (count > mostTogether || devices.has(device.device))) break;
    devices.add(device.device);
    taken += 1;
  }
  return queue.splice(0, taken);
}

/** Answers every one of the pushes, whatever happens. */
async function settleTogether(deps: SettleDeps, pushes: readonly WaitingPush[]): Promise<void> {
  const [first] = pushes as [WaitingPush];
  try {
    const { answers, seq, rows } = await settleBatch(deps, pushes, new Set());
    if (deps.rules.answerAfterCommit) deps.wake(first.device.practice, seq, rows);
    answers.forEach((answer, index) => {
      if (answer instanceof Refusal) pushes[index]?.fail(answer);
      else pushes[index]?.answer(answer);
    });
  } catch (error) {
    // What one of them brought must not be the others' affair.
    if (pushes.length > 1 && isUnstorable(error)) for (const push of pushes) await settleTogether(deps, [push]);
    else for (const push of pushes) push.fail(error);
  }
}

/** Class 22 and 23: data the database will not hold. Everything else is not the fault of a group. */
const isUnstorable = (error: unknown) => /^2[23]/.test((error as { code?: string }).code ?? "");

/** Settles pushes; if the database refuses one as a whole, halves it down to the guilty group, which is refused alone. */
async function settleBatch(deps: SettleDeps, pushes: readonly Push[], unstorable: ReadonlySet<Id>): Promise<Settled> {
  try {
    return await deps.db.transaction((tx) => settleIn(deps, tx, pushes, unstorable));
  } catch (error) {
    const [{ device, groups }] = pushes as [Push];
    if (!isUnstorable(error) || pushes.length > 1) throw error;
    const first = groups[0] as ParsedGroup;
    if (groups.length === 1) {
      deps.log.error("group cannot be stored", {
        group: first.header.group,
        code: (error as { code?: string }).code,
        column: (error as { column?: string }).column,
      });
      return deps.db.transaction((tx) => settleIn(deps, tx, pushes, new Set([first.header.group])));
    }
    const middle = Math.ceil(groups.length / 2);
    const front = await settleBatch(deps, [{ device, groups: groups.slice(0, middle) }], unstorable);
    const back = await settleBatch(deps, [{ device, groups: groups.slice(middle) }], unstorable);
    return { answers: [joined(front, back)], seq: back.seq, rows: [...front.rows, ...back.rows] };
  }
}

/** Two halves of one push. What the second one was told stands for both: the first is known when it comes again. */
function joined(front: Settled, back: Settled): PushOutput | Refusal {
  const [[first], [second]] = [front.answers, back.answers] as [[PushOutput | Refusal], [PushOutput | Refusal]];
  if (first instanceof Refusal || first.kind !== "verdicts") return first;
  if (second instanceof Refusal || second.kind !== "verdicts") return second;
  return { kind: "verdicts", verdicts: [...first.verdicts, ...second.verdicts] };
}
