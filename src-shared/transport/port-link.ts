import { TRPCClientError, type TRPCLink } from "@trpc/client";
import type { AnyTRPCRouter } from "@trpc/server";
import { observable } from "@trpc/server/observable";
import type { TransportPort } from "./port.ts";
import { createPortConnection, type PortConnection } from "./port-connection.ts";
import { fromJson, toJson } from "./port-envelope.ts";

/**
 * A terminating link of a tRPC client that speaks over a message port.
 *
 * Given a port, everything fails for good once that closes. Given a connection, subscriptions survive a change
 * of ports and calls wait for one; see {@link PortConnection}. A failure of the way is a `TRPCClientError` whose
 * cause is a `PortTransportError` (`transportErrorOf` finds it).
 */
export function portLink<TRouter extends AnyTRPCRouter>(target: TransportPort | PortConnection): TRPCLink<TRouter> {
  const connection = "attach" in target ? target : connectionOf(target);
  return () =>
    ({ op }) =>
      observable((observer) => {
        const { signal } = op;
        if (signal?.aborted) {
          observer.complete();
          return;
        }

        const subscribes = op.type === "subscription";
        const emit = (result: Parameters<typeof observer.next>[0]["result"]) =>
          observer.next({ result, context: op.context });
        const fail = (error: Error | object) => observer.error(TRPCClientError.from(error));

        let input: string | undefined;
        try {
          input = toJson(op.input);
        } catch (error) {
          fail(error as Error);
          return;
        }

        if (subscribes) emit({ type: "state", state: "connecting", error: null });
        const cancel = connection.call(
          { method: op.type, path: op.path, input },
          {
            started() {
              emit({ type: "started" });
              emit({ type: "state", state: "pending", error: null });
            },
            data(text, id) {
              emit({ type: "data", data: fromJson(text), ...(id !== undefined && { id }) });
            },
            done() {
              if (subscribes) emit({ type: "stopped" });
              observer.complete();
            },
            failed: (error) => fail({ error: fromJson(error) }),
            lost: fail,
            waiting: (error) => emit({ type: "state", state: "connecting", error: TRPCClientError.from(error) }),
          },
        );

        const onAbort = () => observer.complete();
        signal?.addEventListener("abort", onAbort, { once: true });
        return () => {
          signal?.removeEventListener("abort", onAbort);
          cancel();
        };
      });
}

function connectionOf(port: TransportPort): PortConnection {
  const connection = createPortConnection({ lasting: false });
  connection.attach(port);
  return connection;
}
