/** When the rooms see patients, and how long things take. */
import { z } from "zod";
import { isDate, minutesOf } from "../../../src-shared/calendar/index.ts";
import {
  lengthsSchema,
  lengthsSetting,
  patienceSchema,
  patienceSetting,
} from "../../../src-shared/scheduling/waiting.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";
import { branchCalendar } from "./hours.ts";

const wall = z.string().refine((text) => minutesOf(text) !== null, "a time like 09:00");
const date = z.string().refine(isDate, "a date");

const template = z.object({
  room: z.string().trim().min(1, "name the room").max(40),
  weekday: z.int().min(1).max(7),
  begins: wall,
  ends: wall,
  breaks: z.array(z.tuple([wall, wall])).max(10),
  slotMinutes: z.int().min(5).max(240),
  optometristId: idSchema.nullable(),
  validFrom: date,
  validTo: date.nullable(),
});

export const saveTemplate = defineCommand({
  name: "scheduling.save-template",
  permission: "schedules:manage",
  input: template.extend({ id: idSchema.nullable(), branchId: idSchema }),
  run(tx, { id, branchId, slotMinutes, optometristId, validFrom, validTo, ...input }) {
    const fields = {
      branch_id: branchId,
      ...input,
      slot_minutes: slotMinutes,
      optometrist_id: optometristId,
      valid_from: validFrom,
      valid_to: validTo,
    };
    tx.need("branch", branchId);
    if (optometristId) tx.need("app_user", optometristId);
    if (input.begins >= input.ends)
      throw refuse("INVALID", "The clinic has to end after it begins.", { field: "ends" });
    if (input.breaks.some(([from, until]) => from >= until || from < input.begins || until > input.ends))
      throw refuse("INVALID", "A break lies between the beginning and the end of the clinic.", { field: "breaks" });
    if (validTo !== null && validTo < validFrom)
      throw refuse("INVALID", "The last day cannot be before the first.", { field: "validTo" });
    const clash = branchCalendar(tx, branchId)?.templates.find(
      (other) =>
        other.id !== id &&
        other.room === input.room &&
        other.weekday === input.weekday &&
        other.begins < input.ends &&
        input.begins < other.ends &&
        other.valid_from <= (validTo ?? "9999-12-31") &&
        validFrom <= (other.valid_to ?? "9999-12-31"),
    );
    if (clash)
      throw refuse(
        "TEMPLATE_CLASH",
        `${clash.room} has a clinic from ${clash.begins} to ${clash.ends} on that day already. End that one first, or change it.`,
        { template: clash.id },
      );
    if (id === null) return { id: tx.insert("clinic_template", fields, { branch: branchId }).id };
    tx.patch("clinic_template", id, fields);
    return { id };
  },
});

export const removeTemplate = defineCommand({
  name: "scheduling.remove-template",
  permission: "schedules:manage",
  input: z.object({ id: idSchema }),
  run: (tx, { id }) => tx.remove("clinic_template", id),
});

/** Undo of a removal. */
export const restoreTemplate = defineCommand({
  name: "scheduling.restore-template",
  permission: "schedules:manage",
  input: z.object({ id: idSchema }),
  run: (tx, { id }) => tx.restore("clinic_template", id),
});

function saveSetting(tx: Transaction, key: string, value: unknown): void {
  const id = tx.derive({ subject: tx.practice, reaction: `setting:${key}`, index: 0 });
  tx.insertOnce("setting", id, { key, value });
  tx.patch("setting", id, { value });
}

/** How long each kind of visit takes, and how long anybody may wait. */
export const saveTimes = defineCommand({
  name: "scheduling.save-times",
  permission: "schedules:manage",
  input: z.object({ lengths: lengthsSchema, patience: patienceSchema }),
  run(tx, { lengths, patience }) {
    saveSetting(tx, lengthsSetting, lengths);
    saveSetting(tx, patienceSetting, patience);
  },
});
