/** Selling: one transaction from the basket to the numbered receipt, the stock and, if enough was paid, the lab job. */
import { z } from "zod";
import { ageOn, localDate, promisedDate } from "../../../src-shared/calendar/index.ts";
import { blocks, checkDispense } from "../../../src-shared/dispensing/checks.ts";
import { measurementsSchema } from "../../../src-shared/dispensing/entities.ts";
import { priceBasket, productName, totalOf } from "../../../src-shared/dispensing/pricing.ts";
import { takeTenders } from "../../../src-shared/dispensing/tender.ts";
import { restrictionOf } from "../../../src-shared/exams/issued.ts";
import { rxOf } from "../../../src-shared/optics/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { NewRow, Row } from "../../../src-shared/sync/registry.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { limitsOf } from "../exams/limits.ts";
import { standingFor } from "../patients/kept.ts";
import { ownerSeenFrom } from "../patients/summary.ts";
import { bytes, compiledOnce, db } from "../read/database.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { spendCredit } from "./from-before.ts";
import { addPayment, openTillSession, tenderInput } from "./taking.ts";

export const checkoutInput = z.object({
  patientId: idSchema,
  prescriptionId: idSchema.nullable(),
  handoffId: idSchema.nullable().default(null),
  frameId: idSchema.nullable(),
  lensId: idSchema.nullable(),
  coatingIds: z.array(idSchema).max(10).default([]),
  extraIds: z.array(idSchema).max(30).default([]),
  discount: z.int().min(0).default(0),
  measurements: measurementsSchema,
  rush: z.boolean().default(false),
  note: z.string().trim().max(1000).nullable().default(null),
  tenders: z.array(tenderInput).max(8),
});
export type CheckoutInput = z.infer<typeof checkoutInput>;

type Product = Row<"product">;

function product(tx: Transaction, id: Id | null): Product | null {
  if (!id) return null;
  const found = tx.need("product", id);
  if (!found.active)
    throw refuse("NOT_SOLD", `${found.name} is not sold any more. Choose another one.`, { product: id });
  return found;
}

export const checkout = defineCommand({
  name: "dispensing.checkout",
  permission: "pos:access",
  input: checkoutInput,
  run(tx, input) {
    const patient = standingFor(tx, input.patientId);
    const frame = product(tx, input.frameId);
    const lens = product(tx, input.lensId);
    const others = [...input.coatingIds, ...input.extraIds].map((id) => product(tx, id) as Product);
    const bought = [frame, lens, ...others].filter((item): item is Product => item !== null);
    if (bought.length === 0) throw refuse("NOTHING_CHOSEN", "Nothing is in the basket yet.");
    if (lens && !input.prescriptionId)
      throw refuse("NO_PRESCRIPTION", "Choose the prescription that the lenses are made to.");
    const branch = tx.need("branch", tx.branch);
    const now = tx.now;
    const today = localDate(now, branch.time_zone);
    if (lens && input.prescriptionId) assertFit(tx, input, patient, lens, today);

    const lines = priceBasket(
      bought.map((item, index) => ({ product: item, quantity: 1, discount: index === 0 ? input.discount : 0 })),
    );
    const total = totalOf(lines);
    const taken = takeTenders(total, input.tenders);
    if (!taken.ok) throw refuse(taken.code, `${taken.message} Nothing was saved.`);
    const session = openTillSession(tx, branch);

    const sale = tx.insert("sale", {
      number: tx.label(""),
      printed_number: null,
      patient_id: patient.id,
      branch_id: tx.branch,
      device_id: tx.device,
      dispenser_id: tx.user as Id,
      till_session_id: session.id,
      business_date: session.business_date,
      currency: tx.need("practice", tx.practice).currency,
      note: input.note,
      at: now,
    });
    const rows = lines.map((line) => tx.insert("sale_line", { sale_id: sale.id, ...line }));
    let promisedOn: string | null = null;
    if (lens && input.prescriptionId)
      promisedOn = addPair(tx, { input, sale, patient, frame, lens, others, rows, branch, today });
    for (const item of bought) if (item.stocked) moveStock(tx, item, sale);
    for (const payment of taken.payments) addPayment(tx, sale, session, payment);
    spendCredit(tx, sale, taken.payments);
    if (input.handoffId) {
      tx.patch("handoff", input.handoffId, { handled_at: now, handled_by_id: tx.user, sale_id: sale.id });
    }
    dropDraft(tx);
    return { saleId: sale.id, number: sale.number, total, paid: taken.paid, change: taken.change, promisedOn };
  },
});

function assertFit(tx: Transaction, input: CheckoutInput, patient: Row<"patient">, lens: Product, today: string): void {
  const prescription = tx.need("prescription", input.prescriptionId as Id);
  const seller = tx.need("app_user", tx.user as Id);
  const { r, l } = rxOf(prescription as never);
  const [first] = blocks(
    checkDispense(
      {
        today,
        prescription: {
          patientId: ownerSeenFrom(tx, patient.id, prescription.patient_id),
          expiresOn: prescription.expires_on,
          r,
          l,
          bvd: prescription.bvd,
        },
        patient: { id: patient.id, age: ageOn(patient.date_of_birth, today), sightImpaired: patient.sight_impaired },
        seller: { registered: seller.registration_number !== null },
        lens: lensLimits(lens),
        measurements: input.measurements,
      },
      limitsOf(tx, tx.practice).vertex,
    ),
  );
  if (first) throw refuse("CANNOT_DISPENSE", first.message, { rule: first.rule });
}

export function lensLimits(lens: { details: Record<string, unknown> }) {
  const number = (name: string, otherwise: number) =>
    typeof lens.details[name] === "number" ? (lens.details[name] as number) : otherwise;
  return {
    design: String(lens.details.design ?? "single_vision"),
    index: number("index", 1500),
    sphere_min: number("sphere_min", -20_000),
    sphere_max: number("sphere_max", 20_000),
    cylinder_max: number("cylinder_max", 6000),
  };
}

interface PairContext {
  readonly input: CheckoutInput;
  readonly sale: Row<"sale">;
  readonly patient: Row<"patient">;
  readonly frame: Product | null;
  readonly lens: Product;
  readonly others: readonly Product[];
  readonly rows: readonly Row<"sale_line">[];
  readonly branch: Row<"branch">;
  readonly today: string;
}

/** The pair with everything the bench needs frozen into it; returns the promised date. */
function addPair(
  tx: Transaction,
  { input, sale, patient, frame, lens, others, rows, branch, today }: PairContext,
): string {
  const prescription = tx.need("prescription", input.prescriptionId as Id);
  const lab = labBranch(tx) ?? branch;
  const leadDays = Number(lens.details.lead_days ?? 5);
  const exceptions = tx.all(branchExceptions).map((row) => ({
    branch_id: row.branch_id,
    on_date: row.on_date,
    intervals: JSON.parse(row.intervals) as [string, string][],
  }));
  const hours = (row: Row<"branch">) => ({ id: row.id, time_zone: row.time_zone, opening: row.opening as never });
  const promised =
    promisedDate({
      soldOn: today,
      leadDays,
      branch: hours(branch),
      exceptions: exceptions.filter((row) => row.branch_id === branch.id),
      maker: { branch: hours(lab), exceptions: exceptions.filter((row) => row.branch_id === lab.id) },
    }) ?? today;
  const lineOf = (item: Product | null) => rows.find((row) => row.product_id === item?.id) ?? null;
  const rx = Object.fromEntries(
    Object.entries(prescription).filter(([name]) => /^[rl]_/.test(name) || name === "bvd"),
  ) as NewRow<"job">["content"]["rx"];
  const { design, index, material } = lens.details;
  const restricted = restrictionOf(patient, today) !== null;
  const seller = tx.need("app_user", tx.user as Id);
  const fields: NewRow<"sale_pair"> = {
    sale_id: sale.id,
    ordinal: 1,
    patient_id: patient.id,
    prescription_id: prescription.id,
    frame_line_id: lineOf(frame)?.id ?? null,
    lens_line_id: (lineOf(lens) as Row<"sale_line">).id,
    measurements: input.measurements,
    lab_branch_id: lab.id,
    promised_on: promised,
    rush: input.rush,
    job: {
      patient_name: `${patient.given_name} ${patient.family_name}`,
      content: {
        rx,
        lens: {
          name: productName(lens),
          // Whoever keeps the catalogue may write anything into these; only what fits is frozen.
          ...(typeof design === "string" && { design }),
          ...(typeof index === "number" && { index }),
          material,
          product_id: lens.id,
        },
        frame: frame ? { ...frame.details, name: productName(frame), brand: frame.brand, product_id: frame.id } : null,
        measurements: input.measurements,
        coatings: others.filter((item) => item.kind === "coating").map((item) => item.name),
        ...(restricted && { restricted }),
      },
      // Whoever sells to somebody whose dispensing is restricted is a registrant: nobody else gets here.
      ...(restricted && {
        registrant: { name: seller.display_name, number: seller.registration_number as string },
      }),
    },
  };
  tx.insert("sale_pair", fields);
  return promised;
}

const branchExceptions = compiledOnce(db.selectFrom("branch_exception").selectAll().where("deleted", "=", 0));
const firstLab = compiledOnce(
  db.selectFrom("branch").select("id").where("is_lab", "=", 1).where("deleted", "=", 0).orderBy("id").limit(1),
);

/** Where this practice's glasses are made: the setting, else the branch with a lab. */
function labBranch(tx: Transaction): Row<"branch"> | null {
  const chosen = tx.setting("lab_branch");
  if (typeof chosen === "string") return tx.get("branch", chosen);
  const [row] = tx.all(firstLab);
  return row ? tx.get("branch", row.id) : null;
}

function moveStock(tx: Transaction, item: Product, sale: Row<"sale">): void {
  tx.insert("stock_movement", {
    product_id: item.id,
    branch_id: tx.branch,
    kind: "sale",
    quantity: -1,
    reference_id: sale.id,
    reason: null,
    at: tx.now,
  });
}

function dropDraft(tx: Transaction): void {
  tx.sql("delete from local_draft where kind='checkout' and user_id=? returning key", bytes(tx.user as Id));
}

/** A further payment on a sale: the balance at collection, for example. */
export const pay = defineCommand({
  name: "dispensing.pay",
  permission: "pos:access",
  input: z.object({ saleId: idSchema, tenders: z.array(tenderInput).min(1).max(8) }),
  run(tx, input) {
    const sale = tx.need("sale", input.saleId);
    if (sale.balance <= 0) throw refuse("NOTHING_DUE", "Nothing is left to pay on this sale.");
    const taken = takeTenders(sale.balance, input.tenders);
    if (!taken.ok) throw refuse(taken.code, `${taken.message} Nothing was saved.`);
    const session = openTillSession(tx, tx.need("branch", tx.branch));
    for (const payment of taken.payments) addPayment(tx, sale, session, payment);
    spendCredit(tx, sale, taken.payments);
    return { paid: taken.paid, change: taken.change, balance: sale.balance - taken.paid };
  },
});
