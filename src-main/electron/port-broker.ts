/** A window as the broker knows it. */
export interface PortTaker<Port> {
  readonly id: number;
  /** Hands a port to the window's preload, or nothing when the one it has leads nowhere any more. */
  give(port: Port | null): void;
}

export interface PortBroker<Port> {
  /** Connects a window to the engine: when its page asks, which it does anew after each load. */
  connect(window: PortTaker<Port>): void;
  /** Tells all windows that the engine is gone; their ends of the channels need not notice. */
  drop(): void;
  /** Connects all windows again, after the engine was started anew. */
  renew(): void;
  forget(id: number): void;
}

/** One channel per window: the engine has one end, the page the other, and the main process does not listen in. */
export function createPortBroker<Port>(options: {
  createChannel(): { readonly port1: Port; readonly port2: Port };
  connectEngine(connection: string, port: Port): void;
}): PortBroker<Port> {
  const windows = new Map<number, PortTaker<Port>>();

  function link(window: PortTaker<Port>): void {
    const { port1, port2 } = options.createChannel();
    // The same name for the same window, so that a reload does not sign anybody out.
    options.connectEngine(`window-${window.id}`, port2);
    window.give(port1);
  }

  return {
    connect(window) {
      windows.set(window.id, window);
      link(window);
    },
    drop() {
      for (const window of windows.values()) window.give(null);
    },
    renew() {
      for (const window of windows.values()) link(window);
    },
    forget(id) {
      windows.delete(id);
    },
  };
}
