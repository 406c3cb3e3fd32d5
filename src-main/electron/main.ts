// The desktop app's main process: windows, keys and updates. The engine runs in a process of its own.
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { app, dialog, protocol } from "electron";
import { dataFolder } from "../host/data-folder.ts";
import { reportOf } from "../host/report.ts";
import { appScheme } from "./app-protocol.ts";
import { LINK_SCHEME, routeIn, routeOf } from "./deep-links.ts";
import { folderIn, restoreIn } from "./launch-options.ts";
import { runShell } from "./shell.ts";

// All of this has to be said before Electron is ready.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([appScheme]);
app.setAppUserModelId("app.horopter.desktop");

const folder = dataFolder(folderIn(process.argv), { platform: process.platform, env: process.env, home: homedir() });
// Chromium's own files stand beside the data, so that one app runs per data folder and none reads another's.
const chromium = join(folder, "shell");
mkdirSync(chromium, { recursive: true, mode: 0o700 });
app.setPath("userData", chromium);

// macOS says what to open before the app is ready; elsewhere it stands among the arguments.
let asked = routeIn(process.argv);
app.once("open-url", (event, url) => {
  event.preventDefault();
  asked = routeOf(url);
});

// No file of ours is opened before this: the second instance hands its arguments to the first and ends.
if (app.requestSingleInstanceLock()) {
  void app.whenReady().then(start);
} else {
  app.quit();
}

async function start(): Promise<void> {
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  try {
    await runShell(folder, asked ?? "/", restoreIn(process.argv));
  } catch (error) {
    dialog.showErrorBox("Horopter could not start", reportOf(error).message);
    app.exit(1);
  }
}
