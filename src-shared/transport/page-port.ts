import type { TRPCLink } from "@trpc/client";
import type { AnyTRPCRouter } from "@trpc/server";
import { type DomMessagePort, domPort } from "./port.ts";
import { createPortConnection, type PortConnection } from "./port-connection.ts";
import { portLink } from "./port-link.ts";

/**
 * How a page comes by its port. The page asks its own window; the preload, which listens there, has the shell make a
 * port and posts it back. Unasked, the shell posts without a port when the engine died, which the page's own end of
 * the port need not notice, and with one when it was started anew.
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

/** The link of a page in the desktop app: asks the window for its port, and follows it through every change. */
export function pageLink<TRouter extends AnyTRPCRouter>(page: PageWindow): TRPCLink<TRouter> {
  const connection = createPortConnection();
  receivePorts(page, connection);
  return portLink<TRouter>(connection);
}

/** Asks for a port and keeps the connection on the one it is given last; returns what stops that. */
export function receivePorts(page: PageWindow, connection: Pick<PortConnection, "attach" | "detach">): () => void {
  const listener = (event: PageMessage) => {
    // Another frame or an opener could post here too; only what the window posts to itself is the preload's.
    if (event.source !== page || event.origin !== page.location.origin) return;
    if (!isPortMessage(event.data)) return;
    const port = event.ports[0];
    if (port) connection.attach(domPort(port));
    else connection.detach();
  };
  page.addEventListener("message", listener);
  page.postMessage({ type: PORT_WANTED_MESSAGE }, page.location.origin);
  return () => page.removeEventListener("message", listener);
}

function isPortMessage(data: unknown): boolean {
  return typeof data === "object" && data !== null && "type" in data && data.type === PORT_MESSAGE;
}
