/** Family ties: one row for two patients, read from either side. */
import type { Relation } from "./lists.ts";

/** What somebody is to another, read from the other side; who has a carer is cared for. */
export type ReadRelation = Relation | "cared_for";

const inverses: Record<Relation, ReadRelation> = {
  spouse: "spouse",
  parent: "child",
  child: "parent",
  sibling: "sibling",
  carer: "cared_for",
  household: "household",
  other: "other",
};

/** What `patient` is to `other`, when `other` is `relation` to `patient`. */
export function inverseRelation(relation: Relation): ReadRelation {
  return inverses[relation];
}
