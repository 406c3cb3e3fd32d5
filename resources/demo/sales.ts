/** Sales with their lines, payments and stock movements: glasses that jobs are made from, and things from the counter. */
import { type Instant, localDate } from "../../src-shared/calendar/index.ts";
import type { Tender } from "../../src-shared/dispensing/entities.ts";
import type { FrozenJob } from "../../src-shared/dispensing/release.ts";
import { vatIncluded } from "../../src-shared/money/index.ts";
import { rxOf } from "../../src-shared/optics/index.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import type { Catalogue, LensDesign, Product } from "./catalogue.ts";
import type { Patient, Patients } from "./patients.ts";
import { type PersonKey, type Staff, seededTill } from "./people.ts";
import { rxColumns } from "./rx.ts";
import { type BranchCode, type DemoRow, type World, zone } from "./world.ts";

type Line = DemoRow<"sale_line">;
export interface Glasses {
  readonly sale: DemoRow<"sale">;
  readonly pair: DemoRow<"sale_pair">;
}
export interface GlassesOrder {
  readonly patient: Patient;
  readonly prescription: DemoRow<"prescription">;
  readonly soldAt: Instant;
  readonly promisedOn: (leadDays: number) => string;
  readonly rush: boolean;
  /** When the rest was paid, for glasses that were collected; else null. */
  readonly collectedAt: Instant | null;
}

const dispensers: Record<BranchCode, readonly PersonKey[]> = {
  LDS: ["hannah.boyle", "hannah.boyle", "jodie.marsh"],
  HRG: ["marcus.wren"],
  YRK: ["hannah.boyle"],
};

/** One pair of glasses sold: frame, lenses and dispensing, a third of them with a coating as a fourth line. */
export function addGlasses(world: World, staff: Staff, catalogue: Catalogue, order: GlassesOrder): Glasses {
  const { random } = world;
  const { patient, prescription, soldAt } = order;
  const frame = random.pick(catalogue.frames);
  const lens = chooseLens(world, catalogue, prescription);
  const coating = random.chance(0.33) ? random.pick(catalogue.coatings) : null;
  const { sale, dispenser } = addSale(world, staff, patient.branch, patient.row.id, soldAt);
  const products = [frame, lens, catalogue.dispensing, ...(coating ? [coating] : [])];
  const lines = products.map((product, index) => addLine(world, sale, index + 1, product, 1));
  const [frameLine, lensLine] = lines as [Line, Line];
  addStockSale(world, sale, frame.id, 1);

  const details = lens.details as { design: LensDesign; index: number; lead_days: number; material: string };
  const measurements = measure(world, details.design);
  const job: FrozenJob = {
    patient_name: `${patient.row.given_name} ${patient.row.family_name}`,
    content: {
      rx: { ...rxColumns(rxOf(prescription)), bvd: prescription.bvd ?? null },
      lens: {
        name: lens.name,
        design: details.design,
        index: details.index,
        material: details.material,
        product_id: lens.id,
      },
      frame: { name: frame.name, brand: frame.brand, product_id: frame.id, ...frame.details },
      measurements,
      coatings: coating ? [coating.name] : [],
    },
  };
  const pair = world.add("sale_pair", soldAt, {
    sale_id: sale.id,
    ordinal: 1,
    patient_id: patient.row.id,
    prescription_id: prescription.id,
    frame_line_id: frameLine.id,
    lens_line_id: lensLine.id,
    measurements,
    lab_branch_id: staff.branches.YRK,
    promised_on: order.promisedOn(details.lead_days),
    rush: order.rush,
    job: { ...job },
  });

  const total = lines.reduce((sum, line) => sum + line.line_total, 0);
  // Half is the deposit that releases glasses; most people pay everything at once.
  const first = random.chance(0.65) ? total : Math.ceil(total / 200) * 100;
  addPayment(world, sale, dispenser, first, soldAt + 60_000);
  if (order.collectedAt !== null && first < total) addPayment(world, sale, dispenser, total - first, order.collectedAt);
  if (order.collectedAt !== null || first === total) addPaidEvent(world, sale, total, lines.length);
  return { sale, pair };
}

/** Sprays, cloths and cases of the last two weeks, some to people whom nobody asked for a name. */
export function addCounterSales(
  world: World,
  staff: Staff,
  catalogue: Catalogue,
  patients: Patients,
  count: number,
): void {
  const { random } = world;
  const days = Array.from({ length: count }, () => world.openDay(random.int(1, 14))).sort((a, b) => b - a);
  for (const day of days) {
    const patient = random.chance(0.5) ? random.pick(patients.all) : null;
    const at = world.at(day, random.int(560, 1010));
    const { sale, dispenser } = addSale(world, staff, patient?.branch ?? "LDS", patient?.row.id ?? null, at);
    const product = random.pick(catalogue.accessories);
    const quantity = random.int(1, 2);
    const line = addLine(world, sale, 1, product, quantity);
    addStockSale(world, sale, product.id, quantity);
    addPayment(world, sale, dispenser, line.line_total, at + 30_000);
    addPaidEvent(world, sale, line.line_total, 1);
  }
}

function addSale(world: World, staff: Staff, branch: BranchCode, patient: Id | null, at: Instant) {
  const dispenser = staff.people[world.random.pick(dispensers[branch])];
  const sale = world.add("sale", at, {
    number: world.label(branch, seededTill, ""),
    printed_number: null,
    patient_id: patient,
    branch_id: staff.branches[branch],
    device_id: staff.tills[branch],
    dispenser_id: dispenser,
    till_session_id: null,
    business_date: localDate(at, zone),
    currency: "GBP",
    note: null,
    at,
  });
  return { sale, dispenser };
}

function addLine(world: World, sale: DemoRow<"sale">, ordinal: number, product: Product, quantity: number): Line {
  const total = product.price * quantity;
  return world.add("sale_line", sale.at, {
    sale_id: sale.id,
    ordinal,
    kind: product.kind,
    product_id: product.id,
    description: product.kind === "frame" ? `${product.name}, ${String(product.details.colour)}` : product.name,
    quantity,
    unit_price: product.price,
    discount: 0,
    line_total: total,
    vat_rate: product.vat_rate,
    vat_amount: vatIncluded(total, product.vat_rate),
  });
}

function addStockSale(world: World, sale: DemoRow<"sale">, product: Id, quantity: number): void {
  world.add("stock_movement", sale.at, {
    product_id: product,
    branch_id: sale.branch_id,
    kind: "sale",
    quantity: -quantity,
    reference_id: sale.id,
    reason: null,
    at: sale.at,
  });
}

function addPayment(world: World, sale: DemoRow<"sale">, by: Id, amount: number, at: Instant): void {
  const { random } = world;
  const tender: Tender =
    amount < 5000 ? random.pick(["cash", "contactless"]) : random.pick(["card", "card", "contactless", "card"]);
  const given = tender === "cash" ? Math.ceil(amount / 500) * 500 : null;
  world.add("payment", at, {
    sale_id: sale.id,
    kind: "payment",
    tender,
    amount,
    given,
    change: given === null ? null : given - amount,
    reference: tender === "cash" ? null : `A${random.int(100_000, 999_999)}`,
    taken_by_id: by,
    branch_id: sale.branch_id,
    device_id: sale.device_id,
    till_session_id: null,
    business_date: localDate(at, zone),
    at,
  });
}

/** The event that the product itself derives when a sale is paid in full. */
function addPaidEvent(world: World, sale: DemoRow<"sale">, total: number, lines: number): void {
  const payments = world.rows.payment.filter((payment) => payment.sale_id === sale.id);
  const at = Math.max(...payments.map((payment) => payment.at));
  world.put("domain_event", world.derive({ subject: sale.id, reaction: "invoice.paid", index: 0 }), {
    type: "invoice.paid",
    version: 1,
    source: "system",
    subject_entity: "sale",
    subject_id: sale.id,
    branch_id: sale.branch_id,
    actor_id: sale.dispenser_id,
    at,
    payload: {
      invoiceId: sale.id,
      patientId: sale.patient_id,
      dispenserId: sale.dispenser_id,
      totalAmount: total,
      currency: sale.currency,
      paymentMethods: [...new Set(payments.map(({ tender }) => tender))].sort(),
      lineItems: lines,
      timestamp: at,
    },
    stream: "money",
  });
}

/** A lens that is made in these powers: multifocal for who has an add, thinner the stronger. */
function chooseLens(world: World, catalogue: Catalogue, prescription: DemoRow<"prescription">): Product {
  const { r, l } = rxOf(prescription);
  const powers = [r, l].flatMap((eye) => [eye.sphere ?? 0, (eye.sphere ?? 0) + (eye.cylinder ?? 0)]);
  const design =
    r.add === null
      ? "single_vision"
      : world.random.pick(["varifocal", "varifocal", "varifocal", "bifocal", "occupational"]);
  const strongest = Math.max(...powers.map(Math.abs));
  const wanted = strongest > 6000 ? 1670 : strongest > 3000 ? 1600 : 1500;
  const made = catalogue.lenses.filter(({ details }) => {
    const range = details as { sphere_min: number; sphere_max: number };
    return powers.every((power) => power >= range.sphere_min && power <= range.sphere_max);
  });
  const designed = made.filter(({ details }) => details.design === design);
  // What is too strong for a bifocal is made as a varifocal.
  const usable =
    designed.length > 0
      ? designed
      : made.filter(({ details }) => details.design === (r.add === null ? "single_vision" : "varifocal"));
  const thin = usable.filter(({ details }) => (details.index as number) >= wanted);
  return world.random.pick(thin.length > 0 ? thin : usable);
}

/** Tenths of a millimetre, angles in degrees. */
function measure({ random }: World, design: LensDesign) {
  const pd = random.int(295, 335);
  const height = random.int(170, 215);
  const heights = design === "single_vision" ? {} : { height_r: height, height_l: height + random.int(-1, 1) * 5 };
  return {
    pd_r: pd,
    pd_l: pd + random.int(-2, 2) * 5,
    ...heights,
    bvd: random.int(24, 28) * 5,
    pantoscopic: random.int(6, 10),
    wrap: random.int(3, 6),
  };
}
