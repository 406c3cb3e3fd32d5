/** What is done to a whole section at once: normal findings, right copied to left, a short line; and taken back. */
import type { ExamField } from "../../../src-shared/exams/field.ts";
import { type Autosave, same } from "./autosave.ts";

export type Values = Readonly<Record<string, unknown>>;

/** What was there before, to be put back where nobody wrote anew since. */
export interface Undo {
  readonly before: Values;
  readonly after: Values;
}

export function apply(save: Autosave, after: Values): Undo | null {
  const changed = Object.entries(after).filter(([key, value]) => !same(save.value(key), value));
  if (changed.length === 0) return null;
  const before = Object.fromEntries(changed.map(([key]) => [key, save.value(key)]));
  save.set(Object.fromEntries(changed), true);
  return { before, after: Object.fromEntries(changed) };
}
export function takeBack(save: Autosave, { before, after }: Undo): void {
  save.set(Object.fromEntries(Object.entries(before).filter(([key]) => same(save.value(key), after[key]))), true);
}

/** Left as right. The acuity of an eye is its own; in a refraction it is not copied. */
export function copiedValues(save: Autosave, section: string, fields: readonly ExamField[]): Values {
  const refraction = fields.some(({ key }) => key === `${section}.sphere`);
  return Object.fromEntries(
    fields
      .filter(({ key, eyes }) => eyes !== "none" && !(refraction && /\.(va|pinhole)$/.test(key)))
      .map(({ key }) => [`${key}.l`, save.value(`${key}.r`)] as const)
      .filter(([key, value]) => value !== null || (refraction && /\.(cylinder|axis)\.l$/.test(key))),
  );
}
