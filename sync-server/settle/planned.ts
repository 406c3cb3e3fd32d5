/** What the centre knows when it plans its answer to a group, and how a task for a person looks. */
import { sha1 } from "../../replica/crypto.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { ParsedGroup } from "../../src-shared/sync/group.ts";
import type { Log } from "../../src-shared/sync/ports.ts";
import { type AnyEntity, entityOf, streamOf } from "../../src-shared/sync/registry.ts";
import type { CentreContext, Planned } from "./centre-writes.ts";
import type { Judgement } from "./judge.ts";

export interface AnswerContext extends CentreContext {
  readonly group: ParsedGroup;
  readonly judgement: Judgement;
  readonly log: Log;
}

export function derive(context: AnswerContext, subject: Id, reaction: string, index: number): Id {
  return context.rules.derive(sha1, context.head.practice, { subject, reaction, index }, context.group.header.group);
}

export function reviewTask(
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
      owner_id: null,
    },
    by: `review:${kind}`,
  };
}
