/** What of a patient is not shown here, and why: never as if there were nothing. */
import type { Summary, TabName } from "./entry.ts";

export type Kind = keyof Summary["sees"];
/** `role`: their roles do not see it. `device`: it is not on this PC's disk. */
export type Why = "role" | "device";

const heldAs: Partial<Record<Kind, keyof Summary["holds"]>> = { money: "money", cases: "cases", clinical: "clinical" };

/** Why a kind of records is not shown; null where it is. */
export function whyUnseen({ sees, holds }: Summary, kind: Kind): Why | null {
  if (!sees[kind]) return "role";
  const held = heldAs[kind];
  return held && !holds[held] ? "device" : null;
}

/** Tabs of which a part is shown to whoever sees the patient: that there were exams, and letters. */
export const partly: readonly TabName[] = ["exams", "files"];
/** What each tab is of. */
export const kindOfTab: Partial<Record<TabName, Kind>> = {
  exams: "clinical",
  rx: "prescriptions",
  orders: "orders",
  money: "money",
  cases: "cases",
  messages: "cases",
  files: "clinical",
};
