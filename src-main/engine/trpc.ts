/** The local router's foundation: who asks, how refusals look, which entities a query shows. */
import { initTRPC, TRPCError } from "@trpc/server";
import { z } from "zod";
import { explain, isDamage, ReplicaError } from "../../replica/open.ts";
import { Refusal, refuse } from "../../src-shared/sync/ports.ts";
import type { EntityName } from "../../src-shared/sync/registry.ts";
import type { Workstation } from "./workstation.ts";

/** Tables and engine states that a query shows; the renderer refreshes it when one of them changes. */
export type Shown =
  | EntityName
  | "stock_level"
  | "sync_outbox"
  | "sync_attention"
  | "sync_status"
  | "care"
  | "session"
  | "reaction_queue"
  | "sync_pending_unknown"
  | "local_draft"
  | "file_blob";
export interface ProcedureMeta {
  readonly shows?: readonly Shown[];
}

export interface StaffContext {
  readonly workstation: Workstation;
  /** One per window or browser tab; a person signs in on it. */
  readonly connection: string;
}

/** What is wrong with what was typed, by the name of its field; null for what no form of ours sends. */
function badInput(cause: unknown): Refusal | null {
  if (!(cause instanceof z.ZodError)) return null;
  const [issue] = cause.issues;
  const field = issue?.path.findLast((part) => typeof part === "string");
  if (!issue || field === undefined) return null;
  const words = String(field)
    .replace(/([A-Z])/g, " $1")
    .toLowerCase();
  return refuse("INVALID", `Please check the ${words}: ${issue.message}.`, { field: issue.path.join(".") });
}

/** A failure of the disk or of the file on it, as somebody who stands at the till can understand it. */
function storageRefusal(cause: unknown): Refusal | null {
  if (isDamage(cause)) {
    return refuse(
      "DAMAGED",
      "The data on this PC turned out to be damaged, and this step was not saved. It is put aside now, what only this PC had is saved from it, and the rest comes from the centre.",
    );
  }
  const known = explain(cause, "the data folder");
  return known instanceof ReplicaError ? refuse(known.code, known.message) : null;
}

const t = initTRPC
  .context<StaffContext>()
  .meta<ProcedureMeta>()
  .create({
    errorFormatter({ shape, error }) {
      const refusal =
        error.cause instanceof Refusal ? error.cause : error.code === "BAD_REQUEST" ? badInput(error.cause) : null;
      return {
        ...shape,
        message: refusal
          ? refusal.message
          : error.code === "INTERNAL_SERVER_ERROR"
            ? "Something failed on this PC. What was saved before is safe; try again."
            : "The request has another form than expected.",
        data: {
          code: shape.data.code,
          refusal: refusal ? { code: refusal.code, args: refusal.args, message: refusal.message } : null,
        },
      };
    },
  });

export const router = t.router;
export const mergeRouters = t.mergeRouters;

/** Anybody at this workstation, also before signing in. */
export const openProcedure = t.procedure.use(async ({ next, ctx, path }) => {
  const result = await next();
  if (!result.ok) {
    const cause = result.error.cause;
    if (!(cause instanceof Refusal)) ctx.workstation.trouble(cause);
    const known = cause instanceof Refusal ? cause : storageRefusal(cause);
    if (known) throw new TRPCError({ code: "PRECONDITION_FAILED", message: known.message, cause: known });
    // Input that does not parse is the caller's; the rest is a bug and is logged by name, without values.
    if (result.error.code === "INTERNAL_SERVER_ERROR") {
      ctx.workstation.log.error("procedure failed", {
        path,
        error: `${cause?.name}: ${cause?.message ?? result.error.message}`,
      });
    }
  }
  return result;
});

/** A person who has signed in on this connection. */
export const procedure = openProcedure.use(({ next, ctx }) => {
  const engine = ctx.workstation.engine();
  // Part of a practice's data is worse than none: somebody would be told that a patient is not known.
  if (!engine.ready()) throw refuse("NOT_READY", "The practice's data is still on its way to this PC.");
  const session = ctx.workstation.sessions.of(ctx.connection);
  if (!session) throw refuse("SIGNED_OUT", "Sign in to go on; nothing you saved is lost.");
  return next({ ctx: { ...ctx, engine, session } });
});
