import { ageOn } from "../../../src-shared/calendar/index.ts";
import { blocks, checkDispense, type Finding } from "../../../src-shared/dispensing/checks.ts";
import { payment } from "../../../src-shared/dispensing/entities.ts";
import { readPolicy } from "../../../src-shared/dispensing/policy.ts";
import { depositOf, priceBasket, totalOf } from "../../../src-shared/dispensing/pricing.ts";
import type { Registrant } from "../../../src-shared/lab/registrant.ts";
import { rxOf, type VertexLimits } from "../../../src-shared/optics/index.ts";
import { understood } from "../../../src-shared/sync/newer.ts";
import { broughtBalance, ofNoUndoneImport } from "../patients/import/brought.ts";
import { keptPatient, ofKept } from "../patients/kept.ts";
import { ownerSeenFrom, recordIds } from "../patients/summary.ts";
import { bytes, db, type Reader } from "../read/database.ts";
import { lensLimits } from "./checkout.ts";
import { readCard } from "./handoffs.ts";

export interface CatalogueItem {
  readonly id: string;
  readonly sku: string;
  readonly barcode: string | null;
  readonly kind: "frame" | "lens" | "coating" | "accessory" | "service";
  readonly brand: string | null;
  readonly name: string;
  readonly price: number;
  readonly vat_rate: number;
  readonly stocked: boolean;
  readonly here: number;
  readonly details: Record<string, unknown>;
}

export function catalogue(read: Reader, branch: string): CatalogueItem[] {
  const rows = read.sql<{
    id: string;
    sku: string;
    barcode: string | null;
    kind: CatalogueItem["kind"];
    brand: string | null;
    name: string;
    price: number;
    vat_rate: number;
    stocked: number;
    here: number | null;
    details: string;
  }>(
    `select p.id, p.sku, p.barcode, p.kind, p.brand, p.name, p.price, p.vat_rate, p.stocked, p.details, s.on_hand as here
     from product p left join stock_level s on s.product_id = p.id and s.branch_id = ?
     where p.active = 1 and p.deleted = 0 order by p.brand, p.name, p.price`,
    bytes(branch),
  );
  return rows.map((row) => ({
    ...row,
    stocked: row.stocked !== 0,
    here: row.here ?? 0,
    details: JSON.parse(row.details),
  }));
}

/** What the till needs when a patient sits down: who, the prescriptions on file, the hand-off, the last pair. */
export function startDispense(read: Reader, patientId: string, today: string) {
  const patient = keptPatient(read, patientId);
  if (!patient) return null;
  // What stands on a record that was merged into this one is theirs too.
  const own = recordIds(read, patient.id);
  const handoff = read.first(
    db
      .selectFrom("handoff as h")
      .leftJoin("app_user as u", "u.id", "h.from_user_id")
      .select([
        "h.id",
        "h.exam_id",
        "h.outcome",
        "h.recommendation",
        "h.raised_at",
        "h.prescription_id",
        "h.card",
        "h.urgency",
        "u.display_name as from",
      ])
      .where("h.patient_id", "in", own)
      .where("h.handled_at", "is", null)
      .orderBy("h.raised_at", "desc"),
  );
  return {
    patient: { ...patient, age: ageOn(patient.date_of_birth, today) },
    /** Owed (plus) or to their credit (minus) from the system before, minor units. */
    fromBefore: broughtBalance(read, patient.id),
    prescriptions: read.all(
      db
        .selectFrom("prescription")
        .selectAll()
        .where("patient_id", "in", own)
        .where(ofNoUndoneImport)
        .orderBy("issued_on", "desc")
        .orderBy("at", "desc")
        .limit(10),
    ),
    handoff: handoff ? { ...handoff, card: readCard(handoff.card) } : null,
    /** What contact lenses may be supplied from, as long as it runs (domain §3.8: never after it). */
    lensSpec: read.first(
      db
        .selectFrom("contact_lens_spec")
        .select(["expires_on", "fitter"])
        .where("patient_id", "in", own)
        .orderBy("fitted_on", "desc")
        .orderBy("at", "desc"),
    ),
    lastJob: read.first(
      db.selectFrom("job").select(["number", "content", "at"]).where("patient_id", "in", own).orderBy("at", "desc"),
    ),
    today,
  };
}

export interface PreviewInput {
  readonly patientId: string;
  readonly prescriptionId: string | null;
  readonly frameId: string | null;
  readonly lensId: string | null;
  readonly coatingIds: readonly string[];
  readonly discount: number;
  readonly measurements: Record<string, number | undefined>;
}

interface PreviewContext {
  readonly today: string;
  readonly user: string;
  readonly items: readonly CatalogueItem[];
  readonly policy: unknown;
  readonly vertex: VertexLimits;
}

/** The basket priced, and every finding, before anything is sold. */
export function preview(read: Reader, input: PreviewInput, context: PreviewContext) {
  const of = (id: string | null) => context.items.find((item) => item.id === id) ?? null;
  const chosen = [of(input.frameId), of(input.lensId), ...input.coatingIds.map(of)].filter(
    (item): item is CatalogueItem => item !== null,
  );
  const lines = priceBasket(
    chosen.map((item, index) => ({ product: item, quantity: 1, discount: index === 0 ? input.discount : 0 })),
  );
  const total = totalOf(lines);
  const policy = readPolicy(context.policy);
  return {
    lines,
    total,
    deposit: depositOf(total, policy.kind === "full" ? 100 : policy.percent),
    depositPercent: policy.kind === "full" ? 100 : policy.percent,
    ...judgeLenses(read, input, context),
  };
}

/** Which lenses can be made for this prescription, which cannot and why, and what to mind with the chosen one. */
function judgeLenses(
  read: Reader,
  input: PreviewInput,
  { today, user, items, vertex }: Pick<PreviewContext, "today" | "user" | "items" | "vertex">,
) {
  const patient = keptPatient(read, input.patientId);
  const prescription = input.prescriptionId
    ? read.first(db.selectFrom("prescription").selectAll().where("id", "=", input.prescriptionId))
    : null;
  const seller = read.first(db.selectFrom("app_user").select("registration_number").where("id", "=", user));
  if (!patient || !prescription) return { findings: [] as Finding[], hidden: [] as { id: string; why: string }[] };
  const { r, l } = rxOf(prescription as never);
  const question = (lens: CatalogueItem | null) => ({
    today,
    prescription: {
      patientId: ownerSeenFrom(read, patient.id, prescription.patient_id),
      expiresOn: prescription.expires_on,
      r,
      l,
      bvd: prescription.bvd,
    },
    patient: { id: patient.id, age: ageOn(patient.date_of_birth, today), sightImpaired: patient.sight_impaired },
    seller: { registered: seller?.registration_number !== null && seller?.registration_number !== undefined },
    lens: lens ? lensLimits(lens) : null,
    measurements: input.measurements,
  });
  const chosen = items.find((item) => item.id === input.lensId) ?? null;
  const hidden = items
    .filter((item) => item.kind === "lens")
    .flatMap((item) => {
      const [why] = blocks(checkDispense(question(item), vertex)).filter(
        ({ rule }) => rule === "envelope" || rule === "add-missing",
      );
      return why ? [{ id: item.id, why: why.message }] : [];
    });
  return { findings: checkDispense(question(chosen), vertex), hidden };
}

/** Everything a receipt prints. */
export function receipt(read: Reader, saleId: string) {
  const sale = read.first(db.selectFrom("sale").selectAll().where("id", "=", saleId));
  if (!sale) return null;
  return {
    sale,
    lines: read.all(db.selectFrom("sale_line").selectAll().where("sale_id", "=", saleId).orderBy("ordinal")),
    payments: read
      .all(db.selectFrom("payment").selectAll().where("sale_id", "=", saleId).orderBy("at"))
      .map((row) => ({ ...row, tender: understood(payment.fields.tender, row.tender) })),
    jobs: read.all(
      db
        .selectFrom("job as j")
        .innerJoin("branch as b", "b.id", "j.lab_branch_id")
        .select(["j.id", "j.number", "j.stage", "j.promised_on", "b.name as lab"])
        .where("j.sale_id", "=", saleId),
    ),
    pairs: read
      .all(db.selectFrom("sale_pair").select(["id", "ordinal", "promised_on", "job"]).where("sale_id", "=", saleId))
      .map(({ job, ...pair }) => ({
        ...pair,
        registrant: (JSON.parse(job) as { registrant?: Registrant }).registrant,
      })),
    patient: sale.patient_id ? keptPatient(read, sale.patient_id) : null,
    seller: read.first(
      db.selectFrom("app_user").select(["display_name", "registration_number"]).where("id", "=", sale.dispenser_id),
    ),
    branch: read.first(db.selectFrom("branch").select(["name", "address", "phone"]).where("id", "=", sale.branch_id)),
    practice: read.first(db.selectFrom("practice").select(["name", "vat_number", "currency"])),
  };
}

/** What this till took on its business date, by tender. */
export function takings(read: Reader, device: string, day: string) {
  const byTender = read.sql<{ tender: string; amount: number; n: number }>(
    "select tender, sum(amount) as amount, count(*) as n from payment where device_id=? and business_date=? group by tender order by tender",
    bytes(device),
    day,
  );
  const sales = read.sql<{
    id: string;
    number: string;
    total: number;
    paid: number;
    balance: number;
    at: number;
    patient_id: string | null;
    merged_into_id: string | null;
    given_name: string | null;
    family_name: string | null;
  }>(
    `select s.id, s.patient_id, p.merged_into_id, s.number, s.total, s.paid, s.balance, s.at, p.given_name, p.family_name from sale s left join patient p on p.id=s.patient_id
     where s.device_id=? and s.business_date=? order by s.at desc limit 50`,
    bytes(device),
    day,
  );
  return { byTender, sales: ofKept(read, sales, ["given_name", "family_name"]) };
}

/** Glasses that are at the branch: to be checked and announced, or waiting for the patient, with what is still due. */
export function toCollect(read: Reader, branch: string) {
  const jobs = read.sql<{
    id: string;
    number: string;
    patient_id: string;
    merged_into_id: string | null;
    given_name: string;
    family_name: string;
    phone: string | null;
    stage: "received_branch" | "ready";
    stage_at: number;
    sale_id: string;
    balance: number;
  }>(
    `select j.id, j.number, j.patient_id, p.merged_into_id, p.given_name, p.family_name, p.phone, j.stage, j.stage_at, j.sale_id, s.balance
     from job j join sale s on s.id = j.sale_id join patient p on p.id = j.patient_id
     where j.branch_id = ? and j.stage in ('received_branch','ready') and j.held = 0
     order by j.stage desc, j.stage_at`,
    bytes(branch),
  );
  return ofKept(read, jobs, ["given_name", "family_name", "phone"]);
}
