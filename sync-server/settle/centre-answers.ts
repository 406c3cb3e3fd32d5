/**
 * What the centre itself has to write after a group settled: rows of reactions whose condition the group made true,
 * concurrent values that lost a register, drafts and second signatures that came after a record, late facts. All in
 * one group of the centre's own, right behind the one that caused it.
 */
import { sha1 } from "../../replica/crypto.ts";
import type { DerivedRow, Reaction, ReactionContext } from "../../src-shared/events/reaction.ts";
import { reactions } from "../../src-shared/events/reactions.ts";
import { type ConflictArgs, isTyped, type LateArgs, type Origin, typedFields } from "../../src-shared/events/review.ts";
import { canonicalExam, changesFrom, contentChanges } from "../../src-shared/exams/content.ts";
import { fieldProblem, type StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Body } from "../../src-shared/sync/group.ts";
import { type Hlc, hlcTime, unpackHlc } from "../../src-shared/sync/hlc.ts";
import { entityOf, streamOf } from "../../src-shared/sync/registry.ts";
import { overSettled } from "./brought-money.ts";
import { appendAsCentre, type Planned, whenRead } from "./centre-writes.ts";
import { doubleBooked, readDoubleBooked } from "./double-booked.ts";
import type { Judgement } from "./judge.ts";
import { oversold } from "./oversold.ts";
import { type AnswerContext, derive, reviewTask } from "./planned.ts";
import { Missing, type WorkingSet } from "./working-set.ts";

/** A stamp that runs ahead of the centre's time by more than clocks do that are kept. */
export function isSuspect(stamp: Hlc, now: number): boolean {
  return hlcTime(stamp) > now + 60_000;
}

export async function centreAnswers(context: AnswerContext): Promise<void> {
  const { set, group } = context;
  let { inserted, folded } = context.judgement as Pick<Judgement, "inserted" | "folded">;
  await readDoubleBooked(context);
  let planned: Planned[] = await whenRead(context, () => [
    ...conflicts(context),
    ...afterRecords(context),
    ...takenUp(context),
    ...lateFacts(context),
    ...oversold(context),
    ...overSettled(context),
    ...doubleBooked(context),
    ...reacted(context, inserted, folded),
  ]);
  // A reaction's rows can make another condition true; the depth is bounded like the engine's.
  for (let round = 0; planned.length > 0 && round < 4; round++) {
    inserted = appendAsCentre(context, group.header.group, planned);
    folded = await whenRead(context, () => set.runFolds());
    planned = await whenRead(context, () => reacted(context, inserted, folded));
  }
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
      return row && !row.deleted && row.key === key ? row.value : null;
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
      for (const made of decided(context, reaction, reactionContext, current)) {
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

/**
 * What a reaction makes of a row. One that fails, or whose rows do not fit, stops no other and not the group that set it
 * off: what a person did counts, whatever can be made of it.
 */
function decided(context: AnswerContext, reaction: Reaction, about: ReactionContext, row: StoredRow): DerivedRow[] {
  try {
    const made = reaction.decide(about, row) as DerivedRow[];
    for (const { entity, fields } of made) {
      const problem = fieldProblem(entityOf(entity), "insert", fields as never);
      if (problem) throw new Error(`${entity}.${problem.field} ${problem.message}`);
    }
    return made;
  } catch (error) {
    if (error instanceof Missing) throw error;
    context.log.error("reaction failed", { reaction: reaction.name, row: row.id, error: (error as Error).name });
    return [];
  }
}

/** Losers of concurrent edits: kept, shown, restorable; a review task where the field or a clock makes it matter. */
function conflicts(context: AnswerContext): Planned[] {
  const { judgement, now } = context;
  const planned: Planned[] = [];
  for (const { entity, body, values } of judgement.concurrent) {
    values.forEach((value, index) => {
      const safety = entity.fields[value.field]?.safety ?? false;
      // Whether it came now or stood already: a stamp from the future beat what had not seen it (P10).
      const suspect = isSuspect(value.incomingLost ? value.otherStamp : context.group.header.hlc, now);
      const stream = streamOf(entity, context.set.get(entity, body.row) ?? body.fields);
      const id = derive(context, body.id, "field-conflict", index);
      planned.push({
        entity: entityOf("field_conflict"),
        id,
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
      const { user, device } = context.group.header;
      const mine: Origin = { user, device, at: hlcTime(context.group.header.hlc) };
      const other = originOf(context, body.row, value.otherStamp);
      const args: ConflictArgs = {
        field: value.field,
        conflict: id,
        user,
        kept: value.incomingLost ? other : mine,
        lost: value.incomingLost ? mine : other,
      };
      const task = reviewTask(context, body.id, index, "field_conflict", entity, body.row, body.branch, { ...args });
      planned.push({ ...task, fields: { ...task.fields, owner_id: args.lost?.user ?? null } });
    });
  }
  return planned;
}

/** Who wrote the value of a stamp: every group of a person says so in its audit entry, which carries the same stamp. */
function originOf({ set }: AnswerContext, row: Id, stamp: string): Origin | null {
  const entries = set.childrenOf(entityOf("audit_entry"), "subject_id", row);
  const entry = entries.find(({ hlc }) => hlc === stamp);
  if (!entry) return null;
  return { user: entry.user_id as Id | null, device: entry.device_id as Id | null, at: entry.at as number };
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
  const signed = judgement.inserted.find(({ entity }) => entity.name === "exam_record")?.row;
  if (signed) {
    // Settled before the record and not in its signer's view: the draft says more than the record.
    const exam = set.get(entityOf("exam"), signed.exam_id as Id);
    const body = group.bodies.find(({ row }) => row === signed.id);
    const changes = exam ? contentChanges(signed.content as string, draftContent(set, exam)) : [];
    if (exam && body && changes.length > 0) amend(body, exam, "proposed", { changes });
  }
  for (const body of group.bodies) {
    const exam = draftOf(set, body);
    const record = exam?.record_id ? set.get(entityOf("exam_record"), exam.record_id as Id) : null;
    if (!exam || !record || (record.folded as string[]).includes(body.id)) continue;
    // A patch that travels with its own record was in view by construction.
    if (group.bodies.some((other) => other.entity === "exam_record" && other.row === record.id)) continue;
    const changes = changesFrom(record.content as string, valuesOf(set, body));
    if (changes.length > 0) amend(body, exam, "proposed", { changes });
  }
  return planned;
}

/**
 * A draft that one device discarded while another wrote in it is a draft again: it would be on no list, and what was
 * written in it out of sight. Who discards it knows what they throw away; whoever writes elsewhere does not.
 */
function takenUp({ set, group, judgement }: AnswerContext): Planned[] {
  const exams = new Map<Id, StoredRow>();
  for (const body of group.bodies) {
    const exam = draftOf(set, body);
    if (exam && exam.discarded_at !== null && !exam.record_id && !("discarded_at" in body.fields))
      exams.set(exam.id, exam);
  }
  if (judgement.outcome === "review") return [];
  return [...exams.values()].flatMap((exam): Planned[] => {
    const clocks = typeof exam.clocks === "string" ? (JSON.parse(exam.clocks) as Record<string, Hlc>) : {};
    const stamp = clocks.discarded_at;
    if (!stamp || unpackHlc(stamp).node === unpackHlc(group.header.hlc).node) return [];
    const fields = { discarded_at: null };
    return [
      { entity: entityOf("exam"), id: exam.id, branch: exam.branch_id as Id, fields, by: "exam-taken-up", patch: true },
    ];
  });
}

/** The draft that a body changes: the exam itself, or one of its entries or items. */
function draftOf(set: WorkingSet, body: Body): StoredRow | null {
  if (body.entity === "exam") return body.op === "patch" ? set.get(entityOf("exam"), body.row) : null;
  if (body.entity !== "exam_entry" && body.entity !== "exam_item") return null;
  const row = set.get(entityOf(body.entity), body.row);
  return row ? set.get(entityOf("exam"), row.exam_id as Id) : null;
}

/** What a body says, under the keys of a record's content. An entry comes empty and is then patched. */
function valuesOf(set: WorkingSet, body: Body): Record<string, unknown> {
  if (body.entity === "exam") return body.fields;
  const row = set.get(entityOf(body.entity), body.row);
  if (body.entity === "exam_item") {
    const data = "data" in body.fields ? body.fields.data : row?.data;
    return { [`${row?.list}:${body.row}`]: body.op === "remove" ? null : data };
  }
  return "value" in body.fields && body.op === "patch" ? { [row?.key as string]: body.fields.value } : {};
}

function draftContent(set: WorkingSet, exam: StoredRow): string {
  const of = (name: string) => set.childrenOf(entityOf(name), "exam_id", exam.id);
  return canonicalExam({ exam, entries: of("exam_entry"), items: of("exam_item") });
}

/** A fact by somebody whose right was withdrawn meanwhile stands, and a manager is told. */
function lateFacts(context: AnswerContext): Planned[] {
  if (context.judgement.outcome !== "late") return [];
  const { group, judgement } = context;
  const body = group.bodies.find((candidate) => candidate.op === "insert" && isTyped(candidate)) ?? group.bodies[0];
  if (!body) return [];
  const args: LateArgs = {
    group: group.header.group,
    user: group.header.user,
    device: group.header.device,
    command: group.header.command,
    permissions: judgement.withdrawn,
    typed: typedFields(group.bodies, body.stream),
  };
  return [
    reviewTask(context, group.header.group, 0, "authz_late", entityOf(body.entity), body.row, body.branch, { ...args }),
  ];
}
