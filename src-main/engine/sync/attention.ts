/**
 * What waits and what needs a person (architecture §8): groups that the centre did not take, with what was typed, why
 * and who can decide; safety fields with two values; late facts; reactions that failed.
 */

import { z } from "zod";
import type { Body, Header } from "../../../src-shared/sync/group.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { entityOf, findEntity } from "../../../src-shared/sync/registry.ts";
import type { Engine } from "../engine.ts";
import { bytes, db } from "../read/database.ts";
import type { Session } from "../session/sessions.ts";
import { defineCommand } from "../write/define.ts";

export type AttentionAction = "discard" | "keep" | "restore" | "retry";
export interface AttentionCard {
  readonly id: string;
  readonly kind: "rejected" | "review" | "conflict" | "late" | "reaction_failed" | "task";
  readonly code: string;
  readonly command: string;
  readonly who: string | null;
  readonly at: number;
  readonly args: Readonly<Record<string, unknown>>;
  readonly typed: readonly { readonly label: string; readonly value: string }[];
  readonly actions: readonly AttentionAction[];
}

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

export function attention(engine: Engine, session: Session | null): AttentionCard[] {
  return [
    ...rejected(engine, session),
    ...held(engine, session),
    ...tasks(engine, session),
    ...failedReactions(engine),
  ].sort((a, b) => b.at - a.at);
}

function personName(engine: Engine, id: string | null): string | null {
  if (!id) return null;
  return engine.read.first(db.selectFrom("app_user").select("display_name").where("id", "=", id))?.display_name ?? null;
}

/** The values a person had typed, from the bodies that were theirs. */
function typedIn(bodies: readonly { body: string }[]): { label: string; value: string }[] {
  return bodies
    .map(({ body }) => JSON.parse(body) as Body)
    .filter((body) => !body.by && findEntity(body.entity) && !["audit_entry", "domain_event"].includes(body.entity))
    .flatMap((body) =>
      Object.entries(body.fields)
        .filter(([name, value]) => value !== null && !name.endsWith("_id") && typeof value !== "object")
        .map(([name, value]) => ({ label: `${body.entity}.${name}`, value: String(value) })),
    )
    .slice(0, 40);
}

/** What somebody typed is for themselves and for who resolves such things; others see that there is something. */
function concerns(session: Session | null, author: string | null): boolean {
  return !session || session.user === author || session.permissions()["sync:resolve_conflicts"] !== undefined;
}
const authorOf = (header: string) => (JSON.parse(header) as Header).user;

function rejected(engine: Engine, session: Session | null): AttentionCard[] {
  return engine.read
    .sql<{ group_id: string; code: string; args: string; command: string; header: string; bodies: string; at: number }>(
      "select group_id, code, args, command, header, bodies, at from sync_quarantine where decided_at is null",
    )
    .map((row) => {
      const author = authorOf(row.header);
      const open = concerns(session, author);
      return {
        id: `group:${row.group_id}`,
        kind: "rejected",
        code: row.code,
        command: row.command,
        who: personName(engine, author),
        at: row.at,
        args: JSON.parse(row.args),
        typed: open ? typedIn(JSON.parse(row.bodies)) : [],
        actions: open ? ["retry", "discard"] : [],
      };
    });
}

function held(engine: Engine, session: Session | null): AttentionCard[] {
  return engine.read
    .sql<{ group_id: string; command: string; header: string; bodies: string; made_at: number }>(
      "select group_id, command, header, bodies, made_at from sync_outbox where state='review'",
    )
    .map((row) => ({
      id: `group:${row.group_id}`,
      kind: "review",
      code: "AUTHZ_LATE",
      command: row.command,
      who: personName(engine, authorOf(row.header)),
      at: row.made_at,
      args: {},
      typed: concerns(session, authorOf(row.header)) ? typedIn(JSON.parse(row.bodies)) : [],
      actions: [],
    }));
}

function tasks(engine: Engine, session: Session | null): AttentionCard[] {
  const rows = engine.read.all(
    db.selectFrom("review_task").selectAll().where("decided_at", "is", null).where("deleted", "=", 0).limit(200),
  );
  const mayDecide = session ? session.permissions()["sync:resolve_conflicts"] !== undefined : true;
  return rows.map((row) => {
    const args = JSON.parse(row.args) as Record<string, unknown>;
    const conflict =
      row.kind === "field_conflict"
        ? engine.read.first(
            db
              .selectFrom("field_conflict")
              .selectAll()
              .where("row_id", "=", row.subject_id)
              .where("field", "=", String(args.field))
              .orderBy("at", "desc"),
          )
        : null;
    const actions: AttentionAction[] = !mayDecide ? [] : conflict ? ["keep", "restore"] : ["keep"];
    return {
      id: `task:${row.id}`,
      kind: row.kind === "field_conflict" ? "conflict" : row.kind === "authz_late" ? "late" : "task",
      code: row.kind,
      command: `${row.subject_entity}`,
      who: personName(engine, typeof args.user === "string" ? args.user : null),
      at: row.raised_at,
      args: { ...args, subject: row.subject_id, subjectEntity: row.subject_entity },
      typed: conflict
        ? [
            { label: "kept", value: String(JSON.parse(conflict.kept) ?? "") },
            { label: "lost", value: String(JSON.parse(conflict.lost) ?? "") },
          ]
        : [],
      actions,
    };
  });
}

function failedReactions(engine: Engine): AttentionCard[] {
  return engine.read
    .sql<{ event_id: string; reaction: string; next_at: number; error: string; tries: number }>(
      "select * from reaction_queue",
    )
    .map((row) => ({
      id: `reaction:${row.event_id}:${row.reaction}`,
      kind: "reaction_failed",
      code: row.reaction,
      command: row.reaction,
      who: null,
      at: row.next_at,
      args: { tries: row.tries, error: row.error },
      typed: [],
      actions: ["retry"],
    }));
}

const decideTask = defineCommand({
  name: "sync.decide",
  permission: "sync:resolve_conflicts",
  input: z.object({ id: z.string(), action: z.enum(["keep", "restore"]), reason: z.string().nullable() }),
  run(tx, { id, action, reason }) {
    const task = tx.need("review_task", id);
    if (task.decided_at !== null) throw refuse("DECIDED", "A colleague has decided this already.");
    if (action === "restore") {
      const [conflict] = tx.sql<{ lost: string; entity: string; field: string }>(
        "select lost, entity, field from field_conflict where row_id=? and field=? order by at desc limit 1",
        bytes(task.subject_id),
        String(task.args.field),
      );
      if (!conflict) throw refuse("NOT_FOUND", "The other value is not on this PC.");
      entityOf(conflict.entity);
      tx.patch(conflict.entity as "patient", task.subject_id, { [conflict.field]: JSON.parse(conflict.lost) });
    }
    tx.patch("review_task", id, { decided_at: tx.now, decided_by_id: tx.user, decision: action, note: reason });
  },
});

const discardGroup = defineCommand({
  name: "sync.discard",
  permission: null,
  input: z.object({ group: z.string(), reason: z.string().min(3).max(1000) }),
  run(tx, { group, reason }) {
    const decided = tx.sql(
      "update sync_quarantine set decided_at=?, decided_by_id=?, decision='discarded', reason=? where group_id=? and decided_at is null returning group_id",
      tx.now,
      tx.user ? bytes(tx.user) : null,
      reason,
      bytes(group),
    );
    if (decided.length === 0) throw refuse("DECIDED", "This has been decided already.");
    tx.insert("audit_entry", {
      action: "sync.discard",
      subject_entity: "change_group",
      subject_id: group,
      patient_id: null,
      user_id: tx.user,
      device_id: tx.device,
      branch_id: tx.branch,
      changed: ["discarded"],
      at: tx.now,
      stream: "org",
    });
  },
});

/** A person's decision about one card. */
export function decide(
  engine: Engine,
  session: Session,
  input: { id: string; action: AttentionAction; reason?: string | undefined },
): void {
  const [kind, id = ""] = input.id.split(":");
  if (kind === "task" && (input.action === "keep" || input.action === "restore")) {
    session.run(decideTask, { id, action: input.action, reason: input.reason ?? null });
  } else if (kind === "group" && (input.action === "discard" || input.action === "retry")) {
    requireConcern(engine, session, id);
    if (input.action === "retry") {
      offerAgain(engine, session, id);
      return;
    }
    if (!input.reason || input.reason.trim().length < 3)
      throw refuse("REASON_NEEDED", "Say why this is dropped; it is kept in the audit.");
    session.run(discardGroup, { group: id, reason: input.reason });
  } else if (kind === "reaction") {
    engine.db.prepare("update reaction_queue set next_at=0 where event_id=?").run(bytes(id));
    engine.writer.retryReactions({ user: null, role: null, branch: session.branch });
  } else throw refuse("NOT_POSSIBLE", "This cannot be done here.");
}

function requireConcern(engine: Engine, session: Session, group: string): void {
  const [row] = engine.read.sql<{ header: string }>(
    "select header from sync_quarantine where group_id=?",
    bytes(group),
  );
  if (row && !concerns(session, authorOf(row.header)))
    throw refuse("NO_PERMISSION", "Only who typed this, or a manager, decides what becomes of it.", {
      permission: "sync:resolve_conflicts",
    });
}

/** Writes what was typed as a new group, by whoever asks now; the new group is judged like any other. */
function offerAgain(engine: Engine, session: Session, group: string): void {
  const [row] = engine.read.sql<{ bodies: string; command: string }>(
    "select bodies, command from sync_quarantine where group_id=? and decided_at is null",
    bytes(group),
  );
  if (!row) throw refuse("DECIDED", "This has been decided already.");
  const bodies = (JSON.parse(row.bodies) as { body: string }[]).map(({ body }) => JSON.parse(body) as Body);
  session.run(
    defineCommand({
      name: row.command,
      permission: null,
      input: z.null(),
      run(tx) {
        for (const body of bodies) {
          if (body.by || body.entity === "audit_entry") continue;
          const entity = entityOf(body.entity);
          const fields =
            entity.author && body.op === "insert" ? { ...body.fields, [entity.author]: tx.user } : body.fields;
          if (body.op === "insert")
            tx.insert(body.entity as "patient", fields as never, { id: body.row, branch: body.branch });
          else if (body.op === "patch") tx.patch(body.entity as "patient", body.row, fields as never, body.branch);
          else if (body.op === "remove") tx.remove(body.entity as "patient", body.row);
        }
        tx.sql(
          "update sync_quarantine set decided_at=?, decided_by_id=?, decision='resent' where group_id=? returning group_id",
          tx.now,
          tx.user ? bytes(tx.user) : null,
          bytes(group),
        );
      },
    }),
    null,
  );
}
