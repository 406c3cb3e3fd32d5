import type { Log, Timers } from "../../src-shared/sync/ports.ts";
import type { InstallReadiness } from "../host/shell-workstation.ts";

/** The part of electron-updater's `autoUpdater` that is used. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  autoRunAppAfterInstall: boolean;
  allowDowngrade: boolean;
  allowPrerelease: boolean;
  disableWebInstaller: boolean;
  checkForUpdates(): Promise<unknown>;
  quitAndInstall(isSilent?: boolean, isForceRunAfter?: boolean): void;
  on(event: "update-downloaded", listener: (info: { version: string }) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

export interface UpdateOptions {
  readonly updater: Updater;
  /** Asked at the moment of installing, not before. */
  readonly readiness: () => Promise<InstallReadiness>;
  readonly timers: Timers;
  readonly log: Log;
  /** A version is here and will be put in place when the app is closed. */
  readonly onWaiting: (version: string) => void;
}

export interface Updates {
  /** Looks for updates now and then, for as long as the app runs. */
  begin(): void;
  /** The version that waits to be installed. */
  readonly waiting: string | null;
  /** Whether a waiting version may be put in place now: only the engine knows what people are in the middle of. */
  mayInstall(): Promise<InstallReadiness>;
  /** Replaces the program; the engine must have ended. Starts it again if asked to. */
  install(restart: boolean): void;
}

const FIRST_CHECK = 60_000;
const BETWEEN_CHECKS = 4 * 3_600_000;

/** Downloads whenever there is something, installs only when that harms nobody. */
export function createUpdates({ updater, readiness, timers, log, onWaiting }: UpdateOptions): Updates {
  let waiting: string | null = null;
  updater.autoDownload = true;
  // Installing at any quit would also be in the middle of a sale that a crash of the till interrupted.
  updater.autoInstallOnAppQuit = false;
  updater.autoRunAppAfterInstall = false;
  updater.allowDowngrade = false;
  updater.allowPrerelease = false;
  updater.disableWebInstaller = true;
  updater.on("error", (error) => log.warn("update failed", { error: error.message.split("\n", 1)[0] }));
  updater.on("update-downloaded", ({ version }) => {
    waiting = version;
    log.info("update waiting", { version });
    onWaiting(version);
  });

  function check(): void {
    // Being offline is no event here; the next time will do.
    updater.checkForUpdates().catch(() => {});
    timers.after(BETWEEN_CHECKS, check);
  }

  return {
    begin: () => void timers.after(FIRST_CHECK, check),
    get waiting() {
      return waiting;
    },
    async mayInstall() {
      if (waiting === null) return { safe: false, reasons: ["There is no update."] };
      return readiness();
    },
    install: (restart) => updater.quitAndInstall(true, restart),
  };
}
