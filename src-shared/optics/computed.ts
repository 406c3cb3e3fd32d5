/** What came of a calculation: its value, or why there is none. Wrong input is refused, never thrown at. */

/** Why a calculation has no value. */
export type RefusalCode =
  | "not_stated"
  | "axis_missing"
  | "out_of_range"
  | "singular"
  | "needs_worked_prism"
  | "no_such_sag"
  | "unknown_material";
export interface Refused {
  readonly ok: false;
  readonly code: RefusalCode;
  /** For the person who asked. */
  readonly message: string;
}
export type Computed<T> = { readonly ok: true; readonly value: T } | Refused;

export function computed<T>(value: T): Computed<T> {
  return { ok: true, value };
}
export function refused(code: RefusalCode, message: string): Refused {
  return { ok: false, code, message };
}
/** Whether a value is a whole number of its unit within bounds, both inclusive. */
export function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
