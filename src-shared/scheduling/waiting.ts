/** How long somebody has been where they are, and whether that is too long. */
import { z } from "zod";
import type { Instant } from "../calendar/index.ts";
import { type AppointmentKind, type AppointmentState, appointmentKinds, visitStates } from "./states.ts";

/** Minutes after which waiting is looked at (amber) and too long (red). */
export interface Patience {
  readonly look: number;
  readonly late: number;
}
/** The practice may set its own under the key `waiting_minutes`. */
export const defaultPatience: Patience = { look: 10, late: 20 };
export const patienceSetting = "waiting_minutes";
export const patienceSchema = z
  .object({ look: z.int().min(1).max(240), late: z.int().min(1).max(240) })
  .refine(({ look, late }) => look <= late, "amber comes before red");

export function readPatience(value: unknown): Patience {
  return patienceSchema.safeParse(value).data ?? defaultPatience;
}

/** How many minutes a visit of each kind usually takes; the practice may set its own under `appointment_minutes`. */
export const defaultLengths: Readonly<Record<AppointmentKind, number>> = {
  sight_test: 30,
  child_test: 30,
  contact_lens_fit: 45,
  contact_lens_aftercare: 20,
  extra_tests: 20,
  dispensing: 30,
  collection: 15,
  repair: 15,
  other: 15,
};
export const lengthsSetting = "appointment_minutes";
export const lengthsSchema = z.partialRecord(z.enum(appointmentKinds), z.int().min(5).max(480));

export function readLengths(value: unknown): Readonly<Record<AppointmentKind, number>> {
  return { ...defaultLengths, ...lengthsSchema.safeParse(value).data };
}

export type Ageing = "calm" | "look" | "late";

/** Whole minutes from one instant to another, at least 0: a clock that is a little behind makes nobody wait backwards. */
export const minutesBetween = (from: Instant, to: Instant): number => Math.max(0, Math.floor((to - from) / 60_000));

/** Minutes as a clock would say them: 113 are one hour and 53. */
export const inHours = (minutes: number): { readonly hours: number; readonly minutes: number } => ({
  hours: Math.floor(minutes / 60),
  minutes: minutes % 60,
});

export function ageing(minutes: number, patience: Patience): Ageing {
  return minutes >= patience.late ? "late" : minutes >= patience.look ? "look" : "calm";
}

interface Visit {
  readonly state: AppointmentState;
  readonly state_at: Instant | null;
  readonly starts_at: Instant;
}

/**
 * Minutes somebody has been waiting for the next person to see them, null while nobody waits. Who came early waits from
 * the time of the booking on: the minutes before are their own.
 */
export function waitingMinutes(visit: Visit, now: Instant): number | null {
  if (visit.state_at === null) return null;
  if (visit.state === "arrived") return minutesBetween(Math.max(visit.state_at, visit.starts_at), now);
  return visit.state === "pre_test" || visit.state === "dispensing" ? minutesBetween(visit.state_at, now) : null;
}

/** Minutes that a booked patient is late by now; null before the time, and once they are here or will not come. */
export function latenessMinutes(visit: Visit, now: Instant): number | null {
  return visit.state === "booked" && now > visit.starts_at ? minutesBetween(visit.starts_at, now) : null;
}

/** The state after this one on the usual way; null where the way ends. */
export function nextState(state: AppointmentState): (typeof visitStates)[number] | null {
  if (state === "booked") return "arrived";
  const index = (visitStates as readonly string[]).indexOf(state);
  return index < 0 ? null : (visitStates[index + 1] ?? null);
}

/** The state before this one: `reopened` is a booking again. Null where there is nothing to go back to. */
export function previousStep(state: AppointmentState): (typeof visitStates)[number] | "reopened" | null {
  if (state === "booked") return null;
  const index = (visitStates as readonly string[]).indexOf(state);
  return index <= 0 ? "reopened" : (visitStates[index - 1] ?? null);
}
