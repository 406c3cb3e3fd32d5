/** *All normal*: what is empty becomes normal, so that only exceptions are typed. */
import type { ExamField } from "./field.ts";
import { keysOf } from "./sections.ts";

/**
 * Normal findings by entry key, of both eyes or of one (with one, only what is asked per eye). `fields` are those that
 * are shown; what `written` knows a value of stays as somebody wrote it.
 */
export function normalValues(
  fields: readonly ExamField[],
  written: (key: string) => unknown,
  eye: "r" | "l" | null = null,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields
      .filter(({ normal }) => normal !== undefined)
      .flatMap((field) => keysOf(field).map((key) => [key, field.normal] as const))
      .filter(([key]) => eye === null || key.endsWith(`.${eye}`))
      .filter(([key]) => (written(key) ?? null) === null && (written(`${key}_note`) ?? null) === null),
  );
}
