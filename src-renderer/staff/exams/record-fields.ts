/** Every field that a record can hold, columns, entries and the practice's own questions alike, and its value in words. */
import type { ContactLens } from "../../../src-shared/exams/contact-lens.ts";
import type { FieldShape } from "../../../src-shared/exams/field.ts";
import { examKinds } from "../../../src-shared/exams/kinds.ts";
import { earlyRecallCodes } from "../../../src-shared/exams/recall.ts";
import { type ExamContent, outcomes } from "../../../src-shared/exams/record-content.ts";
import { entryOf, examFieldsBySection, keysOf, sectionKeys } from "../../../src-shared/exams/sections.ts";
import { formatAxis, formatEyeShort, formatPower } from "../../../src-shared/optics/index.ts";
import { dateText, translate } from "../../ui/index.ts";
import { earlyWord, labelOf, wordOf } from "./words.ts";

type Eye = "r" | "l" | "b" | null;
export interface RecordField {
  /** A column, an entry's key with its eye, or a question's key. */
  readonly key: string;
  /** The same for both eyes: what stands on one line. */
  readonly line: string;
  readonly section: string;
  readonly eye: Eye;
  readonly label: string;
  readonly shape: FieldShape;
}

const words = (max: number, long = false): FieldShape => ({ kind: "text", max, long });
const months = (max: number): FieldShape => ({ kind: "number", unit: "months", min: 1, max });
const cells = {
  sphere: { kind: "power", quantity: "sphere" },
  cylinder: { kind: "power", quantity: "cylinder" },
  axis: { kind: "axis" },
  prism_h: { kind: "prism", way: "horizontal" },
  base_h: { kind: "base", options: ["in", "out"] },
  prism_v: { kind: "prism", way: "vertical" },
  base_v: { kind: "base", options: ["up", "down"] },
  add: { kind: "power", quantity: "add" },
  va: { kind: "acuity", max: 16 },
} as const satisfies Record<string, FieldShape>;

/** Columns with the section in which a record shows them. `given`: the prescription, which has one of its own. */
const columns: readonly (readonly [key: string, section: string, shape: FieldShape])[] = [
  ["kind", "history", { kind: "choice", options: examKinds }],
  ["reason", "history", words(2000, true)],
  ["history", "history", words(8000, true)],
  ["bvd", "given", { kind: "number", unit: "mm", min: 50, max: 250, scale: 10, quantity: "bvd" }],
  ["rx_months", "given", { kind: "number", unit: "months", min: 1, max: 24, quantity: "rx_months" }],
  ["purpose", "given", words(200)],
  ["findings", "findings", words(8000, true)],
  ["advice", "diagnosis", words(4000, true)],
  ["outcome", "outcome", { kind: "choice", options: outcomes }],
  ["recall_months", "outcome", months(120)],
  ["early_recall", "outcome", { kind: "choice", options: earlyRecallCodes }],
  ["recall_reason", "outcome", words(400)],
  ["recommendation", "handover", words(2000, true)],
];

/** A function, since the words of the screen are there only once it is. */
const given = () =>
  (["r", "l"] as const).flatMap((eye) =>
    Object.entries(cells).map(
      ([cell, shape]): RecordField => ({
        key: `${eye}_${cell}`,
        line: `given.${cell}`,
        section: "given",
        eye,
        label: labelOf(cell),
        shape,
      }),
    ),
  );

/** All fields that the product knows, in the order of the record; with the questions that this record holds. */
export function recordFields(content: ExamContent): readonly RecordField[] {
  const named = columns.map(
    ([key, section, shape]): RecordField => ({ key, line: key, section, eye: null, label: labelOf(key), shape }),
  );
  const entries = sectionKeys
    .flatMap((section) => examFieldsBySection[section])
    .flatMap((field) => keysOf(field).map((key) => fieldOf(content, key)));
  return [...named, ...given(), ...entries, ...questionsIn(content)];
}

/** Answers to the practice's own questions, under the wording that the record holds. */
function questionsIn(content: ExamContent): RecordField[] {
  return Object.keys(content.entries)
    .filter((key) => /\.q[0-9a-f]{32}/.test(key))
    .sort()
    .map((key) => fieldOf(content, key));
}

/** The field that an entry's key names; one that no version here knows is shown under its key. */
export function fieldOf(content: ExamContent, key: string): RecordField {
  const column = columns.find(([name]) => name === key);
  if (column) return { key, line: key, section: column[1], eye: null, label: labelOf(key), shape: column[2] };
  const cell = given().find((field) => field.key === key);
  if (cell) return cell;
  const named = entryOf(key);
  if (named) {
    const { field, eye } = named;
    return { key, line: field.key, section: field.section, eye, label: labelOf(field.key), shape: field.shape };
  }
  const eye = (/\.([rlb])$/.exec(key)?.[1] ?? null) as Eye;
  const line = eye ? key.slice(0, -2) : key;
  const question = content.questions[/\.q([0-9a-f]{32})/.exec(key)?.[1] ?? ""];
  const value = content.entries[key];
  return {
    key,
    line,
    section: question?.section ?? "later",
    eye,
    label: question ? question.label : key,
    shape: askedShape(value, question?.unit ?? null),
  };
}

/** The record keeps a question's wording and unit; how it is answered shows in the answer. */
function askedShape(value: unknown, unit: string | null): FieldShape {
  if (typeof value === "number") return { kind: "number", unit: unit ?? "", min: -1_000_000, max: 1_000_000 };
  if (typeof value === "boolean") return { kind: "yes_no" };
  return Array.isArray(value) ? { kind: "many", options: [], free: true } : words(4000, true);
}

/** A value as people read it; nothing for what is not stated. */
export function valueWords({ key, shape }: Pick<RecordField, "key" | "shape">, value: unknown): string {
  if (value === null || value === undefined || value === "") return "";
  if (key === "early_recall") return earlyWord(String(value));
  if (Array.isArray(value)) return value.map((each) => wordOf(String(each))).join(", ");
  if (typeof value === "boolean") return translate("record", value ? "yes" : "no");
  if (shape.kind === "lens" && typeof value === "object") return lensWords(value as ContactLens);
  if (typeof value === "number") return numberWords(shape, value);
  if (typeof value !== "string") return JSON.stringify(value);
  return shape.kind === "date" ? dateText(value) : wordOf(value);
}

function numberWords(shape: FieldShape, value: number): string {
  switch (shape.kind) {
    case "power":
      return shape.quantity === "sphere" ? formatPower(value, { zero: "Plano" }) : formatPower(value);
    case "axis":
      return formatAxis(value);
    case "prism":
      return `${(value / 100).toFixed(2)}Δ`;
    case "grade":
      return (value / 10).toFixed(1);
    case "number":
      return `${decimals(value, shape.scale)} ${shape.unit}`.trim();
    default:
      return String(value);
  }
}
/** A stored integer in what people read: tenths with one decimal, hundredths with two. */
function decimals(value: number, scale = 1): string {
  return (value / scale).toFixed(Math.round(Math.log10(scale)));
}

/** Records of older versions do not say it. */
const replacedWords = ({ replace_days: count = null }: Partial<ContactLens>) =>
  count === null ? "" : translate("record", "replaced", { count });

/** `Acuvue Oasys 8.40/14.00 −3.00/−0.75×180 Low`. */
export function lensWords(lens: ContactLens): string {
  const fit = [lens.base_curve, lens.diameter].map((value) => (value === null ? "–" : decimals(value, 100)));
  const power = formatEyeShort({
    sphere: lens.sphere,
    cylinder: lens.cylinder,
    axis: lens.axis,
    prism_h: null,
    base_h: null,
    prism_v: null,
    base_v: null,
    add: null,
  });
  const shape = lens.base_curve === null && lens.diameter === null ? "" : fit.join("/");
  return [lens.brand, lens.material, lens.design, lens.colour, shape, power, lens.add, replacedWords(lens)]
    .filter(Boolean)
    .join(" ");
}
