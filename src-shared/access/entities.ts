import { z } from "zod";
import { limitSettingProblem, limitsPrefix } from "../optics/index.ts";
import { lengthsSetting, patienceSetting } from "../scheduling/waiting.ts";
import { defineEntity, type PermissionRule } from "../sync/entity.ts";
import { bool, date, idField, instant, int, json, nullable, oneOf, text, timeZone } from "../sync/fields.ts";

/** The company. Its row's id is the practice id, the namespace of every derived id. */
export const practice = defineEntity({
  name: "practice",
  kind: "register",
  stream: "org",
  fields: {
    name: text(),
    country: text(2),
    currency: text(3),
    vat_number: nullable(text(32)),
  },
  permissions: { insert: "roles:manage", patch: "roles:manage" },
});

/** Weekly opening: for each day 1 (Monday) to 7, the intervals in local wall time, `["09:00","17:30"]`. */
export const openingSchema = z.partialRecord(
  z.enum(["1", "2", "3", "4", "5", "6", "7"]),
  z.array(z.tuple([z.string(), z.string()])),
);

export const branch = defineEntity({
  name: "branch",
  kind: "register",
  stream: "org",
  fields: {
    name: text(),
    /** Three capitals, the start of every number its terminals draw. */
    code: text(3),
    time_zone: timeZone(),
    address: nullable(text(400)),
    phone: nullable(text(40)),
    opening: json(openingSchema),
    is_lab: bool(),
  },
  permissions: { insert: "users:manage", patch: "users:manage" },
});

/** A day on which the branch's hours differ: closed, or other intervals. */
export const branchException = defineEntity({
  name: "branch_exception",
  kind: "register",
  stream: "org",
  fields: {
    branch_id: idField("branch"),
    on_date: date(),
    intervals: json(z.array(z.tuple([z.string(), z.string()]))),
    reason: text(),
  },
  permissions: { insert: "coverage:manage", patch: "coverage:manage" },
});

export const device = defineEntity({
  name: "device",
  kind: "register",
  stream: "org",
  fields: {
    branch_id: idField("branch"),
    name: text(),
    profile: oneOf("till", "exam", "lab", "desk", "hq", "single"),
    status: oneOf("active", "revoked"),
  },
  permissions: { insert: "devices:manage", patch: "devices:manage" },
});

/** One per device epoch: the keys that sign its groups, and the terminal code that the centre never issues again. */
export const deviceKey = defineEntity({
  name: "device_key",
  kind: "fact",
  stream: "org",
  fields: {
    device_id: idField("device"),
    epoch: int(1),
    terminal_code: text(8),
    /** Raw 32 bytes, base64url. */
    ed25519: text(64),
    x25519: text(64),
  },
  permissions: { insert: null },
  centreOnly: true,
});

export const user = defineEntity({
  name: "app_user",
  kind: "register",
  stream: "org",
  fields: {
    display_name: text(),
    email: text(254),
    job_title: nullable(text()),
    /** Professional register number, for example of the General Optical Council. */
    registration_number: nullable(text(40)),
    active: bool(),
    primary_role_id: nullable(idField("role")),
    home_branch_id: nullable(idField("branch")),
  },
  permissions: { insert: "users:manage", patch: "users:manage" },
});

export const role = defineEntity({
  name: "role",
  kind: "register",
  stream: "org",
  fields: { name: text(), description: nullable(text(400)), built_in: nullable(text(2)) },
  permissions: { insert: "roles:manage", patch: "roles:manage" },
});

/** Element id: derived from (role, `permission:<key>`, 0), so that one right of one role is one row everywhere. */
export const rolePermission = defineEntity({
  name: "role_permission",
  kind: "set",
  stream: "org",
  fields: { role_id: idField("role"), permission: text(64), scope: oneOf("A", "T", "O", "S") },
  permissions: { insert: "roles:manage", patch: "roles:manage" },
});

/** Element id: derived from (user, `role:<role id>`, 0). Without a branch it holds in all of them. */
export const userRole = defineEntity({
  name: "user_role",
  kind: "set",
  stream: "org",
  fields: { user_id: idField("app_user"), role_id: idField("role"), branch_id: nullable(idField("branch")) },
  permissions: { insert: "roles:assign", patch: "roles:assign" },
});

export const roleChangeAudit = defineEntity({
  name: "role_change_audit",
  kind: "fact",
  stream: "org",
  fields: {
    action: text(40),
    role_id: nullable(idField("role")),
    subject_user_id: nullable(idField("app_user")),
    before: json(z.array(z.string())),
    after: json(z.array(z.string())),
    reason: text(1000),
    actor_id: idField("app_user"),
    at: instant(),
  },
  author: "actor_id",
  permissions: { insert: ({ fields }) => (fields.subject_user_id ? "roles:assign" : "roles:manage") },
});

/**
 * Tables of limits are for whoever shapes the forms, the diary's times for whoever plans its clinics, all else for the
 * owner. A row is never turned from one kind of setting into another.
 */
const settingPermission: PermissionRule = ({ fields, row }) => {
  const needed = new Set([fields.key, row?.key].filter((key) => key !== undefined).map(permissionOfSetting));
  const [only = "roles:manage"] = needed;
  return needed.size > 1 ? "roles:manage" : only;
};
function permissionOfSetting(key: unknown): string {
  if (key === lengthsSetting || key === patienceSetting) return "schedules:manage";
  return typeof key === "string" && key.startsWith(limitsPrefix) ? "fields:manage" : "roles:manage";
}

/** A practice-wide choice. Element id: derived from (practice, `setting:<key>`, 0). */
export const setting = defineEntity({
  name: "setting",
  kind: "set",
  stream: "org",
  fields: { key: text(80), value: json(z.unknown()) },
  permissions: { insert: settingPermission, patch: settingPermission },
  check({ key, value }) {
    const problem = limitSettingProblem(key as string, value);
    return problem && { field: `value.${problem.path}`, message: problem.message };
  },
});
