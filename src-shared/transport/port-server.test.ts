import { MessageChannel } from "node:worker_threads";
import { initTRPC } from "@trpc/server";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { nodePort } from "./port.ts";
import { createPortConnection } from "./port-connection.ts";
import type { PortTransportError } from "./port-error.ts";
import { servePort } from "./port-server.ts";

const t = initTRPC.create({ isDev: false });
const router = t.router({ double: t.procedure.input(z.number()).query(({ input }) => input * 2) });

const toClose: { close(): unknown }[] = [];
afterEach(() => {
  for (const thing of toClose.splice(0)) thing.close();
});

/** A server and a bare port that can send it anything. */
function start() {
  const { port1, port2 } = new MessageChannel();
  const failures: string[] = [];
  const server = servePort({
    port: nodePort(port2),
    router,
    context: () => ({}),
    onError: ({ error }) => failures.push(error.code),
  });
  toClose.push(server, port1);
  const answer = (message: unknown) =>
    new Promise<Record<string, unknown>>((resolve) => {
      port1.once("message", resolve);
      port1.postMessage(message);
    });
  return { answer, failures, port1, server };
}

test.each([
  ["nothing", undefined],
  ["a string", "call"],
  ["an envelope of no known kind", { type: "execute", path: "double" }],
  ["an id that is no number", { type: "call", id: "1", method: "query", path: "double" }],
  ["an id below one", { type: "cancel", id: 0 }],
])("refuses %s and goes on", async (_what, message) => {
  const { answer, failures } = start();
  expect(await answer(message)).toEqual({ type: "refused", reason: "Not an envelope of this transport" });
  expect(failures).toEqual(["PARSE_ERROR"]);
  expect(await answer({ type: "call", id: 1, method: "query", path: "double", input: "21" })).toMatchObject({
    data: "42",
  });
});

test.each([
  ["an unknown method", { method: "procedure", path: "double" }],
  ["no path", { method: "query" }],
  ["an input that is no text", { method: "query", path: "double", input: 21 }],
  ["a field too many", { method: "query", path: "double", context: { user: "root" } }],
  ["credit without end", { method: "subscription", path: "double", credit: 1e9 }],
])("answers a call that has %s by its id", async (_what, rest) => {
  const { answer } = start();
  const reply = await answer({ type: "call", id: 7, ...rest });
  expect(reply).toMatchObject({ type: "error", id: 7 });
  expect(JSON.parse(reply.error as string)).toMatchObject({ data: { code: "PARSE_ERROR" } });
});

test("refuses an input that is no JSON", async () => {
  const { answer } = start();
  const reply = await answer({ type: "call", id: 1, method: "query", path: "double", input: "{" });
  expect(JSON.parse(reply.error as string)).toMatchObject({ data: { code: "PARSE_ERROR", path: "double" } });
});

test("a query cannot be called as a mutation, nor anything of the prototype", async () => {
  const { answer } = start();
  for (const [id, path] of ["double", "__proto__", "constructor", "toString"].entries()) {
    const reply = await answer({ type: "call", id: id + 1, method: "mutation", path, input: "1" });
    expect(JSON.parse(reply.error as string)).toMatchObject({ data: { code: "NOT_FOUND" } });
  }
});

test("cancelling and crediting what is not under way is nothing", async () => {
  const { answer, port1, failures } = start();
  port1.postMessage({ type: "cancel", id: 99 });
  port1.postMessage({ type: "credit", id: 99, more: 1 });
  expect(await answer({ type: "call", id: 1, method: "query", path: "double", input: "2" })).toMatchObject({
    data: "4",
  });
  expect(failures).toEqual([]);
});

test("does not serve a router whose data is more than JSON", () => {
  const { port2 } = new MessageChannel();
  toClose.push(port2);
  const wrap = {
    serialize: (value: unknown) => ({ json: value }),
    deserialize: (value: { json: unknown }) => value.json,
  };
  const fancy = initTRPC.create({ transformer: wrap }).router({});
  expect(() => servePort({ port: nodePort(port2), router: fancy, context: () => ({}) })).toThrow("plain JSON");
});

test("the caller loses a call whose answer it does not understand, and no other", async () => {
  const { port1, port2 } = new MessageChannel();
  toClose.push(port1, port2);
  const errors: PortTransportError[] = [];
  const connection = createPortConnection({ onProtocolError: (error) => errors.push(error) });
  connection.attach(nodePort(port1));
  port2.on("message", ({ id }: { id: number }) =>
    port2.postMessage(id === 1 ? { type: "surprise", id } : { type: "result", id }),
  );
  const outcome = () =>
    new Promise<string>((resolve) => {
      const ignore = () => {};
      connection.call(
        { method: "query", path: "double" },
        {
          started: ignore,
          data: ignore,
          waiting: ignore,
          failed: resolve,
          done: () => resolve("done"),
          lost: ({ code }) => resolve(code),
        },
      );
    });
  expect(await Promise.all([outcome(), outcome()])).toEqual(["PORT_PROTOCOL", "done"]);
  expect(errors).toHaveLength(1);
});
