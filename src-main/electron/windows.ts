import { join } from "node:path";
import { type BrowserWindow, ipcMain, screen } from "electron";
import type { Log } from "../../src-shared/sync/ports.ts";
import { PORT_MESSAGE, PORT_WANTED_MESSAGE } from "../../src-shared/transport/page-port.ts";
import { APP_ORIGIN } from "./app-protocol.ts";
import type { PortBroker } from "./port-broker.ts";
import { createRespawnPolicy } from "./respawn.ts";
import { isOwnSender, senderOf } from "./senders.ts";
import { createWindow } from "./window.ts";
import { boundsOn, readWindowState, writeWindowState } from "./window-state.ts";

export interface Windows {
  /** Opens a window that shows this route. */
  open(route?: string): void;
  /** Brings a window to the front, opening one if there is none. */
  focus(): void;
}

/** The app's windows: where they are, what they may ask for, and what happens when one of them dies. */
export function createWindows(options: {
  readonly folder: string;
  readonly development: boolean;
  readonly broker: PortBroker<Electron.MessagePortMain>;
  readonly log: Log;
}): Windows {
  const { folder, development, broker, log } = options;
  const stateFile = join(folder, "window.json");
  const windows = new Map<number, BrowserWindow>();

  ipcMain.on(PORT_WANTED_MESSAGE, (event) => {
    if (!isOwnSender(senderOf(event), new Set(windows.keys()), APP_ORIGIN)) {
      log.warn("stranger asked for a port");
      return;
    }
    const { sender } = event;
    broker.connect({
      id: sender.id,
      give(port) {
        if (sender.isDestroyed()) port?.close();
        else sender.postMessage(PORT_MESSAGE, null, port ? [port] : []);
      },
    });
  });

  function open(route = "/"): void {
    const state = readWindowState(stateFile);
    const first = windows.size === 0;
    const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = createWindow({
      preload: join(import.meta.dirname, "../preload/index.cjs"),
      icon: join(import.meta.dirname, "../../resources/icons/512x512.png"),
      bounds: first ? boundsOn(state, workAreas) : null,
      maximised: first && state.maximised,
      route,
      development,
    });
    const { id } = window.webContents;
    windows.set(id, window);
    window.on("close", () => {
      const left = { version: 1, bounds: window.getNormalBounds(), maximised: window.isMaximized() } as const;
      writeWindowState(stateFile, left);
    });
    window.on("closed", () => {
      windows.delete(id);
      broker.forget(id);
    });
    revive(window);
  }

  /** What was typed is in the replica as a draft, so a page that died is simply loaded again; not for ever, though. */
  function revive(window: BrowserWindow): void {
    const policy = createRespawnPolicy({ times: 3, period: 600_000, now: () => performance.now() });
    window.webContents.on("render-process-gone", (_event, { reason }) => {
      if (reason === "clean-exit") return;
      log.error("page died", { reason });
      if (policy.died() && !window.isDestroyed()) window.reload();
    });
  }

  return {
    open,
    focus() {
      const window = [...windows.values()].at(-1);
      if (!window) return open();
      if (window.isMinimized()) window.restore();
      window.focus();
    },
  };
}
