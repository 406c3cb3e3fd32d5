/** What is in a signed exam: the form of its canonical JSON, checked wherever a record is taken in or read. */
import { z } from "zod";

export const outcomes = ["new_rx", "small_change", "no_change", "no_rx", "refer", "retest"] as const;
export const contentVersion = 1;

const nullableInt = (min: number, max: number) => z.int().min(min).max(max).nullable().default(null);
const nullableText = z.string().max(2000).nullable().default(null);
const power = nullableInt(-100_000, 100_000);

const contentSchema = z.looseObject({
  version: z.literal(contentVersion),
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
  }),
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
