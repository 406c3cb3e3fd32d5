import { EventEmitter } from "node:events";
import type { App, Session, Shell } from "electron";
import { expect, test } from "vitest";
import { lockDownContents, lockDownSession } from "./lock-down.ts";

/** Notes the handlers that a session is given, under the names of its methods. */
function createSession() {
  const handlers = new Map<string, (...args: never[]) => unknown>();
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      handlers.set(name, args.at(-1) as (...args: never[]) => unknown);
  const emitter = new EventEmitter();
  const session = Object.assign(emitter, {
    setPermissionRequestHandler: note("request"),
    setPermissionCheckHandler: note("check"),
    setDevicePermissionHandler: note("device"),
    setDisplayMediaRequestHandler: note("display"),
    setSpellCheckerEnabled: (enabled: boolean) => handlers.set("spelling", () => enabled),
    webRequest: { onBeforeRequest: note("before") },
  });
  const call = (name: string, ...args: unknown[]) => handlers.get(name)?.(...(args as never[]));
  return { session: session as unknown as Session, call, emitter };
}

test("every permission is refused, asked for or checked", () => {
  const { session, call } = createSession();
  lockDownSession(session, false);
  for (const permission of [
    "media",
    "geolocation",
    "notifications",
    "clipboard-read",
    "usb",
    "openExternal",
    "unknown",
  ]) {
    let granted: unknown;
    call("request", {}, permission, (answer: unknown) => {
      granted = answer;
    });
    expect(granted).toBe(false);
    expect(call("check", {}, permission)).toBe(false);
  }
  expect(call("device", {})).toBe(false);
  expect(call("spelling")).toBe(false);
  let stream: unknown;
  call("display", {}, (answer: unknown) => {
    stream = answer;
  });
  expect(stream).toEqual({});
});

test("nothing of the network is loaded, and only the page's own files are saved", () => {
  const { session, call, emitter } = createSession();
  lockDownSession(session, false);
  const cancelled = (url: string) => {
    let answer: unknown;
    call("before", { url }, ({ cancel }: { cancel: boolean }) => {
      answer = cancel;
    });
    return answer;
  };
  expect(cancelled("app://horopter/assets/a.js")).toBe(false);
  expect(cancelled("https://attacker.example/pixel.png")).toBe(true);
  const prevented = (url: string) => {
    let stopped = false;
    emitter.emit("will-download", { preventDefault: () => (stopped = true) }, { getURL: () => url });
    return stopped;
  };
  expect(prevented("blob:app://horopter/1")).toBe(false);
  expect(prevented("https://attacker.example/setup.exe")).toBe(true);
});

test("no page goes anywhere, and links open outside only when they are ours", () => {
  const app = new EventEmitter();
  const opened: string[] = [];
  const shell = { openExternal: async (url: string) => void opened.push(url) };
  lockDownContents(app as unknown as App, shell as unknown as Shell, ["horopter.example"]);
  let openHandler = (_: { url: string }): unknown => undefined;
  const contents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: typeof openHandler) => {
      openHandler = handler;
    },
  });
  app.emit("web-contents-created", {}, contents);
  for (const event of ["will-navigate", "will-frame-navigate", "will-redirect", "will-attach-webview"]) {
    let prevented = false;
    contents.emit(event, { preventDefault: () => (prevented = true) });
    expect([event, prevented]).toEqual([event, true]);
  }
  const frame = (isMainFrame: boolean, url: string) => {
    let prevented = false;
    contents.emit("will-frame-navigate", { isMainFrame, url, preventDefault: () => (prevented = true) });
    return prevented;
  };
  expect(frame(false, "blob:app://horopter/1")).toBe(false);
  expect(frame(true, "blob:app://horopter/1")).toBe(true);
  expect(frame(false, "blob:https://attacker.example/1")).toBe(true);
  expect(frame(false, "https://attacker.example/")).toBe(true);
  expect(openHandler({ url: "https://horopter.example/help" })).toEqual({ action: "deny" });
  expect(openHandler({ url: "https://attacker.example/" })).toEqual({ action: "deny" });
  expect(openHandler({ url: "app://horopter/" })).toEqual({ action: "deny" });
  expect(opened).toEqual(["https://horopter.example/help"]);
});
