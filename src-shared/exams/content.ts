/** The content of a signed exam: canonical JSON, the same bytes for the same exam at every node. */
import { z } from "zod";
import { exam, outcomes } from "./entities.ts";

export const contentVersion = 1;
const left = new Set(["patient_id", "branch_id", "optometrist_id", "started_at", "discarded_at"]);
const contentFields = exam.columns.filter((column) => !left.has(column)).sort();

const nullableNumber = z.number().nullable().default(null);
const nullableText = z.string().nullable().default(null);
const contentSchema = z.looseObject({
  version: z.literal(contentVersion),
  patient_id: z.string(),
  optometrist_id: z.string(),
  started_at: z.number(),
  exam: z.looseObject({
    outcome: z.enum(outcomes),
    recall_months: nullableNumber,
    recommendation: nullableText,
    bvd: nullableNumber,
    r_sphere: nullableNumber,
    l_sphere: nullableNumber,
  }),
});
export type ExamContent = z.infer<typeof contentSchema>;

/** The draft's content as it is signed: sorted keys, content fields only. */
export function canonicalExam(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    version: contentVersion,
    patient_id: row.patient_id,
    optometrist_id: row.optometrist_id,
    started_at: row.started_at,
    exam: Object.fromEntries(contentFields.map((field) => [field, row[field] ?? null])),
  });
}

/** Reads a record's content. Throws when it is not one: records are made by `canonicalExam` only. */
export function readExamContent(text: string): ExamContent {
  return contentSchema.parse(JSON.parse(text));
}
