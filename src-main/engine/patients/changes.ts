/** Changes of a patient's fields, each kept as a fact with what the field was before. */
import type { Id } from "../../../src-shared/sync/fields.ts";
import type { Transaction } from "../write/transaction.ts";

/**
 * Patches a patient and writes the history of what really changed; nothing for what is as it was. `changeId` names the
 * id of a field's fact, where somebody has to find it again. Returns the names of the changed fields.
 */
export function changeFields(
  tx: Transaction,
  patient: Id,
  fields: Readonly<Record<string, unknown>>,
  changeId?: (field: string) => Id,
): string[] {
  const before = tx.need("patient", patient) as unknown as Record<string, unknown>;
  const changed = Object.entries(fields).filter(
    ([name, value]) => JSON.stringify(before[name] ?? null) !== JSON.stringify(value ?? null),
  );
  if (changed.length === 0) return [];
  tx.patch("patient", patient, Object.fromEntries(changed) as never);
  for (const [field, after] of changed) {
    tx.insert(
      "patient_change",
      {
        patient_id: patient,
        field,
        before: before[field] ?? null,
        after: after ?? null,
        user_id: tx.user,
        at: tx.now,
      },
      changeId ? { id: changeId(field) } : {},
    );
  }
  return changed.map(([field]) => field);
}
