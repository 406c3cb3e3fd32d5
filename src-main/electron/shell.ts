import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { app, dialog, Menu, MessageChannelMain, powerMonitor, protocol, safeStorage, session, shell } from "electron";
import electronUpdater from "electron-updater";
import { electronPort } from "../../src-shared/transport/port.ts";
import { lockFolder } from "../host/lock.ts";
import { openLog, timers } from "../host/surroundings.ts";
import { chooseSecretStore } from "../secrets/choose.ts";
import { keyring } from "../secrets/keyring.ts";
import { passphraseFile } from "../secrets/passphrase-file.ts";
import { APP_SCHEME, createAppResponder } from "./app-protocol.ts";
import { routeIn, routeOf } from "./deep-links.ts";
import { createEngineSupervisor } from "./engine-supervisor.ts";
import { forkEngine } from "./fork-engine.ts";
import { lockDownContents, lockDownSession } from "./lock-down.ts";
import { menuTemplate } from "./menu.ts";
import { hostsOf } from "./navigation.ts";
import { createPortBroker } from "./port-broker.ts";
import { createRespawnPolicy } from "./respawn.ts";
import { safeStorageCandidate } from "./safe-storage.ts";
import { serveSecrets } from "./secrets-channel.ts";
import { createUpdates } from "./updates.ts";
import { createWindows } from "./windows.ts";

/**
 * The desktop app on one data folder, from Electron's `ready` until its end; `route` is what it shows first, `restore` a
 * backup that takes the data's place.
 */
export async function runShell(folder: string, route: string, restore?: string): Promise<void> {
  const development = !app.isPackaged;
  const lock = await lockFolder(folder, "the Horopter desktop app");
  const log = openLog(folder, { quiet: !development });
  // In this order: the keychain, which the browser host knows too; Electron's own storage; a passphrase it was given.
  const secrets = await chooseSecretStore(folder, [
    keyring(),
    safeStorageCandidate(safeStorage, process.platform),
    passphraseFile(async () => takePassphrase()),
  ]);

  const supervisor = createEngineSupervisor({
    folder,
    ...(restore && { restore: resolve(restore) }),
    fork: () => forkEngine(join(import.meta.dirname, "engine.js"), (places) => log.error("engine crashed", { places })),
    openSecrets() {
      const { port1, port2 } = new MessageChannelMain();
      serveSecrets(electronPort(port1), secrets);
      return port2;
    },
    policy: createRespawnPolicy({ times: 3, period: 600_000, now: () => performance.now() }),
    timers,
    log,
    onDied: () => broker.drop(),
    onRestarted: () => broker.renew(),
    onFailed({ message }) {
      dialog.showErrorBox("Horopter could not open its data", message);
      void finish();
    },
    onGaveUp: () => void askAfterCrashes(),
  });
  const broker = createPortBroker({
    createChannel: () => new MessageChannelMain(),
    connectEngine: (connection, port) => supervisor.connect(connection, port),
  });
  const windows = createWindows({ folder: app.getPath("userData"), development, broker, log });
  const updates = existsSync(join(process.resourcesPath, "app-update.yml"))
    ? createUpdates({
        updater: electronUpdater.autoUpdater,
        readiness: () => supervisor.installReadiness(),
        timers,
        log,
        onWaiting: showMenu,
      })
    : null;
  let finishing: Promise<void> | null = null;
  let finished = false;

  /** Ends the engine, then the app; puts a waiting version in its place if nobody is in the middle of anything. */
  function finish(restart = false): Promise<void> {
    finishing ??= (async () => {
      const install = updates !== null && updates.waiting !== null && (await updates.mayInstall()).safe;
      await supervisor.stop();
      await lock.release();
      finished = true;
      if (install) updates.install(restart);
      else app.quit();
    })();
    return finishing;
  }

  async function askAfterCrashes(): Promise<void> {
    const { response } = await dialog.showMessageBox({
      type: "error",
      message: "Horopter's engine stopped several times",
      detail: `What was saved is safe. Try again; if it goes on, close Horopter and send the files in ${join(folder, "logs")} to support: they hold no patients' data.`,
      buttons: ["Try again", "Close Horopter"],
      cancelId: 1,
    });
    if (response === 0) supervisor.retry();
    else await finish();
  }

  async function updateNow(): Promise<void> {
    const { safe, reasons } = (await updates?.mayInstall()) ?? { safe: false, reasons: [] };
    if (safe) return finish(true);
    const detail = [...reasons, "The update stays ready and is put in place when Horopter is closed."].join("\n");
    await dialog.showMessageBox({ type: "info", message: "Not at this moment", detail });
  }

  function showMenu(): void {
    const choices = { platform: process.platform, development, update: updates?.waiting ?? null };
    const template = menuTemplate({ ...choices, onUpdate: () => void updateNow(), onNewWindow: () => windows.open() });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  protocol.handle(APP_SCHEME, createAppResponder(join(import.meta.dirname, "../renderer")));
  lockDownSession(session.defaultSession, development);
  lockDownContents(app, shell, hostsOf(process.env.HOROPTER_OWN_HOSTS));
  showMenu();
  supervisor.start();
  windows.open(route);
  updates?.begin();

  app.on("second-instance", (_event, args) => {
    const route = routeIn(args);
    if (route) windows.open(route);
    else windows.focus();
  });
  app.on("open-url", (event, url) => {
    event.preventDefault();
    const route = routeOf(url);
    if (route) windows.open(route);
  });
  app.on("activate", () => windows.focus());
  app.on("window-all-closed", () => {
    if (process.platform !== "darwin") app.quit();
  });
  app.on("before-quit", (event) => {
    if (finished) return;
    event.preventDefault();
    void finish();
  });
  powerMonitor.on("suspend", () => supervisor.suspend());
  powerMonitor.on("resume", () => supervisor.resume());
}

function takePassphrase(): string | null {
  const given = process.env.HOROPTER_PASSPHRASE || null;
  delete process.env.HOROPTER_PASSPHRASE;
  return given;
}
