/** The product's way to the centre: the sync procedures over one WebSocket. */
import { createTRPCUntypedClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import type {
  Batch,
  Enrolment,
  HelloOutput,
  PushOutput,
  SignInResult,
  SnapshotPage,
} from "../../../src-shared/sync/wire.ts";
import type { Connection, Upstream } from "./upstream.ts";

const openWithin = 10_000;

/** `http(s)://host:port` of the sync server; a path is kept in front of `/sync`. */
export function webSocketUpstream(serverUrl: string): Upstream {
  const url = `${serverUrl.replace(/^http/, "ws").replace(/\/$/, "")}/sync`;
  return {
    open(onClose) {
      return new Promise((resolve, reject) => {
        let settled = false;
        let ended = false;
        const end = (reason: string) => {
          if (ended) return;
          ended = true;
          socket.close().catch(() => {});
          if (settled) onClose(reason);
          else {
            settled = true;
            reject(new Error(reason));
          }
        };
        AbortSignal.timeout(openWithin).addEventListener("abort", () => {
          if (!settled) end("the centre does not answer");
        });
        const socket = createWSClient({
          url,
          WebSocket: WebSocket as never,
          // One socket is one connection: when it ends, the sync client decides when to come back.
          retryDelayMs: () => 3_600_000,
          keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5_000 },
          onOpen: () => {
            if (settled) return;
            settled = true;
            resolve(connectionOver(socket, end));
          },
          onClose: () => end("the line to the centre was cut"),
          onError: () => end("the centre cannot be reached"),
        });
      });
    },
  };
}

/**
 * Called by path: the centre's router type lives in the sync server, which the engine does not import. `Connection` pins
 * names and types, and the end-to-end stories call them over a real socket.
 */
function connectionOver(socket: ReturnType<typeof createWSClient>, end: (reason: string) => void): Connection {
  const client = createTRPCUntypedClient({ links: [wsLink({ client: socket })] });
  const ask = <T>(path: string, input?: unknown) => client.mutation(path, input) as Promise<T>;
  const read = <T>(path: string, input?: unknown) => client.query(path, input) as Promise<T>;
  return {
    challenge: () => ask("sync.challenge"),
    hello: (input) => ask<HelloOutput>("sync.hello", input),
    push: (groups) => ask<PushOutput>("sync.push", { groups }),
    stream(input, { onBatch, onEnd }) {
      const subscription = client.subscription("sync.stream", input, {
        onData: (event) => onBatch((event as { data: Batch }).data),
        onError: (error) => onEnd(error),
        onComplete: () => onEnd(null),
      });
      return () => subscription.unsubscribe();
    },
    snapshotPage: (input) => read<SnapshotPage>("sync.snapshotPage", input),
    fetchRows: (input) => read<SnapshotPage>("sync.fetchRows", input),
    renew: (input) => ask<Enrolment>("device.renew", input),
    enrol: (input) => ask<Enrolment>("device.enrol", input),
    setUp: (input) => ask<Enrolment>("practice.setUp", input),
    signIn: (input) => ask<SignInResult>("people.signIn", input),
    setPassword: (input) => ask<void>("people.setPassword", input),
    createEnrolmentCode: (input) => ask("device.createEnrolmentCode", input),
    close: () => end("closed"),
  };
}
