/**
 * Five hundred devices that are connected, greeted and listening, while nothing happens: what the server's process costs
 * then, in the share of one core and in resident memory a device. The devices are bare sockets that say hello by hand
 * and answer pings; the server runs in a process of its own on PostgreSQL.
 *
 * Floors in the same run: as many bare WebSockets with the same ping, and as many tRPC subscriptions that never yield.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { root } from "../scripts/run.ts";
import { signedHello } from "../sim/greeted.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { HelloOutput } from "../src-shared/sync/wire.ts";
import type { BenchOptions } from "./report.ts";
import { ended, endWithUs, firstLine, startBenchServer } from "./server.ts";
import { inFolder } from "./support.ts";

const devices = 500;

export async function idleBench({ quick, report }: BenchOptions): Promise<void> {
  const seconds = quick ? 15 : 60;
  const bare = await floorOf("bare", seconds, (socket) => socket.send("hello"));
  const trpc = await floorOf("trpc", seconds, (socket) =>
    socket.send(JSON.stringify({ id: 1, method: "subscription", params: { path: "wait" } })),
  );
  await inFolder("idle", async (folder) => {
    const server = await startBenchServer(
      folder,
      Array.from({ length: devices }, () => ({ profile: "till", branch: "leeds" })),
    );
    // Warm: what the first devices load is not theirs.
    const first = await open(server.url, server.devices.slice(0, 20));
    for (const socket of first) socket.terminate();
    const real = await measure(server.pid, seconds, () => open(server.url, server.devices));
    await server.stop();
    const note = (share: string) => `${devices} devices, ${seconds} s; bare tRPC subscriptions: ${share}`;
    report({
      bench: "idle",
      measure: "cpu_pct",
      value: real.cpu,
      unit: "%",
      floor: bare.cpu,
      runs: 1,
      note: note(`${trpc.cpu.toPrecision(2)} %`),
    });
    report({
      bench: "idle",
      measure: "kb_per_device",
      value: real.memory,
      unit: "kB",
      floor: bare.memory,
      runs: 1,
      note: note(`${trpc.memory.toPrecision(3)} kB`),
    });
  });
}

interface Cost {
  /** Per cent of one core. */
  readonly cpu: number;
  /** Kilobytes of resident memory a device. */
  readonly memory: number;
}

/** What the process costs more with the sockets than without, once they are quiet. */
async function measure(pid: number, seconds: number, connect: () => Promise<WebSocket[]>): Promise<Cost> {
  await sleep(2);
  const before = residentKilobytes(pid);
  const sockets = await connect();
  // The work of connecting is over, and the first pings are through.
  await sleep(seconds / 3);
  const start = cpuSeconds(pid);
  await sleep(seconds);
  const cpu = (100 * (cpuSeconds(pid) - start)) / seconds;
  const memory = (residentKilobytes(pid) - before) / sockets.length;
  for (const socket of sockets) socket.terminate();
  return { cpu, memory };
}

async function floorOf(kind: "bare" | "trpc", seconds: number, greet: (socket: WebSocket) => void): Promise<Cost> {
  const child: ChildProcess = spawn(process.execPath, [join(root, "bench/idle-floor.ts"), kind], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithUs(child);
  const { port } = await firstLine<{ port: number }>(child);
  const connect = async (count: number) => {
    const sockets: WebSocket[] = [];
    for (let n = 0; n < count; n++) {
      const socket = await openSocket(`ws://127.0.0.1:${port}`, () => {});
      greet(socket);
      sockets.push(socket);
    }
    return sockets;
  };
  for (const socket of await connect(20)) socket.terminate();
  const cost = await measure(child.pid ?? 0, seconds, () => connect(devices));
  await ended(child);
  return cost;
}

/** Devices that said hello and listen. */
async function open(url: string, identities: readonly Identity[]): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (const identity of identities) {
    const answers: ((data: never) => void)[] = [];
    const socket = await openSocket(`${url.replace(/^http/, "ws")}/sync`, (text) => {
      const { id, result } = JSON.parse(text) as { id: number; result?: { data: never } };
      answers[id]?.(result?.data as never);
    });
    const ask = <T>(id: number, path: string, input?: unknown) =>
      new Promise<T>((resolve) => {
        answers[id] = resolve;
        socket.send(JSON.stringify({ id, method: "mutation", params: { path, input } }));
      });
    const { nonce } = await ask<{ nonce: string }>(1, "sync.challenge");
    const { serverEpoch, streamSet, head } = await ask<HelloOutput>(2, "sync.hello", signedHello(identity, nonce));
    const input = { serverEpoch, streamSet, seq: head };
    socket.send(JSON.stringify({ id: 3, method: "subscription", params: { path: "sync.stream", input } }));
    sockets.push(socket);
  }
  return sockets;
}

async function openSocket(url: string, heard: (text: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await new Promise((done, failed) => {
    socket.once("open", done);
    socket.once("error", failed);
  });
  socket.on("message", (data) => {
    const text = String(data);
    if (text === "PING") socket.send("PONG");
    else heard(text);
  });
  return socket;
}

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** Linux says both under /proc; a tick of its clock is a hundredth of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
function residentKilobytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
