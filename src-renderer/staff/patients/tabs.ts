/** The tabs of a patient, in order; one more is one more line here. */
import type { Entry, Summary, TabName } from "./entry.ts";

interface Tab {
  readonly name: TabName;
  /** Not offered to who may not see it, or where it cannot be held. */
  readonly shown: (data: Summary) => boolean;
  readonly count?: (data: Summary) => number;
}
const tabs: readonly Tab[] = [
  { name: "timeline", shown: () => true },
  { name: "exams", shown: () => true, count: ({ exams }) => exams.length },
  {
    name: "rx",
    shown: ({ sees }) => sees.prescriptions,
    count: ({ prescriptions, contactLenses }) => prescriptions.length + contactLenses.length,
  },
  {
    name: "orders",
    shown: ({ sees }) => sees.orders,
    count: ({ jobs, broughtOrders }) => jobs.length + broughtOrders.length,
  },
  { name: "money", shown: ({ sees, holds }) => sees.money && holds.money, count: ({ sales }) => sales.length },
  { name: "cases", shown: ({ sees, holds }) => sees.cases && holds.cases, count: ({ cases }) => cases.length },
  { name: "messages", shown: ({ sees, holds }) => sees.cases && holds.cases, count: ({ messages }) => messages.length },
  { name: "files", shown: () => true },
];

export function tabsFor(data: Summary): readonly Tab[] {
  return tabs.filter(({ shown }) => shown(data));
}
export function entriesFor(entries: readonly Entry[], tab: TabName): Entry[] {
  return entries.filter((entry) => entry.tabs.includes(tab));
}
