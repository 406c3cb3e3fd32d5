/** The columns of an exam that are filled in on its screen, declared as fields so that they are typed like all others. */
import type { ExamField, FieldShape } from "../../../src-shared/exams/field.ts";
import { examKinds } from "../../../src-shared/exams/kinds.ts";
import { earlyRecallCodes } from "../../../src-shared/exams/recall.ts";
import { outcomes } from "../../../src-shared/exams/record-content.ts";
import type { BuiltInSection } from "../../../src-shared/exams/sections.ts";

const long = (max: number): FieldShape => ({ kind: "text", max, long: true });
const months = (max: number) => ({ kind: "number", unit: "months", min: 1, max }) as const;

const shapes = {
  kind: { kind: "choice", options: examKinds },
  reason: long(2000),
  history: long(8000),
  advice: long(4000),
  outcome: { kind: "choice", options: outcomes },
  recall_months: months(120),
  early_recall: { kind: "choice", options: earlyRecallCodes },
  recall_reason: { kind: "text", max: 400 },
  rx_months: { ...months(24), quantity: "rx_months" },
  purpose: { kind: "text", max: 200 },
  recommendation: long(2000),
  bvd: { kind: "number", unit: "mm", min: 50, max: 250, scale: 10, quantity: "bvd" },
} as const satisfies Record<string, FieldShape>;
export type ColumnName = keyof typeof shapes;

/** In which section a column is filled in. */
export const columnsOf: Readonly<Partial<Record<string, readonly ColumnName[]>>> = {
  history: ["reason", "history"],
  subjective: ["bvd"],
  diagnosis: ["advice"],
  outcome: ["outcome", "recall_months", "recall_reason", "rx_months", "purpose"],
  handover: ["recommendation"],
};

const made = new Map<string, ExamField>();
export function columnField(key: ColumnName): ExamField {
  const known = made.get(key);
  if (known) return known;
  const section = (Object.entries(columnsOf).find(([, names]) => names?.includes(key))?.[0] ??
    "outcome") as BuiltInSection;
  const field: ExamField = { key, section, shape: shapes[key], eyes: "none" };
  made.set(key, field);
  return field;
}
