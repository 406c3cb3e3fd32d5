/**
 * Who may do what (architecture §6): one function over the rows of users and roles, asked by the engine and again by
 * the centre. Rights are the union of a user's roles and deny is the default, so that knowing more rows of the kind
 * "grants" never takes a right away.
 */
import { z } from "zod";
import type { Id } from "../sync/fields.ts";
import { type Scope, scopes } from "./permission.ts";

/** The rows that rights come from; tombstoned ones count for nothing, and their order does not matter. */
export interface AccessRows {
  readonly users: readonly {
    readonly id: Id;
    readonly active: boolean;
    readonly home_branch_id: Id | null;
    readonly deleted?: boolean;
  }[];
  readonly roles: readonly { readonly id: Id; readonly deleted?: boolean }[];
  readonly rolePermissions: readonly {
    readonly role_id: Id;
    readonly permission: string;
    readonly scope: Scope;
    readonly deleted?: boolean;
  }[];
  /** A role without a branch holds in all of them. */
  readonly userRoles: readonly {
    readonly user_id: Id;
    readonly role_id: Id;
    readonly branch_id: Id | null;
    readonly deleted?: boolean;
  }[];
}

/** What a permission is asked for. */
export interface Resource {
  /** The branch the row belongs to; none counts as the asker's own. */
  readonly branch?: Id | null;
  /** Whom it belongs to or is assigned to. */
  readonly owner?: Id | null | undefined;
  /**
   * Who made it. Leave it out for a row that is being made now; give `null` for one that exists and that nobody in
   * particular made, so that scope `O` does not take it for the asker's own.
   */
  readonly createdBy?: Id | null;
}

export type Answer = "yes" | "countersign" | "no";

interface Grant {
  readonly scope: Scope;
  /** The branch the role was assigned for. */
  readonly branch: Id | null;
}
interface Holder {
  readonly home: Id | null;
  readonly grants: ReadonlyMap<string, readonly Grant[]>;
}
/** An immutable snapshot of everybody's rights. Only active users are in it. */
export interface Access {
  readonly holders: ReadonlyMap<Id, Holder>;
}

/** Gathers the rows into a snapshot in which `can` is two look-ups. */
export function buildAccess(rows: AccessRows): Access {
  const roles = new Set(rows.roles.filter((role) => !role.deleted).map((role) => role.id));
  const permissionsOfRole = Map.groupBy(
    rows.rolePermissions.filter((row) => !row.deleted && roles.has(row.role_id)),
    (row) => row.role_id,
  );
  const rolesOfUser = Map.groupBy(
    rows.userRoles.filter((row) => !row.deleted),
    (row) => row.user_id,
  );
  const holders = new Map<Id, Holder>();
  for (const user of rows.users) {
    if (user.deleted || !user.active) continue;
    const grants: [string, Grant][] = (rolesOfUser.get(user.id) ?? []).flatMap((assigned) =>
      (permissionsOfRole.get(assigned.role_id) ?? []).map((row): [string, Grant] => [
        row.permission,
        { scope: row.scope, branch: assigned.branch_id ?? null },
      ]),
    );
    holders.set(user.id, { home: user.home_branch_id ?? null, grants: gather(grants) });
  }
  return { holders };
}

/** Grants by permission, each once and sorted, so that equal rights are equal snapshots. */
function gather(grants: readonly [string, Grant][]): ReadonlyMap<string, readonly Grant[]> {
  const sortKey = ({ scope, branch }: Grant) => scope + (branch ?? "");
  return new Map(
    [...Map.groupBy(grants, ([permission]) => permission)]
      .map(([permission, found]): [string, Grant[]] => {
        const distinct = new Map(found.map(([, grant]) => [sortKey(grant), grant]));
        return [permission, [...distinct].sort(byText).map(([, grant]) => grant)];
      })
      .sort(byText),
  );
}
function byText(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/**
 * Whether the user may: `countersign` when only a right of scope `S` allows it, so that a second person has to agree.
 * An unknown, inactive or deleted user may nothing, and an unknown permission is nobody's.
 */
export function can(access: Access, userId: Id, permission: string, resource: Resource): Answer {
  const holder = access.holders.get(userId);
  let answer: Answer = "no";
  for (const grant of holder?.grants.get(permission) ?? []) {
    if (!reaches(grant, holder as Holder, userId, resource)) continue;
    if (grant.scope !== "S") return "yes";
    answer = "countersign";
  }
  return answer;
}

function reaches(grant: Grant, holder: Holder, userId: Id, { branch, owner, createdBy }: Resource): boolean {
  const inBranch = (candidate: Id | null) => branch == null || branch === candidate;
  if (grant.branch !== null && !inBranch(grant.branch)) return false;
  switch (grant.scope) {
    case "A":
    case "S":
      return true;
    case "T":
      return inBranch(grant.branch ?? holder.home);
    case "O":
      return owner === userId || createdBy === userId || (owner == null && createdBy === undefined);
  }
}

/**
 * The widest scope in which the user holds the permission at all, or null: for menus and lists. `A` that was assigned
 * for one branch is `T`, because it does not reach the others.
 */
export function mayAnywhere(access: Access, userId: Id, permission: string): Scope | null {
  const held = (access.holders.get(userId)?.grants.get(permission) ?? []).map(({ scope, branch }) =>
    scope === "A" && branch !== null ? "T" : scope,
  );
  // What needs nobody else comes before what needs a countersignature.
  return scopes.find((scope) => held.includes(scope)) ?? null;
}

/** Every permission the user holds, each with its widest scope as in `mayAnywhere`. */
export function permissionsOf(access: Access, userId: Id): Record<string, Scope> {
  const keys = access.holders.get(userId)?.grants.keys() ?? [];
  return Object.fromEntries([...keys].map((key) => [key, mayAnywhere(access, userId, key) as Scope]));
}

/**
 * Whether a change of people or roles leaves somebody who can repair it: at least one active user with `roles:manage`
 * of scope `A`. A practice that had nobody yet (first run) cannot lose anybody.
 */
export function lockOutGuard(before: Access, after: Access): "ok" | "locks_out" {
  return keepsKeys(after) || !keepsKeys(before) ? "ok" : "locks_out";
}
function keepsKeys(access: Access): boolean {
  return [...access.holders.values()].some((holder) =>
    (holder.grants.get("roles:manage") ?? []).some((grant) => grant.scope === "A"),
  );
}

const accessJson = z.object({
  users: z.array(
    z.object({
      id: z.string(),
      home: z.string().nullable(),
      grants: z.array(
        z.tuple([z.string(), z.array(z.object({ scope: z.enum(scopes), branch: z.string().nullable() }))]),
      ),
    }),
  ),
});
export type AccessJson = z.infer<typeof accessJson>;

/** A plain value for the signed permission snapshot; equal rights give equal JSON text. */
export function toJson(access: Access): AccessJson {
  const users = [...access.holders].sort(byText).map(([id, { home, grants }]) => ({
    id,
    home,
    grants: [...grants].map(([permission, held]): [string, Grant[]] => [
      permission,
      held.map((grant) => ({ ...grant })),
    ]),
  }));
  return { users };
}

/** Reads what `toJson` wrote. Throws a ZodError for anything else. */
export function fromJson(value: unknown): Access {
  const { users } = accessJson.parse(value);
  return { holders: new Map(users.map(({ id, home, grants }) => [id, { home, grants: new Map(grants) }])) };
}
