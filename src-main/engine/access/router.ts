import { z } from "zod";
import { catalogue, permissionGroups } from "../../../src-shared/access/index.ts";
import { apiScopes } from "../../../src-shared/patients/api-scopes.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { db } from "../read/database.ts";
import type { Connection } from "../sync/upstream.ts";
import { refusalOf } from "../sync/upstream.ts";
import { procedure, router } from "../trpc.ts";
import { revokeDevice, saveBranch, savePerson, saveProduct, saveRole } from "./commands.ts";

const office = procedure.use(({ ctx, next }) => {
  const may = ctx.session.permissions();
  if (!["users:manage", "roles:manage", "devices:manage"].some((key) => key in may)) {
    throw refuse("NO_PERMISSION", "Your role does not manage the practice.", { permission: "users:manage" });
  }
  return next();
});

/** Some things only the centre can do; the button says so when there is no line. */
async function atCentre<T>(engine: Engine, ask: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = engine.sync.connection();
  if (!connection)
    throw refuse(
      "NEEDS_CENTRE",
      "This needs the centre, and there is no line to it now. Try again when the pill says Live.",
    );
  try {
    return await ask(connection);
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) throw refuse(refusal.code, refusal.message, refusal.args);
    throw error;
  }
}

export const accessRouter = router({
  people: office
    .meta({ shows: ["app_user", "user_role", "role", "branch"] })
    .query(({ ctx: { engine } }) =>
      engine.read.all(
        db
          .selectFrom("app_user as u")
          .leftJoin("role as r", "r.id", "u.primary_role_id")
          .leftJoin("branch as b", "b.id", "u.home_branch_id")
          .select([
            "u.id",
            "u.display_name",
            "u.email",
            "u.job_title",
            "u.registration_number",
            "u.active",
            "u.primary_role_id",
            "u.home_branch_id",
            "r.name as role",
            "b.name as branch",
          ])
          .where("u.deleted", "=", 0)
          .orderBy("u.display_name"),
      ),
    ),
  roles: office
    .meta({ shows: ["role", "role_permission", "user_role", "role_change_audit"] })
    .query(({ ctx: { engine } }) => {
      const roles = engine.read.all(db.selectFrom("role").selectAll().where("deleted", "=", 0).orderBy("name"));
      const rights = engine.read.all(
        db.selectFrom("role_permission").select(["role_id", "permission", "scope"]).where("deleted", "=", 0),
      );
      const people = engine.read.all(
        db.selectFrom("user_role").select(["role_id", "user_id"]).where("deleted", "=", 0),
      );
      const audits = engine.read.all(
        db
          .selectFrom("role_change_audit as a")
          .leftJoin("app_user as u", "u.id", "a.actor_id")
          .select(["a.role_id", "a.reason", "a.at", "a.action", "u.display_name as who"])
          .orderBy("a.at", "desc")
          .limit(200),
      );
      return {
        groups: permissionGroups,
        catalogue: catalogue.map(({ key, group, label, note }) => ({ key, group, label, note })),
        roles: roles.map((role) => ({
          id: role.id,
          name: role.name,
          description: role.description,
          builtIn: role.built_in,
          people: people.filter((row) => row.role_id === role.id).length,
          permissions: Object.fromEntries(
            rights.filter((row) => row.role_id === role.id).map((row) => [row.permission, row.scope]),
          ),
          lastChange: audits.find((row) => row.role_id === role.id) ?? null,
        })),
      };
    }),
  devices: office.meta({ shows: ["device", "device_key", "branch"] }).query(({ ctx: { engine } }) => ({
    here: engine.identity().device,
    devices: engine.read.sql<{
      id: string;
      name: string;
      profile: string;
      status: string;
      branch: string;
      terminal: string | null;
    }>(
      `select d.id, d.name, d.profile, d.status, b.name as branch,
         (select k.terminal_code from device_key k where k.device_id = d.id order by k.epoch desc limit 1) as terminal
       from device d join branch b on b.id = d.branch_id where d.deleted = 0 order by b.name, d.name`,
    ),
  })),
  branches: procedure
    .meta({ shows: ["branch"] })
    .query(({ ctx: { engine } }) =>
      engine.read.all(db.selectFrom("branch").selectAll().where("deleted", "=", 0).orderBy("name")),
    ),
  products: office
    .meta({ shows: ["product", "stock_level"] })
    .query(({ ctx: { engine } }) =>
      engine.read.all(
        db.selectFrom("product").selectAll().where("deleted", "=", 0).orderBy("kind").orderBy("brand").orderBy("name"),
      ),
    ),
  savePerson: procedure.input(savePerson.input).mutation(({ ctx, input }) => ctx.session.run(savePerson, input)),
  saveRole: procedure.input(saveRole.input).mutation(({ ctx, input }) => ctx.session.run(saveRole, input)),
  saveBranch: procedure.input(saveBranch.input).mutation(({ ctx, input }) => ctx.session.run(saveBranch, input)),
  saveProduct: procedure.input(saveProduct.input).mutation(({ ctx, input }) => ctx.session.run(saveProduct, input)),
  revokeDevice: procedure.input(revokeDevice.input).mutation(({ ctx, input }) => ctx.session.run(revokeDevice, input)),
  setPassword: procedure
    .input(
      z.object({
        userId: idSchema,
        password: z.string().max(1000),
        ownPassword: z.string().max(1000).nullable().default(null),
      }),
    )
    .mutation(({ ctx: { engine, session }, input }) =>
      atCentre(engine, (connection) =>
        connection.setPassword({
          user: input.userId,
          by: session.user,
          password: input.password,
          byPassword: input.ownPassword,
        }),
      ),
    ),
  /** Asked of the centre each time: tokens are on no workstation's disk. */
  tokens: procedure.query(({ ctx: { engine, session } }) =>
    atCentre(engine, (connection) => connection.listTokens({ by: session.user })),
  ),
  createToken: procedure
    .input(
      z.object({
        name: z.string().trim().min(1, "it is needed").max(200),
        scopes: z.array(z.enum(apiScopes)).min(1, "at least one is needed"),
        expiresAt: z.int().nullable(),
        ownPassword: z.string().max(1000),
      }),
    )
    .mutation(({ ctx: { engine, session }, input }) =>
      atCentre(engine, (connection) => {
        const { ownPassword: password, ...asked } = input;
        return connection.createToken({ ...asked, by: session.user, password });
      }),
    ),
  revokeToken: procedure
    .input(z.object({ id: idSchema }))
    .mutation(({ ctx: { engine, session }, input }) =>
      atCentre(engine, (connection) => connection.revokeToken({ ...input, by: session.user })),
    ),
  createCode: procedure
    .input(
      z.object({
        branchId: idSchema,
        deviceName: z.string().trim().min(1).max(200),
        profile: z.enum(["till", "exam", "lab", "desk", "hq", "single"]),
      }),
    )
    .mutation(({ ctx: { engine, session }, input }) =>
      atCentre(engine, (connection) =>
        connection.createEnrolmentCode({
          by: session.user,
          branch: input.branchId,
          deviceName: input.deviceName,
          profile: input.profile,
        }),
      ),
    ),
});
