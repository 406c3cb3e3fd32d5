/** One slot booked at two desks that did not see each other: both bookings stand, and somebody has to move one. */
import type { DoubleBookedArgs } from "../../src-shared/events/review.ts";
import { conflictsOf, endOf, holdsTime, type Taken } from "../../src-shared/scheduling/conflicts.ts";
import type { StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { type AnyEntity, entityOf } from "../../src-shared/sync/registry.ts";
import type { Planned } from "./centre-writes.ts";
import { type AnswerContext, derive, reviewTask } from "./planned.ts";

const kind = "double_booked";
/** What may put a booking where there is one already, or takes it away again. */
const moving = ["room", "optometrist_id", "starts_at", "minutes", "deleted", "walk_in"];

const entity = (): AnyEntity => entityOf("appointment");
const taken = (row: StoredRow): Taken => row as unknown as Taken;

/** Bookings that this group made, moved, called off or took up again. */
function touched({ judgement, group, set }: AnswerContext): StoredRow[] {
  const ids = new Set<Id>();
  for (const { entity: of, row } of [...judgement.inserted, ...judgement.folded])
    if (of.name === "appointment") ids.add(row.id);
  for (const body of group.bodies)
    if (body.entity === "appointment" && (body.op !== "patch" || moving.some((field) => field in body.fields)))
      ids.add(body.row);
  return [...ids].flatMap((id) => (set.has(entity(), id) ? (set.get(entity(), id) ?? []) : []));
}

/** Reads what `doubleBooked` looks at: bookings near those of this group, and what was asked about them before. */
export async function readDoubleBooked(context: AnswerContext): Promise<void> {
  const rows = touched(context);
  for (const row of rows) {
    const booking = taken(row);
    await context.set.loadAppointments(booking.starts_at, endOf(booking));
  }
  if (rows.length > 0) await context.set.loadOpenTasks(kind);
}

/**
 * A task for each pair in each other's way that this group made and whose author had not seen the other: who had seen
 * it was refused, or wanted it and says so by the command. A task whose two are apart again is closed.
 */
export function doubleBooked(context: AnswerContext): Planned[] {
  const rows = touched(context);
  if (rows.length === 0) return [];
  const others = context.set.allOf(entity());
  const planned = closed(
    context,
    rows.map(({ id }) => id),
  );
  if (context.group.header.command.startsWith("scheduling.overbook")) return planned;
  for (const row of rows) {
    const booking = taken(row);
    if (!holdsTime(booking)) continue;
    for (const other of conflictsOf(booking, others.map(taken))) {
      const [first, second] = booking.id < other.id ? [booking, other] : [other, booking];
      // Both of one group are its author's own doing.
      if (rows.some(({ id }) => id === other.id)) continue;
      const begins = Math.max(booking.starts_at, other.starts_at);
      // Parted and brought together again at another time is another question.
      const id = derive(context, first.id, `review:${kind}:${second.id}:${begins}`, 0);
      if (context.set.get(entityOf("review_task"), id)) continue;
      const { user } = context.group.header;
      const args: DoubleBookedArgs = { other: other.id, room: booking.room, begins, user };
      const task = reviewTask(context, first.id, 0, kind, entity(), booking.id, booking.branch_id, { ...args });
      planned.push({ ...task, id });
    }
  }
  return planned;
}

/** Open tasks about these bookings whose two are in nobody's way any more: whoever moved one has decided. */
function closed({ set, group, now }: AnswerContext, ids: readonly Id[]): Planned[] {
  const tasks = set
    .allOf(entityOf("review_task"))
    .filter((task) => task.kind === kind && task.decided_at === null && !task.deleted);
  return tasks.flatMap((task): Planned[] => {
    const pair = [task.subject_id as Id, (task.args as unknown as DoubleBookedArgs).other];
    if (!pair.some((id) => ids.includes(id)) || pair.some((id) => !set.has(entity(), id))) return [];
    const [one, two] = pair.map((id) => set.get(entity(), id));
    if (one && two && holdsTime(taken(one)) && conflictsOf(taken(one), [taken(two)]).length > 0) return [];
    return [
      {
        entity: entityOf("review_task"),
        id: task.id,
        branch: task.branch_id as Id | null,
        fields: { decided_at: now, decided_by_id: group.header.user, decision: "moved" },
        by: `review:${kind}`,
        patch: true,
      },
    ];
  });
}
