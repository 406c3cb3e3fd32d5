import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { createTRPCClient } from "@trpc/client";
import { initTRPC } from "@trpc/server";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuse } from "../../src-shared/sync/ports.ts";
import { nodePort } from "../../src-shared/transport/port.ts";
import { portLink } from "../../src-shared/transport/port-link.ts";
import type { ShellWorkstation, WorkstationStart } from "../host/shell-workstation.ts";
import { keyFile } from "../secrets/key-file.ts";
import { createEngineHost } from "./engine-host.ts";
import type { FromEngine } from "./engine-messages.ts";
import { serveSecrets } from "./secrets-channel.ts";

let folder: string;
const ports: MessagePort[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "horopter-engine-"));
});
afterEach(async () => {
  for (const port of ports.splice(0)) port.close();
  await rm(folder, { recursive: true, force: true });
});

const t = initTRPC.context<{ connection: string; secrets: WorkstationStart["secrets"] }>().create({ isDev: false });
const router = t.router({
  whoAmI: t.procedure.query(({ ctx }) => ctx.connection),
  secret: t.procedure.query(({ ctx }) => ctx.secrets.get("name")),
});

/** The engine's side of the desktop app, over real channels; everything but Electron's processes. */
function createWorld(change: Partial<ShellWorkstation> = {}, fail?: Error) {
  const said: FromEngine[] = [];
  const done: string[] = [];
  const heard = new Set<() => void>();
  const host = createEngineHost({
    startWorkstation: async ({ secrets }) => {
      if (fail) throw fail;
      return {
        router,
        context: (connection) => ({ connection, secrets }),
        suspend: () => void done.push("suspend"),
        resume: () => void done.push("resume"),
        close: async () => void done.push("close"),
        ...change,
      };
    },
    send(message) {
      said.push(message);
      for (const listener of heard) listener();
    },
    exit: (code) => done.push(`exit ${code}`),
  });
  const hear = async (type: FromEngine["type"]): Promise<FromEngine> => {
    for (;;) {
      const found = said.find((message) => message.type === type);
      if (found) return found;
      await new Promise<void>((resolve) => heard.add(resolve));
    }
  };
  const open = () => {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    return [nodePort(port1), nodePort(port2)] as const;
  };
  return { host, said, done, hear, open };
}

async function start(world: ReturnType<typeof createWorld>): Promise<void> {
  const secrets = await keyFile.open({ path: folder, scope: "00".repeat(16) }, "first");
  await secrets.set("name", "kept by the main process");
  const [main, engine] = world.open();
  serveSecrets(main, secrets);
  world.host.receive({ type: "start", folder }, [engine]);
}

test("serves each window on its port, with the secrets that the main process keeps", async () => {
  const world = createWorld();
  const [page, engine] = world.open();
  // A window may come before the engine is ready.
  await start(world);
  world.host.receive({ type: "port", connection: "window-1" }, [engine]);
  const client = createTRPCClient<typeof router>({ links: [portLink(page)] });
  expect(await client.whoAmI.query()).toBe("window-1");
  expect(await client.secret.query()).toBe("kept by the main process");
  expect(await world.hear("ready")).toMatchObject({ type: "ready" });
});

test("a window's new port takes the place of its old one", async () => {
  const world = createWorld();
  await start(world);
  const [[oldPage, oldEngine], [newPage, newEngine], [otherPage, otherEngine]] = [
    world.open(),
    world.open(),
    world.open(),
  ];
  const closed = new Promise<void>((resolve) => oldPage.onClose(resolve));
  oldPage.onMessage(() => {});
  world.host.receive({ type: "port", connection: "window-1" }, [oldEngine]);
  world.host.receive({ type: "port", connection: "window-2" }, [otherEngine]);
  world.host.receive({ type: "port", connection: "window-1" }, [newEngine]);
  await closed;
  for (const [page, name] of [
    [newPage, "window-1"],
    [otherPage, "window-2"],
  ] as const) {
    const client = createTRPCClient<typeof router>({ links: [portLink(page)] });
    expect(await client.whoAmI.query()).toBe(name);
  }
});

test("tells why it does not start", async () => {
  const world = createWorld({}, refuse("KEY_MISSING", "The key was not found"));
  await start(world);
  expect(await world.hear("failed")).toEqual({ type: "failed", code: "KEY_MISSING", message: "The key was not found" });
  expect(world.done).toEqual(["exit 1"]);
});

test("is safe to replace only when the engine says so", async () => {
  const asked: [Partial<ShellWorkstation>, boolean][] = [
    [{}, false],
    [{ installReadiness: () => ({ safe: true, reasons: [] }) }, true],
    [{ installReadiness: async () => ({ safe: false, reasons: ["An exam is being edited"] }) }, false],
    [{ installReadiness: () => Promise.reject(new Error("broken")) }, false],
  ];
  for (const [change, safe] of asked) {
    const world = createWorld(change);
    await start(world);
    world.host.receive({ type: "may-install", id: 5 }, []);
    expect(await world.hear("may-install")).toMatchObject({ id: 5, safe });
  }
  const never = createWorld();
  never.host.receive({ type: "may-install", id: 6 }, []);
  expect(await never.hear("may-install")).toMatchObject({ id: 6, safe: false });
});

test("sleeps, wakes and ends with the computer", async () => {
  const world = createWorld();
  await start(world);
  const [page, engine] = world.open();
  world.host.receive({ type: "port", connection: "window-1" }, [engine]);
  const closed = new Promise<void>((resolve) => page.onClose(resolve));
  page.onMessage(() => {});
  world.host.receive({ type: "suspend" }, []);
  world.host.receive({ type: "resume" }, []);
  await world.hear("ready");
  world.host.receive({ type: "stop" }, []);
  await world.hear("stopped");
  await closed;
  expect(world.done).toEqual(["suspend", "resume", "close", "exit 0"]);
});

test("ends also when it never started", async () => {
  const world = createWorld();
  world.host.receive({ type: "stop" }, []);
  await world.hear("stopped");
  expect(world.done).toEqual(["exit 0"]);
});

test("takes nothing but what the main process says", () => {
  const { host } = createWorld();
  expect(() => host.receive({ type: "port" }, [])).toThrow();
  expect(() => host.receive("start", [])).toThrow();
});
