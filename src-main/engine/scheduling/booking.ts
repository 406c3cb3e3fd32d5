/** Booking and moving: what stands in the diary, and who may put it there though the time is taken. */
import { z } from "zod";
import { instantOf, localDate, localTime } from "../../../src-shared/calendar/index.ts";
import { conflictsOf, endOf, type Taken } from "../../../src-shared/scheduling/conflicts.ts";
import { isWithinSlots } from "../../../src-shared/scheduling/free.ts";
import { slotsOf } from "../../../src-shared/scheduling/slots.ts";
import { appointmentKinds } from "../../../src-shared/scheduling/states.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { standingFor } from "../patients/kept.ts";
import { keptRecord } from "../patients/summary.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { bookedBetween, branchCalendar } from "./hours.ts";

const room = z.string().trim().min(1, "name the room").max(40);
const minutes = z.int().min(5).max(480);
const note = z.string().trim().max(1000).nullable();

/** `outside`: the person was told that the time is outside the clinic's hours, and wants it all the same. */
const place = z.object({
  branchId: idSchema.optional(),
  room,
  optometristId: idSchema.nullable(),
  /** On the minute: seconds in a diary would be nobody's meaning. */
  startsAt: z.int().min(0).max(Date.UTC(2200, 0)).multipleOf(60_000),
  outside: z.boolean().default(false),
});
const booking = place.extend({
  patientId: idSchema,
  minutes,
  kind: z.enum(appointmentKinds),
  note: note.default(null),
});

type Wanted = Omit<Taken, "state" | "walk_in">;

/** Refuses what is in somebody's way, as far as this PC knows, unless it is wanted so by who may overbook. */
export function requireFree(tx: Transaction, wanted: Wanted, overbook: boolean): void {
  const conflicts = conflictsOf(wanted, bookedBetween(tx, wanted.starts_at, endOf(wanted)));
  if (conflicts.length === 0) return;
  if (overbook) {
    tx.require("appointments:overbook", { branch: wanted.branch_id });
    return;
  }
  const zone = tx.get("branch", wanted.branch_id)?.time_zone ?? "Europe/London";
  const names = conflicts.map((other) => {
    const patient = keptRecord(tx, other.patient_id)?.kept;
    return `${localTime(other.starts_at, zone)} ${patient ? `${patient.given_name} ${patient.family_name}` : ""}`.trim();
  });
  throw refuse(
    "TAKEN",
    `This time is taken: ${names.join(", ")}. Choose another time, or overbook if your role allows it.`,
    { conflicts: conflicts.map(({ id }) => id), names, overbook: tx.can("appointments:overbook") },
  );
}

/** Refuses a time that no template has, unless the person was told. */
function requireWithin(tx: Transaction, wanted: Wanted, outside: boolean): void {
  if (outside) return;
  const calendar = branchCalendar(tx, wanted.branch_id);
  if (!calendar) throw refuse("NOT_FOUND", "This branch is not on this PC.");
  const date = localDate(wanted.starts_at, calendar.time_zone);
  const slots = slotsOf(calendar.templates, calendar, calendar.exceptions, date);
  if (isWithinSlots(slots, wanted)) return;
  throw refuse("OUTSIDE_HOURS", "The room has no clinic at this time. Book it all the same, or choose a free slot.", {
    date,
  });
}

type BookingInput = z.output<typeof booking>;

function insertBooking(tx: Transaction, input: BookingInput, overbook: boolean): { id: Id } {
  const branch = input.branchId ?? tx.branch;
  tx.need("branch", branch);
  const wanted: Wanted = {
    id: "",
    branch_id: branch,
    room: input.room,
    optometrist_id: input.optometristId,
    starts_at: input.startsAt,
    minutes: input.minutes,
  };
  requireFree(tx, wanted, overbook);
  requireWithin(tx, wanted, input.outside);
  return { id: insertAppointment(tx, input, branch, false).id };
}

function insertAppointment(
  tx: Transaction,
  input: Omit<BookingInput, "outside" | "branchId">,
  branch: Id,
  walkIn: boolean,
): Row<"appointment"> {
  if (input.optometristId) tx.need("app_user", input.optometristId);
  return tx.insert(
    "appointment",
    {
      patient_id: standingFor(tx, input.patientId).id,
      branch_id: branch,
      room: input.room,
      optometrist_id: input.optometristId,
      starts_at: input.startsAt,
      minutes: input.minutes,
      kind: input.kind,
      note: input.note || null,
      walk_in: walkIn,
      booked_by_id: tx.user,
      booked_at: tx.now,
    },
    { branch },
  );
}

export const book = defineCommand({
  name: "scheduling.book",
  permission: "appointments:book",
  input: booking,
  run: (tx, input) => insertBooking(tx, input, false),
});

/**
 * Booked though the time is taken. A command of its own, so that the centre can tell it from two desks that did not see
 * each other.
 */
export const overbook = defineCommand({
  name: "scheduling.overbook",
  permission: "appointments:overbook",
  input: booking,
  run: (tx, input) => insertBooking(tx, input, true),
});

/** Somebody who came without a booking waits from now on for a gap; they hold no slot. */
export const walkIn = defineCommand({
  name: "scheduling.walk-in",
  permission: "appointments:book",
  input: booking.omit({ outside: true, branchId: true, startsAt: true }),
  run(tx, input) {
    const zone = tx.get("branch", tx.branch)?.time_zone ?? "Europe/London";
    // What the wall shows, so that seconds do not make an hour that no list shows.
    const startsAt = instantOf(localDate(tx.now, zone), localTime(tx.now, zone), zone);
    const row = insertAppointment(tx, { ...input, startsAt }, tx.branch, true);
    tx.insert("appointment_event", {
      appointment_id: row.id,
      kind: "arrived",
      text: null,
      user_id: tx.user,
      branch_id: tx.branch,
      at: tx.now,
    });
    return { id: row.id };
  },
});

const moving = place.extend({ id: idSchema, minutes: minutes.optional() }).omit({ branchId: true });

function moveBooking(tx: Transaction, input: z.output<typeof moving>, overbooked: boolean): void {
  const row = tx.need("appointment", input.id);
  if (input.optometristId) tx.need("app_user", input.optometristId);
  if (row.state !== "booked" && row.state !== "arrived")
    throw refuse("NOT_MOVABLE", "Only who is still to be seen can be moved. Put them back on the list first.", {
      state: row.state,
    });
  const wanted: Wanted = {
    id: row.id,
    branch_id: row.branch_id,
    room: input.room,
    optometrist_id: input.optometristId,
    starts_at: input.startsAt,
    minutes: input.minutes ?? row.minutes,
  };
  requireFree(tx, wanted, overbooked);
  requireWithin(tx, wanted, input.outside);
  tx.patch("appointment", row.id, {
    room: wanted.room,
    optometrist_id: wanted.optometrist_id,
    starts_at: wanted.starts_at,
    minutes: wanted.minutes,
    // Given a time of their own, who walked in holds it like anybody else.
    walk_in: false,
  });
}

export const move = defineCommand({
  name: "scheduling.move",
  permission: "appointments:change",
  input: moving,
  run: (tx, input) => moveBooking(tx, input, false),
});

export const moveOver = defineCommand({
  name: "scheduling.overbook-move",
  permission: "appointments:overbook",
  input: moving,
  run: (tx, input) => moveBooking(tx, input, true),
});

export const change = defineCommand({
  name: "scheduling.change",
  permission: "appointments:change",
  input: z.object({ id: idSchema, kind: z.enum(appointmentKinds).optional(), note: note.optional() }),
  run(tx, { id, kind, note: words }) {
    tx.patch("appointment", id, {
      ...(kind === undefined ? {} : { kind }),
      ...(words === undefined ? {} : { note: words || null }),
    });
  },
});
