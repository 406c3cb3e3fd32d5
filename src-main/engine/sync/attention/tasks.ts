/** Review tasks as cards: what head office has to decide, wherever it was raised. */
import {
  type ConflictArgs,
  type DoubleBookedArgs,
  type HandedOverArgs,
  type HeldArgs,
  isTyped,
  type LateArgs,
  type Origin,
} from "../../../../src-shared/events/review.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Body } from "../../../../src-shared/sync/group.ts";
import { entityOf, findEntity, type Row } from "../../../../src-shared/sync/registry.ts";
import type { Engine } from "../../engine.ts";
import { db } from "../../read/database.ts";
import { type Asking, type AttentionCard, mayResolve, plainCard, type Source } from "./cards.ts";
import { createNames, type Names } from "./names.ts";
import { tellingOf, typedFrom, typedOf } from "./typed.ts";

type Task = Row<"review_task">;

/** Tasks of one held group, or of one hand-over, in their several streams: one question. */
function questionOf(task: Task): string {
  if (task.kind === "held_group") return `held:${task.subject_id}`;
  if (task.kind === "handed_over") return `over:${(task.args as unknown as HandedOverArgs).handover}`;
  return task.id;
}

/** The tasks that belong to the one named, itself included: they are decided together. */
export function samePart(engine: Engine, id: Id): Task[] {
  const task = engine.replica.store.get(entityOf("review_task"), id) as unknown as Task | null;
  if (!task) return [];
  const question = questionOf(task);
  return openTasks(engine, task.subject_id).filter((other) => questionOf(other) === question);
}

function openTasks(engine: Engine, subject?: Id): Task[] {
  const open = db
    .selectFrom("review_task")
    .select("id")
    .where("decided_at", "is", null)
    .where("deleted", "=", 0)
    .orderBy("raised_at", "desc")
    .limit(200);
  return engine.read
    .all(subject ? open.where("subject_id", "=", subject) : open)
    .map(({ id }) => engine.replica.store.get(entityOf("review_task"), id) as unknown as Task);
}

export function taskCards(asking: Asking): AttentionCard[] {
  const { engine, session } = asking;
  const resolves = mayResolve(session);
  const questions = Map.groupBy(openTasks(engine), questionOf);
  return [...questions.values()].flatMap((parts): AttentionCard[] => {
    const [task] = parts as [Task, ...Task[]];
    // What others wrote is for who decides; the author of a held or handed-over change has a card of their own here.
    const mine = session?.user === task.args.user && !["held_group", "handed_over"].includes(task.kind);
    const owns = session?.user === task.owner_id && session?.permissions()["sync:resolve_conflicts"] !== undefined;
    if (!resolves && !mine && !owns) return [];
    const card = cardOf(engine, task, parts);
    return card ? [resolves || owns ? card : { ...card, decides: "manager", actions: [] }] : [];
  });
}

function cardOf(engine: Engine, task: Task, parts: readonly Task[]): AttentionCard | null {
  const names = createNames(engine);
  const user = (task.args.user ?? task.args.by ?? null) as Id | null;
  const base = {
    ...plainCard,
    id: `task:${task.id}`,
    code: task.kind,
    command: String(task.args.command ?? task.subject_entity),
    who: names.of("app_user", user),
    whoId: user,
    device: names.of("device", task.args.device),
    at: task.raised_at,
    about: names.about(task.subject_entity, task.subject_id),
    args: { ...task.args, subject: task.subject_id, decision: task.decision, note: task.note },
    decides: "you" as const,
  };
  if (task.kind === "held_group") return heldCard(base, task, parts, names);
  if (task.kind === "handed_over") return handedOverCard(engine, base, parts);
  if (task.kind === "authz_late") {
    const args = task.args as unknown as LateArgs;
    const actions = task.decision === "follow_up" ? (["noted"] as const) : (["noted", "follow_up"] as const);
    const first = tellingOf(args.typed);
    const about = first ? names.about(first.entity, first.row) : base.about;
    return { ...base, about, kind: "late", typed: typedFrom(args.typed, names), actions };
  }
  if (task.kind === "field_conflict") return conflictCard(engine, base, task, names);
  if (task.kind === "double_booked") {
    const { other } = task.args as unknown as DoubleBookedArgs;
    const row = names.row("appointment", other);
    const args = { ...base.args, otherName: names.of("patient", row?.patient_id), otherAt: row?.starts_at ?? null };
    return { ...base, args, kind: "task", actions: ["noted"] };
  }
  return { ...base, kind: "task", actions: ["noted"] };
}

type Base = Omit<AttentionCard, "kind" | "actions">;

function heldCard(base: Base, task: Task, parts: readonly Task[], names: Names): AttentionCard {
  const fields = parts.flatMap(({ args }) => (args as unknown as HeldArgs).typed);
  const first = tellingOf(fields);
  return {
    ...base,
    kind: "held",
    code: (task.args as unknown as HeldArgs).reason,
    about: first ? names.about(first.entity, first.row) : null,
    typed: typedFrom(fields, names),
    actions: ["approve", "decline"],
  };
}

function handedOverCard(engine: Engine, base: Base, parts: readonly Task[]): AttentionCard | null {
  const [task] = parts;
  if (!task) return null;
  const args = task.args as unknown as HandedOverArgs;
  const groups = joined(parts);
  const names = createNames(
    engine,
    groups.flatMap(({ bodies }) => bodies),
  );
  const [root, ...following] = groups;
  const first = root ? tellingOf(root.bodies.filter(isTyped)) : undefined;
  const complete = args.streams.every((stream) => parts.some((part) => part.stream === stream));
  return {
    ...base,
    kind: "handed_over",
    code: args.code,
    command: root?.command ?? base.command,
    args: { ...args.why, missing: complete ? 0 : args.streams.length - parts.length },
    about: first ? names.about(first.entity, first.row) : null,
    typed: root ? typedOf(root.bodies, names) : [],
    following: following.map((group) => ({
      group: group.group,
      command: group.command,
      at: task.raised_at,
      typed: typedOf(group.bodies, names),
    })),
    place: { at: "here", by: base.who, note: args.note },
    actions: complete ? ["edit", "send", "give_back"] : ["give_back"],
  };
}

/** The groups of a hand-over, put together again from the streams that hold their parts. */
export function joined(parts: readonly Task[]): { group: Id; command: string; bodies: Body[] }[] {
  const groups = new Map<Id, { group: Id; command: string; bodies: (Body & { i: number })[] }>();
  for (const { args } of parts) {
    for (const { group, command, bodies } of (args as unknown as HandedOverArgs).groups) {
      const known = groups.get(group) ?? { group, command, bodies: [] };
      groups.set(group, { ...known, bodies: [...known.bodies, ...bodies].sort((a, b) => a.i - b.i) });
    }
  }
  return [...groups.values()];
}

/** The conflict that a task is about: named by it, or for an older task the latest of that field. */
export function conflictOf(engine: Engine, task: Task): Row<"field_conflict"> | null {
  const args = task.args as unknown as Partial<ConflictArgs>;
  const entity = entityOf("field_conflict");
  if (args.conflict) return engine.replica.store.get(entity, args.conflict) as unknown as Row<"field_conflict"> | null;
  const latest = engine.read.first(
    db
      .selectFrom("field_conflict")
      .select("id")
      .where("row_id", "=", task.subject_id)
      .where("field", "=", String(args.field))
      .orderBy("at", "desc"),
  );
  return latest ? (engine.replica.store.get(entity, latest.id) as unknown as Row<"field_conflict">) : null;
}

function conflictCard(engine: Engine, base: Base, task: Task, names: Names): AttentionCard | null {
  const conflict = conflictOf(engine, task);
  const entity = conflict ? findEntity(conflict.entity) : undefined;
  if (!conflict || !entity) return { ...base, kind: "task", actions: ["noted"] };
  const args = task.args as unknown as Partial<ConflictArgs>;
  const field = entity.fields[conflict.field];
  const now = engine.replica.store.get(entity, conflict.row_id)?.[conflict.field] ?? null;
  const read = (value: unknown) => (field?.ref ? (names.of(field.ref, value) ?? value) : value);
  const source = (origin: Origin | null | undefined): Source | null =>
    origin
      ? { name: names.of("app_user", origin.user), device: names.of("device", origin.device), at: origin.at }
      : null;
  const changedSince = !same(now, conflict.kept);
  return {
    ...base,
    kind: "conflict",
    conflict: {
      entity: conflict.entity,
      field: conflict.field,
      form: field?.form ?? { kind: "yesno" },
      kept: read(conflict.kept),
      lost: read(conflict.lost),
      now: read(now),
      changedSince,
      keptBy: source(args.kept),
      lostBy: source(args.lost),
      safety: Boolean(conflict.safety),
      clockSuspect: Boolean(conflict.clock_suspect),
    },
    actions: ["keep", "restore"],
  };
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
