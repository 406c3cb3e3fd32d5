/** How far a section is written: what the outline shows beside its name. */
import { type Gap, gapsOf, type Written } from "./completeness.ts";
import type { ExamField } from "./field.ts";
import { keysOf } from "./sections.ts";

export interface SectionState {
  readonly section: string;
  /** `gap`: something expected is missing in it, and the exam has come as far. */
  readonly state: "empty" | "done" | "gap";
  readonly filled: number;
  readonly asked: number;
  readonly gaps: number;
}

/** What belongs to a section: its fields that are shown, other keys of entries, columns, and lists. */
export interface SectionParts {
  readonly section: string;
  readonly fields: readonly ExamField[];
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  readonly lists: readonly string[];
}

const stated = (value: unknown) =>
  value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);

/** Cells of a refraction that count where the row is written: prism and notes are there when needed. */
const counted = ["sphere", "cylinder", "axis", "add", "va"];

/** The states of all sections in the form's order, and the gaps of the whole exam. */
export function progressOf(
  written: Written,
  form: readonly SectionParts[],
): { readonly sections: readonly SectionState[]; readonly gaps: readonly Gap[] } {
  const gaps = gapsOf(written);
  const counts = form.map((parts) => ({ parts, ...countOf(written, parts) }));
  const reached = counts.findLastIndex(({ any }) => any);
  return {
    gaps,
    sections: counts.map(({ parts, filled, asked, any }, index) => {
      const missing = gaps.filter(({ section }) => section === parts.section).length;
      const state = missing > 0 && (any || index < reached) ? "gap" : any ? "done" : "empty";
      return { section: parts.section, state, filled, asked, gaps: missing };
    }),
  };
}

function countOf({ entries, columns, items }: Written, parts: SectionParts) {
  const refraction = parts.fields.some(({ key }) => key === `${parts.section}.sphere`);
  const all = [...parts.fields.flatMap(keysOf), ...parts.keys];
  const asked = refraction
    ? all.filter((key) => counted.includes(key.split(".")[1] ?? "") && !key.endsWith(".b"))
    : all;
  const written = (key: string) => stated(entries[key]);
  const listed = items.filter(({ list }) => parts.lists.includes(list)).length;
  const columnsFilled = parts.columns.filter((column) => stated(columns[column])).length;
  return {
    filled: asked.filter(written).length + (refraction ? 0 : columnsFilled),
    asked: asked.length + (refraction ? 0 : parts.columns.length),
    any: all.some(written) || columnsFilled > 0 || listed > 0,
  };
}
