/** The content of a signed exam: canonical JSON, the same bytes for the same exam at every node. */
import { exam } from "./entities.ts";
import { contentVersion } from "./record-content.ts";

const left = new Set(["patient_id", "branch_id", "optometrist_id", "started_at", "discarded_at"]);
const contentFields = exam.columns.filter((column) => !left.has(column)).sort();

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
