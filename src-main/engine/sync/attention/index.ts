/**
 * What waits and what needs a person (architecture §8): groups that the centre did not take, with what was typed, why
 * and who can decide; held and handed-over changes; values with a rival; late facts; reactions that failed.
 */
import { isTyped } from "../../../../src-shared/events/review.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Body, Header } from "../../../../src-shared/sync/group.ts";
import type { Engine } from "../../engine.ts";
import { bytes } from "../../read/database.ts";
import type { Session } from "../../session/sessions.ts";
import { type Asking, type AttentionCard, concerns, mayResolve, plainCard } from "./cards.ts";
import { createNames } from "./names.ts";
import { returnedCards } from "./returned.ts";
import { taskCards } from "./tasks.ts";
import { tellingOf, typedOf } from "./typed.ts";

/** What has not reached the centre, by kind of work. */
export function waiting(engine: Engine): { kind: string; count: number; oldest: number }[] {
  const rows = engine.read.sql<{ command: string; made_at: number }>(
    "select command, made_at from sync_outbox where state='pending'",
  );
  const kinds = new Map<string, { kind: string; count: number; oldest: number }>();
  for (const { command, made_at } of rows) {
    const kind = command.split(".")[0] ?? "other";
    const entry = kinds.get(kind) ?? { kind, count: 0, oldest: made_at };
    kinds.set(kind, { kind, count: entry.count + 1, oldest: Math.min(entry.oldest, made_at) });
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

/** The cards that a person sees here, newest first; `null` for the PC as a whole, before anybody has signed in. */
export function attention(engine: Engine, session: Session | null): AttentionCard[] {
  const asking: Asking = { engine, session };
  return [
    ...returnedCards(asking),
    ...heldHere(asking),
    ...taskCards(asking),
    ...failedReactions(engine),
    ...newerChanges(engine),
  ].sort((a, b) => b.at - a.at);
}

/** How many of them call for somebody; what only needs a newer version of Horopter stays quiet. */
export function attentionCount(engine: Engine, session: Session | null): number {
  return attention(engine, session).filter(({ kind }) => kind !== "unknown").length;
}

/** Groups of this PC that head office has to decide about: their author sees where they stand. */
function heldHere({ engine, session }: Asking): AttentionCard[] {
  const asked = new Set<Id>(mayResolve(session) ? openQuestions(engine) : []);
  return engine.read
    .sql<{ group_id: Id; command: string; header: string; bodies: string; made_at: number }>(
      "select group_id, command, header, bodies, made_at from sync_outbox where state='review'",
    )
    .flatMap((row): AttentionCard[] => {
      const header = JSON.parse(row.header) as Header;
      // Who may decide it here sees the question, not the waiting.
      if (asked.has(row.group_id)) return [];
      const bodies = (JSON.parse(row.bodies) as { body: string }[]).map(({ body }) => JSON.parse(body));
      const names = createNames(engine);
      const first = tellingOf((bodies as Body[]).filter(isTyped));
      const open = concerns(session, header.user);
      const [task] = engine.read.sql<{ decision: string | null; note: string | null; decided_by_id: Id | null }>(
        "select decision, note, decided_by_id from review_task where kind='held_group' and subject_id=? order by decided_at desc limit 1",
        bytes(row.group_id),
      );
      return [
        {
          ...plainCard,
          id: `group:${row.group_id}`,
          kind: "review",
          code: "AUTHZ_LATE",
          command: row.command,
          who: names.of("app_user", header.user),
          whoId: header.user,
          device: names.of("device", header.device),
          at: row.made_at,
          about: open && first ? names.about(first.entity, first.row) : null,
          args: { decision: task?.decision ?? null },
          typed: open ? typedOf(bodies, names) : [],
          place: { at: "centre", by: names.of("app_user", task?.decided_by_id), note: task?.note ?? null },
          decides: "manager",
          actions: [],
        },
      ];
    });
}

function openQuestions(engine: Engine): Id[] {
  return engine.read
    .sql<{ subject_id: Id }>("select subject_id from review_task where kind='held_group' and decided_at is null")
    .map(({ subject_id }) => subject_id);
}

function failedReactions(engine: Engine): AttentionCard[] {
  return engine.read
    .sql<{ event_id: string; reaction: string; next_at: number; error: string; tries: number }>(
      "select * from reaction_queue",
    )
    .map((row) => ({
      ...plainCard,
      id: `reaction:${row.event_id}:${row.reaction}`,
      kind: "reaction_failed",
      code: row.reaction,
      command: row.reaction,
      at: row.next_at,
      args: { tries: row.tries, error: row.error },
      decides: "you",
      actions: ["retry"],
    }));
}

/** Changes of newer versions: kept as they came, and applied once this PC is updated. */
function newerChanges(engine: Engine): AttentionCard[] {
  const [row] = engine.read.sql<{ n: number }>("select count(*) as n from sync_pending_unknown");
  if (!row?.n) return [];
  return [
    {
      ...plainCard,
      id: "unknown",
      kind: "unknown",
      code: "newer_version",
      command: "sync.unknown",
      at: 0,
      args: { count: row.n },
      decides: "nobody",
      actions: [],
    },
  ];
}
