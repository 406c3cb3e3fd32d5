/**
 * The content of a signed exam: canonical JSON, the same bytes for the same exam at every node; and what a draft holds
 * beyond a record.
 */
import type { StoredRow } from "../sync/entity.ts";
import { exam } from "./entities.ts";
import { contentVersion } from "./record-content.ts";

const left = new Set(["patient_id", "branch_id", "optometrist_id", "started_at", "discarded_at", "appointment_id"]);
const contentFields = exam.columns.filter((column) => !left.has(column)).sort();
/** Whether a column of the exam is part of what is signed. */
export const isContentColumn = (column: string): boolean => contentFields.includes(column);

/** A draft with everything that belongs to it. */
export interface DraftExam {
  readonly exam: Readonly<Record<string, unknown>>;
  readonly entries: readonly StoredRow[];
  readonly items: readonly StoredRow[];
  /** The practice's own questions, removed ones too: an answer stays readable. */
  readonly questions?: readonly StoredRow[];
}

const questionIn = (key: unknown): string[] =>
  typeof key === "string" ? (/\.q([0-9a-f]{32})/.exec(key)?.slice(1) ?? []) : [];

/** Ids of the practice's own questions that were answered, or declined with a reason: their wording is part of the record. */
export function askedQuestions(entries: readonly StoredRow[], items: readonly StoredRow[]): string[] {
  const answered = entries.filter(({ deleted, value }) => !deleted && value !== null && value !== undefined);
  const declined = items.filter(({ deleted, list }) => !deleted && list === "declined");
  return [
    ...new Set([
      ...answered.flatMap(({ key }) => questionIn(key)),
      ...declined.flatMap(({ data }) => questionIn((data as { readonly test?: unknown } | null)?.test)),
    ]),
  ];
}

/** The draft's content as it is signed: sorted keys, nothing that was not stated. */
export function canonicalExam(draft: DraftExam): string {
  const { exam: row } = draft;
  const entries = statedEntries(draft.entries);
  const asked = new Set(askedQuestions(draft.entries, draft.items));
  const questions = (draft.questions ?? [])
    .filter(({ id }) => asked.has(id))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, section, label, unit }) => [id, { section, label, unit: unit ?? null }]);
  return JSON.stringify({
    version: contentVersion,
    patient_id: row.patient_id,
    optometrist_id: row.optometrist_id,
    started_at: row.started_at,
    exam: Object.fromEntries(contentFields.map((field) => [field, row[field] ?? null])),
    entries,
    items: listedItems(draft.items),
    questions: Object.fromEntries(questions),
  });
}

function statedEntries(rows: readonly StoredRow[]): Record<string, unknown> {
  const stated = rows.filter(({ deleted, value }) => !deleted && value !== null && value !== undefined);
  return Object.fromEntries(
    stated
      .sort((a, b) => ((a.key as string) < (b.key as string) ? -1 : 1))
      .map(({ key, value }) => [key, canonical(value)]),
  );
}

function listedItems(rows: readonly StoredRow[]): Record<string, unknown[]> {
  const kept = rows.filter(({ deleted }) => !deleted).sort((a, b) => (a.id < b.id ? -1 : 1));
  const lists = [...Map.groupBy(kept, ({ list }) => list as string)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    lists.map(([list, items]) => [
      list,
      items.map(({ id, data }) => ({ id, ...(canonical(data) as Record<string, unknown>) })),
    ]),
  );
}

/** Objects with sorted keys, all the way down: the same value is the same bytes whoever wrote it. */
export function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

/** One difference between a record and something later: a column, an entry's key, or `<list>:<item id>`. */
export interface ContentChange {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** Contents as they are read for comparing: of any version, and of a draft that is not ready to be signed. */
interface AnyContent {
  readonly version: number;
  readonly exam: Readonly<Record<string, unknown>>;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly items?: Readonly<Record<string, readonly { readonly id: string }[]>>;
}

/** The values of a content by the keys that changes name. */
function valuesOf(content: AnyContent): Map<string, unknown> {
  const values = new Map<string, unknown>(Object.entries(content.exam));
  for (const [key, value] of Object.entries(content.entries ?? {})) values.set(key, value);
  for (const [list, items] of Object.entries(content.items ?? {})) {
    for (const { id, ...data } of items) values.set(`${list}:${id}`, data);
  }
  return values;
}
/** Whether two values of a content say the same. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));

/**
 * What two contents (canonical JSON) say differently, in the order of keys. A content of version 1 knows columns only:
 * nothing else of the other one counts as a difference then.
 */
export function contentChanges(before: string, after: string): ContentChange[] {
  const contents = [JSON.parse(before), JSON.parse(after)] as [AnyContent, AnyContent];
  const columnsOnly = contents.some(({ version }) => version === 1);
  const [old, now] = contents.map(valuesOf) as [Map<string, unknown>, Map<string, unknown>];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key) => {
    const [from, to] = [old.get(key) ?? null, now.get(key) ?? null];
    return same(from, to) || (columnsOnly && /[.:]/.test(key)) ? [] : [{ key, from, to }];
  });
}

/**
 * What a change of a draft says otherwise than the record: `values` by column, key or `<list>:<item id>`. Columns that no
 * record has (which booking it was, whether the draft was discarded) say nothing about what was found.
 */
export function changesFrom(record: string, values: Readonly<Record<string, unknown>>): ContentChange[] {
  const said = valuesOf(JSON.parse(record) as AnyContent);
  return Object.entries(values).flatMap(([key, to]) => {
    if (!/[.:]/.test(key) && !isContentColumn(key)) return [];
    const from = said.get(key) ?? null;
    return same(from, to ?? null) ? [] : [{ key, from, to: to ?? null }];
  });
}
