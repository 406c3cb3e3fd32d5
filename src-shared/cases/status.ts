/** Case statuses and urgencies (domain: cases-and-portal §4d, triage levels §4a). */
export const caseStatuses = [
  "open",
  "assigned",
  "in_progress",
  "awaiting_patient",
  "awaiting_lab_results",
  "awaiting_third_party",
  "doctor_follow_up",
  "resolved",
  "closed",
  "reopened",
  "archived",
] as const;
export type CaseStatus = (typeof caseStatuses)[number];

/** A status that a newer version added keeps the case in sight. */
export function knownStatus(value: string): CaseStatus {
  return (caseStatuses as readonly string[]).includes(value) ? (value as CaseStatus) : "open";
}

/** Of truly concurrent changes the one that keeps the case visible to staff wins: higher stands (§4d, rule 3). */
export const statusVisibility: Readonly<Record<CaseStatus, number>> = {
  reopened: 10,
  doctor_follow_up: 9,
  in_progress: 8,
  open: 7,
  assigned: 6,
  awaiting_patient: 5,
  awaiting_lab_results: 4,
  awaiting_third_party: 3,
  resolved: 2,
  closed: 1,
  archived: 0,
};

/** Triage levels, least urgent first: routine, within a week, 24 to 48 hours, same day, now. */
export const urgencies = ["R", "W", "U", "E1", "E0"] as const;
export type Urgency = (typeof urgencies)[number];
export function urgencyRank(level: string): number {
  return urgencies.indexOf(level as Urgency);
}
