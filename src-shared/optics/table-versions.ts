/**
 * Tables of limits as a practice changes them over time: every save is a version of a whole table with the day from which
 * it counts. Of those that have begun, the one with the latest day is in force; of one day, the one saved last. Nothing is
 * overwritten, so what was judged by can be told afterwards.
 */
import { addDays, isDate } from "../calendar/index.ts";
import { asDelivered, type EffectiveTables, tablesOf } from "./own-tables.ts";
import {
  type LimitTable,
  type LimitTables,
  limitTables,
  undatedTable,
  type VersionKey,
  versionOfKey,
} from "./tables.ts";

export interface TableVersion extends VersionKey {
  /** The table as it was kept, or that it is as delivered again. */
  readonly value: object | string;
}

/** The version that a setting holds; null for any other setting, and for a version that was taken back. */
export function tableVersion(key: string, value: unknown): TableVersion | null {
  if (value === null || (typeof value !== "object" && typeof value !== "string")) return null;
  const date = dateOf(value);
  const undated = undatedTable(key);
  if (undated) return { table: undated, from: date ?? "1970-01-01", savedAt: 0, value };
  const version = versionOfKey(key);
  if (!version) return null;
  // Numbers that say they are of a later day do not count before it, whatever the setting is called.
  return { ...version, from: date !== null && date > version.from ? date : version.from, value };
}

/** The day that a table says it is of. */
function dateOf(value: object | string): string | null {
  const date = typeof value === "object" && "date" in value ? value.date : null;
  return typeof date === "string" && isDate(date) ? date : null;
}

/** Later versions first: by the day from which they count, then by when they were saved. */
export function latestFirst(one: VersionKey, other: VersionKey): number {
  return one.from === other.from ? other.savedAt - one.savedAt : one.from < other.from ? 1 : -1;
}

/** The version of a table that is in force on a day (`YYYY-MM-DD`, at the branch); null where it is as delivered. */
export function versionInForce<V extends VersionKey>(versions: readonly V[], table: LimitTable, day: string): V | null {
  const begun = versions.filter((version) => version.table === table && version.from <= day);
  return begun.sort(latestFirst)[0] ?? null;
}

/** The tables that are in force on a day at the branch. */
export function tablesOn(versions: readonly TableVersion[], day: string): EffectiveTables {
  return tablesOf(
    Object.fromEntries(limitTables.map((table) => [table, versionInForce(versions, table, day)?.value ?? null])),
  );
}

/** Days for which a PC may have been away and not have heard of a version: as long as the centre waits for its cursor. */
export const daysUnheard = 60;
const day = 86_400_000;

/** What may have been written by between two instants: of each table every version that a PC may have gone by. */
export type TablesAround = { readonly [K in LimitTable]: readonly LimitTables[K][] };

/**
 * The tables that a PC may rightly have judged by between two instants (UTC milliseconds): those in force, those that
 * were before them, as long as the PC may not have heard of the next, and those of the days beside, since a branch's day
 * is not that of UTC. Later versions are among them even if they were saved afterwards: a clock may have been wrong.
 */
export function tablesAround(versions: readonly TableVersion[], from: number, until: number): TablesAround {
  const heardOf = from - daysUnheard * day;
  const first = addDays(isoDay(heardOf), -1);
  const last = addDays(isoDay(until), 1);
  const entries = limitTables.map((table) => {
    const known = versions.filter((version) => version.table === table && version.savedAt <= heardOf);
    const before = versionInForce(known, table, first);
    const later = versions.filter(
      (version) =>
        version.table === table && version.from <= last && (version.savedAt > heardOf || version.from > first),
    );
    const values = [...later.sort(latestFirst).map(({ value }) => value), before?.value ?? asDelivered];
    return [table, values.map((value) => tablesOf({ [table]: value }).tables[table])];
  });
  return Object.fromEntries(entries) as unknown as TablesAround;
}

/** The days that are stamped with an instant of another age are the first and the last there are. */
function isoDay(at: number): string {
  return new Date(Math.min(Math.max(at, 0), 253_402_300_799_000)).toISOString().slice(0, 10);
}
