/** The centre's view of who may do what: now, and under any earlier permission version (architecture §4, late facts). */
import { type Access, type AccessRows, buildAccess } from "../../src-shared/access/can.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { entityOf } from "../../src-shared/sync/registry.ts";
import type { Queryable } from "../database/database.ts";
import { columnList, rowFromCentre } from "../database/rows.ts";

export const accessEntityNames = ["app_user", "role", "role_permission", "user_role"] as const;
const names = new Set<string>(accessEntityNames);
export function touchesAccess(entities: Iterable<string>): boolean {
  for (const entity of entities) if (names.has(entity)) return true;
  return false;
}

export async function readAccessRows(tx: Queryable, practice: Id): Promise<AccessRows> {
  const read = async (name: string) => {
    const entity = entityOf(name);
    const raws = await tx.query(`select ${columnList(entity)} from "${name}" where practice_id=$1`, [practice]);
    return raws.map((raw) => rowFromCentre(entity, raw)) as never;
  };
  const [users, roles, rolePermissions, userRoles] = await Promise.all([
    read("app_user"),
    read("role"),
    read("role_permission"),
    read("user_role"),
  ]);
  return { users, roles, rolePermissions, userRoles };
}

/** Access by practice and version. A version that was committed never changes, so what was built stays right. */
export function createAccessCache() {
  const built = new Map<string, Access>();
  function keep(key: string, access: Access): Access {
    if (built.size > 500) built.clear();
    built.set(key, access);
    return access;
  }
  return {
    /** Rights as they stand at version `seq`, which the caller read from the head: one that was committed. */
    async current(tx: Queryable, practice: Id, seq: number): Promise<Access> {
      const key = `${practice}:${seq}`;
      return built.get(key) ?? keep(key, buildAccess(await readAccessRows(tx, practice)));
    },
    /** Rights as they stood at log position `seq`; the newest snapshot not after it. */
    async at(tx: Queryable, practice: Id, seq: number): Promise<Access | null> {
      const [row] = await tx.query<{ seq: number; snapshot: string }>(
        "select seq, snapshot from authz_snapshot where practice_id=$1 and seq <= $2 order by seq desc limit 1",
        [practice, seq],
      );
      return row ? buildAccess(JSON.parse(row.snapshot) as AccessRows) : null;
    },
    async snapshot(tx: Queryable, practice: Id, seq: number): Promise<void> {
      const rows = await readAccessRows(tx, practice);
      await tx.query(
        "insert into authz_snapshot (practice_id, seq, snapshot) values ($1,$2,$3) on conflict do nothing",
        [practice, seq, JSON.stringify(rows)],
      );
    },
    forget(): void {
      built.clear();
    },
  };
}
export type AccessCache = ReturnType<typeof createAccessCache>;
