/** Rows that the centre writes on its own account: practices, devices, keys, decisions, the demo practice. */

import { groupCrypto } from "../../replica/crypto.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type Body, maximumBodies, openGroup } from "../../src-shared/sync/group.ts";
import { newId } from "../../src-shared/sync/ids.ts";
import { insertedRow, mergePatch } from "../../src-shared/sync/merge.ts";
import { allEntities, entityOf, streamOf } from "../../src-shared/sync/registry.ts";
import type { Queryable } from "../database/database.ts";
import { touchesAccess } from "./access.ts";
import { authorGroup } from "./centre-author.ts";
import { appendLog, type LogRow, logRow, readHead, saveHead } from "./log.ts";
import { fetchMissing, type SettleDeps } from "./settle.ts";
import { createWorkingSet, Missing } from "./working-set.ts";

export interface CentreChange {
  readonly entity: string;
  readonly id: Id;
  readonly op?: "insert" | "patch";
  readonly branch?: Id | null;
  readonly fields: Record<string, unknown>;
}

/** Writes changes as groups of the centre inside the caller's transaction; returns the new head. */
export async function writeAsCentre(
  deps: SettleDeps,
  tx: Queryable,
  practice: Id,
  command: string,
  changes: readonly CentreChange[],
): Promise<number> {
  const now = deps.now();
  const head = await readHead(tx, practice, true);
  const author = await deps.authorOf(tx, practice);
  const set = createWorkingSet(tx, practice);
  const logRows: LogRow[] = [];
  let access = false;
  for (let start = 0; start < changes.length; start += maximumBodies) {
    const slice = changes.slice(start, start + maximumBodies);
    for (const change of slice) if (change.op === "patch") await set.load(entityOf(change.entity), [change.id]);
    const bodies = slice.map((change): Body => {
      const entity = entityOf(change.entity);
      const patch = change.op === "patch";
      return {
        id: newId(now, deps.random),
        branch: change.branch ?? null,
        stream: streamOf(entity, patch ? (set.get(entity, change.id) ?? {}) : change.fields),
        entity: change.entity,
        row: change.id,
        op: patch ? "patch" : "insert",
        fields: change.fields,
        base: {},
      };
    });
    const sealed = authorGroup(head, author, deps.random, now, command, bodies);
    for (const body of bodies) {
      const entity = entityOf(body.entity);
      if (body.op === "insert") set.insert(entity, insertedRow(entity, body, sealed.hlc));
      else {
        const row = set.get(entity, body.row);
        if (!row) throw new Error(`The centre patches a row that is not there: ${body.entity}`);
        set.update(entity, mergePatch(deps.rules, entity, row, body, sealed.hlc).row);
      }
    }
    for (;;) {
      const mark = set.mark();
      try {
        set.runFolds();
        break;
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        set.rollback(mark, true);
        await fetchMissing(set, error);
      }
    }
    head.seq += 1;
    logRows.push(
      logRow(openGroup(groupCrypto, sealed.wire, null), head.seq, now, { clockSuspect: false, authzLate: false }),
    );
    access ||= touchesAccess(bodies.map((body) => body.entity));
  }
  await set.flush(allEntities);
  await appendLog(tx, practice, logRows);
  if (access) {
    head.authz = head.seq;
    await deps.access.snapshot(tx, practice, head.seq);
  }
  await saveHead(tx, head);
  return head.seq;
}
