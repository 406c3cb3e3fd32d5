/** Which status may follow which, whose turn it is, and the words a patient sees (domain §4d). */
import type { CaseStatus } from "./status.ts";

const working: readonly CaseStatus[] = [
  "in_progress",
  "awaiting_patient",
  "awaiting_lab_results",
  "awaiting_third_party",
  "doctor_follow_up",
  "resolved",
  "closed",
];

export const nextStatuses: Readonly<Record<CaseStatus, readonly CaseStatus[]>> = {
  open: ["assigned", ...working],
  assigned: [...working, "open"],
  in_progress: working.filter((status) => status !== "in_progress"),
  awaiting_patient: ["in_progress", "resolved", "closed"],
  awaiting_lab_results: ["in_progress", "doctor_follow_up", "resolved"],
  awaiting_third_party: ["in_progress", "resolved"],
  doctor_follow_up: ["in_progress", "awaiting_patient", "awaiting_lab_results", "awaiting_third_party", "resolved"],
  resolved: ["closed", "reopened"],
  closed: ["reopened", "archived"],
  reopened: working,
  archived: [],
};

export function mayFollow(from: CaseStatus, to: CaseStatus): boolean {
  return nextStatuses[from].includes(to);
}
export type Turn = "us" | "patient" | "third_party" | "nobody";
export const whoseTurn: Readonly<Record<CaseStatus, Turn>> = {
  open: "us",
  assigned: "us",
  in_progress: "us",
  awaiting_patient: "patient",
  awaiting_lab_results: "third_party",
  awaiting_third_party: "third_party",
  doctor_follow_up: "us",
  resolved: "patient",
  closed: "nobody",
  reopened: "us",
  archived: "nobody",
};
