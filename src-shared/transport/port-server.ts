import {
  type AnyTRPCRouter,
  callTRPCProcedure,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  type inferRouterContext,
  TRPCError,
} from "@trpc/server";
import { type Abort, createAbort } from "./abort.ts";
import type { TransportPort } from "./port.ts";
import {
  type CallEnvelope,
  callIdOf,
  clientEnvelope,
  fromJson,
  MAX_CREDIT,
  type ServerEnvelope,
  toJson,
} from "./port-envelope.ts";
import { type Credit, createCredit, pumpSubscription } from "./port-stream.ts";

export interface PortServerOptions<TRouter extends AnyTRPCRouter> {
  port: TransportPort;
  router: TRouter;
  /** The context of this port's calls; asked once. */
  context: () => inferRouterContext<TRouter> | Promise<inferRouterContext<TRouter>>;
  /** Told of every call that failed and of every refused envelope; for the log, so no inputs. */
  onError?: (failure: { error: TRPCError; path: string | undefined }) => void;
  /** Calls under way at once, subscriptions included, beyond which new ones are refused. */
  maxCalls?: number;
}

export interface PortServer {
  /** Calls under way. */
  readonly calls: number;
  /** Resolves when the port is closed, by whichever side, and everything under way has ended. */
  readonly closed: Promise<void>;
  /** Calls everything off and closes the port. */
  close(): Promise<void>;
}

interface RunningCall {
  readonly abort: Abort;
  readonly credit: Credit;
  readonly ended: Promise<void>;
}

/** Serves a tRPC router over one port, to one caller. */
export function servePort<TRouter extends AnyTRPCRouter>(options: PortServerOptions<TRouter>): PortServer {
  const { port, router, onError = () => {}, maxCalls = 1000 } = options;
  const config = router._def._config;
  assertPlainJson(config.transformer);
  const running = new Map<number, RunningCall>();
  const context = new Promise<inferRouterContext<TRouter>>((resolve) => resolve(options.context()));
  // Each call reports the failure for itself; without any call it is nobody's.
  context.catch(() => {});

  let open = true;
  let settleClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    settleClosed = resolve;
  });

  function post(envelope: ServerEnvelope): void {
    if (open) port.postMessage(envelope);
  }

  /** Tells the caller and the log; the shape is the router's own, or a mute one if its formatter fails. */
  function refuse(
    id: number,
    cause: unknown,
    call?: CallEnvelope,
    input?: unknown,
    ctx?: inferRouterContext<TRouter>,
  ): void {
    const error = getTRPCErrorFromUnknown(cause);
    onError({ error, path: call?.path });
    const about = { type: call?.method ?? ("unknown" as const), path: call?.path, input, ctx };
    let text: string;
    try {
      text = JSON.stringify(getTRPCErrorShape({ config, error, ...about }));
    } catch (formatterFailure) {
      onError({ error: getTRPCErrorFromUnknown(formatterFailure), path: call?.path });
      text = muteError;
    }
    post({ type: "error", id, error: text });
  }

  async function answer(call: CallEnvelope, abort: Abort, credit: Credit): Promise<void> {
    const { id, method, path } = call;
    let input: unknown;
    let ctx: inferRouterContext<TRouter> | undefined;
    try {
      input = readInput(call);
      ctx = await context;
      if (abort.signal.aborted) return;
      const result = await callTRPCProcedure({
        router,
        path,
        type: method,
        ctx,
        getRawInput: async () => input,
        signal: abort.signal,
        batchIndex: 0,
      });
      if (method === "subscription") {
        post({ type: "started", id });
        await pumpSubscription(result, credit, abort.signal, ({ data, eventId }) =>
          post({ type: "item", id, ...text(data), ...(eventId !== undefined && { eventId }) }),
        );
        if (!abort.signal.aborted) post({ type: "end", id });
      } else if (!abort.signal.aborted) {
        post({ type: "result", id, ...text(result) });
      }
    } catch (cause) {
      if (!abort.signal.aborted) refuse(id, cause, call, input, ctx);
    } finally {
      // Wakes a source that waits on the signal, so that it can be returned.
      if (method === "subscription") abort.abort();
    }
  }

  function start(call: CallEnvelope): void {
    if (running.has(call.id)) {
      refuse(call.id, new TRPCError({ code: "BAD_REQUEST", message: `Call ${call.id} is under way already` }), call);
      return;
    }
    if (running.size >= maxCalls) {
      refuse(call.id, new TRPCError({ code: "TOO_MANY_REQUESTS", message: "Too many calls are under way" }), call);
      return;
    }
    const abort = createAbort();
    const credit = createCredit(call.credit ?? 1, MAX_CREDIT);
    const ended = answer(call, abort, credit).finally(() => running.delete(call.id));
    running.set(call.id, { abort, credit, ended });
  }

  function receive(message: unknown): void {
    const parsed = clientEnvelope.safeParse(message);
    if (!parsed.success) {
      const id = callIdOf(message);
      const error = new TRPCError({ code: "PARSE_ERROR", message: "Not an envelope of this transport" });
      if (id !== null && !running.has(id)) {
        refuse(id, error);
      } else {
        onError({ error, path: undefined });
        post({ type: "refused", reason: error.message });
      }
      return;
    }
    const envelope = parsed.data;
    switch (envelope.type) {
      case "call":
        start(envelope);
        return;
      case "cancel":
        running.get(envelope.id)?.abort.abort();
        return;
      case "credit":
        running.get(envelope.id)?.credit.grant(envelope.more);
        return;
    }
  }

  function shut(): Promise<void> {
    if (open) {
      open = false;
      stopMessages();
      stopClose();
      const left = [...running.values()];
      for (const call of left) call.abort.abort();
      port.close();
      void Promise.all(left.map((call) => call.ended)).then(() => settleClosed());
    }
    return closed;
  }

  const stopMessages = port.onMessage(receive);
  const stopClose = port.onClose(() => void shut());
  port.start?.();

  return {
    get calls() {
      return running.size;
    },
    closed,
    close: shut,
  };
}

const muteError = JSON.stringify({
  code: -32603,
  message: "Internal server error",
  data: { code: "INTERNAL_SERVER_ERROR", httpStatus: 500 },
});

function text(value: unknown): { data?: string } {
  const data = toJson(value);
  return data === undefined ? {} : { data };
}

/** The input, with the last event a re-taken subscription has seen laid into it, as tRPC's transports do. */
function readInput(call: CallEnvelope): unknown {
  let input: unknown;
  try {
    input = fromJson(call.input);
  } catch (cause) {
    throw new TRPCError({ code: "PARSE_ERROR", message: "The input is not JSON", cause });
  }
  const { lastEventId } = call;
  if (lastEventId === undefined) return input;
  if (input === undefined) return { lastEventId };
  return typeof input === "object" && input !== null && !Array.isArray(input) ? { ...input, lastEventId } : input;
}

/** The port speaks JSON and both ends would have to agree on more; a router that expects more is a mistake. */
function assertPlainJson(transformer: { output: { serialize(value: unknown): unknown } }): void {
  const probe = {};
  if (transformer.output.serialize(probe) !== probe) {
    throw new Error("The port transport carries plain JSON; the router must not have a transformer");
  }
}
