import { z } from "zod";
import { jobContentSchema } from "../lab/entities.ts";
import { registrantSchema } from "../lab/registrant.ts";
import { defineEntity } from "../sync/entity.ts";
import { bool, date, idField, instant, int, json, money, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";
import { foldSale } from "./fold.ts";

export const tenders = [
  "cash",
  "card",
  "contactless",
  "bacs",
  "cheque",
  "gift_voucher",
  "nhs_voucher",
  // What a patient had to their credit in the system before; the till counts no money for it.
  "credit",
  "other",
] as const;
export type Tender = (typeof tenders)[number];

/** Frame sizes in tenths of a millimetre, boxed lens system (ISO 8624). */
const frameDetailsSchema = z.looseObject({
  colour: z.string(),
  a: z.int(),
  b: z.int(),
  dbl: z.int(),
  side: z.int().optional(),
});
const lensDetailsSchema = z.looseObject({
  design: z.enum(["single_vision", "bifocal", "varifocal", "occupational"]),
  material: z.string(),
  /** Refractive index nd in thousandths, 1.600 = 1600. */
  index: z.int(),
  /** Strongest principal meridian it is made in, milli-dioptres. */
  sphere_min: z.int(),
  sphere_max: z.int(),
  cylinder_max: z.int(),
  lead_days: z.int().min(0),
  coating: z.string().optional(),
});

export const product = defineEntity({
  name: "product",
  kind: "register",
  stream: "org",
  fields: {
    sku: text(40),
    barcode: nullable(text(40)),
    kind: unknownAs("accessory", oneOf("frame", "lens", "coating", "accessory", "service")),
    brand: nullable(text()),
    name: text(),
    details: json(z.union([frameDetailsSchema, lensDetailsSchema, z.record(z.string(), z.unknown())])),
    /** A frame's, a lens pair's or an item's selling price with VAT, in minor units of the practice's currency. */
    price: money(),
    /** VAT rate in hundredths of a percent (2000 = 20 %); 0 for exempt supplies. */
    vat_rate: int(0, 10_000),
    stocked: bool(),
    active: bool(),
  },
  permissions: { insert: "inventory:adjust", patch: "inventory:adjust" },
});

export const stockMovement = defineEntity({
  name: "stock_movement",
  kind: "fact",
  stream: "org",
  fields: {
    product_id: idField("product"),
    branch_id: idField("branch"),
    kind: unknownAs(
      "adjustment",
      oneOf("receipt", "sale", "return", "transfer_out", "transfer_in", "breakage", "adjustment", "count"),
    ),
    quantity: int(-100_000, 100_000),
    reference_id: nullable(idField()),
    reason: nullable(text(400)),
    at: instant(),
  },
  permissions: { insert: ({ fields }) => (fields.kind === "sale" ? "pos:access" : "inventory:adjust") },
  sum: { table: "stock_level", keys: ["product_id", "branch_id"], column: "on_hand", amount: "quantity" },
});

export const sale = defineEntity({
  name: "sale",
  kind: "fact",
  stream: "money",
  series: "",
  fields: {
    number: text(32),
    /** What was printed before a forked terminal had to draw the number anew; searchable. */
    printed_number: nullable(text(40)),
    patient_id: nullable(idField("patient")),
    branch_id: idField("branch"),
    device_id: idField("device"),
    dispenser_id: idField("app_user"),
    till_session_id: nullable(idField("till_session")),
    business_date: date(),
    currency: text(3),
    note: nullable(text(1000)),
    at: instant(),
  },
  author: "dispenser_id",
  permissions: { insert: "pos:access", owner: "dispenser_id" },
  fold: {
    columns: {
      total: money(),
      paid: money(),
      balance: money(),
      status: oneOf("unpaid", "part_paid", "paid", "overpaid"),
    },
    from: { sale_line: "sale_id", payment: "sale_id", sale_pair: "sale_id" },
    compute: foldSale,
  },
});

export const saleLine = defineEntity({
  name: "sale_line",
  kind: "fact",
  stream: "money",
  parent: { entity: "sale", column: "sale_id" },
  fields: {
    sale_id: idField("sale"),
    ordinal: int(1, 999),
    kind: unknownAs("accessory", oneOf("frame", "lens", "coating", "accessory", "service")),
    product_id: nullable(idField("product")),
    description: text(300),
    quantity: int(1, 999),
    unit_price: money(),
    discount: money(),
    line_total: money(),
    vat_rate: int(0, 10_000),
    vat_amount: money(),
  },
  permissions: {
    insert: ({ fields }) => (Number(fields.discount ?? 0) > 0 ? "pos:discount" : "pos:access"),
  },
});

/** Centration in tenths of a millimetre, angles in degrees. */
export const measurementsSchema = z.looseObject({
  pd_r: z.int().optional(),
  pd_l: z.int().optional(),
  height_r: z.int().optional(),
  height_l: z.int().optional(),
  bvd: z.int().optional(),
  pantoscopic: z.int().optional(),
  wrap: z.int().optional(),
});

/** A pair of glasses of a sale: the subject that its lab job's id is derived from. */
export const salePair = defineEntity({
  name: "sale_pair",
  kind: "fact",
  stream: "money",
  parent: { entity: "sale", column: "sale_id" },
  fields: {
    sale_id: idField("sale"),
    ordinal: int(1, 99),
    patient_id: idField("patient"),
    prescription_id: idField("prescription"),
    frame_line_id: nullable(idField("sale_line")),
    lens_line_id: idField("sale_line"),
    measurements: json(measurementsSchema),
    lab_branch_id: idField("branch"),
    promised_on: date(),
    rush: bool(),
    /** Everything the bench needs, frozen when the glasses were sold, so that the centre can release the job alone. */
    job: json(
      z.looseObject({
        patient_name: z.string().max(200),
        content: jobContentSchema,
        /** Who dispensed, as registered on the day, where only a registrant may (domain §4.2). */
        registrant: registrantSchema.optional(),
      }),
    ),
  },
  permissions: { insert: "pos:access" },
});

export const payment = defineEntity({
  name: "payment",
  kind: "fact",
  stream: "money",
  parent: { entity: "sale", column: "sale_id" },
  fields: {
    sale_id: idField("sale"),
    kind: unknownAs("payment", oneOf("payment", "refund")),
    tender: unknownAs("other", oneOf(...tenders)),
    /** Positive for a payment, negative for a refund. */
    amount: money(),
    /** Cash handed over and change given back; change comes from cash only. */
    given: nullable(money()),
    change: nullable(money()),
    /** Authorisation code or last four digits, never a card number. */
    reference: nullable(text(60)),
    taken_by_id: idField("app_user"),
    branch_id: idField("branch"),
    device_id: idField("device"),
    till_session_id: nullable(idField("till_session")),
    business_date: date(),
    at: instant(),
  },
  author: "taken_by_id",
  permissions: { insert: ({ fields }) => (fields.kind === "refund" ? "pos:refund" : "pos:access") },
});

/** A till's day: its business date is what every sale in it carries, whatever the wall clock says. */
export const tillSession = defineEntity({
  name: "till_session",
  kind: "fact",
  stream: "money",
  fields: {
    device_id: idField("device"),
    branch_id: idField("branch"),
    opened_by_id: idField("app_user"),
    business_date: date(),
    float: money(),
    at: instant(),
  },
  permissions: { insert: "pos:access" },
});
