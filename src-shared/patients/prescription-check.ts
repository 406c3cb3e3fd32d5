import { checkEye, type EyeRx, emptyEye, eyeOf, eyes } from "../optics/index.ts";
import type { FieldProblem } from "../sync/entity.ts";

/**
 * What is impossible about a prescription on file: powers that no lens has, and one from elsewhere that says to be of an
 * exam or by somebody here. What lacks a part stays as it was written.
 */
export function prescriptionProblem(row: Readonly<Record<string, unknown>>): FieldProblem | null {
  for (const side of eyes) {
    const stated = Object.entries(eyeOf(row as never, side)).map(([cell, value]) => [cell, value ?? null]);
    const wrong = checkEye(Object.fromEntries(stated) as EyeRx).find(({ code }) => code === "out_of_range");
    if (wrong) return { field: `${side}_${wrong.field}`, message: wrong.message };
    const add = (row[`${side}_inter_add`] ?? null) as EyeRx["add"];
    const between = checkEye({ ...emptyEye, add }).find(({ code }) => code === "out_of_range");
    if (between) return { field: `${side}_inter_add`, message: between.message };
  }
  const here = row.source === "outside" ? (["exam_id", "prescriber_id"] as const) : [];
  const named = here.find((field) => (row[field] ?? null) !== null);
  if (named) return { field: named, message: "A prescription from elsewhere is of no exam here" };
  if (row.source === "exam" && (row.exam_id ?? null) === null) return { field: "exam_id", message: "It is needed" };
  return null;
}
