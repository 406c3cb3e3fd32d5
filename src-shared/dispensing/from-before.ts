/** Balances from the system before, as sales pay them: the line that charges one, and what the parts have to agree in. */

/** What the line says that charges a balance. It stands on receipts and is how the line is known. */
export const balanceLine = "Balance from the system before";

type Fields = Readonly<Record<string, unknown>>;

function chargesBalance(line: Fields): boolean {
  return line.kind === "service" && (line.product_id ?? null) === null && line.description === balanceLine;
}
const sumOf = (rows: readonly Fields[], column: string): number =>
  rows.reduce((sum, row) => sum + (row[column] as number), 0);

/** What one command writes about money of a sale. */
export interface SaleMoney {
  readonly patient: unknown;
  /** Whether the command makes the sale itself. */
  readonly made: boolean;
  readonly lines: readonly Fields[];
  readonly payments: readonly Fields[];
  /** Counter-entries in `brought_balance` that name the sale. */
  readonly counters: readonly Fields[];
}

/**
 * What counter-entries and the sale that they name contradict each other in, or null. A balance goes down by what a sale
 * charges for it alone, and this is paid in the same breath and not by credit; credit goes down by what it paid.
 */
export function balanceProblem({ patient, made, lines, payments, counters }: SaleMoney): string | null {
  const charged = lines.filter(chargesBalance);
  const byCredit = payments.filter(({ tender }) => tender === "credit");
  if (charged.length === 0 && byCredit.length === 0 && counters.length === 0) return null;
  if (counters.some((counter) => counter.patient_id !== patient)) return "another patient than the sale's";
  if (counters.some((counter) => (counter.import_id ?? null) !== null)) return "of an import and of a sale";
  if (byCredit.some(({ kind, amount }) => kind !== "payment" || (amount as number) <= 0))
    return "credit pays, and nothing else";
  if (sumOf(counters, "amount") !== sumOf(byCredit, "amount") - sumOf(charged, "line_total"))
    return "another amount than the sale's";
  if (charged.length === 0) return null;
  const owed = sumOf(charged, "line_total");
  const alone = made && charged.length === lines.length && charged.every((line) => (line.line_total as number) > 0);
  return alone && byCredit.length === 0 && sumOf(payments, "amount") === owed
    ? null
    : "a balance is charged alone, and paid at once";
}
