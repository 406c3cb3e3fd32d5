import { z } from "zod";

/** What the main process tells the engine's. Ports travel beside the message. */
export const toEngine = z.discriminatedUnion("type", [
  /** The first word; with the port on which the main process keeps the secrets. */
  z.strictObject({ type: z.literal("start"), folder: z.string().min(1), restore: z.string().min(1).optional() }),
  /** With the port of a window. */
  z.strictObject({ type: z.literal("port"), connection: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal("suspend") }),
  z.strictObject({ type: z.literal("resume") }),
  z.strictObject({ type: z.literal("may-install"), id: z.number().int() }),
  z.strictObject({ type: z.literal("stop") }),
]);
export type ToEngine = z.infer<typeof toEngine>;

/** What the engine's process answers. */
export const fromEngine = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready"), ms: z.number() }),
  /** It cannot start and trying again would not help; the message is for the person. */
  z.strictObject({ type: z.literal("failed"), code: z.string(), message: z.string() }),
  z.strictObject({
    type: z.literal("may-install"),
    id: z.number().int(),
    safe: z.boolean(),
    reasons: z.array(z.string()),
  }),
  z.strictObject({ type: z.literal("stopped") }),
]);
export type FromEngine = z.infer<typeof fromEngine>;
