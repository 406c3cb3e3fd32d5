/**
 * What rows of the exam room have to agree with, whoever sends them: the exam that they are about, and for a record all
 * that a draft would not have taken. A device asks the same while people write; here it is asked of whatever comes.
 */
import { entryProblem, examProblem, itemProblem } from "../../src-shared/exams/check.ts";
import { exam as examEntity } from "../../src-shared/exams/entities.ts";
import { readExamContent } from "../../src-shared/exams/record-content.ts";
import { fieldProblem, type StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Body } from "../../src-shared/sync/group.ts";
import { type Hlc, hlcTime } from "../../src-shared/sync/hlc.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import { Rejected } from "./rejected.ts";
import type { WorkingSet } from "./working-set.ts";

const about = new Set(["exam_record", "exam_submission", "exam_amendment"]);

/** A clock may be put right between the instant that a command noted and the stamp that it got. */
const slack = 60_000;

/** Looks at a row that is about to be inserted by a group of that stamp. @throws Rejected. */
export function guardExamRoom({ entity, fields }: Body, set: WorkingSet, stamp: Hlc): void {
  if (!about.has(entity)) return;
  const exam = set.get(entityOf("exam"), fields.exam_id as Id);
  if (!exam) return;
  if (fields.patient_id !== exam.patient_id) throw malformed(entity, "patient_id", "another patient than the exam's");
  const at = entity === "exam_record" ? "signed_at" : "at";
  if ((fields[at] as number) > hlcTime(stamp) + slack) throw malformed(entity, at, "later than it was written");
  if (entity === "exam_amendment") return;
  guardContent(entity, fields, exam);
  if (entity === "exam_record") guardCountersignature(fields, set);
}

/** A signed exam is a record: it is not taken away with its draft. @throws Rejected. */
export function guardRemoval(exam: StoredRow): void {
  if (exam.record_id !== null)
    throw new Rejected("NOT_ALLOWED", { entity: "exam", reason: "a signed exam is not removed" });
}

function guardContent(entity: string, fields: Body["fields"], exam: StoredRow): void {
  const content = readExamContent(fields.content as string);
  for (const name of ["patient_id", "optometrist_id"] as const)
    if (content[name] !== exam[name]) throw malformed(entity, `content.${name}`, "not that of the exam");
  const problem =
    fieldProblem(examEntity, "patch", content.exam) ??
    examProblem(content.exam) ??
    firstOf(Object.entries(content.entries), ([key, value]) => entryProblem({ key, value })) ??
    firstOf(Object.entries(content.items), ([list, items]) =>
      firstOf(items, ({ id: _, ...data }) => itemProblem({ list, data })),
    );
  if (problem) throw malformed(entity, `content.${problem.field}`, problem.message);
}

/** Who is said to have signed first has signed these very bytes, and is somebody else. */
function guardCountersignature(fields: Body["fields"], set: WorkingSet): void {
  const [by, id] = [fields.prepared_by_id ?? null, fields.submission_id ?? null];
  if (by === null && id === null) return;
  const submission = id === null ? null : set.get(entityOf("exam_submission"), id as Id);
  if (submission?.author_id !== by || submission?.exam_id !== fields.exam_id || submission?.sha256 !== fields.sha256)
    throw malformed("exam_record", "submission_id", "nobody signed these bytes before");
  if (by === fields.signed_by_id)
    throw new Rejected("NOT_ALLOWED", { entity: "exam_record", reason: "somebody else countersigns" });
}

function firstOf<T, R>(list: readonly T[], look: (each: T) => R | null): R | null {
  for (const each of list) {
    const found = look(each);
    if (found) return found;
  }
  return null;
}

function malformed(entity: string, field: string, reason: string): Rejected {
  return new Rejected("MALFORMED", { entity, field, reason });
}
