import { expect, test } from "vitest";
import { silentLog } from "../../src-shared/sync/ports.ts";
import { createUpdates, type Updater } from "./updates.ts";

function createWorld(safe = true) {
  const listeners = new Map<string, (value: never) => void>();
  const calls: unknown[] = [];
  const updater: Updater = {
    autoDownload: false,
    autoInstallOnAppQuit: true,
    autoRunAppAfterInstall: true,
    allowDowngrade: true,
    allowPrerelease: true,
    disableWebInstaller: false,
    checkForUpdates: async () => {
      calls.push("check");
      throw new Error("offline");
    },
    quitAndInstall: (...how) => calls.push(how),
    on: (event: string, listener: (value: never) => void) => listeners.set(event, listener),
  };
  const tasks: (() => void)[] = [];
  const asked: string[] = [];
  const updates = createUpdates({
    updater,
    timers: {
      after(_ms, task) {
        tasks.push(task);
        return () => {};
      },
    },
    log: silentLog,
    readiness: async () => {
      asked.push("asked");
      return { safe, reasons: safe ? [] : ["A sale is open"] };
    },
    onWaiting: (version) => asked.push(version),
  });
  const emit = (event: string, value: unknown) => listeners.get(event)?.(value as never);
  return { updater, updates, calls, tasks, asked, emit };
}

test("downloads by itself, never backwards, and installs at no quit by itself", () => {
  const { updater } = createWorld();
  expect(updater).toMatchObject({
    autoDownload: true,
    autoInstallOnAppQuit: false,
    allowDowngrade: false,
    allowPrerelease: false,
    disableWebInstaller: true,
  });
});

test("looks again and again, online or not", () => {
  const { updates, tasks, calls } = createWorld();
  updates.begin();
  expect(calls).toEqual([]);
  tasks[0]?.();
  tasks[1]?.();
  expect(calls).toEqual(["check", "check"]);
});

test("a version that is here waits for the engine's word", async () => {
  const { updates, emit, asked } = createWorld(false);
  expect((await updates.mayInstall()).safe).toBe(false);
  emit("update-downloaded", { version: "1.2.3" });
  expect(updates.waiting).toBe("1.2.3");
  expect(await updates.mayInstall()).toEqual({ safe: false, reasons: ["A sale is open"] });
  expect(asked).toEqual(["1.2.3", "asked"]);
});

test("installs quietly, and starts again only when asked to", async () => {
  const { updates, emit, calls } = createWorld();
  emit("update-downloaded", { version: "1.2.3" });
  expect((await updates.mayInstall()).safe).toBe(true);
  updates.install(false);
  updates.install(true);
  expect(calls).toEqual([
    [true, false],
    [true, true],
  ]);
});

test("a failed update is no failure of the app", () => {
  const { emit, updates } = createWorld();
  emit("error", new Error("signature does not match\nlong detail"));
  expect(updates.waiting).toBeNull();
});
