/**
 * What the practice's own limits rule out in an exam that is being written, whoever sends it. A PC that was away goes by
 * the tables it knows, and its clock may be wrong: refused is only what no table allows that may have counted there
 * (`tablesAround`). What was signed is a fact, however long the PC was away: records and amendments are held against what
 * is possible as delivered, like every row, and against nothing that a practice narrowed.
 */
import { sha1 } from "../../replica/crypto.ts";
import { entryProblem, examProblem, itemProblem } from "../../src-shared/exams/check.ts";
import type { Ranges } from "../../src-shared/exams/item-limits.ts";
import { type TablesAround, tablesAround, tableVersion } from "../../src-shared/optics/index.ts";
import type { FieldProblem, StoredRow } from "../../src-shared/sync/entity.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Body, ParsedGroup } from "../../src-shared/sync/group.ts";
import { hlcTime } from "../../src-shared/sync/hlc.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import type { SyncRules } from "../../src-shared/sync/rules.ts";
import { Rejected } from "./rejected.ts";
import type { WorkingSet } from "./working-set.ts";

const judged = new Set(["exam", "exam_entry", "exam_item"]);

/** Whether a group holds anything that limits are asked about; then they are loaded before it is judged. */
export const asksLimits = ({ bodies }: ParsedGroup): boolean => bodies.some(({ entity }) => judged.has(entity));

export type LimitGuard = (body: Body, row: StoredRow | null) => void;

/** Looks at the bodies of a group one by one; `row` is the one that a body changes. @throws Rejected. */
export function limitGuard({ header }: ParsedGroup, set: WorkingSet, rules: SyncRules): LimitGuard {
  const written = hlcTime(header.hlc);
  const known = new Map<number, TablesAround>();
  let versions: ReturnType<typeof versionsIn> | undefined;

  /** What may have counted since the exam was begun. */
  function tablesSince(begun: unknown): TablesAround {
    const from = typeof begun === "number" ? Math.min(begun, written) : written;
    const tables = known.get(from) ?? tablesAround(versions ?? [], from, written);
    known.set(from, tables);
    return tables;
  }

  return (body, row) => {
    if (!judged.has(body.entity) || body.op === "remove" || body.op === "restore") return;
    versions ??= versionsIn(set, header.practice, rules, header.group);
    // As delivered is asked of every row besides.
    if (versions.length === 0) return;
    const whole: Readonly<Record<string, unknown>> = { ...row, ...body.fields };
    const exam = body.entity === "exam" ? whole : set.get(entityOf("exam"), whole.exam_id as Id);
    const tables = tablesSince(exam?.started_at);
    const problem = questionsOf(body, whole)
      .map((ask) => problemWithAll(tables, ask))
      .find((found) => found !== null);
    if (problem)
      throw new Rejected("MALFORMED", { entity: body.entity, field: problem.field, reason: problem.message });
  };
}

function versionsIn(set: WorkingSet, practice: Id, rules: SyncRules, group: Id) {
  return set.allOf(entityOf("setting")).flatMap((row) => {
    const key = row.key as string;
    const version = row.deleted ? null : tableVersion(key, row.value);
    if (!version) return [];
    // As on the device: whatever row says so, only the one of the setting's own id counts.
    const own = rules.derive(sha1, practice, { subject: practice, reaction: `setting:${key}`, index: 0 }, group);
    return row.id === own ? [version] : [];
  });
}

type Question = (ranges: Ranges) => FieldProblem | null;

/** The values of a change that limits are asked about, each by itself: they may have been typed on different days. */
function questionsOf({ entity, fields }: Body, whole: Readonly<Record<string, unknown>>): Question[] {
  switch (entity) {
    case "exam":
      return columnsOf(fields);
    case "exam_entry":
      return "value" in fields ? [(ranges) => entryProblem(whole, ranges)] : [];
    case "exam_item":
      return "data" in fields ? [(ranges) => itemProblem(whole, ranges)] : [];
    default:
      return [];
  }
}

function columnsOf(columns: Readonly<Record<string, unknown>>): Question[] {
  return Object.entries(columns).map(
    ([column, value]) =>
      (ranges) =>
        examProblem({ [column]: value }, ranges),
  );
}

/** The problem that every table has with a value; null where one of them allows it. */
function problemWithAll({ rx: powers, measures: measurements }: TablesAround, ask: Question): FieldProblem | null {
  let first: FieldProblem | null = null;
  for (const rx of powers) {
    for (const measures of measurements) {
      const problem = ask({ rx, measures });
      if (!problem) return null;
      first ??= problem;
    }
  }
  return first;
}
