/** Whether a person may write one body of a group: asked by the engine when it is made, by the centre when it settles. */
import type { Access } from "../access/can.ts";
import { type Answer, can } from "../access/can.ts";
import type { EntityPermissions, PermissionRule, StoredRow } from "./entity.ts";
import { type Id, isId } from "./fields.ts";
import type { Body } from "./group.ts";
import { writtenFields } from "./merge.ts";
import { type AnyEntity, findEntity } from "./registry.ts";

export type Authorisation =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly permission: string | null; readonly countersign: boolean };

const allowed: Authorisation = { allowed: true };

/** The permission that a body needs; `undefined` when nobody may do this at all. */
export function permissionFor(entity: AnyEntity, body: Body, row: StoredRow | null): string | null | undefined {
  const permissions: EntityPermissions = entity.permissions;
  const rule: PermissionRule | undefined = body.op === "insert" ? permissions.insert : permissions.patch;
  if (rule === undefined) return undefined;
  return typeof rule === "function" ? rule({ fields: writtenFields(body), row }) : rule;
}

/** The row that a body's row is a part of, as its entity and id; null where it stands by itself. */
export function wholeOf(entity: AnyEntity, body: Body, row: StoredRow | null): { entity: AnyEntity; id: Id } | null {
  if (!entity.within) return null;
  const of = findEntity(entity.fields[entity.within]?.ref ?? "");
  const id = row?.[entity.within] ?? body.fields[entity.within];
  return of && isId(id) ? { entity: of, id } : null;
}

/** `whole`: the row that `wholeOf` names, where it is known. */
export function authoriseBody(
  access: Access,
  user: Id,
  entity: AnyEntity,
  body: Body,
  row: StoredRow | null,
  whole: StoredRow | null = null,
): Authorisation {
  const permission = permissionFor(entity, body, row);
  if (permission === undefined) return { allowed: false, permission: null, countersign: false };
  if (permission === null) return allowed;
  const ownerColumn = entity.permissions.owner;
  const ownerOf = (column: string | undefined, of: StoredRow | null) =>
    column && of ? { owner: (of[column] as Id | null) ?? null, createdBy: null } : null;
  const part = whole ? wholeOf(entity, body, row)?.entity.permissions.owner : undefined;
  const owner = ownerOf(ownerColumn, row) ?? ownerOf(part, whole) ?? {};
  const answers = new Set(
    placesOf(entity, body, row, whole).map((places) =>
      best(places.map((branch) => can(access, user, permission, { branch, ...owner }))),
    ),
  );
  if (answers.has("no")) return { allowed: false, permission, countersign: false };
  return answers.has("countersign") ? { allowed: false, permission, countersign: true } : allowed;
}

function best(answers: readonly Answer[]): Answer {
  if (answers.includes("yes")) return "yes";
  return answers.includes("countersign") ? "countersign" : "no";
}

/**
 * Where the right has to hold: in one branch of each list. The row itself says it, as it stands and, where it is made or
 * moved, as it will, and so does what it is a part of; a job belongs to the branch that sold and to the one that makes. Only of a row without a branch is
 * the author's word taken.
 */
function placesOf(entity: AnyEntity, body: Body, row: StoredRow | null, whole: StoredRow | null): (Id | null)[][] {
  const named = (values: Readonly<Record<string, unknown>>, columns: readonly string[]) =>
    columns
      .filter((column) => column in entity.fields && typeof values[column] === "string")
      .map((column) => values[column] as Id);
  const stands = row ? named(row, ["branch_id", "lab_branch_id"]) : [];
  const around = typeof whole?.branch_id === "string" ? [whole.branch_id] : [];
  const lists = [stands, named(body.fields, ["branch_id"]), around].filter((places) => places.length > 0);
  return lists.length > 0 ? lists : [[body.branch]];
}
