/**
 * What to push next: unanswered groups in the device's order, within the limits of one push. Held groups go along once
 * per connection, since asking again is how their author learns what was decided.
 */
import { type OutboxRow, outboxGroup, type PendingGroup, type Replica } from "../../../replica/replica.ts";
import type { Limits } from "../../../src-shared/sync/wire.ts";

export function nextPush(replica: Replica, answered: number, limits: Limits): PendingGroup[] {
  const rows = replica.db
    .prepare(
      "select * from sync_outbox where state in ('pending','review','reoffer') and device_seq > ? order by device_seq limit ?",
    )
    .iterate(answered, limits.groups) as IterableIterator<OutboxRow>;
  const groups: PendingGroup[] = [];
  let size = 0;
  for (const row of rows) {
    size += row.header.length + row.bodies.length;
    // A single group above the limit still has to travel, alone.
    if (groups.length > 0 && size > limits.bytes) break;
    groups.push(outboxGroup(row));
  }
  return groups;
}

/**
 * Held groups of this device that head office has decided about, as the log says: asking again brings the verdict, which
 * of a refusal the log does not tell.
 */
export function decidedMeanwhile(replica: Replica, limits: Limits): PendingGroup[] {
  const rows = replica.db
    .prepare(
      `select o.* from sync_outbox o where o.state = 'review' and exists (
         select 1 from review_task t where t.subject_id = o.group_id and t.kind = 'held_group'
           and t.decided_at is not null
           and not exists (select 1 from sync_overlay v where v.entity = 'review_task' and v.entity_id = t.id))
       order by o.device_seq limit ?`,
    )
    .all(limits.groups) as OutboxRow[];
  return rows.map(outboxGroup);
}
