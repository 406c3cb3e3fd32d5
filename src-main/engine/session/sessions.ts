/** Who is signed in where on this workstation. Sessions live in memory: closing the program signs everybody out. */
import { verify } from "@node-rs/argon2";
import { permissionsOf } from "../../../src-shared/access/can.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import type { Engine } from "../engine.ts";
import { db } from "../read/database.ts";
import { refusalOf } from "../sync/upstream.ts";
import type { Command } from "../write/define.ts";

export interface Session {
  readonly user: Id;
  readonly name: string;
  readonly role: Id | null;
  readonly branch: Id;
  /** Runs a command as this person. */
  run<I, O>(command: Command<I, O>, input: unknown): O;
  permissions(): Record<string, string>;
}

const freeTries = 5;
const firstLock = 60_000;

interface Verifier {
  user_id: string;
  hash: string;
  lease_until: number;
  failed: number;
  locked_until: number;
}

export type Sessions = ReturnType<typeof createSessions>;

export function createSessions(engineOf: () => Engine | null) {
  const byConnection = new Map<string, Session>();

  /** The replica may have been exchanged for another since: always the one that is at work now. */
  function present(): Engine {
    const engine = engineOf();
    if (!engine) throw refuse("NOT_READY", "This PC is still being set up.");
    return engine;
  }

  function open(connection: string, user: Id): Session {
    const engine = present();
    const person = engine.read.first(
      db
        .selectFrom("app_user")
        .select(["display_name", "primary_role_id", "active", "home_branch_id"])
        .where("id", "=", user),
    );
    if (!person?.active) throw refuse("INACTIVE", "This account is switched off. Ask a manager.");
    const branch = engine.identity().branch;
    const role = person.primary_role_id;
    const session: Session = {
      user,
      name: person.display_name,
      role,
      branch,
      run: (command, input) => present().execute(command, input, { user, role, branch }),
      permissions: () => permissionsOf(present().access(), user),
    };
    byConnection.set(connection, session);
    return session;
  }

  /** Signs in at the centre when there is a line, else against the verifier that the last sign-in there left here. */
  async function signIn(connection: string, login: string, password: string): Promise<Session> {
    const line = present().sync.connection();
    if (line) {
      try {
        const { user, verifier, leaseUntil } = await line.signIn({ login, password });
        keepVerifier(present(), user, verifier, leaseUntil);
        return open(connection, user);
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal) throw refuse(refusal.code, refusal.message, refusal.args);
        // The line went while we asked: what is here decides.
      }
    }
    const engine = present();
    const person = findPerson(engine, login);
    const verifier = person ? readVerifier(engine, person) : null;
    if (!person || !verifier) {
      throw refuse(
        "FIRST_SIGN_IN_NEEDS_CENTRE",
        "There is no line to the centre, and this person has not signed in on this PC before. Somebody who has can sign in now.",
      );
    }
    const now = engine.time.now();
    if (verifier.locked_until > now) {
      throw refuse("LOCKED", "Too many wrong passwords. Wait a little, then try again.", {
        until: verifier.locked_until,
      });
    }
    if (verifier.lease_until < now) {
      throw refuse(
        "LEASE_OVER",
        "This PC has not met the centre for too long. Connect it once to go on; nothing is lost.",
      );
    }
    if (!(await verify(verifier.hash, password.normalize("NFC")).catch(() => false))) {
      countFailure(present(), verifier, now);
      throw refuse("WRONG_PASSWORD", "This name and password do not fit. Check both and try again.");
    }
    present()
      .db.prepare("update offline_verifier set failed=0, locked_until=0 where user_id=?")
      .run(Buffer.from(person, "hex"));
    return open(connection, person);
  }

  return {
    of: (connection: string): Session | null => byConnection.get(connection) ?? null,
    signIn,
    /** The demo has public people and no secrets: whoever is there may be anybody. */
    signInDemo(connection: string, user: Id): Session {
      const engine = engineOf();
      if (!engine?.identity().demo) throw refuse("NOT_DEMO", "Only the demo signs in without a password.");
      return open(connection, user);
    },
    signOut: (connection: string) => byConnection.delete(connection),
    /** A device that was set up just now: its owner has typed the password a moment ago. */
    open: (connection: string, user: Id) => {
      if (engineOf()) open(connection, user);
    },
    clear: () => byConnection.clear(),
    /**
     * Who was switched off or removed meanwhile is out: their sessions end, and what let them in without a line is
     * destroyed. True when somebody was signed out by it.
     */
    dropInactive(): boolean {
      const engine = engineOf();
      // Before the practice's people are here nobody can be missing among them.
      if (!engine?.ready()) return false;
      engine.db
        .prepare(
          "delete from offline_verifier where user_id not in (select id from app_user where active=1 and deleted=0)",
        )
        .run();
      let dropped = false;
      for (const [connection, { user }] of byConnection) {
        const person = engine.read.first(
          db.selectFrom("app_user").select(["active", "deleted"]).where("id", "=", user),
        );
        if (person?.active && !person.deleted) continue;
        byConnection.delete(connection);
        dropped = true;
      }
      return dropped;
    },
  };
}

function findPerson(engine: Engine, login: string): Id | null {
  const wanted = login.trim().toLowerCase();
  const people = engine.read.all(
    db.selectFrom("app_user").select(["id", "email", "display_name"]).where("deleted", "=", 0),
  );
  const found = people.find(
    ({ id, email, display_name }) =>
      id === wanted || email.toLowerCase() === wanted || display_name.toLowerCase() === wanted,
  );
  return found?.id ?? null;
}

function readVerifier(engine: Engine, user: Id): Verifier | null {
  return (
    (engine.db.prepare("select * from offline_verifier where user_id=?").get(Buffer.from(user, "hex")) as
      | Verifier
      | undefined) ?? null
  );
}
export function keepVerifier(engine: Engine, user: Id, hash: string, leaseUntil: number): void {
  engine.db
    .prepare(
      `insert or replace into offline_verifier (user_id, hash, issued_at, lease_until, failed, locked_until)
       values (?,?,?,?,0,0)`,
    )
    .run(Buffer.from(user, "hex"), hash, engine.time.now(), leaseUntil);
}
function countFailure(engine: Engine, verifier: Verifier, now: number): void {
  const failed = verifier.failed + 1;
  const lock = failed < freeTries ? 0 : now + Math.min(3_600_000, firstLock * 2 ** (failed - freeTries));
  engine.db
    .prepare("update offline_verifier set failed=?, locked_until=? where user_id=?")
    .run(failed, lock, verifier.user_id);
}
