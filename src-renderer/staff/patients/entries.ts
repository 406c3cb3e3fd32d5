/** All kinds of happenings with a patient in one order of time, newest first. */
import { clinicalEntries } from "./entries-clinical.ts";
import { contactEntries } from "./entries-contact.ts";
import { recordEntries } from "./entries-record.ts";
import { moneyEntries, orderEntries } from "./entries-trade.ts";
import type { Entry, Summary } from "./entry.ts";

/** What happened with the patient. */
export function entriesOf(data: Summary): Entry[] {
  const entries = [
    ...clinicalEntries(data),
    ...moneyEntries(data),
    ...orderEntries(data),
    ...contactEntries(data),
    ...recordEntries(data),
  ];
  return entries.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}
