/**
 * What the transport needs of a message port, so that it runs over the DOM's, Node's and Electron's alike.
 *
 * The three differ only in how listeners are attached and whether the value comes wrapped in an event.
 */
export interface TransportPort {
  /** Sends a value; values are cloned, and the transport only ever sends plain objects of strings and numbers. */
  postMessage(message: unknown): void;
  /** Calls back with each value received; returns what stops it. */
  onMessage(handler: (message: unknown) => void): () => void;
  /** Calls back once when either side closed the port or the other process died; returns what stops it. */
  onClose(handler: () => void): () => void;
  /** Lets queued messages flow; called once, after the listeners are in place. */
  start?(): void;
  close(): void;
}

/**
 * The part of the DOM's `MessagePort` that is used. Browsers have no `close` event; Electron adds one, but not for
 * every way in which the other side can go (electron#41201), so a page is also told by its shell (`receivePorts`).
 */
export interface DomMessagePort {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: () => void): void;
  removeEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  removeEventListener(type: "close", listener: () => void): void;
  start(): void;
  close(): void;
}

/** The part of `MessagePort` of `node:worker_threads` that is used. */
export interface NodeMessagePort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (value: unknown) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  off(event: "message", listener: (value: unknown) => void): unknown;
  off(event: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The part of Electron's `MessagePortMain` that is used: Node's events, the DOM's wrapped values. */
export interface ElectronMessagePort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  off(event: "message", listener: (event: { data: unknown }) => void): unknown;
  off(event: "close", listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** The port of a page. */
export function domPort(port: DomMessagePort): TransportPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(handler) {
      const listener = (event: { data: unknown }) => handler(event.data);
      port.addEventListener("message", listener);
      return () => port.removeEventListener("message", listener);
    },
    onClose(handler) {
      port.addEventListener("close", handler);
      return () => port.removeEventListener("close", handler);
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

/** The port of a Node worker or of a channel inside one process. */
export function nodePort(port: NodeMessagePort): TransportPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(handler) {
      port.on("message", handler);
      return () => port.off("message", handler);
    },
    onClose(handler) {
      port.on("close", handler);
      return () => port.off("close", handler);
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

/** The port of Electron's main process or of a utility process. */
export function electronPort(port: ElectronMessagePort): TransportPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage(handler) {
      const listener = (event: { data: unknown }) => handler(event.data);
      port.on("message", listener);
      return () => port.off("message", listener);
    },
    onClose(handler) {
      port.on("close", handler);
      return () => port.off("close", handler);
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}
