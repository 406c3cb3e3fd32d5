/** How the centre adds a group of its own to the log while it settles others (architecture §5). */
import { groupCrypto } from "../../replica/crypto.ts";
import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type Body, openGroup } from "../../src-shared/sync/group.ts";
import { newId, type Random } from "../../src-shared/sync/ids.ts";
import { insertedRow, mergePatch } from "../../src-shared/sync/merge.ts";
import { type AnyEntity, streamOf } from "../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import { authorGroup, type CentreAuthor, type Head } from "./centre-author.ts";
import { type LogRow, logRow } from "./log.ts";
import { Missing, type WorkingSet } from "./working-set.ts";

export interface CentreContext {
  readonly set: WorkingSet;
  readonly head: Head;
  readonly author: CentreAuthor;
  readonly random: Random;
  readonly rules: SyncRules;
  readonly now: number;
  readonly logRows: LogRow[];
  readonly fetchMissing: (missing: Missing) => Promise<void>;
}

/** A row to insert, or with `patch` fields to change of one that was read. */
export interface Planned {
  readonly entity: AnyEntity;
  readonly id: Id;
  readonly branch: Id | null;
  readonly fields: Record<string, unknown>;
  readonly by: string;
  readonly patch?: true;
}

/** Writes the planned rows as one group of the centre, the next in the log; `cause` is the group that it answers. */
export function appendAsCentre(
  context: CentreContext,
  cause: Id,
  planned: readonly Planned[],
): { entity: AnyEntity; row: StoredRow }[] {
  const { set, head, author, random, rules, now, logRows } = context;
  const bodies = planned.map((plan) => toBody(context, plan));
  const sealed = authorGroup(head, author, random, now, "centre.answer", bodies, { cause });
  const made: { entity: AnyEntity; row: StoredRow }[] = [];
  planned.forEach(({ entity, patch }, index) => {
    const body = bodies[index] as Body;
    const before = patch ? set.get(entity, body.row) : null;
    if (before) set.update(entity, mergePatch(rules, entity, before, body, sealed.hlc).row);
    else {
      const row = insertedRow(entity, body, sealed.hlc);
      set.insert(entity, row);
      made.push({ entity, row });
    }
  });
  head.seq += 1;
  logRows.push(
    logRow(openGroup(groupCrypto, sealed.wire, null), head.seq, now, { clockSuspect: false, authzLate: false }),
  );
  return made;
}

function toBody({ set, random, now }: CentreContext, plan: Planned): Body {
  return {
    id: newId(now, random),
    branch: plan.branch,
    stream: streamOf(plan.entity, plan.patch ? (set.get(plan.entity, plan.id) ?? {}) : plan.fields),
    entity: plan.entity.name,
    row: plan.id,
    op: plan.patch ? "patch" : "insert",
    fields: plan.fields,
    base: {},
    by: plan.by,
  };
}

/** Runs `work`, reading what it misses, until it misses nothing. */
export async function whenRead<T>(context: CentreContext, work: () => T): Promise<T> {
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
