import { z } from "zod";
import { catalogue, scopes } from "../../../src-shared/access/index.ts";
import { isTimeZone } from "../../../src-shared/calendar/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { defineCommand } from "../write/define.ts";
import type { Transaction } from "../write/transaction.ts";

const person = z.object({
  name: z.string().trim().min(2).max(200),
  email: z.email().max(254),
  jobTitle: z.string().trim().max(200).nullable().default(null),
  registrationNumber: z.string().trim().max(40).nullable().default(null),
  branchId: idSchema.nullable(),
  roleId: idSchema,
  active: z.boolean().default(true),
});

function roleElement(tx: Transaction, user: Id, role: Id): Id {
  return tx.derive({ subject: user, reaction: `role:${role}`, index: 0 });
}
function emailTaken(tx: Transaction, email: string, except: Id | null): boolean {
  const rows = tx.sql<{ id: Id }>("select id from app_user where lower(email)=lower(?) and deleted=0", email);
  return rows.some((row) => row.id !== except);
}

/** A person, or changes to one; the main role is set with it, and every change of roles is audited. */
export const savePerson = defineCommand({
  name: "access.save-person",
  permission: "users:manage",
  input: z.object({ id: idSchema.nullable(), person, reason: z.string().trim().max(1000).default("") }),
  run(tx, { id, person: given, reason }) {
    if (emailTaken(tx, given.email, id))
      throw refuse("EMAIL_TAKEN", "Somebody here has this e-mail already.", { field: "email" });
    tx.need("role", given.roleId);
    if (given.branchId) tx.need("branch", given.branchId);
    const fields = {
      display_name: given.name,
      email: given.email,
      job_title: given.jobTitle,
      registration_number: given.registrationNumber,
      active: given.active,
      primary_role_id: given.roleId,
      home_branch_id: given.branchId,
    };
    const user = id ?? tx.insert("app_user", fields).id;
    if (id) tx.patch("app_user", id, fields);
    const before = tx.children("user_role", "user_id", user);
    if (before.some((row) => row.role_id === given.roleId)) return { id: user };
    for (const row of before) tx.remove("user_role", row.id);
    tx.insertOnce("user_role", roleElement(tx, user, given.roleId), {
      user_id: user,
      role_id: given.roleId,
      branch_id: null,
    });
    const names = (roles: readonly Id[]) => roles.map((role) => tx.get("role", role)?.name ?? role);
    tx.insert("role_change_audit", {
      action: id ? "roles of a person" : "new person",
      role_id: null,
      subject_user_id: user,
      before: names(before.map((row) => row.role_id)),
      after: names([given.roleId]),
      reason,
      actor_id: tx.user as Id,
      at: tx.now,
    });
    return { id: user };
  },
});

const keys = new Set(catalogue.map((permission) => permission.key));

/** A role with its rights as ticked: what was added and taken away is audited with the reason. */
export const saveRole = defineCommand({
  name: "access.save-role",
  permission: "roles:manage",
  input: z.object({
    id: idSchema.nullable(),
    name: z.string().trim().min(2).max(200),
    description: z.string().trim().max(400).nullable().default(null),
    permissions: z.record(z.string(), z.enum(scopes)),
    reason: z.string().trim().min(3, "say why; it is kept in the audit").max(1000),
  }),
  run(tx, input) {
    const unknown = Object.keys(input.permissions).find((key) => !keys.has(key));
    if (unknown) throw refuse("UNKNOWN_PERMISSION", `There is no right called ${unknown}.`);
    const role = input.id ?? tx.insert("role", { name: input.name, description: input.description, built_in: null }).id;
    if (input.id) tx.patch("role", input.id, { name: input.name, description: input.description });
    const before = new Map(tx.children("role_permission", "role_id", role).map((row) => [row.permission, row]));
    if (tx.need("role", role).built_in === "OW" && input.permissions["roles:manage"] !== "A") {
      throw refuse("LOCK_OUT", "The owner role keeps the right to edit roles, so that nobody is locked out.");
    }
    for (const [permission, scope] of Object.entries(input.permissions)) {
      const row = before.get(permission);
      if (row) tx.patch("role_permission", row.id, { scope });
      else {
        const id = tx.derive({ subject: role, reaction: `permission:${permission}`, index: 0 });
        tx.insertOnce("role_permission", id, { role_id: role, permission, scope });
      }
    }
    for (const [permission, row] of before)
      if (!(permission in input.permissions)) tx.remove("role_permission", row.id);
    const list = (entries: Iterable<readonly [string, string]>) =>
      [...entries].map(([key, scope]) => `${key}:${scope}`).sort();
    tx.insert("role_change_audit", {
      action: input.id ? "rights of a role" : "new role",
      role_id: role,
      subject_user_id: null,
      before: list([...before].map(([key, row]) => [key, row.scope] as const)),
      after: list(Object.entries(input.permissions)),
      reason: input.reason,
      actor_id: tx.user as Id,
      at: tx.now,
    });
    return { id: role };
  },
});

export const saveBranch = defineCommand({
  name: "access.save-branch",
  permission: "users:manage",
  input: z.object({
    id: idSchema.nullable(),
    name: z.string().trim().min(2).max(200),
    code: z.string().regex(/^[A-Z]{3}$/, "three capital letters"),
    timeZone: z.string().max(64).refine(isTimeZone, "a time zone like Europe/London is needed"),
    address: z.string().trim().max(400).nullable().default(null),
    phone: z.string().trim().max(40).nullable().default(null),
    isLab: z.boolean(),
  }),
  run(tx, input) {
    const [other] = tx.sql<{ id: Id }>("select id from branch where code=? and deleted=0", input.code);
    if (other && other.id !== input.id)
      throw refuse(
        "CODE_TAKEN",
        "Another branch has this code. Numbers on receipts begin with it, so it has to be its own.",
      );
    const fields = {
      name: input.name,
      time_zone: input.timeZone,
      address: input.address,
      phone: input.phone,
      is_lab: input.isLab,
    };
    if (input.id) {
      tx.patch("branch", input.id, fields);
      return { id: input.id };
    }
    const opening = Object.fromEntries(["1", "2", "3", "4", "5", "6"].map((day) => [day, [["09:00", "17:30"]]]));
    return { id: tx.insert("branch", { ...fields, code: input.code, opening: { ...opening, "7": [] } as never }).id };
  },
});

export const saveProduct = defineCommand({
  name: "access.save-product",
  permission: "inventory:adjust",
  input: z.object({
    id: idSchema.nullable(),
    sku: z.string().trim().min(1).max(40),
    kind: z.enum(["frame", "lens", "coating", "accessory", "service"]),
    brand: z.string().trim().max(200).nullable().default(null),
    name: z.string().trim().min(1).max(200),
    price: z.int().min(0),
    vatRate: z.int().min(0).max(10_000),
    stocked: z.boolean(),
    active: z.boolean().default(true),
    details: z.record(z.string(), z.unknown()).default({}),
    receive: z.int().min(0).max(10_000).default(0),
  }),
  run(tx, input) {
    const fields = {
      sku: input.sku,
      kind: input.kind,
      brand: input.brand,
      name: input.name,
      price: input.price,
      vat_rate: input.vatRate,
      stocked: input.stocked,
      active: input.active,
      details: input.details,
    };
    const id = input.id ?? tx.insert("product", { ...fields, barcode: null }).id;
    if (input.id) tx.patch("product", input.id, fields);
    if (input.receive > 0) {
      tx.insert("stock_movement", {
        product_id: id,
        branch_id: tx.branch,
        kind: "receipt",
        quantity: input.receive,
        reference_id: null,
        reason: null,
        at: tx.now,
      });
    }
    return { id };
  },
});

/** A device that is lost or sold: the centre refuses it from then on, and it stops at its next contact. */
export const revokeDevice = defineCommand({
  name: "access.revoke-device",
  permission: "devices:manage",
  input: z.object({ id: idSchema }),
  run(tx, { id }) {
    if (id === tx.device) throw refuse("THIS_DEVICE", "This is the PC you are sitting at. Revoke it from another one.");
    tx.patch("device", id, { status: "revoked" });
  },
});
