/** By how much a figure steps with a key. */
import { valueProblem } from "../../../../src-shared/exams/check.ts";
import type { FieldShape } from "../../../../src-shared/exams/field.ts";
import type { LimitTables } from "../../../../src-shared/optics/index.ts";

/** How far one key press steps, and with Shift; in the unit of the value. */
export function stepsOf(shape: FieldShape, { measures }: LimitTables): readonly [number, number] | null {
  switch (shape.kind) {
    case "power":
      return [250, 1000];
    case "axis":
      return [5, 1];
    case "prism":
      return [50, 100];
    case "grade":
      return [5, 1];
    case "number":
      if (shape.quantity) {
        const { step } = measures.quantities[shape.quantity];
        return [step, 5 * step];
      }
      return shape.scale === 1000 ? [250, 1000] : shape.scale === 100 ? [5, 1] : [1, 5];
    default:
      return null;
  }
}

/** A value some steps further; an axis goes round, and nothing goes where it cannot be. */
export function stepped(shape: FieldShape, value: unknown, by: number, { rx, measures }: LimitTables): unknown {
  const start = shape.kind === "axis" ? 180 : shape.kind === "number" ? shape.min : 0;
  const now = typeof value === "number" ? value : start;
  const next = shape.kind === "axis" ? ((now - 1 + by + 180) % 180) + 1 : now + by;
  return valueProblem(shape, next, rx, measures) === null ? next : value;
}
