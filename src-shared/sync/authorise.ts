/** Whether a person may write one body of a group: asked by the engine when it is made, by the centre when it settles. */
import type { Access } from "../access/can.ts";
import { can } from "../access/can.ts";
import type { EntityPermissions, PermissionRule, StoredRow } from "./entity.ts";
import type { Id } from "./fields.ts";
import type { Body } from "./group.ts";
import type { AnyEntity } from "./registry.ts";

export type Authorisation =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly permission: string | null; readonly countersign: boolean };

const allowed: Authorisation = { allowed: true };

/** The permission that a body needs; `undefined` when nobody may do this at all. */
export function permissionFor(entity: AnyEntity, body: Body, row: StoredRow | null): string | null | undefined {
  const permissions: EntityPermissions = entity.permissions;
  const rule: PermissionRule | undefined = body.op === "insert" ? permissions.insert : permissions.patch;
  if (rule === undefined) return undefined;
  return typeof rule === "function" ? rule({ fields: body.fields, row }) : rule;
}

export function authoriseBody(
  access: Access,
  user: Id,
  entity: AnyEntity,
  body: Body,
  row: StoredRow | null,
): Authorisation {
  const permission = permissionFor(entity, body, row);
  if (permission === undefined) return { allowed: false, permission: null, countersign: false };
  if (permission === null) return allowed;
  const ownerColumn = entity.permissions.owner;
  const answer = can(access, user, permission, {
    branch: body.branch,
    ...(ownerColumn && row ? { owner: (row[ownerColumn] as Id | null) ?? null, createdBy: null } : {}),
  });
  if (answer === "yes") return allowed;
  return { allowed: false, permission, countersign: answer === "countersign" };
}
