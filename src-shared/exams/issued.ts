/** What a signed exam issues: the prescription of glasses and the specification of contact lenses (domain §4.1, §4.2). */
import { ageOn } from "../calendar/index.ts";
import { type MeasureLimits, measureLimits } from "../optics/index.ts";
import type { NewRow, Row } from "../sync/registry.ts";
import { lensSchema } from "./contact-lens.ts";
import type { ExamContent } from "./record-content.ts";

/** How long a paper is valid that does not say so itself, in months: the longest that is usual. */
export function monthsValid(paper: "rx_months" | "cl_months", { quantities }: MeasureLimits = measureLimits): number {
  const { warn, block } = quantities[paper];
  return warn[1] ?? block[1];
}

/** Who issues it, when and to whom; `day` is the date of the test at its branch. */
export interface Issue {
  readonly record: Pick<Row<"exam_record">, "exam_id" | "patient_id" | "branch_id">;
  readonly patient: { readonly date_of_birth: string; readonly sight_impaired: string | null } | null;
  readonly issuer: Pick<Row<"app_user">, "id" | "display_name" | "registration_number"> | null;
  readonly issuerId: string;
  readonly day: string;
  readonly at: number;
  readonly note: string | null;
}

/**
 * What a draft that is about to be signed has to say of its papers' validity, in months, because the practice's limits of
 * that day are not those as delivered: what is issued again later then lasts as long. Null where nothing has to be said.
 */
export function statedValidity(
  {
    given,
    lenses,
  }: {
    /** What is said of the prescription; undefined where none is given. */
    readonly given: number | null | undefined;
    /** What is said of the lenses; undefined where none are specified. */
    readonly lenses: number | null | undefined;
  },
  measures: MeasureLimits,
): { readonly rx: number | null; readonly lenses: number | null } {
  const unsaid = (paper: "rx_months" | "cl_months", said: number | null | undefined) => {
    const months = monthsValid(paper, measures);
    return said === null && months !== monthsValid(paper) ? months : null;
  };
  return { rx: unsaid("rx_months", given), lenses: unsaid("cl_months", lenses) };
}

/** The prescription that the content states; null where it states none. */
export function prescriptionOf(content: ExamContent, issue: Issue): NewRow<"prescription"> | null {
  const { exam } = content;
  if (exam.r_sphere === null && exam.l_sphere === null) return null;
  const { record, day } = issue;
  return {
    ...eyes(exam),
    patient_id: record.patient_id,
    exam_id: record.exam_id,
    branch_id: record.branch_id,
    bvd: exam.bvd,
    issued_on: day,
    // Where the practice's own limits are shorter, the record says so: `statedValidity`.
    expires_on: addMonths(day, prescriptionMonths(exam.rx_months, monthsValid("rx_months"))),
    prescriber: issue.issuer?.display_name ?? "",
    prescriber_id: issue.issuerId,
    source: "exam",
    note: issue.note,
    at: issue.at,
    restricted: issue.patient ? restrictionOf(issue.patient, day) : null,
    statement: statementOf(exam.outcome),
    purpose: exam.purpose,
    import_id: null,
    r_inter_add: intermediateOf(content, "r"),
    l_inter_add: intermediateOf(content, "l"),
  } as NewRow<"prescription">;
}

/**
 * Months for which glasses are made from a prescription, from the day of the test. Not the recall: that is when somebody
 * is to be seen again (§4.3: a year for a child), which the clinician sets and which ends nothing when it passes. How old
 * a prescription may be is two years (Sale of Optical Appliances Order 1984, [S39]; domain §3.8, §4.2). No source names
 * another length for a child: a child's restriction says who dispenses, not until when. So only who examined the eyes
 * makes it shorter, by stating a term; nobody makes it longer.
 *
 * @param stated months that the optometrist set, 1 and up; null for none
 * @param longest months that the rule allows
 */
export function prescriptionMonths(stated: number | null, longest: number): number {
  return Math.min(longest, stated ?? longest);
}

/** The specification of the lenses that the content names; null where it names none. */
export function lensSpecOf(content: ExamContent, issue: Issue): NewRow<"contact_lens_spec"> | null {
  const lenses = lensesOf(content);
  if (!lenses) return null;
  const { record, day } = issue;
  const months = content.entries["contact_lenses.expiry_months"];
  const advice = content.entries["contact_lenses.advice"];
  // What a supplier has to know of the eyes is part of it (domain §4.2).
  const note = [issue.note, typeof advice === "string" ? advice : null].filter(Boolean).join("\n").slice(0, 1000);
  return {
    patient_id: record.patient_id,
    exam_id: record.exam_id,
    branch_id: record.branch_id,
    lenses,
    fitted_on: day,
    expires_on: addMonths(day, typeof months === "number" ? months : monthsValid("cl_months")),
    fitter: issue.issuer?.display_name ?? "",
    fitter_registration: issue.issuer?.registration_number ?? null,
    fitter_id: issue.issuerId,
    note: note || null,
    at: issue.at,
  } as NewRow<"contact_lens_spec">;
}

/** The addition for between, which is written where near vision is; milli-dioptres. */
function intermediateOf({ entries }: ExamContent, side: "r" | "l"): number | null {
  const add = entries[`near.inter_add.${side}`];
  return typeof add === "number" ? add : null;
}

function eyes(exam: Record<string, unknown>): Record<string, unknown> {
  const columns = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"];
  return Object.fromEntries(
    (["r", "l"] as const).flatMap((side) =>
      columns.map((column) => [`${side}_${column}`, exam[`${side}_${column}`] ?? null]),
    ),
  );
}

export type Restriction = "under_16" | "SI" | "SSI" | null;

/** Whose glasses only a registrant may dispense: children under 16, and who is registered sight impaired (domain §4.2). */
export function restrictionOf(
  patient: { readonly date_of_birth: string; readonly sight_impaired: string | null },
  day: string,
): Restriction {
  if (ageOn(patient.date_of_birth, day) < 16) return "under_16";
  return patient.sight_impaired === "SI" || patient.sight_impaired === "SSI" ? patient.sight_impaired : null;
}

/** What is handed over with the outcome (domain §4.1). */
export function statementOf(outcome: ExamContent["exam"]["outcome"]): string {
  if (outcome === "no_rx") return "no_rx_needed";
  if (outcome === "no_change") return "no_significant_change";
  return outcome === "refer" ? "referred" : "prescription";
}

/** The lenses that the exam specifies; null where it specifies none. */
function lensesOf({ entries }: ExamContent): unknown {
  const lens = (side: "r" | "l") => lensSchema.safeParse(entries[`contact_lenses.lens.${side}`]).data ?? null;
  const [r, l] = [lens("r"), lens("l")];
  if (!r && !l) return null;
  const words = (key: string) => (typeof entries[key] === "string" ? entries[key] : null);
  return { r, l, schedule: words("contact_lenses.schedule"), solution: words("contact_lenses.solution") };
}

/** The same day of a later month, or its last day. Dates are `YYYY-MM-DD`. */
export function addMonths(date: string, months: number): string {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const index = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(index / 12);
  const targetMonth = index % 12;
  const last = new Date(Date.UTC(targetYear, targetMonth + 1, 0)).getUTCDate();
  const pad = (value: number, width: number) => String(value).padStart(width, "0");
  return `${pad(targetYear, 4)}-${pad(targetMonth + 1, 2)}-${pad(Math.min(day, last), 2)}`;
}
