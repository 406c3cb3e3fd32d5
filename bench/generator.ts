/**
 * Rows of a large invented practice, for benchmarks: streamed, deterministic, and whole as a replica or the centre
 * stores them, folded columns included. About six rows a patient.
 */

import { familyNames, femaleNames, maleNames, streets, towns } from "../resources/demo/names.ts";
import { makePrng } from "../resources/demo/prng.ts";
import { earlierRx, inventRx, rxColumns } from "../resources/demo/rx.ts";
import { formatLabel } from "../src-shared/dispensing/label.ts";
import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { entityOf } from "../src-shared/sync/registry.ts";
import {
  caseRows,
  dateOf,
  dayMs,
  type GeneratedRow,
  glasses,
  type Maker,
  type PracticeBase,
  saleRows,
  share,
} from "./generator-parts.ts";

export type { GeneratedRow, PracticeBase } from "./generator-parts.ts";

export interface PracticeRowsOptions {
  readonly seed: number;
  readonly patients: number;
  /** A new id for something made at `at` (UTC milliseconds). */
  readonly newId: (at: number) => Id;
  readonly base: PracticeBase;
  /** So many of the first patients have been coming for decades: some 300 records each on their screen. */
  readonly longHistories?: number;
}

const minuteMs = 60_000;
/** Past exams lie within so many days. */
const span = 1400;

/** The rows, each patient's together and parents before children. The same options and ids give the same rows. */
export function* practiceRows({
  seed,
  patients,
  newId,
  base,
  longHistories = 0,
}: PracticeRowsOptions): Generator<GeneratedRow, void, undefined> {
  const counters = new Map<string, number>();
  const maker: Maker = {
    random: makePrng(seed),
    base,
    newId,
    row(entity, at, fields) {
      const row: StoredRow = { id: newId(at), hlc: base.hlc, ...fields };
      for (const column of entityOf(entity).columns) row[column] ??= null;
      if (entityOf(entity).mergeable) {
        row.deleted = false;
        row.clocks = null;
      }
      return { entity, row };
    },
    label(letter) {
      const counter = (counters.get(letter) ?? 0) + 1;
      counters.set(letter, counter);
      return formatLabel({ branchCode: base.branchCode, terminal: "T1", letter, counter });
    },
  };
  for (let n = 0; n < patients; n++) yield* patientRows(maker, n, n < longHistories);
}

/** Visits of a long history, each an exam, a pair of glasses and a case: about nine records. */
const longVisits = 33;

function* patientRows(maker: Maker, n: number, long: boolean): Generator<GeneratedRow, void, undefined> {
  const { random, base, row } = maker;
  const female = random.chance(0.53);
  const given = random.pick(female ? femaleNames : maleNames);
  const family = random.pick(familyNames);
  const born = base.now - random.int(6 * 365, 90 * 365) * dayMs;
  const last = base.now - random.int(2, span) * dayMs;
  const patient = row("patient", last - 40 * minuteMs, {
    number: maker.label("P"),
    printed_number: null,
    title: null,
    given_name: given,
    family_name: family,
    date_of_birth: dateOf(born),
    sex: female ? "female" : "male",
    // Ofcom's thousand numbers for drama, over and over.
    phone: `07700 900${String(n % 1000).padStart(3, "0")}`,
    phone_other: null,
    email: `${given}.${family}.${n}@example.org`.toLowerCase(),
    address: `${random.int(1, 148)} ${random.pick(streets)}\n${towns.LDS.town}`,
    postcode: `${random.pick(towns.LDS.districts)} ${random.int(1, 9)}AB`,
    occupation: null,
    drives: null,
    sight_impaired: null,
    allergies: null,
    warning: null,
    notes: null,
    contact_by_text: true,
    contact_by_email: false,
    branch_id: base.branch,
    merged_into_id: null,
  });
  yield patient;
  const patientId = patient.row.id;
  const rx = inventRx(random, Math.floor((base.now - born) / (365.25 * dayMs)));
  if (long) {
    for (let visit = longVisits; visit > 0; visit--) {
      const at = last - visit * 200 * dayMs;
      const name = `${given} ${family}`;
      const before = rxColumns(earlierRx(random, rx));
      const older = yield* examRows(maker, patientId, at, before);
      yield* saleRows(maker, patientId, name, older, at + 60 * minuteMs, { rx: { ...before, bvd: null }, ...glasses });
      yield* caseRows(maker, patientId, name, at + 30 * dayMs);
    }
  }
  if (random.chance(share.secondExam))
    yield* examRows(maker, patientId, last - 700 * dayMs, rxColumns(earlierRx(random, rx)));
  const prescription = yield* examRows(maker, patientId, last, rxColumns(rx));
  if (random.chance(share.sale)) {
    const content = { rx: { ...rxColumns(rx), bvd: null }, ...glasses };
    yield* saleRows(maker, patientId, `${given} ${family}`, prescription, last + 60 * minuteMs, content);
  }
  if (random.chance(share.case))
    yield* caseRows(maker, patientId, `${given} ${family}`, base.now - random.int(1, 300) * dayMs);
}

function* examRows(
  maker: Maker,
  patientId: Id,
  at: number,
  eyes: ReturnType<typeof rxColumns>,
): Generator<GeneratedRow, Id, undefined> {
  const { base, row, newId } = maker;
  const examId = newId(at);
  const day = dateOf(at);
  const prescription = row("prescription", at, {
    patient_id: patientId,
    exam_id: examId,
    branch_id: base.branch,
    ...eyes,
    bvd: null,
    issued_on: day,
    expires_on: dateOf(at + 730 * dayMs),
    prescriber: "Bench Optometrist",
    prescriber_id: base.optometrist,
    source: "exam",
    note: null,
    at,
  });
  yield prescription;
  yield row("exam_summary", at, {
    exam_id: examId,
    patient_id: patientId,
    branch_id: base.branch,
    optometrist_id: base.optometrist,
    optometrist: "Bench Optometrist",
    outcome: "new_rx",
    recall_on: dateOf(at + 730 * dayMs),
    examined_on: day,
    at,
  });
  return prescription.row.id;
}
