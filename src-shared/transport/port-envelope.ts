import { z } from "zod";

/**
 * The messages of tRPC over a port. Payloads travel as JSON text inside a cloned envelope, so that data means
 * the same over a port and over the browser host's WebSocket, whatever structured clone could carry besides.
 * An absent text is `undefined`.
 */

/** How long an input may be, in characters: a drawing fits, a film does not. */
const MAX_INPUT_LENGTH = 16 * 1024 * 1024;
/** How many items a subscriber may ask for in advance. */
export const MAX_CREDIT = 1024;

const callId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const json = z.string();
const credit = z.number().int().min(1).max(MAX_CREDIT);

/** From the caller to the server. */
export const clientEnvelope = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("call"),
    id: callId,
    method: z.enum(["query", "mutation", "subscription"]),
    path: z.string().min(1).max(200),
    input: json.max(MAX_INPUT_LENGTH).optional(),
    /** Of a tracked subscription that is taken up again: the last event its subscriber has. */
    lastEventId: z.string().max(1000).optional(),
    /** Of a subscription: how many items may be sent before the caller grants more. */
    credit: credit.optional(),
  }),
  z.strictObject({ type: z.literal("cancel"), id: callId }),
  z.strictObject({ type: z.literal("credit"), id: callId, more: credit }),
]);
export type ClientEnvelope = z.infer<typeof clientEnvelope>;
export type CallEnvelope = Extract<ClientEnvelope, { type: "call" }>;

/** From the server to the caller. `result`, `end` and `error` are the last word on a call. */
export const serverEnvelope = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("result"), id: callId, data: json.optional() }),
  z.strictObject({ type: z.literal("started"), id: callId }),
  z.strictObject({ type: z.literal("item"), id: callId, data: json.optional(), eventId: z.string().optional() }),
  z.strictObject({ type: z.literal("end"), id: callId }),
  z.strictObject({ type: z.literal("error"), id: callId, error: json }),
  /** Something came that is no envelope and names no call. */
  z.strictObject({ type: z.literal("refused"), reason: z.string() }),
]);
export type ServerEnvelope = z.infer<typeof serverEnvelope>;

/** The id in something that failed to parse, so that its caller can be told. */
export function callIdOf(message: unknown): number | null {
  if (typeof message !== "object" || message === null || !("id" in message)) return null;
  const parsed = callId.safeParse(message.id);
  return parsed.success ? parsed.data : null;
}

/** JSON text of a value, or nothing for `undefined`, which has none. */
export function toJson(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

/** The value of a JSON text; the absent text is `undefined`. */
export function fromJson(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
