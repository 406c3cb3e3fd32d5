/** Reads what a batch will touch, one query per entity, all at once; what is still missed is read when asked for. */
import { type Id, isId } from "../../src-shared/sync/fields.ts";
import type { ParsedGroup } from "../../src-shared/sync/group.ts";
import { isDerived } from "../../src-shared/sync/ids.ts";
import { entityOf, findEntity, foldsFrom } from "../../src-shared/sync/registry.ts";
import type { Standing } from "./standing.ts";
import type { WorkingSet } from "./working-set.ts";

export async function prefetch(
  set: WorkingSet,
  groups: readonly ParsedGroup[],
  practice: Id,
  standing: Standing,
): Promise<void> {
  const rows = new Map<string, Set<Id>>();
  const children = new Map<string, { child: string; column: string; parents: Set<Id> }>();
  const made = new Set<Id>();
  const sums = new Map<string, Id[][]>();
  const want = (entity: string, id: Id) => {
    const ids = rows.get(entity);
    if (ids) ids.add(id);
    else rows.set(entity, new Set([id]));
  };
  for (const { bodies } of groups) {
    for (const body of bodies) {
      const entity = findEntity(body.entity);
      if (!entity) continue;
      if (body.op === "insert" && !isDerived(body.row)) made.add(body.row);
      else want(entity.name, body.row);
      const sumKeys = body.op === "insert" ? entity.sum?.keys.map((key) => body.fields[key]) : undefined;
      if (sumKeys?.every(isId)) sums.set(entity.name, [...(sums.get(entity.name) ?? []), sumKeys]);
      // Forms are judged later: what is no id cannot be asked for, and must not spoil the whole batch.
      for (const name in body.fields) {
        const ref = entity.fields[name]?.ref;
        const value = body.fields[name];
        if (ref && isId(value) && !made.has(value) && !standing.has(practice, ref, value)) {
          want(ref, value);
        }
      }
      for (const { parent, column } of foldsFrom.get(entity.name) ?? []) {
        const id = body.fields[column];
        if (!isId(id) || made.has(id)) continue;
        want(parent.name, id);
        for (const [child, childColumn] of Object.entries(parent.fold?.from ?? {})) {
          const key = `${child}.${childColumn}`;
          const entry = children.get(key) ?? { child, column: childColumn, parents: new Set() };
          entry.parents.add(id);
          children.set(key, entry);
        }
      }
    }
  }
  await Promise.all([
    ...[...sums].map(([name, keys]) => set.loadSums(entityOf(name), keys)),
    ...[...rows].map(([name, ids]) => set.load(entityOf(name), ids)),
    ...[...children.values()].map(({ child, column, parents }) => set.loadChildren(entityOf(child), column, parents)),
  ]);
}
