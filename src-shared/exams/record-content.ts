/** What is in a signed exam: the form of its canonical JSON, checked wherever a record is taken in or read. */
import { z } from "zod";

export const outcomes = ["new_rx", "small_change", "no_change", "no_rx", "refer", "retest"] as const;
/** 1: the columns of the exam. 2: its entries and lists as well, and the wording of a practice's own questions. */
export const contentVersion = 2;

const nullableInt = (min: number, max: number) => z.int().min(min).max(max).nullable().default(null);
const nullableText = z.string().max(2000).nullable().default(null);
const power = nullableInt(-100_000, 100_000);

const contentSchema = z.looseObject({
  version: z.union([z.literal(1), z.literal(contentVersion)]),
  patient_id: z.string(),
  optometrist_id: z.string(),
  started_at: z.number(),
  exam: z.looseObject({
    outcome: z.enum(outcomes),
    recall_months: nullableInt(1, 120),
    recommendation: nullableText,
    bvd: nullableInt(50, 250),
    r_sphere: power,
    l_sphere: power,
    rx_months: nullableInt(1, 24),
    purpose: z.string().max(200).nullable().default(null),
  }),
  /** By key, sorted; what was not stated is not there. */
  entries: z.record(z.string(), z.unknown()).default({}),
  /** By list, each in the order of its rows. */
  items: z.record(z.string(), z.array(z.looseObject({ id: z.string() }))).default({}),
  /** Section and wording of the practice's own questions that were answered or declined, by question. */
  questions: z
    .record(z.string(), z.looseObject({ section: z.string(), label: z.string(), unit: z.string().nullable() }))
    .default({}),
});
export type ExamContent = z.infer<typeof contentSchema>;

/** Reads a record's content. Throws when it is not one: a record is taken in only when it reads. */
export function readExamContent(text: string): ExamContent {
  return contentSchema.parse(JSON.parse(text));
}

/** Whether the text is the content of an exam, as `readExamContent` reads it. */
export function isExamContent(text: string): boolean {
  try {
    readExamContent(text);
    return true;
  } catch {
    return false;
  }
}
