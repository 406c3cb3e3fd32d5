/** The sync procedures (sync design §2.15): parse, call, answer. */
import { initTRPC, TRPCError, tracked } from "@trpc/server";
import { z } from "zod";
import { beginInput, blobInput } from "../src-shared/files/wire.ts";
import { apiScopes } from "../src-shared/patients/api-scopes.ts";
import { Refusal } from "../src-shared/sync/ports.ts";
import {
  bootstrapFileInput,
  bucketInput,
  digestInput,
  enrolInput,
  fetchRowsInput,
  helloInput,
  idSchema,
  knownInput,
  plainText,
  pushInput,
  rescueInput,
  seenInput,
  setUpInput,
  snapshotInput,
  streamInput,
} from "../src-shared/sync/wire.ts";
import { createToken, listTokens, revokeToken } from "./api/tokens.ts";
import type { Centre } from "./centre.ts";
import { begin, commit, get } from "./files/blobs.ts";
import { createEnrolmentCode, enrol, renew, setUp } from "./identity/enrol.ts";
import { setPassword, signIn } from "./identity/people.ts";
import { bootstrapFile } from "./snapshots/offer.ts";
import type { ServerConnection } from "./sync/connection.ts";
import { bucket, digest } from "./sync/digest.ts";
import { challenge, hello, seen } from "./sync/hello.ts";
import { known } from "./sync/known.ts";
import { push } from "./sync/push.ts";
import { rescue } from "./sync/rescue.ts";
import { fetchRows, snapshotPage } from "./sync/snapshot.ts";
import { stream } from "./sync/stream.ts";

export interface ServerContext {
  readonly centre: Centre;
  readonly connection: ServerConnection;
  /** Throws a refusal when an address tries codes or passwords too often. */
  readonly limit: (what: "enrol" | "sign-in") => void;
}

const t = initTRPC.context<ServerContext>().create({
  sse: { enabled: false },
  errorFormatter({ shape, error }) {
    const refusal = error.cause instanceof Refusal ? error.cause : null;
    // What is not a refusal is a bug: the client learns that, not what was in it.
    return {
      ...shape,
      message: refusal
        ? refusal.message
        : error.code === "INTERNAL_SERVER_ERROR"
          ? "The centre failed; nothing was lost."
          : "The request has another form than expected.",
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        refusal: refusal ? { code: refusal.code, args: refusal.args, message: refusal.message } : null,
      },
    };
  },
});

/** Turns refusals into typed errors; logs bugs without their parameters. */
const procedure = t.procedure.use(async ({ next, ctx, path }) => {
  const result = await next();
  if (!result.ok) {
    const cause = result.error.cause;
    if (cause instanceof Refusal) throw new TRPCError({ code: "PRECONDITION_FAILED", message: cause.message, cause });
    if (result.error.code === "INTERNAL_SERVER_ERROR") {
      ctx.centre.log.error("procedure failed", { path, error: cause?.message ?? result.error.message });
    }
  }
  return result;
});

const renewInput = z.object({
  practice: idSchema,
  device: idSchema,
  epoch: z.int().min(1),
  nonce: z.string().max(64),
  sig: z.string().max(100),
  ed25519: plainText(64),
  x25519: plainText(64),
});
const profile = z.enum(["till", "exam", "lab", "desk", "hq", "single"]);

export const syncRouter = t.router({
  sync: t.router({
    challenge: procedure.mutation(({ ctx }) => challenge(ctx.centre, ctx.connection)),
    hello: procedure.input(helloInput).mutation(({ ctx, input }) => hello(ctx.centre, ctx.connection, input)),
    seen: procedure.input(seenInput).mutation(({ ctx, input }) => seen(ctx.centre, ctx.connection, input)),
    known: procedure.input(knownInput).query(({ ctx, input }) => known(ctx.centre, ctx.connection, input)),
    push: procedure.input(pushInput).mutation(({ ctx, input }) => push(ctx.centre, ctx.connection, input.groups)),
    rescue: procedure.input(rescueInput).mutation(({ ctx, input }) => rescue(ctx.centre, ctx.connection, input)),
    stream: procedure.input(streamInput).subscription(async function* ({ ctx, input, signal }) {
      for await (const batch of stream(ctx.centre, ctx.connection, input, signal ?? new AbortController().signal)) {
        yield tracked(String(batch.to), batch);
      }
    }),
    snapshotPage: procedure
      .input(snapshotInput)
      .query(({ ctx, input }) => snapshotPage(ctx.centre, ctx.connection, input)),
    bootstrapFile: procedure
      .input(bootstrapFileInput)
      .mutation(({ ctx, input }) => bootstrapFile(ctx.centre, ctx.connection, input)),
    digest: procedure.input(digestInput).query(({ ctx, input }) => digest(ctx.centre, ctx.connection, input)),
    bucket: procedure.input(bucketInput).query(({ ctx, input }) => bucket(ctx.centre, ctx.connection, input)),
    fetchRows: procedure.input(fetchRowsInput).query(({ ctx, input }) => fetchRows(ctx.centre, ctx.connection, input)),
  }),
  // Parts and ranges themselves go over HTTP (`files/serve.ts`).
  files: t.router({
    begin: procedure.input(beginInput).mutation(({ ctx, input }) => begin(ctx.centre, ctx.connection, input)),
    commit: procedure.input(blobInput).mutation(({ ctx, input }) => commit(ctx.centre, ctx.connection, input.blob)),
    get: procedure.input(blobInput).mutation(({ ctx, input }) => get(ctx.centre, ctx.connection, input.blob)),
  }),
  device: t.router({
    enrol: procedure.input(enrolInput).mutation(({ ctx, input }) => {
      ctx.limit("enrol");
      return enrol(ctx.centre, input);
    }),
    renew: procedure.input(renewInput).mutation(({ ctx, input }) => renew(ctx.centre, ctx.connection, input)),
    createEnrolmentCode: procedure
      .input(z.object({ by: idSchema, branch: idSchema, deviceName: plainText(200).min(1), profile }))
      .mutation(({ ctx, input }) => createEnrolmentCode(ctx.centre, ctx.connection, input)),
  }),
  practice: t.router({
    setUp: procedure.input(setUpInput).mutation(({ ctx, input }) => {
      ctx.limit("enrol");
      return setUp(ctx.centre, input);
    }),
  }),
  tokens: t.router({
    create: procedure
      .input(
        z.object({
          by: idSchema,
          password: z.string().max(1000),
          name: plainText(200).min(1),
          scopes: z.array(z.enum(apiScopes)).min(1).max(apiScopes.length),
          expiresAt: z.int().min(0).nullable(),
        }),
      )
      .mutation(({ ctx, input }) => {
        ctx.limit("sign-in");
        return createToken(ctx.centre, ctx.connection, input);
      }),
    revoke: procedure
      .input(z.object({ by: idSchema, id: idSchema }))
      .mutation(({ ctx, input }) => revokeToken(ctx.centre, ctx.connection, input)),
    list: procedure
      .input(z.object({ by: idSchema }))
      .query(({ ctx, input }) => listTokens(ctx.centre, ctx.connection, input)),
  }),
  people: t.router({
    signIn: procedure
      .input(z.object({ login: plainText(254).min(1), password: z.string().max(1000) }))
      .mutation(({ ctx, input }) => {
        ctx.limit("sign-in");
        return signIn(ctx.centre, ctx.connection, input);
      }),
    setPassword: procedure
      .input(
        z.object({
          user: idSchema,
          by: idSchema,
          password: z.string().max(1000),
          byPassword: z.string().max(1000).nullable(),
        }),
      )
      .mutation(({ ctx, input }) => {
        ctx.limit("sign-in");
        return setPassword(ctx.centre, ctx.connection, input);
      }),
  }),
});
export const createServerCaller = t.createCallerFactory(syncRouter);
