/** Who belongs to a patient, and what the patient agreed to. */
import { z } from "zod";
import { consentPurposes, relations } from "../../../src-shared/patients/lists.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";
import { standingFor } from "./kept.ts";

export const linkPatients = defineCommand({
  name: "patients.link",
  permission: "patients:edit_demographics",
  input: z.object({
    patientId: idSchema,
    otherId: idSchema,
    /** What the other is to the patient; for whom they care is `cared_for`. */
    relation: z.enum([...relations, "cared_for"]),
  }),
  run(tx, { relation, ...asked }) {
    const [patientId, otherId] = [standingFor(tx, asked.patientId).id, standingFor(tx, asked.otherId).id];
    if (patientId === otherId) throw refuse("SAME_RECORD", "This is the same patient. Choose somebody else.");
    const [one = "", two = ""] = [patientId, otherId].sort();
    const id = tx.derive({ subject: one, reaction: `link:${two}`, index: 0 });
    const fields =
      relation === "cared_for"
        ? { patient_id: otherId, other_id: patientId, relation: "carer" as const }
        : { patient_id: patientId, other_id: otherId, relation };
    tx.insertOnce("patient_link", id, fields);
    // A tie that was there, or was removed, says now what it is.
    tx.patch("patient_link", id, fields);
    return { id };
  },
});

export const unlinkPatients = defineCommand({
  name: "patients.unlink",
  permission: "patients:edit_demographics",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    tx.remove("patient_link", id);
    return {};
  },
});

export const recordConsent = defineCommand({
  name: "patients.consent",
  permission: "consent:manage",
  input: z.object({
    patientId: idSchema,
    purpose: z.enum(consentPurposes),
    given: z.boolean(),
    how: z.enum(["in_person", "phone", "paper", "portal", "other"]),
    note: z.string().trim().max(400).nullable().default(null),
  }),
  run(tx, { patientId, note, ...input }) {
    const row = tx.insert("consent", {
      ...input,
      patient_id: standingFor(tx, patientId).id,
      note: note === "" ? null : note,
      user_id: tx.user,
      at: tx.now,
    });
    return { id: row.id };
  },
});
