/** The strokes among an exam's items, and the numbers of its labels. */
import { type ExamItem, itemSchemas } from "../../../../src-shared/exams/items.ts";

export interface Item {
  readonly id: string;
  readonly list: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Strokes by the id of their item, in the order in which they were drawn; what is no stroke here is left out. */
export function strokesIn(items: readonly Item[]): Map<string, ExamItem<"stroke">> {
  return new Map(
    items.flatMap(({ id, list, data }) => {
      const stroke = list === "stroke" ? itemSchemas.stroke.safeParse(data) : null;
      return stroke?.success ? [[id, stroke.data] as const] : [];
    }),
  );
}

/** The number of each label, 1 for the first; both diagrams of an exam count together. */
export function labelNumbers(strokes: ReadonlyMap<string, ExamItem<"stroke">>): Map<string, number> {
  const labels = [...strokes].filter(([, { tool }]) => tool === "label").map(([id]) => id);
  return new Map(labels.map((id, index) => [id, index + 1]));
}
