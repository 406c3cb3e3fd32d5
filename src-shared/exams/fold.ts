import type { StoredRow } from "../sync/entity.ts";
import { byStamp } from "../sync/order.ts";

/**
 * The record of a draft. Of two records the one that the centre settled first stands (architecture §3.5); since a
 * second one becomes a `concurrent` amendment there, at most one row is ever settled, and the earliest stamp only
 * orders two that this device still holds unsettled.
 */
export function foldExam(_row: StoredRow, facts: Readonly<Record<string, readonly StoredRow[]>>) {
  const first = [...(facts.exam_record ?? [])].sort(byStamp)[0];
  return {
    record_id: first ? first.id : null,
    signed_at: first ? (first.signed_at as number) : null,
  };
}
