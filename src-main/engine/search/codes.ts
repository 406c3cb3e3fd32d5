/** What bears exactly a code that was scanned, or a number that was typed whole. */
import { formatMoney } from "../../../src-shared/money/money.ts";
import { keptRecord } from "../patients/summary.ts";
import { bytes, type Reader } from "../read/database.ts";

export interface SearchItem {
  readonly kind: "patient" | "job" | "sale" | "case" | "product";
  readonly id: string;
  readonly title: string;
  readonly subtitle: string;
  readonly meta: string;
  /** How many of a product stand on the shelf here; null for what is not stocked. */
  readonly here?: number | null;
}

interface Found {
  readonly id: string;
  readonly number: string;
  readonly given_name?: string | null;
  readonly family_name?: string | null;
  readonly about: string;
  readonly patient_id?: string | null;
}
const personOf = ({ given_name, family_name }: Pick<Found, "given_name" | "family_name">) =>
  [given_name, family_name].filter(Boolean).join(" ");

/** Who bought something, by the name they go by now. */
export function buyer(read: Reader, { patient_id }: { readonly patient_id?: string | null }): string {
  const kept = patient_id ? keptRecord(read, patient_id)?.kept : null;
  return kept ? personOf(kept) : "";
}

export interface Scanning {
  readonly may: (permission: string) => boolean;
  readonly branch: string;
}

/** A document by its number; what was printed before it had to be drawn anew counts too, and is rarely needed. */
function numbered(read: Reader, select: string, number: string): Found | undefined {
  const by = (column: string) => read.sql<Found>(`${select} and t.${column} = ? limit 1`, number)[0];
  return by("number") ?? by("printed_number");
}

/** The first thing that bears the code: a job's ticket, a receipt, a patient, a case, a product, a tray. */
export function bearerOf(read: Reader, code: string, { may, branch }: Scanning): SearchItem | null {
  const number = code.toUpperCase();
  const job =
    may("orders:view") &&
    numbered(
      read,
      "select t.id, t.number, t.patient_name as given_name, t.stage as about from job t where true",
      number,
    );
  if (job) return { kind: "job", id: job.id, title: job.number, subtitle: personOf(job), meta: job.about };
  const sale =
    may("invoices:view") &&
    numbered(read, `select t.id, t.number, t.patient_id, t.status as about from sale t where true`, number);
  if (sale) return { kind: "sale", id: sale.id, title: sale.number, subtitle: buyer(read, sale), meta: sale.about };
  const patient =
    may("patients:view") &&
    numbered(read, "select t.id, t.number, '' as about from patient t where t.deleted = 0", number);
  // The card of a record that was merged leads to the one that is kept.
  const kept = patient ? keptRecord(read, patient.id)?.kept : null;
  if (kept)
    return { kind: "patient", id: kept.id, title: personOf(kept), subtitle: kept.date_of_birth, meta: kept.number };
  const file =
    may("cases:view") &&
    numbered(
      read,
      "select t.id, t.number, t.subject as given_name, t.status as about from case_file t where t.deleted = 0",
      number,
    );
  if (file) return { kind: "case", id: file.id, title: file.number, subtitle: personOf(file), meta: file.about };
  return productBy(read, code, branch) ?? (may("orders:view") ? jobInTray(read, code) : null);
}

/** A product by its barcode or its own number, with price and what stands on the shelf here. */
export function productBy(read: Reader, code: string, branch: string): SearchItem | null {
  const [product] = read.sql<{
    id: string;
    name: string;
    sku: string;
    brand: string | null;
    price: number;
    currency: string;
    on_hand: number | null;
    stocked: number;
  }>(
    `select p.id, p.name, p.sku, p.brand, p.price, p.stocked, l.on_hand, (select currency from practice limit 1) as currency
     from product p left join stock_level l on l.product_id = p.id and l.branch_id = ?
     where p.deleted = 0 and (p.barcode = ? or p.sku = ?) limit 1`,
    bytes(branch),
    code,
    code.toUpperCase(),
  );
  if (!product) return null;
  const { id, name, sku, brand, price, currency, on_hand, stocked } = product;
  return {
    kind: "product",
    id,
    title: [brand, name].filter(Boolean).join(" "),
    subtitle: sku,
    here: stocked ? (on_hand ?? 0) : null,
    meta: formatMoney(price, currency),
  };
}

/** The job that lies in a tray now: trays are used again. */
export function jobInTray(read: Reader, tray: string): SearchItem | null {
  const [job] = read.sql<{ id: string; number: string; patient_name: string; stage: string }>(
    `select id, number, patient_name, stage from job
     where tray = ? and stage <> 'collected' and cancelled = 0 order by at desc limit 1`,
    tray,
  );
  return job ? { kind: "job", id: job.id, title: job.number, subtitle: job.patient_name, meta: job.stage } : null;
}
