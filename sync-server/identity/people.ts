/** Staff passwords: Argon2id at the centre, an offline verifier for the device, and a brake on guessing. */
import { hash, verify } from "@node-rs/argon2";
import { can } from "../../src-shared/access/can.ts";
import { Refusal, refuse } from "../../src-shared/sync/ports.ts";
import type { SignInResult } from "../../src-shared/sync/wire.ts";
import type { Centre } from "../centre.ts";
import { connectedDevice, type ServerConnection } from "../sync/connection.ts";
import { leaseDays } from "../sync/hello.ts";

/** Argon2id (2 in the library's enum, which type stripping cannot read), 64 MiB, three passes (sync design §4.5; above OWASP's minimum of 19 MiB and two). */
export const argon = { algorithm: 2, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;
const freeTries = 5;
const firstLock = 60_000;
const longestLock = 3_600_000;
export const shortestPassword = 12;

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFC"), argon);
}
export function verifyPassword(stored: string, password: string): Promise<boolean> {
  return verify(stored, password.normalize("NFC")).catch(() => false);
}

/** How long a person has to wait after `failed` wrong passwords in a row: five are free, then a minute, doubling. */
export function lockFor(failed: number): number {
  return failed < freeTries ? 0 : Math.min(longestLock, firstLock * 2 ** (failed - freeTries));
}

let decoy: Promise<string> | null = null;

export async function signIn(
  centre: Centre,
  connection: ServerConnection,
  input: { login: string; password: string },
): Promise<SignInResult> {
  const { practice } = connectedDevice(connection);
  const now = centre.now();
  const [row] = await centre.db.query<{ user_id: string; hash: string; failed: number; locked_until: number }>(
    `select c.user_id, c.hash, c.failed, c.locked_until from app_user u
     join user_credential c on c.practice_id=u.practice_id and c.user_id=u.id
     where u.practice_id=$1 and u.active and not u.deleted and (lower(u.email)=lower($2) or replace(u.id::text,'-','')=$2)`,
    [practice, input.login.trim()],
  );
  if (row && row.locked_until > now) {
    throw refuse("LOCKED", "Too many wrong passwords. Wait a little, then try again.", { until: row.locked_until });
  }
  // Somebody unknown costs the same time as a wrong password.
  decoy ??= hashPassword("nobody has this password");
  const fits = await verifyPassword(row?.hash ?? (await decoy), input.password);
  if (!row || !fits) {
    if (row) {
      await centre.db.query(
        "update user_credential set failed=failed+1, locked_until=$3 where practice_id=$1 and user_id=$2",
        [practice, row.user_id, now + lockFor(row.failed + 1)],
      );
    }
    throw refuse("WRONG_PASSWORD", "This name and password do not fit. Check both and try again.");
  }
  await centre.db.query("update user_credential set failed=0, locked_until=0 where practice_id=$1 and user_id=$2", [
    practice,
    row.user_id,
  ]);
  // A verifier of its own salt: what one device holds is of no use against another.
  return { user: row.user_id, verifier: await hashPassword(input.password), leaseUntil: now + leaseDays * 86_400_000 };
}

/**
 * What matters too much for a device's word: the person types their password again. The brake on guessing is that of
 * signing in. @throws Refusal `WRONG_PASSWORD` or `LOCKED`.
 */
export async function confirmPassword(
  centre: Centre,
  connection: ServerConnection,
  user: string,
  password: string,
): Promise<void> {
  try {
    await signIn(centre, connection, { login: user, password });
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "WRONG_PASSWORD") throw error;
    throw refuse("WRONG_PASSWORD", "This is not your password. Check it and try again.", { field: "ownPassword" });
  }
}

/** A person's own password, with the old one; or another's, by who may manage people and types their own. */
export async function setPassword(
  centre: Centre,
  connection: ServerConnection,
  input: { user: string; by: string; password: string; byPassword: string | null },
): Promise<void> {
  const { practice, branch } = connectedDevice(connection);
  if (input.password.length < shortestPassword) {
    throw refuse("PASSWORD_TOO_SHORT", `A password has at least ${shortestPassword} characters.`, {
      minimum: shortestPassword,
    });
  }
  if (input.user !== input.by) {
    const [head] = await centre.db.query<{ authz: number }>("select authz from practice_head where practice_id=$1", [
      practice,
    ]);
    const access = await centre.access.current(centre.db, practice, head?.authz ?? 0);
    if (can(access, input.by, "users:manage", { branch }) !== "yes") {
      throw refuse("NO_PERMISSION", "Your role does not allow setting a colleague's password.", {
        permission: "users:manage",
      });
    }
  }
  await confirmPassword(centre, connection, input.by, input.byPassword ?? "");
  const [user] = await centre.db.query("select id from app_user where practice_id=$1 and id=$2", [
    practice,
    input.user,
  ]);
  if (!user)
    throw refuse("NOT_FOUND", "The centre does not know this person yet. Wait until the change has arrived there.");
  await storePassword(centre, practice, input.user, input.password);
}

export async function storePassword(centre: Centre, practice: string, user: string, password: string): Promise<void> {
  const hashed = await hashPassword(password);
  await centre.db.query(
    `insert into user_credential (practice_id, user_id, hash, changed_at, failed, locked_until) values ($1,$2,$3,$4,0,0)
     on conflict (practice_id, user_id) do update set hash=excluded.hash, changed_at=excluded.changed_at, failed=0, locked_until=0`,
    [practice, user, hashed, centre.now()],
  );
}
