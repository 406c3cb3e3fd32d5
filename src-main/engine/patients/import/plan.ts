/** What an import will write, in the order in which it does: each person with all that is theirs, in parts of one group. */
import { sha256Hex } from "../../../../replica/crypto.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { NewRow } from "../../../../src-shared/sync/registry.ts";
import type { Candidate, Checked, CheckState, LineRef } from "./check.ts";

/** What is done about somebody who seems to be here already. */
export type Decision =
  | { readonly is: "new" }
  | { readonly is: "skip" }
  | { readonly is: "same"; readonly to: Candidate["to"] };

/** Whose a row is: a patient who is here, or the one made from a source of this run. */
export type Whose = { readonly id: Id } | { readonly source: string };
type Given<E extends "patient" | "prescription" | "brought_order" | "brought_balance"> = Omit<
  NewRow<E>,
  "patient_id" | "import_id" | "branch_id" | "number" | "at" | "user_id"
>;
export type PlannedRow =
  | { readonly is: "patient"; readonly source: string; readonly fields: Given<"patient"> }
  | {
      readonly is: "prescription";
      readonly whose: Whose;
      readonly index: number;
      readonly fields: Given<"prescription">;
    }
  | { readonly is: "order"; readonly whose: Whose; readonly index: number; readonly fields: Given<"brought_order"> }
  | {
      readonly is: "balance";
      readonly whose: Whose;
      readonly index: number;
      readonly fields: Given<"brought_balance">;
    };

export interface Plan {
  readonly parts: readonly (readonly PlannedRow[])[];
  readonly counts: Readonly<
    Record<"patients" | "prescriptions" | "orders" | "balances" | "same" | "skipped" | "had" | "bad", number>
  >;
}

/** Rows of one signed group: small enough that nobody at the till waits for one, and that a slow line takes it whole. */
export const rowsPerPart = 25;
/** More lines than this no file of fifty megabytes has. */
const linesPerFile = 10_000_000;

export function planImport(
  state: CheckState,
  fileNames: readonly string[],
  decisionOf: (ref: LineRef) => Decision,
): Plan {
  const rowsOf = new Map<string, PlannedRow[]>();
  const nameOf = (file: number, line: number) => `${fileNames[file]}, line ${line}`;
  function add(whose: Whose, row: PlannedRow): void {
    const name = "id" in whose ? whose.id : whose.source;
    const rows = rowsOf.get(name);
    if (rows) rows.push(row);
    else rowsOf.set(name, [row]);
  }
  const counts = countImport(state, decisionOf, {
    patient(source, { file, record: { line, key, notes, ...fields } }) {
      const from = `Brought over: ${nameOf(file, line)}${key === null ? "" : `, number ${key} before`}`;
      const note = notes === null ? from : `${notes}\n${from}`;
      add({ source }, { is: "patient", source, fields: { ...fields, printed_number: key, notes: note } });
    },
    other(kind, whose, { file, record: { line, key: _, ...fields } }) {
      add(whose, otherRow(kind, whose, file * linesPerFile + line, fields as never, nameOf(file, line)));
    },
  });
  return { parts: inParts([...rowsOf.values()].flat()), counts };
}

interface Visitor {
  readonly patient: (source: string, line: Checked<"patients">) => void;
  readonly other: (kind: OtherKind, whose: Whose, line: Checked<OtherKind>) => void;
}

/** How much will come as things stand, and how much will not and why; `visit` is shown every line that comes. */
export function countImport(
  state: CheckState,
  decisionOf: (ref: LineRef) => Decision,
  visit?: Visitor,
): Plan["counts"] {
  const counts = { patients: 0, prescriptions: 0, orders: 0, balances: 0, same: 0, skipped: 0, had: 0 };
  /** Follows "the same as that line" to whom it ends at; null for those who are left out. */
  function whoseLine(ref: LineRef): Whose | null {
    const decision = decisionOf(ref);
    if (decision.is === "skip") return null;
    if (decision.is === "same") return "id" in decision.to ? { id: decision.to.id } : whoseLine(decision.to.ref);
    return { source: visit ? sourceOf(state, ref) : ref };
  }
  for (const [ref, line] of state.patients) {
    const { is } = decisionOf(ref);
    if (is === "skip") counts.skipped += 1;
    if (is === "same") counts.same += 1;
    if (is !== "new") continue;
    counts.patients += 1;
    visit?.patient(sourceOf(state, ref), line);
  }
  for (const kind of ["prescriptions", "orders", "balances"] as const) {
    for (const line of state[kind]) {
      const owner = state.owners.get(line.record.key);
      const whose = owner && ("id" in owner ? owner : whoseLine(owner.ref));
      if (!whose) counts.skipped += 1;
      else if ("id" in whose && line.hadBy?.includes(whose.id)) counts.had += 1;
      else {
        counts[kind] += 1;
        visit?.other(kind, whose, line);
      }
    }
  }
  return { ...counts, bad: badLines(state) };
}

type OtherKind = "prescriptions" | "orders" | "balances";
function otherRow(
  kind: OtherKind,
  whose: Whose,
  index: number,
  fields: Record<string, unknown>,
  from: string,
): PlannedRow {
  const note = [fields.note, `Brought over: ${from}`].filter(Boolean).join("\n");
  if (kind === "orders") return { is: "order", whose, index, fields: fields as never };
  if (kind === "balances") return { is: "balance", whose, index, fields: { ...fields, note } as never };
  return { is: "prescription", whose, index, fields: { ...fields, note, source: "outside" } as never };
}

/** What a new patient's id is derived from, beside the run: their number before, or their line where there is none. */
function sourceOf(state: CheckState, ref: LineRef): string {
  const key = state.patients.get(ref)?.record.key ?? null;
  return sha256Hex(key === null ? `line ${ref}` : `number ${key}`).slice(0, 32);
}

function badLines({ findings }: CheckState): number {
  return new Set(
    findings.filter(({ severity }) => severity === "bad").map(({ file, kind, line }) => `${file} ${kind} ${line}`),
  ).size;
}

function inParts(rows: readonly PlannedRow[]): PlannedRow[][] {
  const parts: PlannedRow[][] = [];
  for (let from = 0; from < rows.length; from += rowsPerPart) parts.push(rows.slice(from, from + rowsPerPart));
  return parts;
}
