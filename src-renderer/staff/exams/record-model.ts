/** A record laid out as people read it: sections that hold something, a line a field, right beside left. */
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import { sectionKeys } from "../../../src-shared/exams/sections.ts";
import { type EyeRx, emptyEye, isEmpty } from "../../../src-shared/optics/index.ts";
import { translate } from "../../ui/index.ts";
import { fieldOf, type RecordField, valueWords } from "./record-fields.ts";
import { itemWords, sectionOfList } from "./record-items.ts";
import { orderOfLines } from "./record-order.ts";

/** What stands in a field, and what stood there when it was signed, where an amendment says otherwise. */
export interface Said {
  readonly key: string;
  readonly text: string;
  readonly was: string | null;
  /** Whose amendment it is that says so, when and why. */
  readonly by?: string | undefined;
}
export interface RecordLine {
  readonly line: string;
  readonly label: string;
  readonly cells: Readonly<Partial<Record<"r" | "l" | "b" | "one", Said>>>;
}
interface RecordEntry extends Said {
  readonly list: string;
  /** Of a stroke: the drawing that it belongs to. */
  readonly diagram: string | null;
}
export interface RecordSection {
  readonly section: string;
  readonly title: string;
  /** A refraction that this section holds, set as prescriptions are. */
  readonly rx: { readonly r: EyeRx; readonly l: EyeRx } | null;
  readonly lines: readonly RecordLine[];
  readonly entries: readonly RecordEntry[];
  readonly drawing: "anterior" | "posterior" | null;
}

/** The order on paper; `given`, `findings`, tests not done and the rest beside what the exam's form has. */
const order: readonly string[] = [
  ...sectionKeys.slice(0, sectionKeys.indexOf("near") + 1),
  "given",
  ...sectionKeys.slice(sectionKeys.indexOf("near") + 1, sectionKeys.indexOf("posterior") + 1),
  "findings",
  ...sectionKeys.slice(sectionKeys.indexOf("posterior") + 1, sectionKeys.indexOf("outcome")),
  "declined",
  ...sectionKeys.slice(sectionKeys.indexOf("outcome")),
  "supervision",
];
const withRx = ["specs", "objective", "subjective"];
const cells = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"] as const;
const ownNames = ["given", "findings", "declined", "supervision", "later"];

/**
 * The sections of a record. `shown` is what is read, `signed` what was signed: where they differ, a field says both.
 * `names`: what the practice calls its own sections today. Times stand in the zone of the branch.
 */
export function recordSections(
  shown: ExamContent,
  signed: ExamContent,
  {
    names = {},
    zone,
    by = new Map(),
  }: { names?: Readonly<Record<string, string>>; zone: string; by?: ReadonlyMap<string, string> },
): readonly RecordSection[] {
  const keys = [
    ...new Set([shown, signed].flatMap(({ exam, entries }) => [...Object.keys(exam), ...Object.keys(entries)])),
  ];
  const fields = keys.map((key) => fieldOf(key in signed.entries || !(key in shown.entries) ? signed : shown, key));
  const lists = entriesOf(shown, signed, zone).map((entry) => withAuthor(entry, by));
  const own = [
    ...new Set([...fields.map(({ section }) => section), ...lists.map(({ list }) => sectionOf(list))]),
  ].filter((section) => !order.includes(section) && section !== "later" && section !== "drawing");
  const at = order.indexOf("diagnosis");
  return [...order.slice(0, at), ...own.sort(), ...order.slice(at), "later"]
    .map((section): RecordSection => {
      const rx = refractionOf(shown, section);
      return {
        section,
        title: titleOf(section, names),
        rx: rx && !(isEmpty(rx.r) && isEmpty(rx.l)) ? rx : null,
        lines: linesOf(
          fields.filter((field) => field.section === section),
          shown,
          signed,
          rx !== null,
          by,
        ),
        entries: lists.filter(({ list, diagram }) => (diagram ?? sectionOf(list)) === section),
        drawing: drawingIn(shown, section),
      };
    })
    .filter(({ rx, lines, entries, drawing }) => rx || lines.length > 0 || entries.length > 0 || drawing);
}

/** An amended value with whose amendment it is. */
function withAuthor<S extends Said>(said: S, by: ReadonlyMap<string, string>): S {
  return said.was === null ? said : { ...said, by: by.get(said.key) };
}

const sectionOf = (list: string) => (list === "stroke" ? "drawing" : (sectionOfList[list] ?? "later"));
export const titleOf = (section: string, names: Readonly<Record<string, string>> = {}): string =>
  ownNames.includes(section)
    ? translate("record", section)
    : (names[section] ??
      ((sectionKeys as readonly string[]).includes(section)
        ? translate("exams", `sections.${section}`)
        : section.replace("own_", "").replaceAll("_", " ")));

function drawingIn({ items }: ExamContent, section: string): RecordSection["drawing"] {
  if (section !== "anterior" && section !== "posterior") return null;
  return (items.stroke ?? []).some(({ diagram }) => diagram === section) ? section : null;
}

/** The refraction of a section, or the prescription given; null for a section that has none. */
function refractionOf({ exam, entries }: ExamContent, section: string): { r: EyeRx; l: EyeRx } | null {
  const key = (cell: string, eye: "r" | "l") =>
    section === "given" ? exam[`${eye}_${cell}`] : entries[`${section}.${cell}.${eye}`];
  if (section !== "given" && !withRx.includes(section)) return null;
  const eye = (side: "r" | "l") =>
    ({ ...emptyEye, ...Object.fromEntries(cells.map((cell) => [cell, key(cell, side) ?? null])) }) as EyeRx;
  return { r: eye("r"), l: eye("l") };
}

/** Lines in the order in which the exam asks. Cells of a refraction stand in its table, unless somebody changed them. */
function linesOf(
  fields: readonly RecordField[],
  shown: ExamContent,
  signed: ExamContent,
  tabled: boolean,
  by: ReadonlyMap<string, string>,
): RecordLine[] {
  const lines = new Map<string, { label: string; at: number; cells: Partial<Record<"r" | "l" | "b" | "one", Said>> }>();
  for (const field of fields) {
    const [now, before] = [valueIn(shown, field.key), valueIn(signed, field.key)].map((value) =>
      valueWords(field, value),
    );
    const changed = now !== before;
    // What the visit was for heads the record.
    if (field.key === "kind" && !changed) continue;
    if (!now && !before) continue;
    const cell = field.line.split(".").at(-1) ?? "";
    if (tabled && !changed && (cells as readonly string[]).includes(cell)) continue;
    const line = lines.get(field.line) ?? { label: field.label, at: place(field.line), cells: {} };
    const said = { key: field.key, text: now ?? "", was: changed ? (before ?? "") : null };
    line.cells[field.eye ?? "one"] = withAuthor(said, by);
    lines.set(field.line, line);
  }
  return [...lines]
    .map(([line, { label, cells: said, at }]) => ({ line, label, cells: said, at }))
    .sort((a, b) => a.at - b.at);
}
const valueIn = ({ exam, entries }: ExamContent, key: string): unknown =>
  key.includes(".") ? entries[key] : exam[key as "outcome"];

function place(line: string): number {
  const at = orderOfLines.indexOf(line);
  return at < 0 ? orderOfLines.length : at;
}

function entriesOf(shown: ExamContent, signed: ExamContent, zone: string): RecordEntry[] {
  const lists = [...new Set([...Object.keys(signed.items), ...Object.keys(shown.items)])];
  return lists.flatMap((list) => {
    const of = (content: ExamContent) => new Map((content.items[list] ?? []).map((item) => [item.id, item]));
    const [now, before] = [of(shown), of(signed)];
    return (
      [...new Set([...before.keys(), ...now.keys()])]
        .map((id): RecordEntry => {
          const words = (item: Record<string, unknown> | undefined) =>
            item ? itemWords(list, item, zone, shown.questions) : "";
          const [text, old] = [words(now.get(id)), words(before.get(id))];
          const diagram = list === "stroke" ? String((now.get(id) ?? before.get(id))?.diagram) : null;
          // Shapes may differ where the words do not.
          const same = JSON.stringify(now.get(id)) === JSON.stringify(before.get(id));
          return { key: `${list}:${id}`, list, diagram, text, was: same ? null : old };
        })
        // The drawing itself shows what stands; in words stands what was changed in it.
        .filter(({ was }) => list !== "stroke" || was !== null)
    );
  });
}
