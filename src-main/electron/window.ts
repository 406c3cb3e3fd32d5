import { BrowserWindow } from "electron";
import { APP_ORIGIN } from "./app-protocol.ts";
import { MINIMUM, type Rectangle } from "./window-state.ts";

export interface WindowOptions {
  readonly preload: string;
  readonly icon: string;
  /** Where it was; null for the system to choose. */
  readonly bounds: Rectangle | null;
  readonly maximised: boolean;
  /** The page's route to begin with. */
  readonly route: string;
  /** Whether this is a developer's build, in which the developer tools may be opened. */
  readonly development: boolean;
}

/** The only place where windows are made, so that there is none with other rights. A test reads this file. */
export function createWindow(options: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...(options.bounds ?? { width: 1440, height: 900 }),
    minWidth: MINIMUM.width,
    minHeight: MINIMUM.height,
    show: false,
    title: "Horopter",
    icon: options.icon,
    autoHideMenuBar: true,
    backgroundColor: "#EEF2F4",
    webPreferences: {
      preload: options.preload,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      webviewTag: false,
      // The viewer of PDFs, which runs in a process of its own; there is no other plugin.
      plugins: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: options.development,
    },
  });
  if (options.maximised) window.maximize();
  window.once("ready-to-show", () => window.show());
  void window.loadURL(`${APP_ORIGIN}${options.route}`);
  return window;
}
