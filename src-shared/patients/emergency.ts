/**
 * Clinical data opened in an emergency (domain cases-and-portal §4 "emergency access procedure", §5
 * `patients:break_glass`): by one person, on one device, of one patient, with a reason, for a while.
 */

/** The action of the audit entry that opens it. */
export const emergencyAction = "patients.break-glass";
export const emergencyPermission = "patients:break_glass";
/** What it opens to read, and nothing to write. */
export const emergencyReads: readonly string[] = ["patients:view_clinical", "prescriptions:view"];
/** Milliseconds. The domain names no time; a quarter of an hour is a telephone call with a hospital. */
export const emergencyLasts = 15 * 60_000;
/** Whether what was opened at `at` is open at `now`, both UTC ms; a clock that was set back opens nothing for longer. */
export const emergencyOpen = (at: number, now: number): boolean => at <= now && now < at + emergencyLasts;
/** Characters. */
export const emergencyReason = { least: 10, most: 400 } as const;

const prefix = "reason: ";
/** The reason as the audit entry has it. */
export const writeReason = (reason: string): string[] => [`${prefix}${reason}`];
export function readReason(changed: readonly string[]): string {
  return changed.find((line) => line.startsWith(prefix))?.slice(prefix.length) ?? "";
}

/** What is wrong with an audit entry that opens clinical data; null for one that is right, and for every other. */
export function emergencyProblem(row: Readonly<Record<string, unknown>>): { field: string; message: string } | null {
  if (row.action !== emergencyAction) return null;
  if (row.subject_entity !== "patient" || row.subject_id !== row.patient_id)
    return { field: "patient_id", message: "it is of one patient" };
  if (row.user_id === null || row.device_id === null)
    return { field: "user_id", message: "it is of one person on one device" };
  const { length } = readReason((row.changed as readonly string[] | null) ?? []).trim();
  if (length < emergencyReason.least || length > emergencyReason.most)
    return { field: "changed", message: `say why in ${emergencyReason.least} to ${emergencyReason.most} letters` };
  return null;
}
