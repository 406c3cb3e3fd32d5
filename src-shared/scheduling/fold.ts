import type { StoredRow } from "../sync/entity.ts";
import { byStamp } from "../sync/order.ts";
import { type AppointmentState, type VisitStep, visitSteps } from "./states.ts";

/**
 * Where a booking stands: what its latest event says, in the order of stamps, so that every device agrees. A note
 * changes nothing; reopening makes it a booking again. A patient who has arrived cannot also have stayed away: a
 * `did_not_attend` that comes later in the day by somebody who had not seen the arrival would say so, hence arrivals and
 * later steps beat it.
 */
export function foldAppointment(_row: StoredRow, facts: Readonly<Record<string, readonly StoredRow[]>>) {
  let state: AppointmentState = "booked";
  let at: number | null = null;
  let seen = false;
  for (const event of [...(facts.appointment_event ?? [])].sort(byStamp)) {
    const step = event.kind as VisitStep;
    // A step of a newer version moves nobody here.
    if (step === "note" || !visitSteps.includes(step)) continue;
    if (step === "did_not_attend" && seen) continue;
    if (step === "reopened") seen = false;
    else if (step !== "cancelled" && step !== "did_not_attend") seen = true;
    state = step === "reopened" ? "booked" : step;
    at = event.at as number;
  }
  return { state, state_at: at };
}
