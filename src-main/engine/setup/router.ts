import { z } from "zod";
import { refuse } from "../../../src-shared/sync/ports.ts";
import { idSchema, setUpInput } from "../../../src-shared/sync/wire.ts";
import { openProcedure, router } from "../trpc.ts";

const serverUrl = z.string().regex(/^https?:\/\/[^\s/]+(\/[^\s]*)?$/, "an address like https://centre.example.org");

export const setupRouter = router({
  state: openProcedure.meta({ shows: ["sync_status", "care"] }).query(({ ctx: { workstation } }) => {
    const engine = workstation.engineOrNull();
    const status = engine?.sync.status();
    const { repairing, problem } = workstation.care();
    return {
      stage: repairing
        ? ("repairing" as const)
        : problem
          ? ("problem" as const)
          : !engine
            ? ("first_run" as const)
            : engine.ready()
              ? ("ready" as const)
              : ("joining" as const),
      pcName: workstation.pcName,
      serverUrl: workstation.serverUrl(),
      takenOutAt: workstation.takenOutAt(),
      canTryDemo: workstation.tryDemo !== null,
      demo: engine?.identity().demo ?? workstation.demo,
      progress: status
        ? {
            rows: status.filled,
            phase: status.phase,
            filling: status.filling,
            reachable: status.phase !== "offline" && status.phase !== "connecting",
          }
        : null,
      version: workstation.version,
    };
  }),

  join: openProcedure
    .input(
      z.object({
        serverUrl,
        code: z.string().min(8).max(40),
        deviceName: z.string().min(1).max(200),
        demo: z.boolean().optional(),
        defaultUser: idSchema.optional(),
      }),
    )
    .mutation(async ({ ctx: { workstation }, input }) => {
      await workstation.join(
        input.serverUrl,
        (connection, keys) => connection.enrol({ code: input.code, deviceName: input.deviceName, ...keys }),
        { demo: input.demo ?? false, ...(input.defaultUser ? { defaultUser: input.defaultUser } : {}) },
      );
      return { ok: true };
    }),

  createPractice: openProcedure
    .input(setUpInput.omit({ ed25519: true, x25519: true }).extend({ serverUrl }))
    .mutation(async ({ ctx: { workstation, connection: window }, input: { serverUrl: url, ...input } }) => {
      await workstation.join(url, (connection, keys) => connection.setUp({ ...input, ...keys }));
      // The owner has just typed the password: as soon as the line stands, sign in with it.
      const signIn = () => {
        const engine = workstation.engineOrNull();
        if (!engine?.ready() || !engine.sync.connection()) return;
        stop();
        workstation.sessions
          .signIn(window, input.ownerEmail, input.ownerPassword)
          .then(() => workstation.sessionChanged())
          // The door asks for the password then, as it would anybody.
          .catch((error: Error) => workstation.log.warn("first sign-in failed", { error: error.message }));
      };
      const stop = workstation.onChange(signIn);
      signIn();
      return { ok: true };
    }),

  tryDemo: openProcedure.mutation(async ({ ctx: { workstation } }) => {
    if (!workstation.tryDemo)
      throw refuse("NO_DEMO", "The demo is not part of this installation. From a checkout, run: npm run demo");
    return { url: await workstation.tryDemo() };
  }),
});
