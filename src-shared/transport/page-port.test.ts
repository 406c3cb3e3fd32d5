import { MessageChannel } from "node:worker_threads";
import { createTRPCClient } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { expect, test } from "vitest";
import {
  type PageMessage,
  type PageWindow,
  PORT_MESSAGE,
  PORT_WANTED_MESSAGE,
  pageLink,
  receivePorts,
} from "./page-port.ts";
import { type DomMessagePort, nodePort } from "./port.ts";
import { servePort } from "./port-server.ts";

/** A window with the three things a page's port needs of it. */
function createWindow() {
  const listeners = new Set<(event: PageMessage) => void>();
  const posted: unknown[] = [];
  const page: PageWindow = {
    location: { origin: "app://horopter" },
    postMessage: (message, origin) => posted.push([message, origin]),
    addEventListener: (_type, listener) => listeners.add(listener),
    removeEventListener: (_type, listener) => listeners.delete(listener),
  };
  const send = (event: Partial<PageMessage>) => {
    const whole = { data: { type: PORT_MESSAGE }, origin: "app://horopter", source: page, ports: [], ...event };
    for (const listener of listeners) listener(whole);
  };
  return { page, posted, send, listeners };
}

/** A connection that notes whether it was given a port or told that there is none. */
function createConnection() {
  const heard: string[] = [];
  const connection = { attach: () => void heard.push("port"), detach: () => void heard.push("none") };
  return { connection, heard };
}

test("a page asks for its port, takes each one it is given, hears when there is none, and stops when told", () => {
  const { page, posted, send, listeners } = createWindow();
  const { connection, heard } = createConnection();
  const stop = receivePorts(page, connection);
  expect(posted).toEqual([[{ type: PORT_WANTED_MESSAGE }, "app://horopter"]]);
  const { port1, port2 } = new MessageChannel();
  send({ ports: [port1 as unknown as DomMessagePort] });
  send({ ports: [] });
  send({ ports: [port2 as unknown as DomMessagePort] });
  expect(heard).toEqual(["port", "none", "port"]);
  stop();
  expect(listeners.size).toBe(0);
  port1.close();
});

test("a port from elsewhere is not taken", () => {
  const { page, send } = createWindow();
  const { connection, heard } = createConnection();
  receivePorts(page, connection);
  const { port1 } = new MessageChannel();
  const ports = [port1 as unknown as DomMessagePort];
  send({ ports, source: {} });
  send({ ports, origin: "https://elsewhere.example" });
  send({ ports, data: { type: "horopter:other" } });
  send({ ports, data: null });
  expect(heard).toEqual([]);
  port1.close();
});

test("a page's calls wait for its port and go on over the next one", async () => {
  const t = initTRPC.context<{ port: string }>().create({ isDev: false });
  const router = t.router({ over: t.procedure.query(({ ctx }) => ctx.port) });
  const { page, send } = createWindow();
  const client = createTRPCClient<typeof router>({ links: [pageLink(page)] });
  const early = client.over.query();
  const serve = (port: string) => {
    const { port1, port2 } = new MessageChannel();
    send({ ports: [port1 as unknown as DomMessagePort] });
    return servePort({ port: nodePort(port2), router, context: () => ({ port }) });
  };
  const first = serve("first");
  expect(await early).toBe("first");
  const second = serve("second");
  await first.closed;
  expect(await client.over.query()).toBe("second");
  await second.close();
});
