import { type DomMessagePort, domPort, type TransportPort } from "./port.ts";

/**
 * How a page comes by its port. The page asks its own window; the preload, which listens there, has the shell
 * make a port and posts it back. The shell also sends one unasked when the engine was started anew.
 */
export const PORT_MESSAGE = "horopter:port";
export const PORT_WANTED_MESSAGE = "horopter:port-wanted";

/** The part of a page's `window` that is used. */
export interface PageWindow {
  readonly location: { readonly origin: string };
  postMessage(message: unknown, targetOrigin: string): void;
  addEventListener(type: "message", listener: (event: PageMessage) => void): void;
  removeEventListener(type: "message", listener: (event: PageMessage) => void): void;
}

export interface PageMessage {
  readonly data: unknown;
  readonly origin: string;
  readonly source: unknown;
  readonly ports: readonly DomMessagePort[];
}

/** Asks for a port and calls back with it and with each later one; returns what stops listening. */
export function receivePorts(page: PageWindow, onPort: (port: TransportPort) => void): () => void {
  const listener = (event: PageMessage) => {
    // Another frame or an opener could post here too; only what the window posts to itself is the preload's.
    if (event.source !== page || event.origin !== page.location.origin) return;
    if (!isPortMessage(event.data)) return;
    const port = event.ports[0];
    if (port) onPort(domPort(port));
  };
  page.addEventListener("message", listener);
  page.postMessage({ type: PORT_WANTED_MESSAGE }, page.location.origin);
  return () => page.removeEventListener("message", listener);
}

function isPortMessage(data: unknown): boolean {
  return typeof data === "object" && data !== null && "type" in data && data.type === PORT_MESSAGE;
}
