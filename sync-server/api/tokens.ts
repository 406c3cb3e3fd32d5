/** Ways in for other systems: a secret is shown once and kept as its hash, opens what its scopes name, and ends. */
import { timingSafeEqual } from "node:crypto";
import { sha256Hex } from "../../replica/crypto.ts";
import { can } from "../../src-shared/access/can.ts";
import type { ApiToken } from "../../src-shared/patients/api-scopes.ts";
import type { Id } from "../../src-shared/sync/fields.ts";
import { newId } from "../../src-shared/sync/ids.ts";
import { refuse } from "../../src-shared/sync/ports.ts";
import type { Centre } from "../centre.ts";
import type { Queryable } from "../database/database.ts";
import { confirmPassword } from "../identity/people.ts";
import { connectedDevice, type ServerConnection } from "../sync/connection.ts";

/** 256 random bits: nothing that a slow hash would have to protect. */
const secretBytes = 32;
/** `horopter_<id>_<secret>`: the id finds the row, and a scanner for leaked secrets finds the name. */
const form = /^horopter_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/;

/** The practice of a device, as long as the person at it may manage tokens. */
async function managedPractice(centre: Centre, connection: ServerConnection, by: Id): Promise<Id> {
  const { practice, branch } = connectedDevice(connection);
  const [head] = await centre.db.query<{ authz: number }>("select authz from practice_head where practice_id=$1", [
    practice,
  ]);
  const access = await centre.access.current(centre.db, practice, head?.authz ?? 0);
  if (can(access, by, "tokens:manage", { branch }) !== "yes") {
    throw refuse("NO_PERMISSION", "Your role does not allow managing API tokens.", { permission: "tokens:manage" });
  }
  return practice;
}

export interface NewToken {
  readonly by: Id;
  /** Of the person who makes it: a device's word for who sits at it opens no way in for others. */
  readonly password: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
}

/**
 * Makes a token; its secret is in this answer and nowhere else.
 * @throws Refusal `NO_PERMISSION`, `WRONG_PASSWORD`, `LOCKED` or `INVALID`.
 */
export async function createToken(
  centre: Centre,
  connection: ServerConnection,
  input: NewToken,
): Promise<{ id: Id; secret: string }> {
  const practice = await managedPractice(centre, connection, input.by);
  await confirmPassword(centre, connection, input.by, input.password);
  const now = centre.now();
  if (input.expiresAt !== null && input.expiresAt <= now)
    throw refuse("INVALID", "A token has to end in the future. Choose a later day.");
  const id = newId(now, centre.random);
  const secret = `horopter_${id}_${Buffer.from(centre.random.bytes(secretBytes)).toString("base64url")}`;
  await centre.db.query(
    `insert into api_token (practice_id, id, name, hash, scopes, created_by_id, created_at, expires_at, revoked_at, used_at)
     values ($1,$2,$3,$4,$5,$6,$7,$8,null,null)`,
    [practice, id, input.name, sha256Hex(secret), JSON.stringify(input.scopes), input.by, now, input.expiresAt],
  );
  return { id, secret };
}

/** Ends a token at once; ending it again changes nothing. */
export async function revokeToken(
  centre: Centre,
  connection: ServerConnection,
  input: { by: Id; id: Id },
): Promise<void> {
  const practice = await managedPractice(centre, connection, input.by);
  const rows = await centre.db.query(
    "update api_token set revoked_at=coalesce(revoked_at,$3) where practice_id=$1 and id=$2 returning id",
    [practice, input.id, centre.now()],
  );
  if (rows.length === 0) throw refuse("NOT_FOUND", "The centre does not know this token.");
}

export async function listTokens(
  centre: Centre,
  connection: ServerConnection,
  input: { by: Id },
): Promise<{ tokens: ApiToken[] }> {
  const practice = await managedPractice(centre, connection, input.by);
  const rows = await centre.db.query<Omit<ApiToken, "scopes"> & { scopes: string }>(
    `select t.id, t.name, t.scopes, u.display_name as "createdBy", t.created_at as "createdAt",
       t.expires_at as "expiresAt", t.revoked_at as "revokedAt", t.used_at as "usedAt"
     from api_token t left join app_user u on u.practice_id=t.practice_id and u.id=t.created_by_id
     where t.practice_id=$1 order by t.created_at desc, t.id`,
    [practice],
  );
  return { tokens: rows.map((row) => ({ ...row, scopes: JSON.parse(row.scopes) as string[] })) };
}

export interface OpenedToken {
  readonly id: Id;
  readonly practice: Id;
  readonly scopes: readonly string[];
}

/** The token of an `Authorization: Bearer` header; null for one that is unknown, revoked or over. */
export async function openToken(db: Queryable, header: string | undefined, now: number): Promise<OpenedToken | null> {
  const secret = /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1] ?? "";
  const id = form.exec(secret)?.[1];
  if (!id) return null;
  const [row] = await db.query<{
    practice_id: Id;
    hash: string;
    scopes: string;
    expires_at: number | null;
    revoked_at: number | null;
  }>("select practice_id, hash, scopes, expires_at, revoked_at from api_token where id=$1", [id]);
  if (!row || !timingSafeEqual(Buffer.from(row.hash, "hex"), Buffer.from(sha256Hex(secret), "hex"))) return null;
  if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return null;
  return { id, practice: row.practice_id, scopes: JSON.parse(row.scopes) as string[] };
}
