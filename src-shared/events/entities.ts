import { z } from "zod";
import { emergencyAction, emergencyPermission, emergencyProblem } from "../patients/emergency.ts";
import { defineEntity } from "../sync/entity.ts";
import { bool, idField, instant, int, json, nullable, oneOf, text, unknownAs } from "../sync/fields.ts";

const stream = () => oneOf("org", "jobs", "people", "clinical", "money", "cases");

/** Domain events: facts with one envelope (architecture §5). They carry ids, not contents. */
export const domainEvent = defineEntity({
  name: "domain_event",
  kind: "fact",
  stream: "subject",
  fields: {
    type: text(60),
    version: int(1, 999),
    source: unknownAs("system", oneOf("staff", "patient", "system")),
    subject_entity: text(60),
    subject_id: idField(),
    branch_id: nullable(idField("branch")),
    actor_id: nullable(idField("app_user")),
    at: instant(),
    payload: json(z.record(z.string(), z.unknown())),
    stream: stream(),
  },
  permissions: { insert: null },
});

/**
 * Who did what to which row, when, under which command. Field names only, never values; and why, where somebody is
 * asked for a reason.
 */
export const auditEntry = defineEntity({
  name: "audit_entry",
  kind: "fact",
  stream: "subject",
  fields: {
    action: text(80),
    subject_entity: text(60),
    subject_id: idField(),
    patient_id: nullable(idField()),
    user_id: nullable(idField("app_user")),
    device_id: nullable(idField("device")),
    branch_id: nullable(idField("branch")),
    changed: json(z.array(z.string())),
    at: instant(),
    stream: stream(),
  },
  author: "user_id",
  permissions: { insert: ({ fields }) => (fields.action === emergencyAction ? emergencyPermission : null) },
  check: emergencyProblem,
});

/** Something that a person has to decide: a late fact, a conflicting safety field, an oversold frame. */
export const reviewTask = defineEntity({
  name: "review_task",
  kind: "register",
  stream: "subject",
  fields: {
    kind: text(60),
    subject_entity: text(60),
    subject_id: idField(),
    branch_id: nullable(idField("branch")),
    args: json(z.record(z.string(), z.unknown())),
    raised_at: instant(),
    decided_at: nullable(instant()),
    decided_by_id: nullable(idField("app_user")),
    decision: nullable(text(60)),
    note: nullable(text(1000)),
    stream: stream(),
    /** Whose value lost, whose document was renumbered: who decides only their own decides this. */
    owner_id: nullable(idField("app_user")),
  },
  permissions: {
    owner: "owner_id",
    // A device that had to renumber its documents says so itself, and anybody may give a manager what was returned.
    insert: ({ fields }) =>
      fields.kind === "relabelled" || fields.kind === "handed_over" ? null : "sync:resolve_conflicts",
    patch: "sync:resolve_conflicts",
  },
});

/** A concurrent value that lost its register: kept, shown, restorable (architecture §3.3). */
export const fieldConflict = defineEntity({
  name: "field_conflict",
  kind: "fact",
  stream: "subject",
  fields: {
    entity: text(60),
    row_id: idField(),
    field: text(60),
    kept: json(z.unknown()),
    lost: json(z.unknown()),
    lost_change_id: nullable(idField()),
    safety: bool(),
    clock_suspect: bool(),
    at: instant(),
    stream: stream(),
  },
  permissions: { insert: null },
  centreOnly: true,
});
