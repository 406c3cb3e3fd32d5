/**
 * Balances from the system before. What a till writes about one has to agree with the sale that it names, whoever sends
 * it; more than was owed is no reason to refuse: two tills that did not see each other took real money, and somebody is
 * asked.
 */
import { balanceProblem } from "../../src-shared/dispensing/from-before.ts";
import type { OverSettledArgs } from "../../src-shared/events/review.ts";
import { keptAmong, type MergeableRow } from "../../src-shared/patients/merged.ts";
import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Body } from "../../src-shared/sync/group.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import type { Planned } from "./centre-writes.ts";
import { type AnswerContext, reviewTask } from "./planned.ts";
import { Rejected } from "./rejected.ts";
import type { WorkingSet } from "./working-set.ts";

const parts = new Set(["sale_line", "payment", "brought_balance"]);

/** Looks at a whole group, whose rows are in the set. @throws Rejected. */
export function guardBroughtMoney(bodies: readonly Body[], set: WorkingSet): void {
  const about = bodies.filter(
    ({ entity, op, fields }) => op === "insert" && parts.has(entity) && typeof fields.sale_id === "string",
  );
  for (const [id, own] of Map.groupBy(about, ({ fields }) => fields.sale_id as Id)) {
    const of = (name: string) => own.filter(({ entity }) => entity === name).map(({ fields }) => fields);
    const reason = balanceProblem({
      patient: set.get(entityOf("sale"), id)?.patient_id ?? null,
      made: bodies.some(({ entity, op, row }) => entity === "sale" && op === "insert" && row === id),
      lines: of("sale_line"),
      payments: of("payment"),
      counters: of("brought_balance"),
    });
    if (reason) throw new Rejected("MALFORMED", { entity: "brought_balance", field: "amount", reason });
  }
}

/** A task for each patient of whose balance, or credit, this group's sales have taken more than there was. */
export function overSettled(context: AnswerContext): Planned[] {
  const { judgement, set, group } = context;
  const counters = judgement.inserted.filter(({ entity, row }) => entity.name === "brought_balance" && row.sale_id);
  return [...Map.groupBy(counters, ({ row }) => row.patient_id as Id)].flatMap(([patient, rows]): Planned[] => {
    const taken = rows.reduce((sum, { row }) => sum + (row.amount as number), 0);
    const left = balanceOf(set, patient);
    // A balance that was paid ends at nothing or above, credit that was used at nothing or below.
    const over = taken < 0 ? Math.min(-left, -taken) : Math.min(left, taken);
    const [first] = rows;
    if (!first || over <= 0) return [];
    const args: OverSettledArgs = { patient, amount: over, credit: taken > 0, user: group.header.user };
    const sale = first.row.sale_id as Id;
    const branch = first.row.branch_id as Id;
    return [reviewTask(context, first.row.id, 0, "over_settled", entityOf("sale"), sale, branch, { ...args })];
  });
}

/** What the person owes (plus) or has to their credit from before, on every record that is theirs; minor units. */
function balanceOf(set: WorkingSet, patient: Id): number {
  const entity = entityOf("patient");
  const family = new Map<Id, StoredRow>();
  const queue = [patient];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    const row = family.has(id) ? null : set.get(entity, id);
    if (!row || row.deleted) continue;
    family.set(id, row);
    if (row.merged_into_id !== null) queue.push(row.merged_into_id as Id);
    for (const given of set.childrenOf(entity, "merged_into_id", id))
      if (given.merged_into_id === id) queue.push(given.id);
  }
  const found = keptAmong(patient, [...family.values()] as unknown as MergeableRow[]);
  const ids = found ? [found.kept.id, ...found.others.map((row) => row.id)] : [patient];
  return ids
    .flatMap((id) => set.childrenOf(entityOf("brought_balance"), "patient_id", id))
    .reduce((sum, row) => sum + (row.amount as number), 0);
}
