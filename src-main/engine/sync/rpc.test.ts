import { afterEach, expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { systemTimers } from "../../../sim/practice.ts";
import { CentreError, openRpc, type Rpc } from "./rpc.ts";

/** A server that says what the test tells it to, on a real socket. */
let server: WebSocketServer;
let url: string;
const heard: string[] = [];
async function serve(answer: (text: string, say: (message: unknown) => void, cut: () => void) => void): Promise<void> {
  heard.length = 0;
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
  server.on("connection", (socket) => {
    const say = (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message));
    socket.on("message", (data) => {
      heard.push(String(data));
      answer(String(data), say, () => socket.terminate());
    });
  });
}
afterEach(() => {
  for (const client of server.clients) client.terminate();
  server.close();
});
let ends: string[] = [];
async function connect(pingEvery = 60_000, pongWithin = 1000): Promise<Rpc> {
  const mine: string[] = [];
  ends = mine;
  return openRpc({
    url,
    timers: systemTimers,
    openWithin: 2000,
    pingEvery,
    pongWithin,
    onClose: (reason) => mine.push(reason),
  });
}
const idOf = (text: string) => (JSON.parse(text) as { id: number }).id;
const until = async (met: () => boolean) => {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("answers reach their calls, in whatever order they come", async () => {
  const later: (() => void)[] = [];
  await serve((text, say) => {
    later.push(() => say({ id: idOf(text), result: { type: "data", data: JSON.parse(text).params } }));
    if (later.length === 2) for (const each of later.reverse()) each();
  });
  const rpc = await connect();
  const answers = await Promise.all([
    rpc.call("mutation", "sync.push", { a: 1 }),
    rpc.call("query", "sync.fetchRows", { b: 2 }),
  ]);
  expect(answers).toEqual([
    { path: "sync.push", input: { a: 1 } },
    { path: "sync.fetchRows", input: { b: 2 } },
  ]);
  rpc.close();
  await expect(rpc.call("mutation", "sync.push")).rejects.toThrow("cut");
});

test("a refusal arrives with what the centre said", async () => {
  const refusal = { code: "REVOKED", message: "This PC was taken out of the practice.", args: {} };
  await serve((text, say) =>
    say({ id: idOf(text), error: { message: refusal.message, code: -32600, data: { refusal } } }),
  );
  const rpc = await connect();
  const error = await rpc.call("mutation", "sync.hello").catch((cause) => cause);
  expect(error).toBeInstanceOf(CentreError);
  expect(error).toMatchObject({ message: refusal.message, data: { refusal } });
});

test("a subscription brings its data in order until it is stopped", async () => {
  let say: (message: unknown) => void = () => {};
  let id = 0;
  await serve((text, reply) => {
    say = reply;
    id ||= idOf(text);
    if (id && heard.length === 1) for (const data of [1, 2, 3]) reply({ id, result: { type: "data", data } });
  });
  const rpc = await connect();
  const got: unknown[] = [];
  const stop = rpc.subscribe("sync.stream", {}, { data: (data) => got.push(data), end: () => got.push("end") });
  await until(() => got.length === 3);
  stop();
  await until(() => heard.length === 2);
  expect(JSON.parse(heard[1] as string)).toEqual({ id, method: "subscription.stop" });
  say({ id, result: { type: "data", data: 4 } });
  say({ id, result: { type: "stopped" } });
  // What comes after the stop was on its way already; a later answer shows that it was heard and left alone.
  const after = rpc.call("query", "sync.fetchRows");
  await until(() => heard.length === 3);
  say({ id: idOf(heard[2] as string), result: { type: "data", data: "after" } });
  expect(await after).toBe("after");
  expect(got).toEqual([1, 2, 3]);
});

test("when the line is cut, everything that waited is told, once", async () => {
  await serve((_, __, cut) => cut());
  const rpc = await connect();
  const ended: (Error | null)[] = [];
  rpc.subscribe("sync.stream", {}, { data: () => {}, end: (error) => ended.push(error) });
  await expect(rpc.call("mutation", "sync.push", {})).rejects.toThrow("cut");
  expect(ended).toHaveLength(1);
  expect(ends).toEqual(["the line to the centre was cut"]);
});

test("a line that is dead without a word is noticed", async () => {
  await serve(() => {});
  await connect(10, 30);
  await until(() => ends.length > 0);
  expect(heard).toContain("PING");
  expect(ends).toEqual(["the centre does not answer"]);
});

test("pings are answered, and a centre that goes down for an upgrade ends the line", async () => {
  await serve((text, say) => {
    if (text === "PONG") say({ id: null, method: "reconnect" });
  });
  await connect();
  for (const client of server.clients) client.send("PING");
  await until(() => ends.length > 0);
  expect(heard).toEqual(["PONG"]);
});

test("nobody there", async () => {
  await serve(() => {});
  server.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(connect()).rejects.toThrow("the centre cannot be reached");
  expect(ends).toEqual([]);
});

test("a call that would rather not wait gives up, and a late answer is nobody's", async () => {
  let say: (message: unknown) => void = () => {};
  await serve((_, reply) => {
    say = reply;
  });
  const rpc = await connect();
  await expect(rpc.call("mutation", "people.signIn", {}, 20)).rejects.toThrow("does not answer");
  say({ id: idOf(heard[0] as string), result: { type: "data", data: "late" } });
  const other = rpc.call("query", "sync.fetchRows");
  await until(() => heard.length === 2);
  say({ id: idOf(heard[1] as string), result: { type: "data", data: "fine" } });
  expect(await other).toBe("fine");
});
