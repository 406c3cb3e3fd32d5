/** Opening one patient's clinical data in an emergency, and who may read whose clinical data now. */
import { z } from "zod";
import {
  emergencyAction,
  emergencyLasts,
  emergencyOpen,
  emergencyPermission,
  emergencyReads,
  emergencyReason,
  readReason,
  writeReason,
} from "../../../src-shared/patients/emergency.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { bytes } from "../read/database.ts";
import type { Session } from "../session/sessions.ts";
import { defineCommand } from "../write/define.ts";
import { standingFor } from "./kept.ts";
import { recordIds } from "./summary.ts";

/** The audit entry is all that is written: it travels to the centre, which asks for the permission again. */
export const breakGlass = defineCommand({
  name: emergencyAction,
  permission: emergencyPermission,
  input: z.object({
    patientId: idSchema,
    reason: z
      .string()
      .trim()
      .min(emergencyReason.least, "say why in a sentence; it is kept and looked through")
      .max(emergencyReason.most),
  }),
  run(tx, { patientId, reason }) {
    const { id } = standingFor(tx, patientId);
    tx.insert("audit_entry", {
      action: emergencyAction,
      subject_entity: "patient",
      subject_id: id,
      patient_id: id,
      user_id: tx.user,
      device_id: tx.device,
      branch_id: tx.branch,
      changed: writeReason(reason),
      at: tx.now,
      stream: "people",
    });
    return { until: tx.now + emergencyLasts };
  },
});

type Asker = Pick<Session, "user" | "permissions">;

/** What this person has opened of this patient on this device, and until when; null where nothing is open. */
export function openedBy(engine: Engine, asker: Asker, patient: Id) {
  if (!(emergencyPermission in asker.permissions())) return null;
  const [row] = engine.read.sql<{ at: number; changed: string; by: string | null }>(
    `select a.at, a.changed, u.display_name as by from audit_entry a left join app_user u on u.id = a.user_id
     where a.subject_id in (select unhex(value) from json_each(?)) and a.action = ? and a.user_id = ? and a.device_id = ?
     order by a.at desc limit 1`,
    JSON.stringify(recordIds(engine.read, patient)),
    emergencyAction,
    bytes(asker.user),
    bytes(engine.identity().device),
  );
  if (!row || !emergencyOpen(row.at, engine.time.now())) return null;
  const reason = readReason(JSON.parse(row.changed) as string[]);
  return { by: row.by ?? "", at: row.at, until: row.at + emergencyLasts, reason };
}

/** What the asker may read of this patient now: their roles' rights, and what they have opened. */
export function readsOf(engine: Engine, asker: Asker, patient: Id) {
  const own = asker.permissions();
  const opened = emergencyReads.every((key) => key in own) ? null : openedBy(engine, asker, patient);
  return {
    may: (permission: string) => permission in own || (opened !== null && emergencyReads.includes(permission)),
    opened,
    /** Offered to who may open what their roles do not show. */
    mayOpen: emergencyPermission in own && emergencyReads.some((key) => !(key in own)),
  };
}

/** Refuses who may not read the clinical record of this patient now. */
export function requireClinical(engine: Engine, asker: Asker, patient: Id | null): void {
  const key = "patients:view_clinical";
  if (patient === null ? key in asker.permissions() : readsOf(engine, asker, patient).may(key)) return;
  throw refuse("NO_PERMISSION", "Your role does not see the clinical record.", { permission: key });
}
