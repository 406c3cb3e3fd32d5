/** An exam room for tests: a patient, a draft, a trainee whose signature needs another one, and what a forger sends. */
import { z } from "zod";
import { sha1 } from "../replica/crypto.ts";
import { patchExam, startExam } from "../src-main/engine/exams/draft.ts";
import { defineCommand } from "../src-main/engine/write/define.ts";
import { defaultScopes } from "../src-shared/access/index.ts";
import { normalValues } from "../src-shared/exams/normal.ts";
import { examFieldsBySection } from "../src-shared/exams/sections.ts";
import { derivedId } from "../src-shared/sync/ids.ts";
import { Refusal } from "../src-shared/sync/ports.ts";
import { type EntityName, entityOf } from "../src-shared/sync/registry.ts";
import { wakePractice } from "../sync-server/identity/enrol.ts";
import { writeAsCentre } from "../sync-server/settle/write-as-centre.ts";
import type { Clinic, ClinicDevice } from "./clinic.ts";
import { registerPatient } from "./work.ts";

export const rx = {
  r_sphere: -4250,
  r_cylinder: -1250,
  r_axis: 15,
  l_sphere: -3750,
  l_cylinder: null,
  l_axis: null,
  outcome: "new_rx",
  recall_months: 24,
};

/** A patient of this date of birth, and a draft that could be signed. */
export function draftIn(room: ClinicDevice, dateOfBirth = "1958-12-03", who = "CL"): { id: string; patient: string } {
  const { id: patient } = room.as("CL", registerPatient, {
    givenName: "Margaret",
    familyName: "Ellison",
    dateOfBirth,
    phone: null,
  }) as { id: string };
  const { id } = room.as(who, startExam, { patientId: patient }) as { id: string };
  room.as(who, patchExam, { id, fields: rx, entries: { "subjective.sphere.r": -4250 } });
  room.as(who, patchExam, { id, entries: normalValues(examFieldsBySection.anterior, () => null) });
  return { id, patient };
}

/** The code of the refusal, or `taken`. */
export function codeOf(work: () => unknown): string {
  try {
    work();
    return "taken";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}

/** What a client that skips its own checks would send: rows of any entity as somebody's command. */
export const forgeRow = defineCommand({
  name: "exams.patch",
  permission: null,
  input: z.object({
    entity: z.enum(["exam_entry", "exam_item", "exam", "exam_form", "exam_question"]),
    id: z.string().nullable(),
    fields: z.record(z.string(), z.unknown()),
  }),
  run(tx, { entity, id, fields }) {
    if (id) tx.patch(entity, id, fields as never);
    else tx.insert(entity, fields as never);
  },
});

/** Runs work at a device that does not ask what an entity can hold, as a client without these checks would. */
export function unchecked(name: EntityName, work: () => void): void {
  const entity = entityOf(name);
  const { check } = entity;
  Object.assign(entity, { check: undefined });
  try {
    work();
  } finally {
    Object.assign(entity, { check });
  }
}

/** Somebody who examines, and whose signature makes no record of its own. */
export async function traineeOf(clinic: Clinic, finalize: "S" | null = "S"): Promise<string> {
  const { practice } = clinic.practice;
  const user = await clinic.person("Trainee", "RC");
  await clinic.role(user, "RC", false);
  const role = derivedId(sha1, practice, { subject: user, reaction: "role:trainee", index: 0 });
  const { "exams:finalize": _, ...rights } = defaultScopes("CL");
  const permissions = finalize ? { ...rights, "exams:finalize": finalize } : rights;
  const centre = clinic.centre();
  await centre.db.transaction((tx) =>
    writeAsCentre(centre.settle, tx, practice, "test.trainee", [
      { entity: "role", id: role, fields: { name: "Trainee", description: null, built_in: null } },
      ...Object.entries(permissions).map(([permission, scope]) => ({
        entity: "role_permission",
        id: derivedId(sha1, practice, { subject: role, reaction: `permission:${permission}`, index: 0 }),
        fields: { role_id: role, permission, scope },
      })),
      {
        entity: "user_role",
        id: derivedId(sha1, practice, { subject: user, reaction: `role:${role}`, index: 0 }),
        fields: { user_id: user, role_id: role, branch_id: null },
      },
    ] as never),
  );
  await wakePractice(centre, practice);
  return user;
}
