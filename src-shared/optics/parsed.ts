/** What came of reading a text. */

/** Why a text was not read. */
export type ParseCode =
  | "empty"
  | "unreadable"
  | "sign_required"
  | "ambiguous"
  | "not_a_step"
  | "out_of_range"
  | "axis_missing"
  | "axis_without_cylinder"
  | "stated_twice"
  | "eye_required";
export interface NotRead {
  readonly ok: false;
  readonly code: ParseCode;
  /** For the person who typed it. */
  readonly message: string;
  /** What may have been meant, in the unit of the value, nearest or likeliest first. */
  readonly nearest: readonly number[];
}
/** What a text said, or why it could not be read. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | NotRead;

export function read<T>(value: T): Parsed<T> {
  return { ok: true, value };
}
export function notRead(code: ParseCode, message: string, nearest: readonly number[] = []): NotRead {
  return { ok: false, code, message, nearest };
}
