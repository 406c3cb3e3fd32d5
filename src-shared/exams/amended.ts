/**
 * A record and what was said about it afterwards. The record's bytes never change; what reads as amended is computed
 * from all amendments in the order of their stamps, so that it is the same on every device in whatever order they came.
 */
import { z } from "zod";
import { builtInTables } from "../optics/index.ts";
import { type FieldProblem, fieldProblem } from "../sync/entity.ts";
import { byStamp } from "../sync/order.ts";
import { entryProblem, examProblem, itemProblem } from "./check.ts";
import { type ContentChange, canonical, contentChanges, isContentColumn } from "./content.ts";
import { exam } from "./entities.ts";
import type { Ranges } from "./item-limits.ts";
import { type ExamList, itemSchemas } from "./items.ts";
import { type ExamContent, readExamContent } from "./record-content.ts";

const changeSchema = z
  .object({ key: z.string(), from: z.unknown(), to: z.unknown() })
  .transform(({ key, from, to }): ContentChange => ({ key, from: from ?? null, to: to ?? null }));
const contentSchema = z.object({
  text: z.string().default(""),
  changes: z.array(changeSchema).default([]),
  /** The proposed amendment or second signature that this one decides on. */
  answers: z.string().nullable().default(null),
  decision: z.enum(["accepted", "set_aside"]).nullable().default(null),
});
export type AmendmentContent = z.output<typeof contentSchema>;

export interface StoredAmendment {
  readonly id: string;
  readonly hlc: string;
  readonly state: string;
  readonly content: string;
}

/** What an amendment says of a record (its canonical content). Text that is no JSON of ours is the words themselves. */
export function readAmendment(record: string, { state, content }: StoredAmendment): AmendmentContent {
  const words = { text: content, changes: [], answers: null, decision: null };
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch {
    return words;
  }
  if (state === "concurrent") {
    try {
      readExamContent(content);
    } catch {
      return words;
    }
    return { ...words, text: "", changes: contentChanges(record, content) };
  }
  return contentSchema.safeParse(json).data ?? words;
}

/** The JSON of an amendment; what says nothing but words is the words themselves, as older versions wrote them. */
export function writeAmendment({ text, changes, answers, decision }: AmendmentContent): string {
  if (changes.length === 0 && !answers) return text;
  return JSON.stringify({ text, changes, ...(answers ? { answers, decision } : {}) });
}

const itemKey = /^([a-z_]+):([0-9a-f]{32})$/;
const freshKey = /^([a-z_]+):new\d{1,3}$/;

/** The list to which an amendment adds an entry that has no id yet (`pressure:new1`); null for any other key. */
export function listOfFresh(key: string): string | null {
  return freshKey.exec(key)?.[1] ?? null;
}

/** An entry of a list as records hold it: everything that its list asks for, in sorted keys; null for what is struck. */
export function itemSaid(key: string, to: unknown): unknown {
  const [, list = ""] = itemKey.exec(key) ?? [];
  if (to === null || !Object.hasOwn(itemSchemas, list)) return to;
  return canonical(itemSchemas[list as ExamList].safeParse(to).data ?? to);
}

/**
 * What is impossible about saying this in a record: by column, entry's key or `<list>:<item id>`; null where possible.
 * Judged as in an exam that is open, by the limits that are given.
 */
export function changeProblem(key: string, to: unknown, ranges: Ranges = builtInTables): string | null {
  const [, list] = itemKey.exec(key) ?? [];
  if (list) {
    if (!Object.hasOwn(itemSchemas, list)) return "No exam has this list.";
    return to === null ? null : (itemProblem({ list, data: to }, ranges)?.message ?? null);
  }
  if (key.includes(".")) return entryProblem({ key, value: to }, ranges)?.message ?? null;
  if (!isContentColumn(key)) return "No exam has this field.";
  if (key === "outcome" && to === null) return "An exam that is signed has an outcome.";
  return (fieldProblem(exam, "patch", { [key]: to }) ?? examProblem({ [key]: to }, ranges))?.message ?? null;
}

/**
 * What is impossible about an amendment's row: of what a person signed as one, every change has to be possible. What
 * the centre proposes, and a second signature, say what somebody wrote, whatever it is; accepting it is asked again.
 */
export function amendmentProblem(row: Readonly<Record<string, unknown>>): FieldProblem | null {
  if (row.state !== "amendment") return null;
  const { changes } = readAmendment("", { id: "", hlc: "", state: "amendment", content: row.content as string });
  for (const { key, to } of changes) {
    const message = changeProblem(key, to);
    if (message) return { field: key, message };
  }
  return null;
}

export type ProposalState = "open" | "accepted" | "set_aside";

export interface ReadAmendment extends AmendmentContent {
  readonly id: string;
  /** What became of a proposal or a second signature; null for what a person signed as an amendment. */
  readonly status: ProposalState | null;
}

export interface AmendedRecord {
  readonly signed: ExamContent;
  readonly amended: ExamContent;
  /** In the order of their stamps. */
  readonly amendments: readonly ReadAmendment[];
}

/**
 * The record as amended. Only what people signed as amendments changes it: a proposal does so once somebody accepted
 * it, by the amendment that does. Accepted by one and set aside by another counts as accepted, since its changes stand.
 */
export function amendedRecord(record: string, stored: readonly StoredAmendment[]): AmendedRecord {
  const read = [...stored]
    .sort(byStamp)
    .map((row) => ({ ...readAmendment(record, row), id: row.id, proposal: row.state !== "amendment" }));
  const amended = readExamContent(record);
  const decisions = new Map<string, ProposalState>();
  for (const { proposal, changes, answers, decision } of read) {
    if (proposal) continue;
    if (answers && decision && decisions.get(answers) !== "accepted") decisions.set(answers, decision);
    for (const change of changes) if (changeProblem(change.key, change.to) === null) apply(amended, change);
  }
  return {
    signed: readExamContent(record),
    amended,
    amendments: read.map(({ proposal, ...amendment }) => ({
      ...amendment,
      status: proposal ? (decisions.get(amendment.id) ?? "open") : null,
    })),
  };
}

function apply(content: ExamContent, { key, to }: ContentChange): void {
  const [, list, id] = itemKey.exec(key) ?? [];
  if (list && id) {
    const items = content.items[list] ?? [];
    const at = items.findIndex((item) => item.id === id);
    const next = items.toSpliced(at < 0 ? items.length : at, at < 0 ? 0 : 1);
    content.items[list] =
      to === null ? next : [...next, { ...(to as object), id }].sort((a, b) => (a.id < b.id ? -1 : 1));
  } else if (key.includes(".")) {
    if (to === null) delete content.entries[key];
    else content.entries[key] = to;
  } else (content.exam as Record<string, unknown>)[key] = to;
}

/** What stands under a change's key in a content; null for nothing. */
export function saidIn(content: ExamContent, key: string): unknown {
  const [, list, id] = itemKey.exec(key) ?? [];
  if (list && id) {
    const items = Object.hasOwn(content.items, list) ? content.items[list] : [];
    const { id: _, ...data } = items?.find((item) => item.id === id) ?? { id };
    return Object.keys(data).length === 0 ? null : data;
  }
  return (key.includes(".") ? content.entries[key] : content.exam[key as "outcome"]) ?? null;
}
