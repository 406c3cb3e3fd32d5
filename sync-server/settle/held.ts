/**
 * Held groups: what the centre says to head office when it holds one, and what it does with the decision. A task about
 * it stands in each stream that the group touches, and tells of that stream alone; the first decision about any of them
 * is the decision. Hand-overs are decided alike.
 */
import { groupCrypto, sha1 } from "../../replica/crypto.ts";
import { type HandedOverArgs, type HeldArgs, isTyped, typedFields } from "../../src-shared/events/review.ts";
import { type Stream, streamBits } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type Body, openGroup, type ParsedGroup } from "../../src-shared/sync/group.ts";
import { entityOf, findEntity } from "../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import type { Queryable } from "../database/database.ts";
import { appendAsCentre, type CentreContext, type Planned } from "./centre-writes.ts";
import { Rejected } from "./rejected.ts";
import type { WorkingSet } from "./working-set.ts";

const task = entityOf("review_task");

/** A decision that holds for every task of one question, in whatever stream. */
interface Answer {
  readonly tasks: readonly Id[];
  readonly decision: string;
  readonly note: string | null;
  readonly decider: Id | null;
}

/** A person's word on a held group, found in the group that brings it. */
export interface HeldDecision extends Answer {
  readonly held: ParsedGroup;
  readonly approve: boolean;
}

/** The task about a subject in one stream: about a held group, or about a hand-over. */
function taskId(rules: SyncRules, practice: Id, kind: "held_group" | "handed_over", subject: Id, stream: Stream): Id {
  return rules.derive(sha1, practice, { subject, reaction: `review:${kind}`, index: streamBits[stream] }, null);
}
const streams = Object.keys(streamBits) as Stream[];

/** The question about a held group, one task for each stream that the group touches. */
function heldTasks(
  rules: SyncRules,
  group: ParsedGroup,
  reason: string,
  now: number,
): { readonly id: Id; readonly branch: Id | null; readonly fields: Record<string, unknown> }[] {
  const { header } = group;
  const bodies = group.bodies.some(isTyped) ? group.bodies.filter(isTyped) : group.bodies;
  const about = new Map<Stream, Body>();
  for (const body of bodies) if (!about.has(body.stream)) about.set(body.stream, body);
  return [...about].map(([stream, { branch }]) => {
    const args: HeldArgs = {
      group: header.group,
      reason,
      command: header.command,
      user: header.user,
      device: header.device,
      typed: typedFields(group.bodies, stream),
    };
    const fields = {
      kind: "held_group",
      subject_entity: "change_group",
      subject_id: header.group,
      branch_id: branch,
      args,
      raised_at: now,
      decided_at: null,
      decided_by_id: null,
      decision: null,
      note: null,
      stream,
      owner_id: null,
    };
    return { id: taskId(rules, header.practice, "held_group", header.group, stream), branch, fields };
  });
}

/** Tells head office of a group that waits for its decision. */
export async function askHeadOffice(context: CentreContext, group: ParsedGroup, reason: string): Promise<void> {
  const tasks = heldTasks(context.rules, group, reason, context.now);
  await context.set.load(
    task,
    tasks.map(({ id }) => id),
  );
  // Held once before, and lost with its verdict only: the question stands.
  const planned = tasks
    .filter(({ id }) => !context.set.get(task, id))
    .map((asked): Planned => ({ ...asked, entity: task, by: "review:held_group" }));
  if (planned.length > 0) appendAsCentre(context, group.header.group, planned);
}

/**
 * The decisions on held groups that `group` brings, itself or in a decision that it approves, in the order in which they
 * take effect. Those groups and every task about them are read into the working set.
 */
export async function heldDecisions(
  tx: Queryable,
  set: WorkingSet,
  rules: SyncRules,
  { header, bodies }: ParsedGroup,
): Promise<HeldDecision[]> {
  const patches = await decidingPatches(set, bodies);
  const found = new Map<Id, HeldDecision>();
  for (const { row, fields } of patches) {
    const asked = set.get(task, row);
    if (asked?.kind !== "held_group" || asked.decided_at !== null) continue;
    const group = asked.subject_id as Id;
    const approve = fields.decision === "approve";
    if (!approve && fields.decision !== "decline") throw new Rejected("MALFORMED", { reason: "approve or decline" });
    const same = found.get(group);
    if (same && same.approve !== approve) throw new Rejected("MALFORMED", { reason: "two decisions in one" });
    if (same) continue;
    const held = await readHeld(tx, header.practice, group);
    if (!held) throw new Rejected("DECIDED", { task: row });
    if (approve) await refuseTakenNumbers(tx, set, held);
    const tasks = streams.map((stream) => taskId(rules, header.practice, "held_group", group, stream));
    await set.load(task, tasks);
    found.set(group, {
      held,
      approve,
      decision: approve ? "approve" : "decline",
      note: (fields.note as string | null | undefined) ?? null,
      decider: header.user,
      tasks,
    });
  }
  const decisions = [...found.values()];
  // A decision that was itself held takes what it was about along.
  for (const { held, approve } of [...decisions])
    if (approve) decisions.push(...(await heldDecisions(tx, set, rules, held)));
  return decisions;
}

/** Bodies that decide a task, with the tasks read. */
async function decidingPatches(set: WorkingSet, bodies: readonly Body[]): Promise<readonly Body[]> {
  const patches = bodies.filter(
    ({ entity, op, fields }) => entity === "review_task" && op === "patch" && "decision" in fields && fields.decided_at,
  );
  if (patches.length > 0)
    await set.load(
      task,
      patches.map(({ row }) => row),
    );
  return patches;
}

/** Decisions about hand-overs in `group`: whoever decides may hold the part of one stream only. */
export async function handoverAnswers(
  set: WorkingSet,
  rules: SyncRules,
  { header, bodies }: ParsedGroup,
): Promise<Answer[]> {
  const answers = new Map<Id, Answer>();
  for (const { row, fields } of await decidingPatches(set, bodies)) {
    const asked = set.get(task, row);
    const handover = (asked?.args as Partial<HandedOverArgs> | undefined)?.handover;
    if (asked?.kind !== "handed_over" || !handover || !/^[0-9a-f]{32}$/.test(handover)) continue;
    const tasks = streams.map((stream) => taskId(rules, header.practice, "handed_over", handover, stream));
    await set.load(task, tasks);
    const note = (fields.note as string | null | undefined) ?? null;
    answers.set(handover, { tasks, decision: String(fields.decision), note, decider: header.user });
  }
  return [...answers.values()];
}

/**
 * A copy of a device draws the numbers of the original until both have met the centre. Where it was taken out before
 * that, what it hands over may bear a number that stands already: it cannot be let in as it is (P18).
 */
async function refuseTakenNumbers(tx: Queryable, set: WorkingSet, { header, bodies }: ParsedGroup): Promise<void> {
  for (const { entity: name, op, row, fields } of bodies) {
    const entity = findEntity(name);
    const { number } = fields;
    if (op !== "insert" || entity?.series === undefined || typeof number !== "string") continue;
    const [stands] = await tx.query(`select id from "${name}" where practice_id=$1 and number=$2 and id<>$3 limit 1`, [
      header.practice,
      number,
      row,
    ]);
    if (stands || set.allOf(entity).some((other) => other.number === number && other.id !== row))
      throw new Rejected("NUMBER_TAKEN", { number, held: header.group });
  }
}

async function readHeld(tx: Queryable, practice: Id, group: Id): Promise<ParsedGroup | null> {
  const [row] = await tx.query<{ header: string; sig: string; bodies: string }>(
    "select header, sig, bodies from verdict where practice_id=$1 and group_id=$2 and code='review'",
    [practice, group],
  );
  // Its signature was checked when it came.
  return row
    ? openGroup(groupCrypto, { header: row.header, sig: row.sig, bodies: JSON.parse(row.bodies), erased: [] }, null)
    : null;
}

/** Closes what remains open of a question: its tasks in streams that the decider's device does not hold. */
export function closeOthers(context: CentreContext, cause: ParsedGroup, answer: Answer): void {
  const planned = answer.tasks.flatMap((id): Planned[] => {
    const row = context.set.get(task, id);
    if (!row || row.decided_at !== null) return [];
    return [
      {
        entity: task,
        id,
        branch: (row.branch_id as Id | null) ?? null,
        fields: {
          decided_at: context.now,
          decided_by_id: answer.decider,
          decision: answer.decision,
          note: answer.note,
        },
        by: "review:answered",
        patch: true,
      },
    ];
  });
  if (planned.length > 0) appendAsCentre(context, cause.header.group, planned);
}

/** The verdict of a held group gives way to its place in the log, or becomes a refusal that says who and why. */
export async function saveDecisions(
  tx: Queryable,
  practice: Id,
  decisions: readonly HeldDecision[],
  now: number,
): Promise<void> {
  await Promise.all(
    decisions.map(({ held, approve, note, decider }) =>
      approve
        ? tx.query("delete from verdict where practice_id=$1 and group_id=$2", [practice, held.header.group])
        : tx.query("update verdict set code='DECLINED', args=$3 where practice_id=$1 and group_id=$2", [
            practice,
            held.header.group,
            JSON.stringify({ by: decider, note, at: now }),
          ]),
    ),
  );
}
