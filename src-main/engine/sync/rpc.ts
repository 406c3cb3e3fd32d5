/**
 * The centre's procedures over one WebSocket, in tRPC's messages: `{id, method, params: {path, input}}` out,
 * `{id, result}` or `{id, error}` back, `PING` and `PONG` as bare text. tRPC's own client keeps every message back for a
 * timer's turn to batch it with others, a millisecond or more on each leg of the way to the other branch, and has no use
 * for a connection that is never opened again; here one socket is one connection.
 */
import { WebSocket } from "ws";
import type { Timers } from "../../../src-shared/sync/ports.ts";

/** A call that the centre refused or failed; `data.refusal` is there when it said why in its own words. */
export class CentreError extends Error {
  readonly data: unknown;
  constructor(message: string, data: unknown) {
    super(message);
    this.name = "CentreError";
    this.data = data;
  }
}

export interface Rpc {
  /** `within`: milliseconds after which somebody would rather go on without the centre. */
  call<T>(method: "query" | "mutation", path: string, input?: unknown, within?: number): Promise<T>;
  /** Runs until it is stopped, ends, or fails; returns what stops it. */
  subscribe<T>(path: string, input: unknown, on: { data(data: T): void; end(error: Error | null): void }): () => void;
  close(): void;
}

interface Answer {
  readonly id: number | null;
  readonly method?: string;
  readonly result?: { readonly type: "started" | "data" | "stopped"; readonly data?: unknown };
  readonly error?: { readonly message: string; readonly data?: unknown };
}
interface Waiting {
  answer(result: NonNullable<Answer["result"]>): void;
  fail(error: Error): void;
}

export interface RpcOptions {
  readonly url: string;
  readonly timers: Timers;
  /** Milliseconds until the opening, and later an answer to a ping, is given up. */
  readonly openWithin: number;
  readonly pingEvery: number;
  readonly pongWithin: number;
  /** Called once when a connection that was open ends. */
  readonly onClose: (reason: string) => void;
}

/** Opens the connection; rejects when nobody answers. */
export function openRpc({ url, timers, openWithin, pingEvery, pongWithin, onClose }: RpcOptions): Promise<Rpc> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: openWithin });
    const waiting = new Map<number, Waiting>();
    let next = 0;
    let opened = false;
    let ended = false;
    let cancelPing: (() => void) | null = null;
    let cancelPong: (() => void) | null = null;

    function end(reason: string): void {
      if (ended) return;
      ended = true;
      cancelPing?.();
      cancelPong?.();
      socket.terminate();
      const error = new Error(reason);
      for (const each of [...waiting.values()]) each.fail(error);
      waiting.clear();
      if (opened) onClose(reason);
      else reject(error);
    }

    function send(message: unknown): void {
      socket.send(JSON.stringify(message));
    }

    const rpc: Rpc = {
      call: <T>(method: string, path: string, input?: unknown, within?: number) =>
        new Promise<T>((done, failed) => {
          if (ended) {
            failed(new Error("the line to the centre was cut"));
            return;
          }
          const id = ++next;
          const giveUp =
            within === undefined
              ? null
              : timers.after(within, () => {
                  waiting.delete(id);
                  failed(new Error("the centre does not answer"));
                });
          waiting.set(id, {
            answer(result) {
              giveUp?.();
              waiting.delete(id);
              done(result.data as T);
            },
            fail(error) {
              giveUp?.();
              failed(error);
            },
          });
          send({ id, method, params: { path, input } });
        }),
      subscribe(path, input, on) {
        const id = ++next;
        waiting.set(id, {
          answer(result) {
            if (result.type === "data") on.data(result.data as never);
            else if (result.type === "stopped") {
              waiting.delete(id);
              on.end(null);
            }
          },
          fail: (error) => on.end(error),
        });
        send({ id, method: "subscription", params: { path, input } });
        return () => {
          if (!waiting.delete(id) || ended) return;
          send({ id, method: "subscription.stop" });
        };
      },
      close: () => end("closed"),
    };

    /** A line can be dead for minutes without anybody saying so: a router that was switched off, a lid that was closed. */
    function beat(): void {
      cancelPing = timers.after(pingEvery, () => {
        // Behind a push on a slow line it would wait long for its turn: as long as that goes out, the line lives.
        if (socket.bufferedAmount === 0) {
          socket.send("PING");
          cancelPong ??= timers.after(pongWithin, () => end("the centre does not answer"));
        }
        beat();
      });
    }

    function receive(text: string): void {
      cancelPong?.();
      cancelPong = null;
      if (text === "PONG") return;
      if (text === "PING") {
        socket.send("PONG");
        return;
      }
      const { id, method, result, error } = JSON.parse(text) as Answer;
      if (id === null || id === undefined) {
        end(method === "reconnect" ? "the centre asks to connect again" : (error?.message ?? "the centre gave up"));
        return;
      }
      const call = waiting.get(id);
      if (!call) return;
      if (error) {
        waiting.delete(id);
        call.fail(new CentreError(error.message, error.data));
      } else if (result) call.answer(result);
    }

    socket.on("open", () => {
      opened = true;
      beat();
      resolve(rpc);
    });
    socket.on("message", (data) => {
      if (ended) return;
      try {
        receive(String(data));
      } catch (error) {
        end((error as Error).message);
      }
    });
    socket.on("close", () => end(opened ? "the line to the centre was cut" : "the centre cannot be reached"));
    socket.on("error", () => end(opened ? "the line to the centre was cut" : "the centre cannot be reached"));
  });
}
