import { z } from "zod";
import { sha1 } from "../../../replica/crypto.ts";
import { businessDate } from "../../../src-shared/calendar/index.ts";
import type { Id } from "../../../src-shared/sync/fields.ts";
import { derivedId } from "../../../src-shared/sync/ids.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { limitsOn } from "../exams/limits.ts";
import { todayAt } from "../lab/router.ts";
import { bytes, db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { checkout, checkoutInput, pay } from "./checkout.ts";
import { payFromBefore } from "./from-before.ts";
import { handoffPatience, openHandoffs, reopenHandoff, settleHandoff } from "./handoffs.ts";
import { catalogue, preview, receipt, startDispense, takings, toCollect } from "./queries.ts";

/** Milliseconds for which a colleague's unfinished sale is offered. */
const oneDay = 86_400_000;

const selling = procedure.use(({ ctx, next }) => {
  if (!("pos:access" in ctx.session.permissions()))
    throw refuse("NO_PERMISSION", "Your role does not sell.", { permission: "pos:access" });
  return next();
});
const money = procedure.use(({ ctx, next }) => {
  if (!("invoices:view" in ctx.session.permissions()))
    throw refuse("NO_PERMISSION", "Your role does not see sales.", { permission: "invoices:view" });
  return next();
});

function setting(engine: Engine, key: string): unknown {
  const { practice } = engine.identity();
  const id = derivedId(sha1, practice, { subject: practice, reaction: `setting:${key}`, index: 0 });
  const row = engine.read.first(
    db.selectFrom("setting").select("value").where("id", "=", id).where("key", "=", key).where("deleted", "=", 0),
  );
  return row ? JSON.parse(row.value) : null;
}
function dayOf(engine: Engine): string {
  const branch = engine.read.first(
    db.selectFrom("branch").select("time_zone").where("id", "=", engine.identity().branch),
  );
  return businessDate({ sessionDate: null, instant: engine.time.now(), zone: branch?.time_zone ?? "Europe/London" });
}

const previewInput = checkoutInput.pick({
  patientId: true,
  prescriptionId: true,
  frameId: true,
  lensId: true,
  coatingIds: true,
  discount: true,
  measurements: true,
});

export const dispensingRouter = router({
  catalogue: selling
    .meta({ shows: ["product", "stock_level"] })
    .query(({ ctx: { engine } }) => ({ items: catalogue(engine.read, engine.identity().branch) })),
  start: selling
    .meta({ shows: ["patient", "prescription", "contact_lens_spec", "handoff", "job", "brought_balance"] })
    .input(z.object({ patientId: idSchema }))
    .query(({ ctx: { engine }, input }) => {
      const start = startDispense(engine.read, input.patientId, todayAt(engine));
      if (!start) throw refuse("NOT_FOUND", "This patient is not on this PC. Search again.");
      return start;
    }),
  preview: selling
    .meta({ shows: ["product", "prescription", "setting"] })
    .input(previewInput)
    .query(({ ctx: { engine, session }, input }) =>
      preview(engine.read, input as never, {
        today: todayAt(engine),
        user: session.user,
        items: catalogue(engine.read, engine.identity().branch),
        policy: setting(engine, "release_policy"),
        vertex: limitsOn(engine.read, engine.identity().practice, todayAt(engine)).vertex,
      }),
    ),
  checkout: procedure.input(checkoutInput).mutation(({ ctx, input }) => ctx.session.run(checkout, input)),
  pay: procedure.input(pay.input).mutation(({ ctx, input }) => ctx.session.run(pay, input)),
  payFromBefore: procedure
    .input(payFromBefore.input)
    .mutation(({ ctx, input }) => ctx.session.run(payFromBefore, input)),
  receipt: money
    .meta({ shows: ["sale", "sale_line", "payment", "job"] })
    .input(z.object({ saleId: idSchema }))
    .query(({ ctx, input }) => {
      const found = receipt(ctx.engine.read, input.saleId);
      if (!found) throw refuse("NOT_FOUND", "This sale is not on this PC.");
      return found;
    }),
  handoffs: procedure.meta({ shows: ["handoff", "patient", "app_user", "setting"] }).query(({ ctx: { engine } }) => ({
    handoffs: openHandoffs(engine.read, engine.identity().branch, todayAt(engine)),
    patience: handoffPatience(engine.read),
  })),
  settleHandoff: procedure
    .input(settleHandoff.input)
    .mutation(({ ctx, input }) => ctx.session.run(settleHandoff, input)),
  reopenHandoff: procedure
    .input(reopenHandoff.input)
    .mutation(({ ctx, input }) => ctx.session.run(reopenHandoff, input)),
  collections: money
    .meta({ shows: ["job", "sale", "patient"] })
    .query(({ ctx: { engine } }) => ({ jobs: toCollect(engine.read, engine.identity().branch) })),
  takings: money.meta({ shows: ["sale", "payment"] }).query(({ ctx: { engine } }) => ({
    day: dayOf(engine),
    ...takings(engine.read, engine.identity().device, dayOf(engine)),
  })),

  /** What was typed so far, kept on this PC per person: a power cut resumes at the same field. */
  draft: selling.query(({ ctx: { engine, session } }) => {
    const [row] = engine.read.sql<{ body: string }>(
      "select body from local_draft where kind='checkout' and key='till' and user_id=?",
      bytes(session.user),
    );
    return row ? (JSON.parse(row.body) as Record<string, unknown>) : null;
  }),
  saveDraft: selling
    .input(z.record(z.string(), z.unknown()).nullable())
    .mutation(({ ctx: { engine, session }, input }) => {
      if (input === null)
        engine.db.prepare("delete from local_draft where kind='checkout' and user_id=?").run(bytes(session.user));
      else {
        engine.db
          .prepare("insert or replace into local_draft (kind, key, user_id, body, at) values ('checkout','till',?,?,?)")
          .run(bytes(session.user), JSON.stringify(input), engine.time.now());
      }
    }),
  /** What a colleague last began here and did not finish: who must not dispense it asks somebody who may to sign in. */
  begun: selling.query(({ ctx: { engine, session } }) => {
    const [row] = engine.read.sql<{ by: string; user: string; patient: Id | null }>(
      `select u.display_name as by, lower(hex(d.user_id)) as user, json_extract(d.body, '$.patientId') as patient
      from local_draft d join app_user u on u.id = d.user_id
      where d.kind='checkout' and d.key='till' and d.user_id<>? and d.at>? order by d.at desc limit 1`,
      bytes(session.user),
      engine.time.now() - oneDay,
    );
    if (!row?.patient) return null;
    const patient = engine.read.first(
      db.selectFrom("patient").select(["given_name", "family_name"]).where("id", "=", row.patient),
    );
    return patient && { userId: row.user, by: row.by, patient: `${patient.given_name} ${patient.family_name}` };
  }),
  takeOn: selling.input(z.object({ userId: idSchema })).mutation(({ ctx: { engine, session }, input }) => {
    engine.db
      .prepare("update or replace local_draft set user_id=? where kind='checkout' and key='till' and user_id=?")
      .run(bytes(session.user), bytes(input.userId));
  }),
});
