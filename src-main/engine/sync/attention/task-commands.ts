/** Decisions about review tasks. Each is an ordinary synced patch of the task; the first to settle stands. */
import { z } from "zod";
import type { HeldArgs, TypedField } from "../../../../src-shared/events/review.ts";
import { authoriseBody } from "../../../../src-shared/sync/authorise.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Body } from "../../../../src-shared/sync/group.ts";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import { type EntityName, entityOf, findEntity, type Row } from "../../../../src-shared/sync/registry.ts";
import type { Engine } from "../../engine.ts";
import type { Session } from "../../session/sessions.ts";
import { defineCommand } from "../../write/define.ts";
import type { Transaction } from "../../write/transaction.ts";
import { type Edits, replay } from "./replay.ts";
import { conflictOf, joined, same, samePart } from "./tasks.ts";

type Task = Row<"review_task">;
const resolves = "sync:resolve_conflicts";

/** The open tasks that one card stands for. */
export function requireTasks(engine: Engine, id: Id): [Task, ...Task[]] {
  const [task, ...others] = samePart(engine, id);
  if (!task) throw refuse("DECIDED", "A colleague has decided this already.");
  return [task, ...others];
}

function close(tx: Transaction, tasks: readonly Task[], decision: string, note: string | null): void {
  for (const { id } of tasks) {
    if (tx.need("review_task", id).decided_at !== null)
      throw refuse("DECIDED", "A colleague has decided this already.");
    tx.patch("review_task", id, { decided_at: tx.now, decided_by_id: tx.user, decision, note });
  }
}

/** A word on a task that changes nothing else: noted, approved, turned down, given back. */
export const decideTasks = (tasks: readonly Task[], decision: string) =>
  defineCommand({
    name: "sync.decide",
    permission: resolves,
    input: z.object({ note: z.string().trim().max(1000).nullable() }),
    run: (tx, { note }) => close(tx, tasks, decision, note || null),
  });

/** Somebody looks after it; it stays open until it is noted. */
export const followUp = (task: Task) =>
  defineCommand({
    name: "sync.follow_up",
    permission: resolves,
    input: z.object({ note: z.string().trim().min(3).max(1000) }),
    run(tx, { note }) {
      if (tx.need("review_task", task.id).decided_at !== null)
        throw refuse("DECIDED", "A colleague has decided this already.");
      tx.patch("review_task", task.id, { decision: "follow_up", note });
    },
  });

/**
 * The value in use stays, or the other one takes its place. What was edited again since is asked about once more:
 * `seen` is the value that the person was shown as the one in use.
 */
export const decideConflict = (engine: Engine, task: Task) =>
  defineCommand({
    name: "sync.decide",
    permission: resolves,
    input: z.object({ action: z.enum(["keep", "restore"]), note: z.string().nullable(), seen: z.unknown() }),
    run(tx, { action, note, seen }) {
      close(tx, [task], action, note);
      if (action === "keep") return;
      const conflict = conflictOf(engine, task);
      if (!conflict) throw refuse("NOT_FOUND", "The other value is not on this PC.");
      const { field, row_id: row } = conflict;
      const entity = entityOf(conflict.entity);
      const name = conflict.entity as EntityName;
      const now = engine.replica.store.get(entity, row)?.[field] ?? null;
      if (!same(now, conflict.kept) && !same(now, conflict.lost) && !same(now, seen))
        throw refuse("CHANGED_SINCE", "This was edited again since. Look at what is in use now, then decide.", {
          now,
        });
      if (field === "deleted") {
        if (conflict.lost) tx.remove(name, row);
        else tx.restore(name, row);
      } else tx.patch(name, row, { [field]: conflict.lost } as never);
    },
  });

/** Refuses an approval that the centre would refuse, as far as this PC can tell: it settles on the decider's rights. */
export function requireRights(engine: Engine, session: Session, tasks: readonly Task[]): void {
  const typed = tasks.flatMap(({ args }) => (args as unknown as HeldArgs).typed);
  const rows = Map.groupBy(typed, ({ entity, row, op }: TypedField) => `${entity}:${row}:${op}`);
  for (const fields of rows.values()) {
    const [{ entity: name, row, op }] = fields as [TypedField, ...TypedField[]];
    const entity = findEntity(name);
    if (!entity) continue;
    const body: Body = {
      id: row,
      branch: null,
      stream: "org",
      entity: name,
      row,
      op,
      fields: Object.fromEntries(fields.map(({ field, value }) => [field, value])),
      base: {},
    };
    const answer = authoriseBody(engine.access(), session.user, entity, body, engine.replica.store.get(entity, row));
    if (!answer.allowed)
      throw refuse("NO_PERMISSION", "Your own role does not allow this change, so somebody else has to approve it.", {
        permission: answer.permission,
      });
  }
}

/** Sends what was handed over under one's own name, as one group with the decision: both settle, or neither. */
export const sendHandedOver = (tasks: [Task, ...Task[]], edits: Edits) => {
  const groups = joined(tasks);
  return defineCommand({
    name: groups[0]?.command ?? "sync.send",
    permission: resolves,
    resends: groups.map(({ group }) => group),
    input: z.object({ note: z.string().trim().max(1000).nullable() }),
    run(tx, { note }) {
      // The decision first: of two who send it, the second is told that it was decided.
      close(tx, tasks, "send", note || null);
      replay(
        tx,
        groups.flatMap(({ bodies }) => bodies),
        { edits, redraw: false },
      );
    },
  });
};
