import { z } from "zod";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import { db } from "../read/database.ts";
import { openProcedure, router, type StaffContext } from "../trpc.ts";

/** Where this is and who sits there; null parts before set-up and before signing in. */
export function currentSession({ workstation, connection }: StaffContext) {
  const engine = workstation.engineOrNull();
  const session = workstation.sessions.of(connection);
  if (!engine)
    return { person: null, permissions: {}, device: null, branch: null, practice: null, demo: workstation.demo };
  const identity = engine.identity();
  const branch = engine.read.first(
    db.selectFrom("branch").select(["id", "name", "code", "time_zone"]).where("id", "=", identity.branch),
  );
  const practice = engine.read.first(
    db.selectFrom("practice").select(["name", "currency"]).where("id", "=", identity.practice),
  );
  const device = engine.read.first(
    db.selectFrom("device").select(["name", "profile"]).where("id", "=", identity.device),
  );
  const person = session
    ? engine.read.first(
        db.selectFrom("app_user").select(["id", "display_name", "job_title"]).where("id", "=", session.user),
      )
    : null;
  return {
    person: person
      ? {
          id: person.id,
          name: person.display_name,
          jobTitle: person.job_title,
          initials: initialsOf(person.display_name),
        }
      : null,
    permissions: session?.permissions() ?? {},
    device: {
      id: identity.device,
      name: device?.name ?? "",
      terminal: identity.terminalCode,
      // Head office may have made it a PC of another kind since it joined.
      profile: device?.profile ?? identity.profile,
    },
    branch: branch ? { id: branch.id, name: branch.name, code: branch.code, timeZone: branch.time_zone } : null,
    practice,
    demo: identity.demo,
  };
}

export function initialsOf(name: string): string {
  const parts = name.split(/\s+/).filter(Boolean);
  return `${parts[0]?.[0] ?? ""}${parts.length > 1 ? (parts[parts.length - 1]?.[0] ?? "") : ""}`.toUpperCase();
}

export const sessionRouter = router({
  current: openProcedure
    .meta({ shows: ["session", "app_user", "role", "role_permission", "user_role", "branch", "practice", "device"] })
    .query(({ ctx }) => currentSession(ctx)),

  people: openProcedure.meta({ shows: ["app_user", "sync_status"] }).query(({ ctx }) => {
    const engine = ctx.workstation.engineOrNull();
    if (!engine) return { people: [], demo: ctx.workstation.demo, defaultUserId: null, online: false };
    const verifiers = new Map(
      engine.read
        .sql<{ user_id: string; issued_at: number }>("select user_id, issued_at from offline_verifier")
        .map((row) => [row.user_id, row.issued_at]),
    );
    const { branch } = engine.identity();
    const people = engine.read
      .all(
        db
          .selectFrom("app_user")
          .select(["id", "display_name", "email", "job_title", "home_branch_id"])
          .where("active", "=", 1)
          .where("deleted", "=", 0)
          .orderBy("display_name"),
      )
      .map((person) => ({
        id: person.id,
        name: person.display_name,
        email: person.email,
        jobTitle: person.job_title,
        initials: initialsOf(person.display_name),
        here: person.home_branch_id === branch,
        lastSeen: verifiers.get(person.id) ?? null,
        offlineReady: verifiers.has(person.id),
      }));
    // Those of this branch first, then the rest; both by name.
    people.sort((a, b) => Number(b.here) - Number(a.here));
    return {
      people,
      demo: engine.identity().demo,
      defaultUserId: engine.state.meta<string>("default_user"),
      online: engine.sync.connection() !== null,
    };
  }),

  signIn: openProcedure
    .input(z.object({ user: z.string().min(1).max(254), password: z.string().max(1000) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.workstation.sessions.signIn(ctx.connection, input.user, input.password);
      return currentSession(ctx);
    }),
  signInDemo: openProcedure.input(z.object({ user: idSchema })).mutation(({ ctx, input }) => {
    ctx.workstation.sessions.signInDemo(ctx.connection, input.user);
    return currentSession(ctx);
  }),
  signOut: openProcedure.mutation(({ ctx }) => {
    ctx.workstation.sessions.signOut(ctx.connection);
    return currentSession(ctx);
  }),
});
