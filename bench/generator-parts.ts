/** The parts of the benchmark's rows that only some patients have: sales with jobs, and cases. */

import type { Prng } from "../resources/demo/prng.ts";
import { vatIncluded } from "../src-shared/money/index.ts";
import type { StoredRow } from "../src-shared/sync/entity.ts";
import type { Id } from "../src-shared/sync/fields.ts";
import { type EntityName, entityOf, type NewRow } from "../src-shared/sync/registry.ts";

/** What the rows refer to; it exists already. */
export interface PracticeBase {
  /** The stamp of every row. */
  readonly hlc: string;
  /** UTC milliseconds; nothing happened later. */
  readonly now: number;
  readonly branch: Id;
  readonly branchCode: string;
  readonly labBranch: Id;
  readonly device: Id;
  readonly optometrist: Id;
  readonly dispenser: Id;
  readonly frame: Id;
  readonly lens: Id;
}
export interface GeneratedRow {
  readonly entity: EntityName;
  readonly row: StoredRow;
}
export interface Maker {
  readonly random: Prng;
  readonly base: PracticeBase;
  readonly newId: (at: number) => Id;
  readonly row: <N extends EntityName>(entity: N, at: number, fields: NewRow<N>) => GeneratedRow;
  readonly label: (letter: string) => string;
}

/** Shares of the patients that have them. */
export const share = { secondExam: 0.3, sale: 0.3, job: 0.25, case: 0.1 } as const;
export const dayMs = 86_400_000;
const prices = { frame: 12900, lens: 21900, dispensing: 6000 } as const;

export const glasses = {
  lens: { name: "Norvue Arc 1.60", design: "varifocal", index: 1600 },
  frame: { name: "Ashby 4107", colour: "Matt black", a: 520, b: 380, dbl: 180, side: 1400 },
  measurements: { pd_r: 315, pd_l: 310, height_r: 190, height_l: 190 },
  coatings: [],
};

/** A sale of one pair of glasses with its lines and payment, and mostly the job that came of it. */
export function* saleRows(
  maker: Maker,
  patientId: Id,
  patientName: string,
  prescriptionId: Id,
  at: number,
  content: NewRow<"job">["content"],
): Generator<GeneratedRow, void, undefined> {
  const { random, base, row } = maker;
  const total = prices.frame + prices.lens + prices.dispensing;
  const paid = random.chance(0.9) ? total : total / 2;
  const day = dateOf(at);
  const sale = row("sale", at, {
    number: maker.label(""),
    printed_number: null,
    patient_id: patientId,
    branch_id: base.branch,
    device_id: base.device,
    dispenser_id: base.dispenser,
    till_session_id: null,
    business_date: day,
    currency: "GBP",
    note: null,
    at,
  });
  const lines = (["frame", "lens", "service"] as const).map((kind, index) => {
    const price = kind === "service" ? prices.dispensing : prices[kind];
    const rate = kind === "service" ? 0 : 2000;
    return row("sale_line", at, {
      sale_id: sale.row.id,
      ordinal: index + 1,
      kind,
      product_id: kind === "service" ? null : base[kind],
      description:
        kind === "frame" ? glasses.frame.name : kind === "lens" ? glasses.lens.name : "Dispensing and fitting",
      quantity: 1,
      unit_price: price,
      discount: 0,
      line_total: price,
      vat_rate: rate,
      vat_amount: vatIncluded(price, rate),
    });
  });
  const payment = row("payment", at, {
    sale_id: sale.row.id,
    kind: "payment",
    tender: "card",
    amount: paid,
    given: null,
    change: null,
    reference: null,
    taken_by_id: base.dispenser,
    branch_id: base.branch,
    device_id: base.device,
    till_session_id: null,
    business_date: day,
    at,
  });
  yield folded(sale, { sale_line: lines, payment: [payment], sale_pair: [] });
  yield* lines;
  yield payment;
  if (!random.chance(share.job / share.sale)) return;

  const promised = dateOf(at + 9 * dayMs);
  const pair = row("sale_pair", at, {
    sale_id: sale.row.id,
    ordinal: 1,
    patient_id: patientId,
    prescription_id: prescriptionId,
    frame_line_id: lines[0]?.row.id ?? null,
    lens_line_id: lines[1]?.row.id as Id,
    measurements: glasses.measurements,
    lab_branch_id: base.labBranch,
    promised_on: promised,
    rush: false,
    job: { patient_name: patientName, content },
  });
  const job = row("job", at, {
    number: `${String(sale.row.number)}/1`,
    printed_number: null,
    sale_id: sale.row.id,
    pair_id: pair.row.id,
    patient_id: patientId,
    patient_name: patientName,
    branch_id: base.branch,
    lab_branch_id: base.labBranch,
    content,
    promised_on: promised,
    rush: false,
    at,
  });
  // Glasses of the last fortnight are in the lab, older ones were collected.
  const open = base.now - at < 14 * dayMs;
  const event = row("job_event", at, {
    job_id: job.row.id,
    kind: open ? random.pick(["released", "received_lab", "edging"] as const) : "collected",
    seen_event_id: null,
    text: null,
    user_id: base.dispenser,
    branch_id: base.branch,
    at,
  });
  yield pair;
  yield folded(job, { job_event: [event] });
  yield event;
}

/** A case with the one message that opened it. */
export function* caseRows(
  maker: Maker,
  patientId: Id,
  patientName: string,
  at: number,
): Generator<GeneratedRow, void, undefined> {
  const { random, base, row } = maker;
  const file = row("case_file", at, {
    number: maker.label("K"),
    printed_number: null,
    patient_id: patientId,
    subject: random.pick([
      "When will my glasses be ready?",
      "Nose pads leave marks",
      "Copy of the prescription",
      "Floaters in one eye",
    ]),
    channel: "portal",
    branch_id: base.branch,
    owner_id: random.chance(0.5) ? base.dispenser : null,
    opened_by_id: base.dispenser,
    opened_at: at,
  });
  const message = row("case_message", at, {
    case_id: file.row.id,
    from: "patient",
    channel: "portal",
    body: "I should like to know about this, please. You can write to me here.",
    author_id: null,
    author: patientName,
    at,
  });
  yield folded(file, { case_message: [message], case_event: [] });
  yield message;
}

/** The row with its folded columns, from the facts that come right after it. */
function folded({ entity, row }: GeneratedRow, facts: Readonly<Record<string, readonly GeneratedRow[]>>): GeneratedRow {
  const stored = Object.fromEntries(Object.entries(facts).map(([name, list]) => [name, list.map((fact) => fact.row)]));
  return { entity, row: { ...row, ...entityOf(entity).fold?.compute(row, stored) } };
}

const dates = new Map<number, string>();
/** The UTC date of an instant; there are few of them, and making one is slow. */
export function dateOf(at: number): string {
  const day = Math.floor(at / dayMs);
  let date = dates.get(day);
  if (!date) {
    date = new Date(day * dayMs).toISOString().slice(0, 10);
    dates.set(day, date);
  }
  return date;
}
