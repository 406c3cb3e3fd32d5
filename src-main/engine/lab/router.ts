import { z } from "zod";
import { localDate } from "../../../src-shared/calendar/index.ts";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema } from "../../../src-shared/sync/wire.ts";
import type { Engine } from "../engine.ts";
import { db } from "../read/database.ts";
import { procedure, router } from "../trpc.ts";
import { registrants } from "./collection.ts";
import { advanceJob, assignTray, holdJob, noteOnJob, rejectJob, resumeJob } from "./commands.ts";
import { board, jobDetail } from "./queries.ts";

/** The date at this device's branch. */
export function todayAt(engine: Engine): string {
  const branch = engine.read.first(
    db.selectFrom("branch").select("time_zone").where("id", "=", engine.identity().branch),
  );
  return localDate(engine.time.now(), branch?.time_zone ?? "Europe/London");
}

const reading = procedure.use(({ ctx, next }) => {
  if (!("orders:view" in ctx.session.permissions()))
    throw refuse("NO_PERMISSION", "Your role does not see the jobs.", { permission: "orders:view" });
  return next();
});

export const labRouter = router({
  board: reading
    .meta({ shows: ["job", "job_event", "branch"] })
    .query(({ ctx }) => board(ctx.engine.read, todayAt(ctx.engine))),
  job: reading
    .meta({ shows: ["job", "job_event"] })
    .input(z.object({ id: idSchema }))
    .query(({ ctx, input }) => {
      const job = jobDetail(ctx.engine.read, input.id, todayAt(ctx.engine));
      if (!job) throw refuse("NOT_FOUND", "This job is not on this PC.");
      return job;
    }),
  registrants: reading.meta({ shows: ["app_user"] }).query(({ ctx }) => registrants(ctx.engine.read)),
  advance: procedure.input(advanceJob.input).mutation(({ ctx, input }) => ctx.session.run(advanceJob, input)),
  hold: procedure.input(holdJob.input).mutation(({ ctx, input }) => ctx.session.run(holdJob, input)),
  resume: procedure.input(resumeJob.input).mutation(({ ctx, input }) => ctx.session.run(resumeJob, input)),
  reject: procedure.input(rejectJob.input).mutation(({ ctx, input }) => ctx.session.run(rejectJob, input)),
  tray: procedure.input(assignTray.input).mutation(({ ctx, input }) => ctx.session.run(assignTray, input)),
  note: procedure.input(noteOnJob.input).mutation(({ ctx, input }) => ctx.session.run(noteOnJob, input)),
});
