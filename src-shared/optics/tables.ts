/**
 * All tables of limits by their key, as delivered. A practice keeps versions of whole tables as settings, one for each
 * that was saved, with the day from which it counts; see `table-versions.ts`.
 */
import { isDate } from "../calendar/index.ts";
import { type ChangeLimits, changeLimits } from "./change.ts";
import { type AcuityLimits, acuityLimits } from "./check-acuity.ts";
import { type ContactLensRange, softRange } from "./contact-lens.ts";
import { type NearLimits, nearLimits, type RxLimits, rxLimits, type VertexLimits, vertexLimits } from "./limits.ts";
import { type MeasureLimits, measureLimits } from "./measure-limits.ts";

export interface LimitTables {
  readonly rx: RxLimits;
  readonly vertex: VertexLimits;
  readonly near: NearLimits;
  readonly measures: MeasureLimits;
  readonly acuity: AcuityLimits;
  readonly change: ChangeLimits;
  readonly contact_lenses: ContactLensRange;
}
export type LimitTable = keyof LimitTables;

/** As delivered. What they hold for possible is the law: no practice's copy is wider. */
export const builtInTables: LimitTables = {
  rx: rxLimits,
  vertex: vertexLimits,
  near: nearLimits,
  measures: measureLimits,
  acuity: acuityLimits,
  change: changeLimits,
  contact_lenses: softRange,
};
export const limitTables = Object.keys(builtInTables) as readonly LimitTable[];

/** How the settings begin that hold a practice's own tables. */
export const limitsPrefix = "limits.";

/** Which table a version is of, the day from which it counts, and when it was saved: UTC milliseconds. */
export interface VersionKey {
  readonly table: LimitTable;
  readonly from: string;
  readonly savedAt: number;
}

/** The setting of a version. */
export function limitsKey({ table, from, savedAt }: VersionKey): string {
  return `${limitsPrefix}${table}.${from}.${savedAt}`;
}

/** The version whose setting this is; null for any other setting, and for a table that a newer version brought. */
export function versionOfKey(key: string): VersionKey | null {
  const [, name, from = "", saved] = /^limits\.([a-z_]+)\.(\d{4}-\d{2}-\d{2})\.(\d{1,15})$/.exec(key) ?? [];
  const table = limitTables.find((each) => each === name);
  return table && isDate(from) ? { table, from, savedAt: Number(saved) } : null;
}

/** The table whose only version this setting was, before versions had a day; it counts from the day of its numbers. */
export function undatedTable(key: string): LimitTable | null {
  return limitTables.find((table) => key === limitsPrefix + table) ?? null;
}
