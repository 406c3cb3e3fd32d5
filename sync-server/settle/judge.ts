/**
 * Decides one group against the working set: authorise, guard, merge, fold. Throws `Rejected` with the working set
 * untouched but for what the caller rolls back, `Missing` when something has to be read first.
 */

import { sha1, sha256Hex } from "../../replica/crypto.ts";
import { type Access, buildAccess, lockOutGuard } from "../../src-shared/access/can.ts";
import type { Reaction } from "../../src-shared/events/reaction.ts";
import { findReaction } from "../../src-shared/events/reactions.ts";
import { centreKinds, type HandedOverArgs, isTyped } from "../../src-shared/events/review.ts";
import { wholeOf } from "../../src-shared/sync/authorise.ts";
import { fieldProblem, type StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Body, ParsedGroup } from "../../src-shared/sync/group.ts";
import { hlcTime } from "../../src-shared/sync/hlc.ts";
import { isDerived } from "../../src-shared/sync/ids.ts";
import { type Concurrent, insertedRow, mergePatch, writtenFields } from "../../src-shared/sync/merge.ts";
import { unknownFields } from "../../src-shared/sync/newer.ts";
import { type AnyEntity, entityOf, findEntity, streamOf } from "../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import { touchesAccess } from "./access.ts";
import { guardBroughtMoney } from "./brought-money.ts";
import { guardExamRoom, guardRemoval } from "./exam-guards.ts";
import { limitGuard } from "./limit-guard.ts";
import { Rejected } from "./rejected.ts";
import type { Standing } from "./standing.ts";
import type { WorkingSet } from "./working-set.ts";

export interface Judgement {
  /** `late`: settles, marked, with a review task. `review`: held for a person. */
  readonly outcome: "settled" | "late" | "review";
  readonly concurrent: { readonly entity: AnyEntity; readonly body: Body; readonly values: Concurrent[] }[];
  /** Inserts skipped because a row of the derived id stood already. */
  readonly skipped: { readonly entity: AnyEntity; readonly body: Body }[];
  readonly inserted: { readonly entity: AnyEntity; readonly row: StoredRow }[];
  readonly folded: { readonly entity: AnyEntity; readonly row: StoredRow }[];
  /** Permissions that the author had once and has no more, where the outcome is `late` or `review`. */
  readonly withdrawn: readonly string[];
}

export interface JudgeContext {
  readonly set: WorkingSet;
  readonly standing: Standing;
  readonly rules: SyncRules;
  readonly now: number;
  readonly access: Access;
  /** Rights under the permission version that the header names; asked only when today's do not suffice. */
  readonly earlierAccess: Access | null;
  /** Rows that rejected groups would have inserted, with the group. */
  readonly rejectedRows: ReadonlyMap<Id, Id>;
  readonly rejectedGroups: ReadonlySet<Id>;
  /** Groups that wait for others: what rests on one waits with it. */
  readonly waitingGroups: ReadonlySet<Id>;
  /** Who approved a held group: it settles on this person's rights, its author stays its author. */
  readonly approver?: Id;
}

const absurd = 400 * 86_400_000;

export function judge(group: ParsedGroup, context: JudgeContext): Judgement {
  const { header, bodies } = group;
  const { set, rules } = context;
  if (hlcTime(header.hlc) > context.now + absurd) throw new Rejected("CLOCK_ABSURD", { stamp: header.hlc });
  if (bodies.length === 0 || bodies.length !== header.bodies.length)
    throw new Rejected("MALFORMED", { reason: "bodies are missing" });
  for (const id of header.after) {
    if (context.rejectedGroups.has(id)) throw new Rejected("PARENT_REJECTED", { group: id });
    if (context.waitingGroups.has(id)) throw new Rejected("MISSING_REFERENCE", { group: id });
  }

  const { outcome, withdrawn } = authorise(group, context);
  if (header.user !== null && !bodies.some((body) => body.entity === "audit_entry")) {
    throw new Rejected("MALFORMED", { reason: "the audit entry is missing" });
  }

  const guardLimits = limitGuard(group, set, rules);
  const guardsAccess = touchesAccess(bodies.map((body) => body.entity));
  const concurrent: { entity: AnyEntity; body: Body; values: Concurrent[] }[] = [];
  const skipped: { entity: AnyEntity; body: Body }[] = [];
  const inserted: { entity: AnyEntity; row: StoredRow }[] = [];
  for (const body of bodies) {
    const entity = entityOf(body.entity);
    checkReferences(entity, body, header.practice, context);
    if (body.op === "insert") {
      guardExamRoom(body, set, header.hlc);
      guardLimits(body, null);
      if (isDerived(body.row) && set.get(entity, body.row)) {
        skipped.push({ entity, body });
        set.touchFolds(entity, body.fields);
        continue;
      }
      if (!isDerived(body.row) && set.has(entity, body.row) && set.get(entity, body.row)) {
        throw new Rejected("EXISTS", { entity: entity.name, id: body.row });
      }
      const row = insertedRow(entity, body, header.hlc);
      set.insert(entity, row);
      inserted.push({ entity, row });
    } else {
      const row = set.get(entity, body.row);
      if (!row) throw missingRow(body.row, body.entity, context);
      if (entity.name === "review_task") guardDecision(row, body);
      if (entity.name === "exam" && writtenFields(body).deleted) guardRemoval(row);
      staysInItsStream(entity, body, row);
      staysAsMade(entity, body, row);
      checkRow(entity, { ...row, ...body.fields });
      guardLimits(body, row);
      const merged = mergePatch(rules, entity, row, body, header.hlc);
      if (merged.concurrent.length > 0) concurrent.push({ entity, body, values: merged.concurrent });
      set.update(entity, merged.row);
      if (entity.fold) set.touchFold(entity, body.row);
    }
  }
  guardBroughtMoney(bodies, set);
  const folded = set.runFolds();
  if (guardsAccess) guardLockOut(context);
  return { outcome, withdrawn, concurrent, skipped, inserted, folded };
}

function authorise(group: ParsedGroup, context: JudgeContext): Pick<Judgement, "outcome" | "withdrawn"> {
  const { header, bodies } = group;
  const withdrawn = new Set<string>();
  /** Rows that this very group makes: what it changes of them next is judged by what they are, as on the device. */
  const made = new Map<Id, Readonly<Record<string, unknown>>>();
  const madeRow = (id: Id): StoredRow | null => {
    const fields = made.get(id);
    return fields ? { ...fields, id, hlc: header.hlc } : null;
  };
  let keeps = false;
  let own = false;
  for (const body of bodies) {
    const entity = findEntity(body.entity);
    // Newer devices are not let in, and nobody else has it: what cannot be checked here must not reach who knows it.
    if (!entity) throw new Rejected("MALFORMED", { entity: body.entity, reason: "not known here" });
    checkForm(entity, body, group);
    if (body.op === "insert") checkIdentity(entity, body, group, context);
    if (body.by !== undefined) {
      checkDerived(body, group, context);
      continue;
    }
    if (header.user === null) throw new Rejected("NOT_ALLOWED", { entity: body.entity });
    if (entity.author && body.op === "insert") {
      const author = body.fields[entity.author] ?? null;
      if (author !== header.user && !(author === null && entity.authorOutside?.(body.fields)))
        throw new Rejected("NOT_ALLOWED", { entity: body.entity, field: entity.author });
    }
    own = true;
    if (body.op === "insert" && isTyped(body)) keeps = true;
    if (body.op === "insert") made.set(body.row, body.fields);
    const row = body.op === "insert" ? null : (context.set.get(entity, body.row) ?? madeRow(body.row));
    const part = wholeOf(entity, body, row);
    const whole = part && (madeRow(part.id) ?? context.set.get(part.entity, part.id));
    const answer = context.rules.authorise(context.access, context.approver ?? header.user, entity, body, row, whole);
    if (answer.allowed) continue;
    const before = context.earlierAccess;
    const earlier = before ? context.rules.authorise(before, header.user, entity, body, row, whole) : answer;
    if (!earlier.allowed) {
      throw new Rejected(answer.permission === null ? "NOT_ALLOWED" : "NO_PERMISSION", {
        entity: body.entity,
        permission: answer.permission,
        countersign: answer.countersign,
      });
    }
    withdrawn.add(answer.permission ?? "");
  }
  if (header.user === null && !header.cause) throw new Rejected("NOT_ALLOWED", { reason: "no person and no cause" });
  if (header.user !== null && !own) throw new Rejected("NOT_ALLOWED", { reason: "nothing a person did" });
  const outcome = withdrawn.size === 0 ? "settled" : keeps ? "late" : "review";
  return { outcome, withdrawn: [...withdrawn] };
}

/** Of two people who decide one thing, the one who settles first has decided it; the other is told so. */
function guardDecision(task: StoredRow, body: Body): void {
  if (!("decided_at" in body.fields) && !("decision" in body.fields)) return;
  if (task.decided_at !== null)
    throw new Rejected("DECIDED", { task: task.id, by: task.decided_by_id, decision: task.decision });
}

/** The form that the registry demands: fields, stream, nothing that only the centre writes. */
function checkForm(entity: AnyEntity, body: Body, group: ParsedGroup): void {
  const kept = entity.name === "review_task" && body.op === "insert" && centreKinds.includes(String(body.fields.kind));
  if (entity.centreOnly || kept) throw new Rejected("CENTRE_ONLY", { entity: entity.name });
  const problem = fieldProblem(entity, body.op === "insert" ? "insert" : "patch", body.fields);
  if (problem) throw new Rejected("MALFORMED", { entity: entity.name, field: problem.field, reason: problem.message });
  if (body.op === "insert") checkRow(entity, body.fields);
  const [unknown] = unknownFields(entity, body);
  if (unknown) throw new Rejected("MALFORMED", { entity: entity.name, field: unknown, reason: "not known here" });
  if (body.op !== "insert" && !entity.mergeable)
    throw new Rejected("NOT_ALLOWED", { entity: entity.name, reason: "facts never change" });
  if (body.op === "insert" && body.stream !== streamOf(entity, body.fields)) {
    throw new Rejected("MALFORMED", { entity: entity.name, reason: "another stream" });
  }
  if (entity.name === "review_task" && body.op === "insert") checkHandOver(body, group);
  if (entity.stream === "subject" && body.op === "insert") {
    const subject = findEntity(body.fields.subject_entity as string);
    if (subject && subject.stream !== "subject" && subject.stream !== body.stream) {
      throw new Rejected("MALFORMED", { entity: entity.name, reason: "not the stream of its subject" });
    }
    if (entity.name === "audit_entry" && body.fields.device_id !== group.header.device) {
      throw new Rejected("NOT_ALLOWED", { entity: entity.name, field: "device_id" });
    }
    if (entity.name === "audit_entry" && body.fields.user_id !== group.header.user) {
      throw new Rejected("NOT_ALLOWED", { entity: entity.name, field: "user_id" });
    }
  }
}

/** What one field says another may hold. */
function checkRow(entity: AnyEntity, row: Readonly<Record<string, unknown>>): void {
  const problem = entity.check?.(row);
  if (problem) throw new Rejected("MALFORMED", { entity: entity.name, field: problem.field, reason: problem.message });
}

/** A change goes where the row is, and the row stays there: any other device would miss it, or learn of what is not its own. */
function staysInItsStream(entity: AnyEntity, body: Body, row: StoredRow): void {
  const stream = streamOf(entity, row);
  const moved = entity.stream === "subject" && body.fields.stream !== undefined && body.fields.stream !== stream;
  if (body.stream !== stream || moved)
    throw new Rejected("MALFORMED", { entity: entity.name, reason: "another stream" });
}

/** Whose a row is and what it is about is said once: a change may repeat it, and nothing else. */
function staysAsMade(entity: AnyEntity, body: Body, row: StoredRow): void {
  const other = (entity.fixed ?? []).find(
    (field) =>
      body.fields[field] !== undefined && JSON.stringify(body.fields[field]) !== JSON.stringify(row[field] ?? null),
  );
  if (other) throw new Rejected("NOT_ALLOWED", { entity: entity.name, field: other });
}

/** A hand-over names who gave it, and carries only what rides in its own stream. */
function checkHandOver({ fields, stream }: Body, { header }: ParsedGroup): void {
  if (fields.kind !== "handed_over") return;
  const { by, groups } = fields.args as Partial<HandedOverArgs>;
  if (by !== header.user) throw new Rejected("NOT_ALLOWED", { entity: "review_task", field: "by" });
  const bodies = Array.isArray(groups) ? groups.flatMap((part) => part?.bodies ?? []) : [];
  if (bodies.some((body) => body?.stream !== stream))
    throw new Rejected("MALFORMED", { entity: "review_task", reason: "content of another stream" });
}

/** A row that there can be one of has the id that says so, and a record the hash of its own bytes. */
function checkIdentity(entity: AnyEntity, body: Body, { header }: ParsedGroup, context: JudgeContext): void {
  if (entity.identity) {
    const expected = context.rules.derive(sha1, header.practice, entity.identity(body.fields), header.group);
    if (body.row !== expected) throw new Rejected("MALFORMED", { entity: entity.name, reason: "an id of its own" });
  }
  if (entity.sealed && sha256Hex(body.fields[entity.sealed.bytes] as string) !== body.fields[entity.sealed.sha256]) {
    throw new Rejected("MALFORMED", { entity: entity.name, reason: "the hash does not fit the content" });
  }
}

/**
 * A marked body carries the id that its reaction derives, and what sets off the reaction is there: made by this very
 * group, or the row that the group says is its cause. Nothing else makes it the reaction's.
 */
function checkDerived(body: Body, group: ParsedGroup, context: JudgeContext): void {
  const { header } = group;
  const reaction = findReaction(body.by as string);
  const fits =
    reaction &&
    isSetOff(reaction, body, group, context) &&
    reaction.outputs.some(
      (output) =>
        output.entity === body.entity &&
        body.op === "insert" &&
        context.rules.derive(sha1, header.practice, output.derivation(body.fields), header.group) === body.row,
    );
  if (!fits) throw new Rejected("NOT_ALLOWED", { entity: body.entity, by: body.by });
}

/** For what answers an inserted row: that row, and a part of it that says whose it is says the same. */
function isSetOff({ on }: Reaction, { fields }: Body, { header, bodies }: ParsedGroup, { set }: JudgeContext): boolean {
  if (!("insert" in on)) return true;
  const made = bodies.filter(({ entity, op, by }) => entity === on.insert && op === "insert" && by === undefined);
  const cause = header.user === null && header.cause ? set.get(entityOf(on.insert), header.cause) : null;
  const sources = [...made.map((body) => body.fields), ...(cause ? [cause] : [])];
  return sources.some((source) =>
    ["exam_id", "patient_id"].every((name) => !(name in fields) || !(name in source) || fields[name] === source[name]),
  );
}

function checkReferences(entity: AnyEntity, body: Body, practice: Id, context: JudgeContext): void {
  const { set, standing } = context;
  for (const name of entity.references) {
    const ref = entity.fields[name]?.ref as string;
    const id = body.fields[name] as Id | null | undefined;
    if (id === null || id === undefined || standing.has(practice, ref, id)) continue;
    const target = entityOf(ref);
    if (!set.get(target, id)) throw missingRow(id, ref, context);
    if (set.isStored(target, id)) standing.add(practice, ref, id);
  }
}

function missingRow(id: Id, entity: string, context: JudgeContext): Rejected {
  const parent = context.rejectedRows.get(id);
  return parent
    ? new Rejected("PARENT_REJECTED", { group: parent })
    : new Rejected("MISSING_REFERENCE", { entity, id });
}

/** At least one active person keeps the right to edit roles. The access rows were read before the group. */
function guardLockOut(context: JudgeContext): void {
  const rows = (name: string) => context.set.allOf(entityOf(name)) as never;
  const after = buildAccess({
    users: rows("app_user"),
    roles: rows("role"),
    rolePermissions: rows("role_permission"),
    userRoles: rows("user_role"),
  });
  if (lockOutGuard(context.access, after) === "locks_out") throw new Rejected("LOCK_OUT");
}
