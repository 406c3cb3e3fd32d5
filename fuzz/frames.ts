/** Raw frames on the sync server's real WebSocket: rubbish, broken envelopes, and calls as text that no client sends. */
import fc from "fast-check";
import { WebSocket } from "ws";
import type { Centre } from "../sync-server/centre.ts";
import { startHttp } from "../sync-server/http.ts";
import { inputsOf, type Procedure } from "./procedures.ts";
import { serverProcedures } from "./server-calls.ts";
import { resolved, rubbish } from "./values.ts";

export type Frame = { readonly text: string } | { readonly bytes: Uint8Array };

/** Dear ones are left to the calls in process: a hundred lines may not hash passwords. */
const left = new Set(["people.signIn", "people.setPassword", "practice.setUp", "tokens.create"]);

export function frames(): fc.Arbitrary<readonly Frame[]> {
  const procedures = serverProcedures().filter(({ path }) => !left.has(path));
  const calls = procedures.map((procedure) =>
    fc
      .record({
        id: fc.oneof({ weight: 8, arbitrary: fc.nat(50) }, { weight: 1, arbitrary: rubbish() }),
        method: fc.oneof(
          { weight: 8, arbitrary: fc.constant(procedure.type as string) },
          { weight: 1, arbitrary: fc.constantFrom("query", "mutation", "subscription", "subscription.stop", "kill") },
        ),
        params: params(procedure),
      })
      .map((value) => ({ text: asText(value) })),
  );
  const frame: fc.Arbitrary<Frame> = fc.oneof(
    { weight: 6, arbitrary: fc.oneof(...calls) },
    { weight: 1, arbitrary: rubbish().map((value) => ({ text: asText(value) })) },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }).map((text) => ({ text })) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ bytes })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("PING", "PONG", "", "{", '{"id":1e999}', '{"id":1,"jsonrpc":"9"}')
        .map((text) => ({ text })),
    },
  );
  return fc.array(frame, { minLength: 1, maxLength: 5 });
}

function params({ path, inputs }: Procedure): fc.Arbitrary<unknown> {
  const input = inputsOf({ path, type: "query", inputs });
  return fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ path: fc.constant(path), input, lastEventId: fc.constantFrom(undefined, "7", "x") }),
    },
    { weight: 1, arbitrary: fc.record({ path: fc.constantFrom("", "sync", "__proto__.x", "sync.push.x"), input }) },
    { weight: 1, arbitrary: rubbish() },
  );
}

/** JSON as anybody may write it: what is no number is null, and minus nothing stays what it is. */
function asText(value: unknown): string {
  return JSON.stringify(resolved(value, () => "f".repeat(32))) ?? "undefined";
}

export async function openFrameWorld(centre: Centre) {
  const server = await startHttp(centre, { host: "127.0.0.1", port: 0 });
  const address = `${server.url.replace("http", "ws")}/sync`;

  async function opened(): Promise<WebSocket> {
    const socket = new WebSocket(address);
    await new Promise<void>((done, failed) => {
      socket.once("open", () => done());
      socket.once("error", failed);
    });
    socket.on("error", () => {});
    return socket;
  }

  /** A new line is taken and its first question answered: the server is as well as before. */
  async function stillAnswers(): Promise<void> {
    const socket = await opened();
    const answer = new Promise<string>((done, failed) => {
      const late = setTimeout(() => failed(new Error("the server does not answer any more")), 10_000);
      socket.once("message", (data) => {
        clearTimeout(late);
        done(String(data));
      });
    });
    socket.send(JSON.stringify({ id: 1, method: "mutation", params: { path: "sync.challenge" } }));
    if (!(await answer).includes("nonce")) throw new Error(`the server answers ${await answer}`);
    socket.terminate();
  }

  return {
    async check(given: readonly Frame[]): Promise<void> {
      const socket = await opened();
      const problems: string[] = [];
      socket.on("message", (data) => {
        const text = String(data);
        // Every error is the router's own: a refusal (also in a stream), a form that does not fit, a path there is not.
        if (/The centre failed|\n\s+at /.test(text)) problems.push(text.slice(0, 400));
      });
      for (const frame of given) {
        if (socket.readyState !== WebSocket.OPEN) break;
        if ("text" in frame) socket.send(frame.text);
        else socket.send(frame.bytes);
      }
      await stillAnswers();
      socket.terminate();
      if (problems[0] !== undefined) throw new Error(`${problems[0]} after ${JSON.stringify(given).slice(0, 600)}`);
    },
    close: () => server.close(),
  };
}
