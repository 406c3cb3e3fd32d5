/** Drawings of a patient's eyes over the visits, and the last visit's taken over into a draft. */
import { z } from "zod";
import { amendedRecord, type StoredAmendment } from "../../../src-shared/exams/amended.ts";
import { diagrams, type ExamItem, itemSchemas } from "../../../src-shared/exams/items.ts";
import type { ExamContent } from "../../../src-shared/exams/record-content.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { samePerson } from "../patients/kept.ts";
import { bytes, db, type Reader } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import { draft } from "./draft.ts";
import { pastVisits } from "./queries.ts";

type Stroke = ExamItem<"stroke">;

/** The strokes of a record; what a newer version drew otherwise is left out. */
function strokesOf({ items }: ExamContent): (Stroke & { readonly id: string })[] {
  return (items.stroke ?? []).flatMap(({ id, ...data }) => {
    const stroke = itemSchemas.stroke.safeParse(data);
    return stroke.success ? [{ id, ...stroke.data }] : [];
  });
}

/** Whose exam it is; null when it is not on this device. */
export function patientOfExam(read: Reader, exam: string): Id | null {
  return read.first(db.selectFrom("exam").select("patient_id").where("id", "=", exam))?.patient_id ?? null;
}

/** Signed visits of the exam's patient at which something was drawn, the latest first. */
export function drawingsOf(read: Reader, exam: string) {
  const patient = patientOfExam(read, exam);
  if (!patient) return [];
  return pastVisits(read, patient, exam)
    .map(({ examId, signedAt, content }) => ({ examId, signedAt, strokes: strokesOf(content) }))
    .filter(({ strokes }) => strokes.length > 0);
}

/**
 * Takes the strokes of a signed visit of the same patient over into a draft, those of one diagram; what is there
 * already is not drawn twice. Returns the ids of the new strokes. Refuses `NOT_FOUND`, `EXAM_SIGNED`.
 */
export const copyDrawing = defineCommand({
  name: "exams.copy-drawing",
  permission: "exams:create",
  input: z.object({ examId: idSchema, from: idSchema, diagram: z.enum(diagrams) }),
  run(tx, { examId, from, diagram }) {
    const exam = draft(tx, examId);
    const [record] = tx.sql<{ content: string; patient_id: Id }>(
      "select content, patient_id from exam_record where exam_id=?",
      bytes(from),
    );
    if (!record || !samePerson(tx, exam.patient_id, record.patient_id))
      throw refuse("NOT_FOUND", "This visit is not on this PC, so its drawing cannot be taken over.");
    const present = tx.sql<{ data: string }>(
      "select data from exam_item where exam_id=? and list='stroke' and deleted=0",
      bytes(examId),
    );
    const drawn = new Set(present.map(({ data }) => placeOfStroke(JSON.parse(data) as Stroke)));
    const ids: Id[] = [];
    const said = tx.sql<StoredAmendment>(
      "select id, hlc, state, content from exam_amendment where exam_id=?",
      bytes(from),
    );
    for (const { id: _, ...stroke } of strokesOf(amendedRecord(record.content, said).amended)) {
      if (stroke.diagram !== diagram || drawn.has(placeOfStroke(stroke))) continue;
      ids.push(tx.insert("exam_item", { exam_id: examId, list: "stroke", data: { ...stroke } }).id);
    }
    return { ids };
  },
});

const placeOfStroke = ({ diagram, eye, tool, points }: Stroke): string => [diagram, eye, tool, points].join("|");
