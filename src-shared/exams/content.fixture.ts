/** Rows of a draft for tests, small enough to read. */
import type { StoredRow } from "../sync/entity.ts";
import { exam } from "./entities.ts";

const hex = (number: number) => number.toString(16).padStart(32, "0");

/** An exam that could be signed; everything that is not stated is null. */
export function draftRow(stated: Readonly<Record<string, unknown>> = {}): StoredRow {
  return {
    ...Object.fromEntries(exam.columns.map((column) => [column, null])),
    id: hex(0xe),
    hlc: hex(1),
    patient_id: hex(0xa),
    optometrist_id: hex(0xb),
    branch_id: hex(0xc),
    started_at: 1_764_000_000_000,
    outcome: "new_rx",
    r_sphere: -4250,
    l_sphere: -3750,
    ...stated,
  };
}

export function entryRow(key: string, value: unknown, more: Partial<StoredRow> = {}): StoredRow {
  return { id: `e-${key}`, hlc: hex(1), exam_id: hex(0xe), key, value, deleted: false, ...more };
}

export function itemRow(number: number, list: string, data: unknown, more: Partial<StoredRow> = {}): StoredRow {
  return { id: hex(number), hlc: hex(1), exam_id: hex(0xe), list, data, deleted: false, ...more };
}
