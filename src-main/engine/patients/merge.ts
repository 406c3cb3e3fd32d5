/** One person, two records: one is kept, the other points to it, and nothing of either is moved or lost. */
import { z } from "zod";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { changeFields } from "./changes.ts";
import { standingFor } from "./kept.ts";

/** What can be taken over from the record that is given up; its number stays findable as it is. */
const pickable = [
  "title",
  "given_name",
  "family_name",
  "date_of_birth",
  "sex",
  "phone",
  "phone_other",
  "email",
  "address",
  "postcode",
  "occupation",
  "drives",
  "sight_impaired",
  "allergies",
  "warning",
  "notes",
  "doctor",
  "health_number",
  "needs",
  "recall_on",
  "contact_by_text",
  "contact_by_email",
] as const;

/** The fact that keeps what a merge changed in one field: found again by the fact of the merge. */
const pickedChange = (tx: Transaction, merge: Id, field: string): Id =>
  tx.derive({ subject: merge, reaction: `merge:${field}`, index: 0 });

export const mergePatients = defineCommand({
  name: "patients.merge",
  permission: "patients:merge",
  input: z.object({
    keptId: idSchema,
    otherId: idSchema,
    /** Fields whose value is taken from the other record. */
    take: z.array(z.enum(pickable)).default([]),
  }),
  run(tx, input) {
    const [kept, other] = [standingFor(tx, input.keptId).id, standingFor(tx, input.otherId).id];
    if (kept === other) throw refuse("SAME_RECORD", "These two are one record already. Nothing was changed.");
    const from = tx.need("patient", other) as unknown as Record<string, unknown>;
    const merge = tx.newId();
    const picked = Object.fromEntries(input.take.map((name) => [name, from[name] ?? null]));
    changeFields(tx, other, { merged_into_id: kept }, () => merge);
    changeFields(tx, kept, picked, (field) => pickedChange(tx, merge, field));
    return { id: kept };
  },
});

export const unmergePatients = defineCommand({
  name: "patients.unmerge",
  permission: "patients:merge",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    const row = tx.need("patient", id);
    if (row.merged_into_id === null)
      throw refuse("NOT_MERGED", "This record stands by itself already. Nothing was changed.");
    const [merge] = tx
      .children("patient_change", "patient_id", id)
      .filter(({ field, after }) => field === "merged_into_id" && after === row.merged_into_id)
      .sort((a, b) => b.at - a.at);
    changeFields(tx, id, { merged_into_id: null });
    /** Edited since: what stands there now is somebody's later word. */
    const edited: string[] = [];
    for (const name of merge ? pickable : []) {
      const change = tx.get("patient_change", pickedChange(tx, merge?.id as Id, name));
      const kept = change && (tx.get("patient", change.patient_id) as Record<string, unknown> | null);
      if (!change || !kept) continue;
      if (JSON.stringify(kept[name] ?? null) !== JSON.stringify(change.after ?? null)) edited.push(name);
      else changeFields(tx, change.patient_id, { [name]: change.before ?? null });
    }
    return { id, edited };
  },
});
