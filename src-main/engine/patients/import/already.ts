/**
 * What a patient who is here already has of what a file holds, so that a file that is brought over twice doubles nothing.
 * A prescription is the same by its day and its powers; orders and balances by what tells them apart, each as often as it
 * was brought.
 */
import type { RecordOf } from "../../../../src-shared/patients/import/table.ts";
import type { Id } from "../../../../src-shared/sync/fields.ts";
import { bytes, type Reader } from "../../read/database.ts";

type Kind = Exclude<keyof RecordOf, "patients">;
const powers = ["sphere", "cylinder", "axis", "prism_h", "base_h", "prism_v", "base_v", "add"];
const told: Readonly<Record<Kind, { table: string; columns: readonly string[]; once: boolean; where: string }>> = {
  prescriptions: {
    table: "prescription",
    columns: ["issued_on", ...["r", "l"].flatMap((eye) => powers.map((name) => `${eye}_${name}`))],
    once: false,
    where: "1",
  },
  orders: { table: "brought_order", columns: ["reference", "description"], once: true, where: "deleted=0" },
  balances: {
    table: "brought_balance",
    columns: ["amount", "reference"],
    once: true,
    where: "import_id is not null",
  },
};
const texts = Object.fromEntries(
  Object.entries(told).map(([kind, { table, columns, where }]) => [
    kind,
    `select ${columns.map((name) => `"${name}"`).join(",")} from "${table}" t where patient_id=? and ${where}
       and (import_id is null or not exists (select 1 from import_run r where r.id=t.import_id and r.undone_at is not null))`,
  ]),
) as Record<Kind, string>;

export function createAlready(read: Reader) {
  const known = new Map<string, Map<string, number>>();

  function of(kind: Kind, patient: Id): Map<string, number> {
    const name = `${kind} ${patient}`;
    const found = known.get(name);
    if (found) return found;
    const counts = new Map<string, number>();
    for (const row of read.sql<Record<string, unknown>>(texts[kind], bytes(patient))) {
      const key = keyOf(kind, row);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    known.set(name, counts);
    return counts;
  }

  /** Whether the patient has this already; what counts as often as it was brought is used up by asking. */
  return (kind: Kind, patient: Id, record: RecordOf[Kind]): boolean => {
    const counts = of(kind, patient);
    const key = keyOf(kind, record as unknown as Record<string, unknown>);
    const left = counts.get(key) ?? 0;
    if (left > 0 && told[kind].once) counts.set(key, left - 1);
    return left > 0;
  };
}

const keyOf = (kind: Kind, row: Readonly<Record<string, unknown>>) =>
  JSON.stringify(told[kind].columns.map((name) => row[name] ?? null));
