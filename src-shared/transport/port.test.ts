import { EventEmitter } from "node:events";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import {
  type DomMessagePort,
  domPort,
  type ElectronMessagePort,
  electronPort,
  nodePort,
  type TransportPort,
} from "./port.ts";

/** Node's ports are also event targets, like a page's. */
const asDom = (port: MessagePort) => domPort(port as unknown as DomMessagePort);

/** The shape of Electron's `MessagePortMain`: Node's events, the value wrapped. */
function asElectron(port: MessagePort): TransportPort {
  const emitter = new EventEmitter();
  port.on("message", (data) => emitter.emit("message", { data, ports: [] }));
  port.on("close", () => emitter.emit("close"));
  const main = Object.assign(emitter, {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  });
  return electronPort(main as unknown as ElectronMessagePort);
}

const toClose: MessagePort[] = [];
afterEach(() => {
  for (const port of toClose.splice(0)) port.close();
});

describe.each([
  ["a page's port", asDom],
  ["a Node port", nodePort],
  ["an Electron port", asElectron],
])("%s", (_name, adapt) => {
  test("receives values in order, then hears of the other side's close", async () => {
    const { port1, port2 } = new MessageChannel();
    toClose.push(port1, port2);
    const port = adapt(port1);
    const got: unknown[] = [];
    port.onMessage((message) => got.push(message));
    const closed = new Promise<void>((resolve) => port.onClose(resolve));
    port.start?.();
    port2.postMessage({ one: 1 });
    port2.postMessage("two");
    port2.close();
    await closed;
    expect(got).toEqual([{ one: 1 }, "two"]);
  });

  test("a handler that was taken off hears nothing more", async () => {
    const { port1, port2 } = new MessageChannel();
    toClose.push(port1, port2);
    const port = adapt(port1);
    const got: unknown[] = [];
    const stop = port.onMessage((message) => got.push(message));
    const last = new Promise<void>((resolve) => port.onMessage((message) => message === "last" && resolve()));
    port.start?.();
    stop();
    port2.postMessage("first");
    port2.postMessage("last");
    await last;
    expect(got).toEqual([]);
  });

  test("sends values and closes the other side", async () => {
    const { port1, port2 } = new MessageChannel();
    toClose.push(port1, port2);
    const port = adapt(port1);
    const received = new Promise((resolve) => port2.once("message", resolve));
    port.postMessage({ type: "result", id: 1 });
    expect(await received).toEqual({ type: "result", id: 1 });
    const closed = new Promise<void>((resolve) => port2.once("close", () => resolve()));
    port.close();
    await closed;
  });
});
