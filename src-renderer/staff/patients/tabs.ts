/** The tabs of a patient, in order; one more is one more line here. */
import type { Entry, Summary, TabName } from "./entry.ts";
import { kindOfTab, partly, whyUnseen } from "./unseen.ts";

interface Tab {
  readonly name: TabName;
  readonly count?: (data: Summary) => number;
}
/** The same for everybody: a tab that somebody may not see says so, and the numbers stay where fingers know them. */
export const tabs: readonly Tab[] = [
  { name: "timeline" },
  { name: "exams", count: ({ exams }) => exams.length },
  { name: "rx", count: ({ prescriptions, contactLenses }) => prescriptions.length + contactLenses.length },
  { name: "orders", count: ({ jobs, broughtOrders }) => jobs.length + broughtOrders.length },
  { name: "money", count: ({ sales }) => sales.length },
  { name: "cases", count: ({ cases }) => cases.length },
  { name: "messages", count: ({ messages }) => messages.length },
  { name: "files" },
];

/** How many stand in a tab; none is said of what is not shown. */
export function countOf(tab: Tab, data: Summary): number | undefined {
  const kind = kindOfTab[tab.name];
  return kind && !partly.includes(tab.name) && whyUnseen(data, kind) ? undefined : tab.count?.(data);
}
export function entriesFor(entries: readonly Entry[], tab: TabName): Entry[] {
  return entries.filter((entry) => entry.tabs.includes(tab));
}
