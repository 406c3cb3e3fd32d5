/**
 * Rows of the practice's own (its branches, people, devices, products) that are known to be in the database. Such a row
 * is never deleted, only marked as such, so a reference to it need not be looked up again with every push.
 */
import type { Id } from "../../src-shared/sync/fields.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";

const most = 50_000;

export interface Standing {
  has(practice: Id, entity: string, id: Id): boolean;
  /** Takes note of rows that were read from what is committed. */
  add(practice: Id, entity: string, id: Id): void;
}

export function createStanding(): Standing {
  const known = new Set<string>();
  return {
    has: (practice, entity, id) => known.has(`${practice}${entity}${id}`),
    add(practice, entity, id) {
      if (entityOf(entity).stream !== "org") return;
      if (known.size >= most) known.clear();
      known.add(`${practice}${entity}${id}`);
    },
  };
}
