/**
 * Which rows the patient on one screen is made of. A workstation reads its replica and the centre its database by this
 * one list, and `summary.ts` makes the screen of either, so that both answer the same.
 */
import type { Stream } from "../sync/entity.ts";
import { type EntityName, entityOf, type Row } from "../sync/registry.ts";

/** One kind of rows on the screen. */
interface Part<N extends EntityName, C extends keyof Row<N> & string> {
  readonly entity: N;
  readonly columns: readonly C[];
  /** The column that names the patient, or the row that does: the lines of a patient's sales. */
  readonly by: string;
  readonly through?: EntityName;
  /** The column that puts them in order of time. */
  readonly order: C;
  /** The right to see them, beside seeing the patient. */
  readonly needs: string | null;
  /** Rows that an import brought which was undone do not count: they stay, since facts do, and are left out. */
  readonly brought?: true;
}
function part<N extends EntityName, const C extends keyof Row<N> & string>(
  entity: N,
  order: NoInfer<C>,
  columns: readonly C[],
  {
    needs = null,
    by = "patient_id",
    ...more
  }: { needs?: string | null; by?: string; through?: EntityName; brought?: true } = {},
): Part<N, C> {
  return { entity, columns, by, order, needs, ...more };
}

const rxColumns = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"] as const;
const money = { needs: "invoices:view" };
const clinical = { needs: "patients:view_clinical" };

export const summaryParts = {
  prescriptions: part(
    "prescription",
    "at",
    [
      "id",
      "exam_id",
      "branch_id",
      ...rxColumns.map((name) => `r_${name}` as const),
      ...rxColumns.map((name) => `l_${name}` as const),
      "r_inter_add",
      "l_inter_add",
      "bvd",
      "issued_on",
      "expires_on",
      "prescriber",
      "source",
      "note",
      "restricted",
      "statement",
      "purpose",
      "at",
    ],
    { needs: "prescriptions:view", brought: true },
  ),
  contactLenses: part(
    "contact_lens_spec",
    "at",
    ["id", "exam_id", "branch_id", "lenses", "fitted_on", "expires_on", "fitter", "note", "at"],
    { needs: "prescriptions:view" },
  ),
  exams: part("exam_summary", "at", [
    "id",
    "exam_id",
    "branch_id",
    "optometrist",
    "outcome",
    "recall_on",
    "examined_on",
    "at",
  ]),
  amendments: part("exam_amendment", "at", ["id", "exam_id", "state", "reason", "author_id", "at"], clinical),
  referrals: part(
    "referral",
    "at",
    ["id", "exam_id", "branch_id", "to_name", "urgency", "reason", "author_id", "at"],
    clinical,
  ),
  handoffs: part("handoff", "raised_at", [
    "id",
    "exam_id",
    "outcome",
    "recommendation",
    "urgency",
    "from_user_id",
    "raised_at",
    "handled_at",
    "handled_by_id",
  ]),
  appointments: part(
    "appointment",
    "starts_at",
    ["id", "branch_id", "room", "optometrist_id", "starts_at", "minutes", "kind", "note", "walk_in", "state"],
    { needs: "appointments:view" },
  ),
  sales: part(
    "sale",
    "at",
    [
      "id",
      "number",
      "branch_id",
      "dispenser_id",
      "business_date",
      "currency",
      "at",
      "total",
      "paid",
      "balance",
      "status",
    ],
    money,
  ),
  lines: part("sale_line", "ordinal", ["id", "sale_id", "ordinal", "kind", "description", "quantity", "line_total"], {
    ...money,
    by: "sale_id",
    through: "sale",
  }),
  payments: part("payment", "at", ["id", "sale_id", "kind", "tender", "amount", "taken_by_id", "business_date", "at"], {
    ...money,
    by: "sale_id",
    through: "sale",
  }),
  broughtBalances: part("brought_balance", "at", ["id", "amount", "reference", "note", "at", "sale_id"], money),
  jobs: part(
    "job",
    "at",
    [
      "id",
      "number",
      "sale_id",
      "branch_id",
      "lab_branch_id",
      "content",
      "promised_on",
      "rush",
      "at",
      "stage",
      "stage_at",
      "tray",
      "held",
      "hold_reason",
      "cancelled",
    ],
    { needs: "orders:view" },
  ),
  broughtOrders: part(
    "brought_order",
    "at",
    ["id", "reference", "description", "supplier", "ordered_on", "due_on", "at", "closed_at"],
    { needs: "orders:view" },
  ),
  cases: part(
    "case_file",
    "opened_at",
    ["id", "number", "subject", "channel", "owner_id", "opened_at", "status", "urgency", "last_activity_at"],
    { needs: "cases:view" },
  ),
  messages: part("case_message", "at", ["id", "case_id", "from", "channel", "body", "author", "at"], {
    needs: "cases:view",
    by: "case_id",
    through: "case_file",
  }),
  consents: part("consent", "at", ["id", "purpose", "given", "how", "note", "user_id", "at"]),
  changes: part("patient_change", "at", ["id", "patient_id", "field", "before", "after", "user_id", "at"]),
  links: part("patient_link", "id", ["id", "patient_id", "other_id", "relation"]),
  linksBack: part("patient_link", "id", ["id", "patient_id", "other_id", "relation"], { by: "other_id" }),
  conflicts: part("field_conflict", "at", ["id", "field", "kept", "lost", "safety", "at"], { by: "row_id" }),
} as const;
type Parts = typeof summaryParts;
export type SummaryPart = keyof Parts;
type PartRow<P> = P extends Part<infer N, infer C> ? Pick<Row<N>, C> : never;
/** The rows of every part; those of a part that may not be seen, or is not held, are none. */
export type SummaryRows = { readonly [K in SummaryPart]: readonly PartRow<Parts[K]>[] };

/** Parts that the asker may see and the replica holds; the others are not read. */
export function partsFor(may: (permission: string) => boolean, streams: readonly Stream[]): SummaryPart[] {
  return (Object.keys(summaryParts) as SummaryPart[]).filter((name) => {
    const { needs, entity } = summaryParts[name];
    const { stream } = entityOf(entity);
    return (needs === null || may(needs)) && (stream === "subject" || streams.includes(stream));
  });
}

/** The columns of a linked patient that are shown, and those that say where their record was merged into. */
export const relativeColumns = [
  ...(["id", "number", "given_name", "family_name", "date_of_birth", "recall_on"] as const),
  ...(["hlc", "clocks", "merged_into_id"] as const),
] as const;
