import { expect, test } from "vitest";
import { silentLog, type Timers } from "../../src-shared/sync/ports.ts";
import type { FromEngine, ToEngine } from "./engine-messages.ts";
import { createEngineSupervisor, type EngineProcess } from "./engine-supervisor.ts";
import { createRespawnPolicy } from "./respawn.ts";

interface Child extends EngineProcess<string> {
  readonly got: ToEngine[];
  readonly ports: string[];
  killed: boolean;
  say(message: FromEngine | object): void;
  exit(code: number): void;
}

function createChild(): Child {
  const handlers = { message: (_: unknown) => {}, exit: (_: number) => {} };
  const child: Child = {
    got: [],
    ports: [],
    killed: false,
    post(message, ports = []) {
      child.got.push(message);
      child.ports.push(...ports);
    },
    onMessage: (handler) => {
      handlers.message = handler;
    },
    onExit: (handler) => {
      handlers.exit = handler;
    },
    kill: () => {
      child.killed = true;
    },
    say: (message) => handlers.message(message),
    exit: (code) => handlers.exit(code),
  };
  return child;
}

function createWorld() {
  const children: Child[] = [];
  const told: string[] = [];
  const waiting: (() => void)[] = [];
  const timers: Timers = {
    after(_ms, task) {
      waiting.push(task);
      return () => waiting.splice(waiting.indexOf(task), 1);
    },
  };
  const supervisor = createEngineSupervisor<string>({
    folder: "/data",
    fork() {
      const child = createChild();
      children.push(child);
      return child;
    },
    openSecrets: () => `secrets-${children.length}`,
    policy: createRespawnPolicy({ times: 3, period: 600_000, now: () => 0 }),
    timers,
    log: silentLog,
    onDied: () => told.push("died"),
    onRestarted: () => told.push("restarted"),
    onFailed: ({ code }) => told.push(code),
    onGaveUp: () => told.push("gave up"),
  });
  supervisor.start();
  const last = () => children.at(-1) as Child;
  return { supervisor, children, last, told, waiting };
}

test("tells the engine where its data is, with a port to its secrets", () => {
  const { last } = createWorld();
  expect(last().got).toEqual([{ type: "start", folder: "/data" }]);
  expect(last().ports).toEqual(["secrets-1"]);
});

test("hands over the ports of windows", () => {
  const { supervisor, last } = createWorld();
  supervisor.connect("window-1", "port");
  expect(last().got.at(-1)).toEqual({ type: "port", connection: "window-1" });
  expect(last().ports.at(-1)).toBe("port");
});

test("starts a dead engine again with new secrets and has the windows connected anew, until it is too often", () => {
  const { children, last, told } = createWorld();
  for (let death = 0; death < 3; death++) last().exit(1);
  expect(children).toHaveLength(4);
  expect(last().ports).toEqual(["secrets-4"]);
  expect(told).toEqual(["died", "restarted", "died", "restarted", "died", "restarted"]);
  last().exit(1);
  expect(children).toHaveLength(4);
  expect(told.slice(-2)).toEqual(["died", "gave up"]);
});

test("tries again when a person asks for it", () => {
  const { supervisor, children, last, told } = createWorld();
  for (let death = 0; death < 4; death++) last().exit(1);
  supervisor.retry();
  expect(children).toHaveLength(5);
  expect(told.slice(-2)).toEqual(["gave up", "restarted"]);
});

test("does not try again what cannot succeed", () => {
  const { children, last, told } = createWorld();
  last().say({ type: "failed", code: "KEY_MISSING", message: "The key was not found" });
  last().exit(1);
  expect(children).toHaveLength(1);
  expect(told).toEqual(["KEY_MISSING"]);
});

test("asks the engine whether it may be replaced, and takes silence for no", async () => {
  const { supervisor, last } = createWorld();
  const first = supervisor.installReadiness();
  const second = supervisor.installReadiness();
  last().say({ type: "may-install", id: 2, safe: false, reasons: ["A sale is open"] });
  last().say({ type: "may-install", id: 1, safe: true, reasons: [] });
  expect(await first).toEqual({ safe: true, reasons: [] });
  expect(await second).toEqual({ safe: false, reasons: ["A sale is open"] });
  const third = supervisor.installReadiness();
  last().exit(1);
  expect((await third).safe).toBe(false);
});

test("what the engine says is checked", () => {
  const { last, told } = createWorld();
  last().say({ type: "failed" });
  last().say({ type: "run", command: "rm" });
  expect(told).toEqual([]);
});

test("ends the engine tidily, once, and does not start it again", async () => {
  const { supervisor, children, last, waiting } = createWorld();
  const stopped = Promise.all([supervisor.stop(), supervisor.stop()]);
  expect(last().got.filter(({ type }) => type === "stop")).toHaveLength(1);
  last().exit(0);
  await stopped;
  expect(children).toHaveLength(1);
  expect(waiting).toHaveLength(0);
});

test("an engine that does not end is killed", async () => {
  const { supervisor, last, waiting } = createWorld();
  const stopped = supervisor.stop();
  waiting[0]?.();
  expect(last().killed).toBe(true);
  last().exit(1);
  await stopped;
});

test("without an engine there is nothing to end, and nothing is safe", async () => {
  const { supervisor, last } = createWorld();
  for (let death = 0; death < 4; death++) last().exit(1);
  supervisor.connect("window-1", "port");
  supervisor.suspend();
  expect((await supervisor.installReadiness()).safe).toBe(false);
  await supervisor.stop();
});
