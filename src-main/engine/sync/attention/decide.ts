/** A person's decision about one card. */
import { z } from "zod";
import { refuse } from "../../../../src-shared/sync/ports.ts";
import type { Engine } from "../../engine.ts";
import { bytes } from "../../read/database.ts";
import type { Session } from "../../session/sessions.ts";
import { attentionActions } from "./cards.ts";
import { editsInput } from "./replay.ts";
import { discardFamily, handOver, requireFamily, sendAgain } from "./returned-commands.ts";
import { decideConflict, decideTasks, followUp, requireRights, requireTasks, sendHandedOver } from "./task-commands.ts";

export const decisionInput = z.object({
  id: z.string().max(80),
  action: z.enum(attentionActions),
  /** Why, or a note to whom it concerns. */
  reason: z.string().max(1000).optional(),
  edits: editsInput.optional(),
  /** Of a conflict: the value shown as the one in use. */
  seen: z.unknown().optional(),
});
export type Decision = z.infer<typeof decisionInput>;

const notHere = () => refuse("NOT_POSSIBLE", "This cannot be done here.");

/** Does it, or refuses with nothing changed. */
export function decide(engine: Engine, session: Session, decision: Decision): void {
  const [kind, id = ""] = decision.id.split(":");
  if (kind === "group") decideReturned(engine, session, id, decision);
  else if (kind === "task") decideTask(engine, session, id, decision);
  else if (kind === "reaction" && decision.action === "retry") {
    engine.db.prepare("update reaction_queue set next_at=0 where event_id=?").run(bytes(id));
    engine.writer.retryReactions({ user: null, role: null, branch: session.branch });
  } else throw notHere();
}

function requireReason({ reason }: Decision, words: string): string {
  if (!reason || reason.trim().length < 3) throw refuse("REASON_NEEDED", words);
  return reason;
}

/** What can only be put away, since it is so already, and how that stands in the audit. */
const overtaken: Readonly<Record<string, string>> = {
  DECIDED: "a colleague had decided first",
  EXISTS: "it had come another way",
};

function decideReturned(engine: Engine, session: Session, id: string, decision: Decision): void {
  const family = requireFamily(engine, session, id);
  const reason = overtaken[family.root.code];
  if (decision.action === "retry") sendAgain(engine, session, family, []);
  else if (decision.action === "edit") sendAgain(engine, session, family, decision.edits ?? []);
  else if (decision.action === "hand_over") session.run(handOver(family), { note: decision.reason ?? null });
  else if (decision.action === "discard")
    session.run(discardFamily(family), {
      reason: requireReason(decision, "Say why this is dropped; it is kept in the audit."),
    });
  else if (decision.action === "noted" && reason) session.run(discardFamily(family), { reason });
  else throw notHere();
}

type Act = (asked: { engine: Engine; session: Session; tasks: ReturnType<typeof requireTasks> } & Decision) => void;

/** By the kind of the task and what is done with it. */
const acts: Readonly<Record<string, Act>> = {
  "held_group approve": ({ engine, session, tasks, ...decision }) => {
    const note = requireReason(decision, "Say why this is approved; its author and the audit see it.");
    requireRights(engine, session, tasks);
    session.run(decideTasks(tasks, "approve"), { note });
  },
  "held_group decline": ({ session, tasks, ...decision }) => {
    const note = requireReason(decision, "Say why this is turned down; its author sees it.");
    session.run(decideTasks(tasks, "decline"), { note });
  },
  "handed_over send": ({ session, tasks, reason = null }) => session.run(sendHandedOver(tasks, []), { note: reason }),
  "handed_over edit": ({ session, tasks, edits = [], reason = null }) =>
    session.run(sendHandedOver(tasks, edits), { note: reason }),
  "handed_over give_back": ({ session, tasks, ...decision }) => {
    const note = requireReason(decision, "Say what is to be done; the note goes back with it.");
    session.run(decideTasks(tasks, "give_back"), { note });
  },
  "field_conflict keep": ({ engine, session, tasks, reason = null, seen }) =>
    session.run(decideConflict(engine, tasks[0]), { action: "keep", note: reason, seen }),
  "field_conflict restore": ({ engine, session, tasks, reason = null, seen }) =>
    session.run(decideConflict(engine, tasks[0]), { action: "restore", note: reason, seen }),
  "authz_late follow_up": ({ session, tasks, ...decision }) => {
    const note = requireReason(decision, "Say what is to be looked after.");
    session.run(followUp(tasks[0]), { note });
  },
};
const questions = ["held_group", "handed_over", "field_conflict"];

function decideTask(engine: Engine, session: Session, id: string, decision: Decision): void {
  const tasks = requireTasks(engine, id);
  const { kind } = tasks[0];
  const act = acts[`${kind} ${decision.action}`];
  if (act) act({ engine, session, tasks, ...decision });
  else if (decision.action === "noted" && !questions.includes(kind))
    session.run(decideTasks(tasks, "noted"), { note: decision.reason ?? null });
  else throw notHere();
}
