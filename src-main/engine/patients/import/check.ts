/**
 * The dry run: every line is read, nothing is written. Worked off in slices, so that a till on the same PC never waits for
 * it longer than for a keystroke.
 */
import {
  type Finding,
  type ImportKind,
  importKinds,
  type LineRead,
  type ReadingRules,
} from "../../../../src-shared/patients/import/finding.ts";
import type { PatientRecord } from "../../../../src-shared/patients/import/read-patient.ts";
import { type RecordOf, readLine } from "../../../../src-shared/patients/import/table.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import type { Reader } from "../../read/database.ts";
import type { FoundPatient } from "../queries.ts";
import { createAlready } from "./already.ts";
import { lineCountOf, linesOf, type SourceLine, type StagedFile } from "./file.ts";
import { type Likeness, likelyPatients, nameKey, numbered, numberedPatient } from "./likely.ts";

/** A line among all files of an import: `<file>:<line>`, files counted from 0. */
export type LineRef = string;

export interface Candidate {
  /** A patient of the practice, or a line of these files. */
  readonly to: { readonly id: Id } | { readonly ref: LineRef };
  readonly why: Likeness;
  readonly shown: Pick<FoundPatient, "given_name" | "family_name" | "date_of_birth" | "phone"> & {
    readonly where: string;
  };
}
export interface Duplicate {
  readonly ref: LineRef;
  readonly record: PatientRecord;
  readonly candidates: readonly Candidate[];
}
export interface FoundIn extends Finding {
  readonly file: number;
  readonly kind: ImportKind;
}
export interface Checked<K extends ImportKind> {
  readonly file: number;
  readonly record: RecordOf[K];
  /** Patients who may be meant and have this already. */
  readonly hadBy?: readonly Id[];
}
/** Whose a line of another file is: a line of a patients' file, a patient who is here, or nobody. */
export type Owner = { readonly ref: LineRef } | { readonly id: Id };

export interface CheckState {
  readonly total: number;
  done: number;
  readonly findings: FoundIn[];
  /** Lines that were read, bad ones included, by what they hold. */
  readonly lines: Record<ImportKind, number>;
  readonly patients: Map<LineRef, Checked<"patients">>;
  readonly prescriptions: Checked<"prescriptions">[];
  readonly orders: Checked<"orders">[];
  readonly balances: Checked<"balances">[];
  readonly owners: Map<string, Owner>;
  readonly duplicates: Duplicate[];
}

const slice = 100;

export function createCheck(
  read: Reader,
  files: readonly StagedFile[],
  { today, limits }: Pick<ReadingRules, "today" | "limits">,
) {
  // Patients first: what belongs to them asks whether they come.
  const queue = linesInOrder(files);
  const state: CheckState = {
    total: files.reduce((sum, file) => sum + lineCountOf(file), 0),
    done: 0,
    findings: [],
    lines: { patients: 0, prescriptions: 0, orders: 0, balances: 0 },
    patients: new Map(),
    prescriptions: [],
    orders: [],
    balances: [],
    owners: new Map(),
    duplicates: [],
  };
  const before = broughtBefore(read);
  const already = createAlready(read);
  const candidatesOf = new Map<LineRef, readonly Candidate[]>();
  const names = new Map<string, LineRef>();
  /** Numbers of patients whose own line stays out. */
  const out = new Map<string, number>();

  function rulesOf(file: StagedFile): ReadingRules {
    if (file.form !== "csv") return { today, limits, dateOrder: "dmy", positive: "owes" };
    return { today, limits, dateOrder: file.dateOrder ?? "dmy", positive: file.positive };
  }

  function check(file: number, { kind, line, torn }: SourceLine): void {
    state.lines[kind] += 1;
    const answer: LineRead<RecordOf[ImportKind]> = torn
      ? { record: null, findings: [torn] }
      : readLine(kind, line, rulesOf(files[file] as StagedFile));
    for (const finding of answer.findings) state.findings.push({ ...finding, file, kind });
    const key = line.values.get("key");
    if (kind === "patients") {
      if (answer.record) takePatient(file, answer.record as PatientRecord);
      else if (key !== undefined) out.set(key, line.line);
      return;
    }
    if (!answer.record) return;
    const record = answer.record as RecordOf[Exclude<ImportKind, "patients">];
    const why = ownerProblem(record.key);
    if (why === null) {
      const owner = state.owners.get(record.key);
      const hadBy = (owner ? whoMayBe(owner) : []).filter((id) => already(kind, id, record));
      (state[kind] as Checked<typeof kind>[]).push({ file, record, hadBy } as Checked<typeof kind>);
    }
    if (why !== null) {
      const column = line.headers.get("key") ?? "";
      state.findings.push({ file, kind, line: line.line, column, value: record.key, severity: "bad", message: why });
    }
  }

  /** Everybody here whom a person may take the owner for. */
  function whoMayBe(owner: Owner): Id[] {
    if ("id" in owner) return [owner.id];
    const proposed = candidatesOf.get(owner.ref) ?? [];
    return [...new Set(proposed.flatMap(({ to }) => whoMayBe(to)))];
  }

  function ownerProblem(key: string): string | null {
    if (state.owners.has(key)) return null;
    const id = before.get(key);
    if (id) {
      state.owners.set(key, { id });
      return null;
    }
    const line = out.get(key);
    return line === undefined
      ? `No patient with the number ${key} is in these files, nor was one brought over before. Choose the patients' file too, or correct the number.`
      : `The patient ${key} stays out, see line ${line} of the patients' file. Correct that line first.`;
  }

  function takePatient(file: number, record: PatientRecord): void {
    const ref = `${file}:${record.line}`;
    const taken = record.key === null ? undefined : state.owners.get(record.key);
    if (taken && "ref" in taken) {
      const [, line] = taken.ref.split(":");
      state.findings.push({
        file,
        kind: "patients",
        line: record.line,
        column: "",
        value: record.key ?? "",
        severity: "bad",
        message: `The number ${record.key} stands in line ${line} already, and a number is one patient's. Correct one of the two.`,
      });
      return;
    }
    state.patients.set(ref, { file, record });
    if (record.key !== null) state.owners.set(record.key, { ref });
    const candidates = [...alreadyHere(record), ...inFiles(record)];
    names.set(nameKey(record), names.get(nameKey(record)) ?? ref);
    if (candidates.length === 0) return;
    candidatesOf.set(ref, candidates);
    state.duplicates.push({ ref, record, candidates });
  }

  function alreadyHere(record: PatientRecord): Candidate[] {
    const number = record.key === null ? undefined : before.get(record.key);
    const likely = likelyPatients(read, record);
    // Who came under this number is shown whatever they are called by now.
    const other = number && !likely.some(({ patient }) => patient.id === number) ? numberedPatient(read, number) : null;
    const found = [...likely, ...(other ? [other] : [])].map(
      ({ patient, why }): Candidate => ({
        to: { id: patient.id },
        why: patient.id === number ? numbered(patient, record) : why,
        shown: { ...patient, where: patient.number },
      }),
    );
    return found.sort((a, b) => Number(b.why === "number") - Number(a.why === "number"));
  }

  function inFiles(record: PatientRecord): Candidate[] {
    const ref = names.get(nameKey(record));
    const other = ref === undefined ? undefined : state.patients.get(ref);
    if (ref === undefined || !other) return [];
    const where = `${files[other.file]?.name}, line ${other.record.line}`;
    return [{ to: { ref }, why: "same", shown: { ...other.record, where } }];
  }

  return {
    state,
    /** Reads some more lines; true while there are others. */
    next(): boolean {
      for (let left = slice; left > 0; left -= 1) {
        const next = queue.next();
        if (next.done) break;
        check(next.value.file, next.value.source);
        state.done += 1;
      }
      return state.done < state.total;
    },
  };
}
export type Check = ReturnType<typeof createCheck>;

function* linesInOrder(files: readonly StagedFile[]): Generator<{ file: number; source: SourceLine }> {
  for (const kind of importKinds) {
    for (const [file, staged] of files.entries()) {
      for (const source of linesOf(staged, kind)) yield { file, source };
    }
  }
}

/** Patients who were brought over before and are here, by their number in the system before. */
function broughtBefore(read: Reader): Map<string, Id> {
  const rows = read.sql<{ id: Id; printed_number: string }>(
    `select p.id, p.printed_number from import_run r join patient p on p.import_id = r.id
     where r.undone_at is null and p.deleted = 0 and p.printed_number is not null`,
  );
  return new Map(rows.map(({ id, printed_number }) => [printed_number, id]));
}
