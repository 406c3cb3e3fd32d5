/**
 * What the centre itself has to write after a group settled: rows of reactions whose condition the group made true,
 * concurrent values that lost a register, drafts and second signatures that came after a record, late facts. All in
 * one group of the centre's own, right behind the one that caused it.
 */
import { groupCrypto, sha1 } from "../../replica/crypto.ts";
import type { DerivedRow, ReactionContext } from "../../src-shared/events/reaction.ts";
import { reactions } from "../../src-shared/events/reactions.ts";
import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type Body, openGroup, type ParsedGroup } from "../../src-shared/sync/group.ts";
import { newId, type Random } from "../../src-shared/sync/ids.ts";
import { insertedRow } from "../../src-shared/sync/merge.ts";
import { type AnyEntity, entityOf, streamOf } from "../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import { authorGroup, type CentreAuthor, type Head } from "./centre-author.ts";
import type { Judgement } from "./judge.ts";
import { type LogRow, logRow } from "./log.ts";
import { Missing, type WorkingSet } from "./working-set.ts";

export interface AnswerContext {
  readonly group: ParsedGroup;
  readonly judgement: Judgement;
  readonly suspect: boolean;
  readonly set: WorkingSet;
  readonly head: Head;
  readonly author: CentreAuthor;
  readonly random: Random;
  readonly rules: SyncRules;
  readonly now: number;
  readonly logRows: LogRow[];
  readonly fetchMissing: (missing: Missing) => Promise<void>;
}

interface Planned {
  readonly entity: AnyEntity;
  readonly id: Id;
  readonly branch: Id | null;
  readonly fields: Record<string, unknown>;
  readonly by: string;
}

export async function centreAnswers(context: AnswerContext): Promise<void> {
  const { set, head, author, random, now, group, logRows } = context;
  let { inserted, folded } = context.judgement as Pick<Judgement, "inserted" | "folded">;
  let planned: Planned[] = await whenRead(context, () => [
    ...conflicts(context),
    ...afterRecords(context),
    ...lateFacts(context),
    ...reacted(context, inserted, folded),
  ]);
  // A reaction's rows can make another condition true; the depth is bounded like the engine's.
  for (let round = 0; planned.length > 0 && round < 4; round++) {
    const bodies = planned.map((plan) => toBody(plan, random, now));
    const sealed = authorGroup(head, author, random, now, "centre.answer", bodies, { cause: group.header.group });
    const made: { entity: AnyEntity; row: StoredRow }[] = [];
    for (let i = 0; i < planned.length; i++) {
      const { entity } = planned[i] as Planned;
      const row = insertedRow(entity, bodies[i] as Body, sealed.hlc);
      set.insert(entity, row);
      made.push({ entity, row });
    }
    head.seq += 1;
    logRows.push(
      logRow(openGroup(groupCrypto, sealed.wire, null), head.seq, now, { clockSuspect: false, authzLate: false }),
    );
    inserted = made;
    folded = await whenRead(context, () => set.runFolds());
    planned = await whenRead(context, () => reacted(context, inserted, folded));
  }
}

async function whenRead<T>(context: AnswerContext, work: () => T): Promise<T> {
  for (;;) {
    const mark = context.set.mark();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      context.set.rollback(mark, true);
      await context.fetchMissing(error);
    }
  }
}

function toBody(plan: Planned, random: Random, now: number): Body {
  return {
    id: newId(now, random),
    branch: plan.branch,
    stream: streamOf(plan.entity, plan.fields),
    entity: plan.entity.name,
    row: plan.id,
    op: "insert",
    fields: plan.fields,
    base: {},
    by: plan.by,
  };
}

/** Rows of reactions that this group's changes call for and that nobody has written yet. */
function reacted(context: AnswerContext, inserted: Judgement["inserted"], folded: Judgement["folded"]): Planned[] {
  const { set, head, rules, group, now } = context;
  const reactionContext: ReactionContext = {
    now,
    actor: group.header.user,
    get: ((name: string, id: Id) => {
      const row = set.get(entityOf(name), id);
      return row && !row.deleted ? row : null;
    }) as ReactionContext["get"],
    children: ((name: string, column: string, id: Id) =>
      set.childrenOf(entityOf(name), column, id).filter((row) => !row.deleted)) as never,
    derive: (derivation) => rules.derive(sha1, head.practice, derivation, group.header.group),
    setting: (key) => {
      const id = rules.derive(
        sha1,
        head.practice,
        { subject: head.practice, reaction: `setting:${key}`, index: 0 },
        null,
      );
      const row = set.get(entityOf("setting"), id);
      return row && !row.deleted ? row.value : null;
    },
  };
  const planned: Planned[] = [];
  for (const reaction of reactions) {
    const rows =
      "fold" in reaction.on
        ? [...folded, ...inserted].filter(({ entity }) => entity.name === (reaction.on as { fold: string }).fold)
        : inserted.filter(({ entity }) => entity.name === (reaction.on as { insert: string }).insert);
    const seen = new Set<Id>();
    for (const { entity, row } of rows) {
      if (seen.has(row.id)) continue;
      seen.add(row.id);
      const current = set.get(entity, row.id) ?? row;
      for (const made of reaction.decide(reactionContext, current) as DerivedRow[]) {
        const target = entityOf(made.entity);
        if (set.get(target, made.id)) continue;
        planned.push({
          entity: target,
          id: made.id,
          branch: made.branch,
          fields: made.fields as never,
          by: reaction.name,
        });
      }
    }
  }
  return planned;
}

function derive(context: AnswerContext, subject: Id, reaction: string, index: number): Id {
  return context.rules.derive(sha1, context.head.practice, { subject, reaction, index }, context.group.header.group);
}

/** Losers of concurrent edits: kept, shown, restorable; a review task where the field or a clock makes it matter. */
function conflicts(context: AnswerContext): Planned[] {
  const { judgement, suspect, now, group } = context;
  const planned: Planned[] = [];
  for (const { entity, body, values } of judgement.concurrent) {
    values.forEach((value, index) => {
      const safety = entity.fields[value.field]?.safety ?? false;
      const stream = streamOf(entity, context.set.get(entity, body.row) ?? body.fields);
      planned.push({
        entity: entityOf("field_conflict"),
        id: derive(context, body.id, "field-conflict", index),
        branch: body.branch,
        fields: {
          entity: entity.name,
          row_id: body.row,
          field: value.field,
          kept: value.kept ?? null,
          lost: value.lost ?? null,
          lost_change_id: value.incomingLost ? body.id : null,
          safety,
          clock_suspect: suspect,
          at: now,
          stream,
        },
        by: "field-conflict",
      });
      if (!safety && !suspect) return;
      planned.push(
        reviewTask(context, body.id, index, "field_conflict", entity, body.row, body.branch, {
          field: value.field,
          user: group.header.user,
        }),
      );
    });
  }
  return planned;
}

function reviewTask(
  context: AnswerContext,
  subject: Id,
  index: number,
  kind: string,
  entity: AnyEntity,
  row: Id,
  branch: Id | null,
  args: Record<string, unknown>,
): Planned {
  return {
    entity: entityOf("review_task"),
    id: derive(context, subject, `review:${kind}`, index),
    branch,
    fields: {
      kind,
      subject_entity: entity.name,
      subject_id: row,
      branch_id: branch,
      args,
      raised_at: context.now,
      decided_at: null,
      decided_by_id: null,
      decision: null,
      note: null,
      stream: streamOf(entity, context.set.get(entity, row) ?? {}),
    },
    by: `review:${kind}`,
  };
}

/** Draft patches and second signatures that a record's signer had not seen become amendments (architecture §3.5). */
function afterRecords(context: AnswerContext): Planned[] {
  const { set, judgement, group, now } = context;
  const planned: Planned[] = [];
  const amend = (body: Body, exam: StoredRow, state: string, content: unknown) =>
    planned.push({
      entity: entityOf("exam_amendment"),
      id: derive(context, body.id, "exam-amendment", 0),
      branch: body.branch,
      fields: {
        exam_id: exam.id,
        patient_id: exam.patient_id,
        state,
        reason: state === "concurrent" ? "Signed on two devices" : "Written before the signature was seen",
        content: typeof content === "string" ? content : JSON.stringify(content),
        author_id: group.header.user,
        at: now,
      },
      by: "exam-amendment",
    });
  for (const { entity, body } of judgement.skipped) {
    if (entity.name !== "exam_record") continue;
    const stands = set.get(entity, body.row);
    const exam = set.get(entityOf("exam"), body.fields.exam_id as Id);
    if (exam && stands?.sha256 !== body.fields.sha256) amend(body, exam, "concurrent", body.fields.content);
  }
  for (const body of group.bodies) {
    if (body.entity !== "exam" || body.op !== "patch") continue;
    const exam = set.get(entityOf("exam"), body.row);
    const record = exam?.record_id ? set.get(entityOf("exam_record"), exam.record_id as Id) : null;
    if (!exam || !record || (record.folded as string[]).includes(body.id)) continue;
    // A patch that travels with its own record was in view by construction.
    if (group.bodies.some((other) => other.entity === "exam_record" && other.row === record.id)) continue;
    amend(body, exam, "proposed", body.fields);
  }
  return planned;
}

/** A fact by somebody whose right was withdrawn meanwhile stands, and a manager is told. */
function lateFacts(context: AnswerContext): Planned[] {
  if (context.judgement.outcome !== "late") return [];
  const { group } = context;
  const body = group.bodies.find((candidate) => candidate.op === "insert" && !candidate.by) ?? group.bodies[0];
  if (!body) return [];
  return [
    reviewTask(context, group.header.group, 0, "authz_late", entityOf(body.entity), body.row, body.branch, {
      user: group.header.user,
      command: group.header.command,
    }),
  ];
}
