import { z } from "zod";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { openProcedure, procedure, router } from "../trpc.ts";
import { decide, decisionInput } from "./attention/decide.ts";
import { attention, attentionCount, waiting } from "./attention/index.ts";

export const syncRouter = router({
  status: openProcedure
    .meta({
      shows: [
        "sync_outbox",
        "sync_status",
        "sync_attention",
        "sync_pending_unknown",
        "reaction_queue",
        "review_task",
        "session",
      ],
    })
    .query(({ ctx: { workstation, connection } }) => {
      const engine = workstation.engineOrNull();
      if (!engine) return null;
      const status = engine.sync.status();
      const [counts] = engine.read.sql<{ n: number; oldest: number | null }>(
        "select count(*) as n, min(made_at) as oldest from sync_outbox where state='pending'",
      );
      const states = {
        live: "live",
        catching_up: "catching_up",
        filling: "catching_up",
        connecting: "connecting",
        offline: "offline",
        outdated: "offline",
        unplugged: "offline",
        revoked: "revoked",
      } as const;
      return {
        state: states[status.phase],
        waiting: counts?.n ?? 0,
        attention: attentionCount(engine, workstation.sessions.of(connection)),
        /** 0 to 1 while data comes, null when none does or nobody knows how much there is. */
        progress: status.progress,
        filling: status.filling,
        behind: status.behind,
        filled: status.filled,
        since: status.offlineSince,
        lastSeenCentre: status.lastSeen,
        problem: status.problem,
        oldestWaiting: counts?.oldest ?? null,
        plugged: engine.sync.isPlugged(),
        clockOffset: engine.time.offset(),
      };
    }),

  panel: procedure
    .meta({ shows: ["sync_outbox", "sync_status"] })
    .query(({ ctx }) => ({ waiting: waiting(ctx.engine) })),

  attention: procedure
    .meta({
      shows: [
        "sync_outbox",
        "sync_status",
        "sync_attention",
        "reaction_queue",
        "review_task",
        "sync_pending_unknown",
        "field_conflict",
        "session",
        "patient",
      ],
    })
    .query(({ ctx }) => attention(ctx.engine, ctx.session)),

  history: procedure
    .meta({ shows: ["sync_outbox"] })
    .query(({ ctx: { engine } }) =>
      engine.read.sql<{ group_id: string; command: string; state: string; made_at: number; settled_at: number | null }>(
        "select group_id, command, state, made_at, settled_at from sync_outbox order by device_seq desc limit 200",
      ),
    ),

  decide: procedure.input(decisionInput).mutation(({ ctx, input }) => decide(ctx.engine, ctx.session, input)),

  tryNow: openProcedure.mutation(({ ctx: { workstation } }) => {
    workstation.engine().sync.tryNow();
  }),

  /** The demo's own control: takes this workstation off the network and back. */
  setPlug: openProcedure.input(z.object({ connected: z.boolean() })).mutation(({ ctx: { workstation }, input }) => {
    const engine = workstation.engine();
    if (!engine.identity().demo) throw refuse("NOT_DEMO", "Only the demo has a plug to pull.");
    engine.sync.setPlugged(input.connected);
  }),
});
