/** Writing an exam: every field is kept as it is typed, each a register of its own, so that two devices overwrite nothing. */
import { z } from "zod";
import { ageOn, localDate } from "../../../src-shared/calendar/index.ts";
import { entryProblem, examProblem } from "../../../src-shared/exams/check.ts";
import { itemLimitProblem } from "../../../src-shared/exams/item-limits.ts";
import { type ExamList, itemSchemas } from "../../../src-shared/exams/items.ts";
import { examKinds, kindOfVisit } from "../../../src-shared/exams/kinds.ts";
import { earlyRecallCodes } from "../../../src-shared/exams/recall.ts";
import { outcomes } from "../../../src-shared/exams/record-content.ts";
import { entryOf } from "../../../src-shared/exams/sections.ts";
import type { LimitTables } from "../../../src-shared/optics/index.ts";
import { dayRange } from "../../../src-shared/scheduling/slots.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { samePerson, standingFor } from "../patients/kept.ts";
import { recordIds } from "../patients/summary.ts";
import { bytes } from "../read/database.ts";
import { visitOfToday } from "../scheduling/hours.ts";
import { beginVisit } from "../scheduling/visit.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { limitsOf } from "./limits.ts";

const eyeFields = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"] as const;
const emptyEyes = Object.fromEntries(
  ["r", "l"].flatMap((side) => eyeFields.map((field) => [`${side}_${field}`, null])),
);

export const startExam = defineCommand({
  name: "exams.start",
  permission: "exams:create",
  input: z.object({
    patientId: idSchema,
    kind: z.enum(examKinds).optional(),
    appointmentId: idSchema.nullable().optional(),
  }),
  run(tx, { patientId: asked, kind, appointmentId = null }) {
    const patient = standingFor(tx, asked);
    const patientId = patient.id;
    const visit = visitFor(tx, patientId, appointmentId);
    if (visit) beginVisit(tx, visit);
    const [open] = tx.sql<{ id: Id }>(
      `select id from exam where patient_id in (select unhex(value) from json_each(?)) and optometrist_id=?
       and record_id is null and discarded_at is null and deleted=0 order by started_at desc limit 1`,
      JSON.stringify(recordIds(tx, patientId)),
      bytes(tx.user as Id),
    );
    if (open) {
      if (visit && tx.need("exam", open.id).appointment_id === null)
        tx.patch("exam", open.id, { appointment_id: visit });
      return { id: open.id };
    }
    const exam = tx.insert("exam", {
      ...emptyEyes,
      patient_id: patientId,
      branch_id: tx.branch,
      optometrist_id: tx.user as Id,
      started_at: tx.now,
      reason: null,
      history: null,
      r_va: null,
      l_va: null,
      bvd: null,
      findings: null,
      outcome: null,
      recall_months: null,
      advice: null,
      recommendation: null,
      discarded_at: null,
      kind: kind ?? kindOfVisit(visit && tx.need("appointment", visit).kind, ageOn(patient.date_of_birth, todayIn(tx))),
      appointment_id: visit,
      early_recall: null,
      recall_reason: null,
      rx_months: null,
      purpose: null,
    } as never);
    return { id: exam.id };
  },
});

const zoneOf = (tx: Transaction) => tx.get("branch", tx.branch)?.time_zone ?? "Europe/London";
const todayIn = (tx: Transaction) => localDate(tx.now, zoneOf(tx));

/** The booking that an exam belongs to: the one it was started from, else the patient's of today here. */
function visitFor(tx: Transaction, patient: Id, appointment: Id | null): Id | null {
  if (appointment !== null) {
    if (!samePerson(tx, patient, tx.need("appointment", appointment).patient_id))
      throw refuse("OTHER_PATIENT", "This booking is another patient's. Start the exam from their own line.");
    return appointment;
  }
  const { start, end } = dayRange(todayIn(tx), zoneOf(tx));
  return visitOfToday(tx, { patient, branch: tx.branch, start, end })?.id ?? null;
}

const text = (max: number) => z.string().max(max).nullable();
const power = z.int().min(-100_000).max(100_000).nullable();
const eye = (side: "r" | "l") => ({
  [`${side}_sphere`]: power,
  [`${side}_cylinder`]: power,
  [`${side}_axis`]: z.int().min(1).max(180).nullable(),
  [`${side}_prism_h`]: z.int().min(0).max(4000).nullable(),
  [`${side}_base_h`]: z.enum(["in", "out"]).nullable(),
  [`${side}_prism_v`]: z.int().min(0).max(4000).nullable(),
  [`${side}_base_v`]: z.enum(["up", "down"]).nullable(),
  [`${side}_add`]: power,
  [`${side}_va`]: text(16),
});
export const examFields = z
  .object({
    ...eye("r"),
    ...eye("l"),
    bvd: z.int().min(50).max(250).nullable(),
    reason: text(2000),
    history: text(8000),
    findings: text(8000),
    outcome: z.enum(outcomes).nullable(),
    recall_months: z.int().min(1).max(120).nullable(),
    advice: text(4000),
    recommendation: text(2000),
    kind: z.enum(examKinds).nullable(),
    early_recall: z.enum(earlyRecallCodes).nullable(),
    recall_reason: text(400),
    rx_months: z.int().min(1).max(24).nullable(),
    purpose: text(200),
  })
  .partial();

/** The exam, if it is still a draft. */
export function draft(tx: Transaction, id: Id): Row<"exam"> {
  const exam = tx.need("exam", id);
  if (exam.record_id !== null)
    throw refuse("EXAM_SIGNED", "This exam is signed and stays as it is. Write an amendment instead.");
  return exam;
}

/** Entries by their key. At most as many as a screen holds: whoever copies a whole visit sends it in pieces. */
const entriesSchema = z
  .record(z.string().max(80), z.unknown())
  .refine((entries) => Object.keys(entries).length <= 200, "too many fields at once");

/** Autosave: columns and entries as they were typed, one signed group however many. */
export const patchExam = defineCommand({
  name: "exams.patch",
  permission: "exams:create",
  input: z.object({ id: idSchema, fields: examFields.optional(), entries: entriesSchema.optional() }),
  run(tx, { id, fields = {}, entries = {} }) {
    const exam = draft(tx, id);
    const given = prescribed(tx, exam, entries);
    const columns = { ...given, ...fields };
    // A half-typed line is fine while writing; only what no lens could be is refused here.
    refuseImpossible(limitsOf(tx, tx.practice), columns, entries);
    let changed = Object.keys(columns).length > 0 && tx.patch("exam", id, columns as never);
    for (const [key, value] of Object.entries(entries)) changed = writeEntry(tx, id, key, value) || changed;
    return { changed };
  },
});

/** What the practice's own limits rule out. That there is such a field is asked of every row besides. */
function refuseImpossible(
  limits: LimitTables,
  columns: Readonly<Record<string, unknown>>,
  entries: Readonly<Record<string, unknown>>,
): void {
  const problem =
    examProblem(columns, limits) ??
    Object.entries(entries)
      .map(([key, value]) => entryOf(key) && entryProblem({ key, value }, limits))
      .find((found) => found !== null);
  if (problem) throw refuse("IMPOSSIBLE", problem.message, { field: problem.field });
}

/**
 * Keeps one entry. The row comes empty and is patched in the same group: of two devices that fill in a field at once,
 * the second one's insert is skipped, and its patch merges like any other.
 */
export function writeEntry(tx: Transaction, exam: Id, key: string, value: unknown): boolean {
  const id = tx.derive({ subject: exam, reaction: `entry:${key}`, index: 0 });
  const present = tx.get("exam_entry", id);
  if (!present) {
    if (value === null) return false;
    tx.insertOnce("exam_entry", id, { exam_id: exam, key, value: null });
  }
  return tx.patch("exam_entry", id, { value });
}

/** What follows as one: a base is the direction of its amount, and says something else with another one. */
const followers = [
  ["sphere"],
  ["cylinder"],
  ["axis"],
  ["prism_h", "base_h"],
  ["prism_v", "base_v"],
  ["add"],
  ["va"],
] as const;

/**
 * What is found is what is prescribed until somebody prescribes otherwise: a cell of the prescription that equals the
 * subjective one, or is empty, follows it. A prism is one cell, amount and base.
 */
function prescribed(tx: Transaction, exam: Row<"exam">, entries: Readonly<Record<string, unknown>>) {
  const columns: Record<string, unknown> = {};
  for (const side of ["r", "l"] as const) {
    for (const cells of followers) {
      const keyed = cells.map((cell) => ({ key: `subjective.${cell}.${side}`, column: `${side}_${cell}` }));
      if (!keyed.some(({ key }) => key in entries)) continue;
      const stated = keyed.map(({ key, column }) => {
        const id = tx.derive({ subject: exam.id, reaction: `entry:${key}`, index: 0 });
        const before = tx.get("exam_entry", id)?.value ?? null;
        const given = (exam as unknown as Record<string, unknown>)[column] ?? null;
        return { column, before, given, now: key in entries ? (entries[key] ?? null) : before };
      });
      const [empty, equal] = [
        stated.every(({ given }) => given === null),
        stated.every((of) => of.given === of.before),
      ];
      if (empty || equal) for (const { column, now } of stated) columns[column] = now;
    }
  }
  return columns;
}

/** Powers and pressures that the practice's own limits rule out. The form of an item is asked of every row besides. */
function refuseImpossibleItem(tx: Transaction, list: string, data: Readonly<Record<string, unknown>>): void {
  const item = Object.hasOwn(itemSchemas, list) ? itemSchemas[list as ExamList].safeParse(data) : null;
  const problem = item?.success ? itemLimitProblem(list, item.data, limitsOf(tx, tx.practice)) : null;
  if (problem) throw refuse("IMPOSSIBLE", problem.message, { field: problem.field });
}

/** What a list's item may be is for its schema to say: `itemProblem`, asked of every row. */
const item = z.object({
  list: z.enum(Object.keys(itemSchemas) as [string, ...string[]]),
  data: z.record(z.string(), z.unknown()),
});

export const addItem = defineCommand({
  name: "exams.add-item",
  permission: "exams:create",
  input: item.extend({ examId: idSchema }),
  run(tx, { examId, list, data }) {
    draft(tx, examId);
    refuseImpossibleItem(tx, list, data);
    return { id: tx.insert("exam_item", { exam_id: examId, list, data: { ...data } }).id };
  },
});

export const changeItem = defineCommand({
  name: "exams.change-item",
  permission: "exams:create",
  input: z.object({ id: idSchema, data: z.record(z.string(), z.unknown()) }),
  run(tx, { id, data }) {
    const row = tx.need("exam_item", id);
    draft(tx, row.exam_id);
    const whole = { ...row.data, ...data };
    refuseImpossibleItem(tx, row.list, whole);
    return { changed: tx.patch("exam_item", id, { data: whole }) };
  },
});

/** Several at once: an eraser takes more than one stroke. What somebody else took meanwhile is taken. */
export const removeItems = defineCommand({
  name: "exams.remove-items",
  permission: "exams:create",
  input: z.object({ ids: z.array(idSchema).min(1).max(200) }),
  run(tx, { ids }) {
    for (const id of ids) {
      const row = tx.get("exam_item", id);
      if (!row) continue;
      draft(tx, row.exam_id);
      tx.remove("exam_item", id);
    }
  },
});

/** Undo of a removal. */
export const restoreItems = defineCommand({
  name: "exams.restore-items",
  permission: "exams:create",
  input: z.object({ examId: idSchema, ids: z.array(idSchema).min(1).max(200) }),
  run(tx, { examId, ids }) {
    draft(tx, examId);
    for (const id of ids) tx.restore("exam_item", id);
  },
});

/** Off every list of drafts. All that was written stays, half a word on this PC too, for who takes it up again. */
export const discardExam = defineCommand({
  name: "exams.discard",
  permission: "exams:create",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    draft(tx, id);
    tx.patch("exam", id, { discarded_at: tx.now });
  },
});

/** A discarded draft is a draft again. */
export const takeUpExam = defineCommand({
  name: "exams.take-up",
  permission: "exams:create",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    if (draft(tx, id).discarded_at === null)
      throw refuse("NOT_DISCARDED", "This exam is a draft already; a colleague may have taken it up.");
    tx.patch("exam", id, { discarded_at: null });
  },
});
