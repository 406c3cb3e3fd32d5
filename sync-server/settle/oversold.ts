/** The same frame sold twice while two tills were offline: both sales stand, and somebody has to see to it. */
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Planned } from "./centre-writes.ts";
import { type AnswerContext, reviewTask } from "./planned.ts";

/**
 * A task for each product of this group's sales that is counted at the branch and of which there is now less than
 * nothing. Asked once, when the count falls below zero; a product that was never counted there is left alone.
 */
export function oversold(context: AnswerContext): Planned[] {
  const { judgement, set, group } = context;
  const sold = judgement.inserted.filter(
    ({ entity, row }) => entity.name === "stock_movement" && row.kind === "sale" && (row.quantity as number) < 0,
  );
  const planned: Planned[] = [];
  for (const movements of Map.groupBy(sold, ({ row }) => `${row.product_id} ${row.branch_id}`).values()) {
    const [first] = movements;
    if (!first) continue;
    const product = first.row.product_id as Id;
    const branch = first.row.branch_id as Id;
    const level = set.sumOf(first.entity, [product, branch], movements.length);
    const quantity = movements.reduce((sum, { row }) => sum + (row.quantity as number), 0);
    if (!level?.begun || level.amount >= 0 || level.amount - quantity < 0) continue;
    planned.push(
      reviewTask(context, first.row.id, 0, "oversold", first.entity, first.row.id, branch, {
        product,
        onHand: level.amount,
        user: group.header.user,
      }),
    );
  }
  return planned;
}
