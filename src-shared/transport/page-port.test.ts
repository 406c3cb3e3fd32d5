import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { type PageMessage, type PageWindow, PORT_MESSAGE, PORT_WANTED_MESSAGE, receivePorts } from "./page-port.ts";
import type { DomMessagePort, TransportPort } from "./port.ts";

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

test("a page asks for its port, takes each one it is given, and stops when told", () => {
  const { page, posted, send, listeners } = createWindow();
  const got: TransportPort[] = [];
  const stop = receivePorts(page, (port) => got.push(port));
  expect(posted).toEqual([[{ type: PORT_WANTED_MESSAGE }, "app://horopter"]]);
  const { port1, port2 } = new MessageChannel();
  send({ ports: [port1 as unknown as DomMessagePort] });
  send({ ports: [port2 as unknown as DomMessagePort] });
  expect(got).toHaveLength(2);
  stop();
  expect(listeners.size).toBe(0);
  port1.close();
});

test("a port from elsewhere is not taken", () => {
  const { page, send } = createWindow();
  const got: TransportPort[] = [];
  receivePorts(page, (port) => got.push(port));
  const { port1 } = new MessageChannel();
  const ports = [port1 as unknown as DomMessagePort];
  send({ ports, source: {} });
  send({ ports, origin: "https://elsewhere.example" });
  send({ ports, data: { type: "horopter:other" } });
  send({ ports, data: null });
  send({ ports: [] });
  expect(got).toHaveLength(0);
  port1.close();
});
