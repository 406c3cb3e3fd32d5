/** The product's way to the centre: the sync procedures over one WebSocket. */
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import type { Enrolment, HelloOutput, PushOutput, SignInResult, SnapshotPage } from "../../../src-shared/sync/wire.ts";
import type { Batch } from "../../../src-shared/sync/wire.ts";
import type { Connection, Upstream } from "./upstream.ts";

const openWithin = 10_000;

// The centre's router type lives in the sync server, which the engine does not import; the procedures' names and
// types are pinned by `Connection`, and a test calls every one of them over a real socket.
// biome-ignore lint/suspicious/noExplicitAny: see above
type AnyClient = any;

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
          clearTimeout(timer);
          socket.close().catch(() => {});
          if (settled) onClose(reason);
          else {
            settled = true;
            reject(new Error(reason));
          }
        };
        const timer = setTimeout(() => end("the centre does not answer"), openWithin);
        const socket = createWSClient({
          url,
          WebSocket: WebSocket as never,
          // One socket is one connection: when it ends, the sync client decides when to come back.
          retryDelayMs: () => 3_600_000,
          keepAlive: { enabled: true, intervalMs: 15_000, pongTimeoutMs: 5_000 },
          onOpen: () => {
            if (settled) return;
            settled = true;
            clearTimeout(timer);
            resolve(connectionOver(socket, end));
          },
          onClose: () => end("the line to the centre was cut"),
          onError: () => end("the centre cannot be reached"),
        });
      });
    },
  };
}

function connectionOver(socket: ReturnType<typeof createWSClient>, end: (reason: string) => void): Connection {
  const client: AnyClient = createTRPCClient<AnyClient>({ links: [wsLink<AnyClient>({ client: socket })] });
  return {
    challenge: () => client.sync.challenge.mutate() as Promise<{ nonce: string }>,
    hello: (input) => client.sync.hello.mutate(input) as Promise<HelloOutput>,
    push: (groups) => client.sync.push.mutate({ groups }) as Promise<PushOutput>,
    stream(input, { onBatch, onEnd }) {
      const subscription = client.sync.stream.subscribe(input, {
        onData: (event: { data: Batch }) => onBatch(event.data),
        onError: (error: Error) => onEnd(error),
        onComplete: () => onEnd(null),
      });
      return () => subscription.unsubscribe();
    },
    snapshotPage: (input) => client.sync.snapshotPage.query(input) as Promise<SnapshotPage>,
    fetchRows: (input) => client.sync.fetchRows.query(input) as Promise<SnapshotPage>,
    renew: (input) => client.device.renew.mutate(input) as Promise<Enrolment>,
    enrol: (input) => client.device.enrol.mutate(input) as Promise<Enrolment>,
    setUp: (input) => client.practice.setUp.mutate(input) as Promise<Enrolment>,
    signIn: (input) => client.people.signIn.mutate(input) as Promise<SignInResult>,
    setPassword: (input) => client.people.setPassword.mutate(input) as Promise<void>,
    createEnrolmentCode: (input) => client.device.createEnrolmentCode.mutate(input) as Promise<{ code: string; expiresAt: number }>,
    close: () => end("closed"),
  };
}
