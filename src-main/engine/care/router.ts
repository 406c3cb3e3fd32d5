import { openProcedure, procedure, router } from "../trpc.ts";
import { noteCare } from "./log.ts";

export const careRouter = router({
  state: openProcedure
    .meta({ shows: ["care", "sync_status", "sync_outbox"] })
    .query(({ ctx: { workstation } }) => workstation.care()),

  /** Opens the data again, once what kept it from being opened was put right. */
  retry: openProcedure.mutation(async ({ ctx: { workstation } }) => {
    await workstation.retry();
  }),

  /** Somebody has read what happened to the data; the panel keeps it. */
  acknowledge: procedure.mutation(({ ctx: { engine, workstation } }) => {
    const [latest] = workstation.care().events;
    if (latest) noteCare(engine.state, { seen: latest.at });
    workstation.careChanged();
  }),

  backUpNow: procedure.mutation(async ({ ctx: { workstation } }) => {
    await workstation.backUp();
  }),
});
