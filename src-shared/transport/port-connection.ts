import type { TransportPort } from "./port.ts";
import { type CallEnvelope, type ClientEnvelope, callIdOf, serverEnvelope } from "./port-envelope.ts";
import { PortTransportError } from "./port-error.ts";

/** What a caller hears of its call. After `done`, `failed` or `lost` it hears nothing more. */
export interface PortCallObserver {
  /** The server has taken the subscription up, for the first time or again after a new port. */
  started(): void;
  data(text: string | undefined, eventId: string | undefined): void;
  done(): void;
  /** The procedure refused or failed; the text is tRPC's error shape as JSON. */
  failed(error: string): void;
  /** The way broke; nobody will answer this call. */
  lost(error: PortTransportError): void;
  /** The subscription has no port at present and will be taken up again with the next one. */
  waiting(error: PortTransportError): void;
}

export type PortCall = Pick<CallEnvelope, "method" | "path" | "input">;

/** The caller's end. It outlives its ports: after the other process was started anew, it is given a new one. */
export interface PortConnection {
  /**
   * Takes a port, in place of the one before it. Queries and mutations under way on the old port are lost, since
   * nobody knows whether they took effect; subscriptions are taken up again from their last tracked event, and
   * calls made while there was no port are sent now.
   */
  attach(port: TransportPort): void;
  /** Lets the port go, which leads nowhere any more; what is under way is lost as when another port takes its place. */
  detach(): void;
  /** Whether a port is there at present. */
  readonly connected: boolean;
  /** Makes a call; returns what calls it off. */
  call(call: PortCall, observer: PortCallObserver): () => void;
  /** Fails every call and every later one. */
  close(): void;
}

export interface PortConnectionOptions {
  /** Whether to wait for another port when one is lost. Default true; false makes the first loss final. */
  lasting?: boolean;
  /** How many items of a subscription may be under way before the subscriber has taken them. */
  window?: number;
  /** Told of messages that are no envelopes; they change nothing. */
  onProtocolError?: (error: PortTransportError) => void;
}

interface PendingCall extends PortCall {
  readonly id: number;
  readonly observer: PortCallObserver;
  sent: boolean;
  lastEventId: string | undefined;
  /** Items taken by the subscriber for which no credit was returned yet. */
  taken: number;
}

/** A connection without a port; `attach` gives it one. */
export function createPortConnection(options: PortConnectionOptions = {}): PortConnection {
  const { lasting = true, window = 64, onProtocolError = () => {} } = options;
  const calls = new Map<number, PendingCall>();
  let lastId = 0;
  let port: TransportPort | null = null;
  let stopListening = () => {};
  let closed = false;

  function post(envelope: ClientEnvelope): void {
    port?.postMessage(envelope);
  }

  function send(call: PendingCall): void {
    const { id, method, path, input, lastEventId } = call;
    call.sent = true;
    call.taken = 0;
    post({
      type: "call",
      id,
      method,
      path,
      ...(input !== undefined && { input }),
      ...(lastEventId !== undefined && { lastEventId }),
      ...(method === "subscription" && { credit: window }),
    });
  }

  /** Returns credit in halves of the window, after the subscriber has run: a busy page makes the sender wait. */
  function grant(call: PendingCall): void {
    call.taken += 1;
    if (call.taken * 2 < window || !calls.has(call.id)) return;
    post({ type: "credit", id: call.id, more: call.taken });
    call.taken = 0;
  }

  function receive(message: unknown): void {
    const parsed = serverEnvelope.safeParse(message);
    if (!parsed.success) {
      const error = new PortTransportError(
        "PORT_PROTOCOL",
        "unknown",
        "The answer is not one this version understands",
      );
      onProtocolError(error);
      const id = callIdOf(message);
      const call = id === null ? undefined : calls.get(id);
      if (call && calls.delete(call.id)) call.observer.lost(error);
      return;
    }
    const envelope = parsed.data;
    if (envelope.type === "refused") {
      onProtocolError(new PortTransportError("PORT_PROTOCOL", "not-sent", envelope.reason));
      return;
    }
    // An answer to a call that was called off meanwhile has nobody to go to.
    const call = calls.get(envelope.id);
    if (!call) return;
    switch (envelope.type) {
      case "started":
        call.observer.started();
        return;
      case "item":
        if (envelope.eventId !== undefined) call.lastEventId = envelope.eventId;
        try {
          call.observer.data(envelope.data, envelope.eventId);
        } finally {
          grant(call);
        }
        return;
      case "result":
        calls.delete(call.id);
        call.observer.data(envelope.data, undefined);
        call.observer.done();
        return;
      case "end":
        calls.delete(call.id);
        call.observer.done();
        return;
      case "error":
        calls.delete(call.id);
        call.observer.failed(envelope.error);
        return;
    }
  }

  function lose(): void {
    const lost = port;
    stopListening();
    port = null;
    lost?.close();
    for (const call of [...calls.values()]) {
      const outcome = call.sent ? "unknown" : "not-sent";
      const error = new PortTransportError(
        "PORT_CLOSED",
        outcome,
        "The connection to the engine closed before it answered",
      );
      const stays = lasting && !closed && (!call.sent || call.method === "subscription");
      if (!stays) {
        if (calls.delete(call.id)) call.observer.lost(error);
      } else if (call.sent) {
        call.sent = false;
        call.observer.waiting(error);
      }
    }
    if (!lasting) closed = true;
  }

  return {
    get connected() {
      return port !== null;
    },
    attach(next) {
      if (closed) {
        next.close();
        return;
      }
      if (port) lose();
      port = next;
      const stopMessages = next.onMessage(receive);
      const stopClose = next.onClose(() => {
        if (port === next) lose();
      });
      stopListening = () => {
        stopMessages();
        stopClose();
      };
      next.start?.();
      for (const call of [...calls.values()]) if (!call.sent) send(call);
    },
    detach() {
      if (port) lose();
    },
    call(call, observer) {
      if (closed) {
        observer.lost(new PortTransportError("PORT_CLOSED", "not-sent", "The connection to the engine is closed"));
        return () => {};
      }
      lastId += 1;
      const pending: PendingCall = { ...call, id: lastId, observer, sent: false, lastEventId: undefined, taken: 0 };
      calls.set(pending.id, pending);
      if (port) send(pending);
      return () => {
        if (calls.delete(pending.id) && pending.sent) post({ type: "cancel", id: pending.id });
      };
    },
    close() {
      closed = true;
      lose();
    },
  };
}
