/**
 * All tables of limits by their key, as delivered. A practice keeps its copy of a whole table as the setting
 * `limits.<table>`; see `own-tables.ts`.
 */
import { type ChangeLimits, changeLimits } from "./change.ts";
import { type AcuityLimits, acuityLimits } from "./check-acuity.ts";
import { type ContactLensRange, softRange } from "./contact-lens.ts";
import { type NearLimits, nearLimits, type RxLimits, rxLimits, type VertexLimits, vertexLimits } from "./limits.ts";
import { type MaterialTable, materialTable } from "./materials.ts";
import { type MeasureLimits, measureLimits } from "./measure-limits.ts";

export interface LimitTables {
  readonly rx: RxLimits;
  readonly vertex: VertexLimits;
  readonly near: NearLimits;
  readonly measures: MeasureLimits;
  readonly acuity: AcuityLimits;
  readonly change: ChangeLimits;
  readonly contact_lenses: ContactLensRange;
  readonly materials: MaterialTable;
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
  materials: materialTable,
};
export const limitTables = Object.keys(builtInTables) as readonly LimitTable[];

/** How the settings begin that hold a practice's own tables. */
export const limitsPrefix = "limits.";

/** The setting of a table. */
export function limitsKey(table: LimitTable): string {
  return limitsPrefix + table;
}

/** The table whose setting this is; null for any other setting, and for a table that a newer version brought. */
export function tableOfKey(key: string): LimitTable | null {
  return limitTables.find((table) => key === limitsKey(table)) ?? null;
}
