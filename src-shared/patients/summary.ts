/** What is made of a patient's rows for one screen. Pure: the same at a workstation and at the centre. */
import type { Stream } from "../sync/entity.ts";
import type { Id } from "../sync/fields.ts";
import type { Row } from "../sync/registry.ts";
import { inverseRelation, type ReadRelation } from "./links.ts";
import { keptAmong, type MergeableRow } from "./merged.ts";
import { partsFor, type SummaryPart, type SummaryRows, summaryParts } from "./summary-parts.ts";

type PatientRow = Row<"patient"> & MergeableRow;
/** A linked patient's record, or one that hangs together with it by merging. */
export type Relative = Pick<Row<"patient">, "number" | "given_name" | "family_name" | "date_of_birth" | "recall_on"> &
  MergeableRow;

export interface SummaryInput {
  readonly kept: PatientRow;
  /** Records that were merged into it; their rows are among the rows. */
  readonly others: readonly PatientRow[];
  readonly rows: SummaryRows;
  readonly relatives: readonly Relative[];
  /** The newest recall of each relative. */
  readonly recalls: readonly {
    readonly patient_id: Id;
    readonly recall_on: string | null;
    readonly examined_on: string;
  }[];
  readonly users: readonly { readonly id: Id; readonly display_name: string }[];
  readonly branches: readonly { readonly id: Id; readonly name: string }[];
  readonly may: (permission: string) => boolean;
  readonly streams: readonly Stream[];
  /** Milliseconds since 1970; decides what is the next appointment. */
  readonly now: number;
}

/** The rows that are needed beside a patient's own: whoever and whatever they name. */
export function namedBy(ownIds: readonly Id[], rows: SummaryRows): { users: Id[]; relatives: Id[] } {
  const users = new Set<Id>();
  const add = (...ids: (Id | null)[]) => {
    for (const id of ids) if (id !== null) users.add(id);
  };
  for (const row of rows.amendments) add(row.author_id);
  for (const row of rows.referrals) add(row.author_id);
  for (const row of rows.handoffs) add(row.from_user_id, row.handled_by_id);
  for (const row of rows.appointments) add(row.optometrist_id);
  for (const row of rows.sales) add(row.dispenser_id);
  for (const row of rows.payments) add(row.taken_by_id);
  for (const row of rows.cases) add(row.owner_id);
  for (const row of rows.consents) add(row.user_id);
  for (const row of rows.changes) add(row.user_id);
  const others = [...rows.links.map((row) => row.other_id), ...rows.linksBack.map((row) => row.patient_id)];
  return { users: [...users], relatives: [...new Set(others)].filter((id) => !ownIds.includes(id)) };
}

export type PatientSummary = ReturnType<typeof assembleSummary>;

/** Puts the screen together. Rows may come in any order; what comes out is newest first. */
export function assembleSummary(input: SummaryInput) {
  const { kept, others, may, streams } = input;
  const rows = inOrder(input.rows);
  const { hlc: _stamp, clocks: _clocks, deleted: _deleted, ...patient } = kept as PatientRow & { clocks?: unknown };
  const shown = new Set(partsFor(may, streams));
  const sees = (name: SummaryPart) => {
    const { needs } = summaryParts[name];
    return needs === null || may(needs);
  };
  const { links, linksBack, ...lists } = rows;
  return {
    patient,
    /** Records that were merged into this one. */
    merged: others.map(({ id, number, given_name, family_name, date_of_birth, phone }) => ({
      id,
      number,
      given_name,
      family_name,
      date_of_birth,
      phone,
    })),
    ...lists,
    family: familyOf([kept.id, ...others.map(({ id }) => id)], links, linksBack, input),
    totals: shown.has("sales") ? totalsOf(rows) : null,
    next: {
      recallOn: dueOn(rows.exams, kept.recall_on ?? others.find(({ recall_on }) => recall_on)?.recall_on ?? null),
      appointment:
        rows.appointments.filter(({ starts_at, state }) => starts_at >= input.now && state === "booked").at(-1) ?? null,
    },
    names: Object.fromEntries(input.users.map(({ id, display_name }) => [id, display_name])),
    branches: Object.fromEntries(input.branches.map(({ id, name }) => [id, name])),
    /** What this device has on its disk at all. */
    holds: {
      money: streams.includes("money"),
      cases: streams.includes("cases"),
      clinical: streams.includes("clinical"),
    },
    /** What of it the asker's roles let them see. */
    sees: {
      money: sees("sales"),
      prescriptions: sees("prescriptions"),
      orders: sees("jobs"),
      cases: sees("cases"),
      clinical: sees("amendments"),
      appointments: sees("appointments"),
    },
  };
}

function inOrder(rows: SummaryRows): SummaryRows {
  return Object.fromEntries(
    (Object.keys(summaryParts) as SummaryPart[]).map((name) => {
      const { order } = summaryParts[name];
      const by = (row: object) => (row as Record<string, string | number>)[order] as string | number;
      const list = [...(rows[name] as readonly { id: Id }[])];
      return [name, list.sort((a, b) => (by(a) === by(b) ? (a.id < b.id ? 1 : -1) : by(a) < by(b) ? 1 : -1))];
    }),
  ) as unknown as SummaryRows;
}

/** What was paid, since when and in which years, and what is open; minor units. */
function totalsOf({ sales, payments, broughtBalances }: SummaryRows) {
  const years = new Map<string, number>();
  for (const { business_date, amount } of payments) {
    const year = business_date.slice(0, 4);
    years.set(year, (years.get(year) ?? 0) + amount);
  }
  const byYear = [...years].sort(([a], [b]) => (a < b ? -1 : 1)).map(([year, amount]) => ({ year, amount }));
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    spent: sum(sales.map(({ paid }) => paid)),
    byYear,
    balance: sum(sales.map(({ balance }) => balance)) + sum(broughtBalances.map(({ amount }) => amount)),
  };
}

/** The newest sight test says when the next is due; before there is one, what stands on the patient. */
function dueOn(
  exams: readonly { readonly examined_on: string; readonly recall_on: string | null }[],
  stated: string | null,
): string | null {
  const [newest] = [...exams].sort((a, b) => (a.examined_on < b.examined_on ? 1 : -1));
  return newest ? newest.recall_on : stated;
}

function familyOf(
  ownIds: readonly Id[],
  links: SummaryRows["links"],
  linksBack: SummaryRows["linksBack"],
  { relatives, recalls }: SummaryInput,
) {
  const ties: { link: Id; other: Id; relation: ReadRelation }[] = [
    ...links.map(({ id, other_id, relation }) => ({ link: id, other: other_id, relation })),
    ...linksBack.map(({ id, patient_id, relation }) => ({
      link: id,
      other: patient_id,
      relation: inverseRelation(relation),
    })),
  ];
  const seen = new Set<string>();
  return ties.flatMap(({ link, other, relation }) => {
    const found = ownIds.includes(other) ? null : keptAmong(other, relatives);
    // Two records of one relative, each linked: one person once.
    if (!found || seen.has(`${found.kept.id} ${relation}`)) return [];
    seen.add(`${found.kept.id} ${relation}`);
    const { id, number, given_name, family_name, date_of_birth } = found.kept;
    const ids = [id, ...found.others.map((row) => row.id)];
    const theirs = recalls.filter((row) => ids.includes(row.patient_id));
    const recall_on = dueOn(theirs, found.kept.recall_on);
    return [{ link, relation, id, number, given_name, family_name, date_of_birth, recall_on }];
  });
}
