/** The real sync server in a process of its own, on a PostgreSQL of its own, with a practice in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { startPostgres } from "../scripts/postgres.ts";
import { root } from "../scripts/run.ts";
import type { Identity } from "../src-main/engine/state.ts";
import type { Upstream } from "../src-main/engine/sync/upstream.ts";
import { webSocketUpstream } from "../src-main/engine/sync/websocket.ts";
import { timers } from "../src-main/host/surroundings.ts";
import type { DeviceProfile } from "../src-shared/sync/entity.ts";
import { silentLog } from "../src-shared/sync/ports.ts";
import { boot } from "../sync-server/boot.ts";
import type { Centre } from "../sync-server/centre.ts";
import { hashPassword } from "../sync-server/identity/people.ts";
import { type BenchPractice, benchDevice, benchPractice } from "./support.ts";

export interface BenchServer {
  readonly practice: BenchPractice;
  /** One device per profile asked for, enrolled. */
  readonly devices: readonly Identity[];
  readonly databaseUrl: string;
  readonly url: string;
  /** Of all people. */
  readonly password: string;
  /** The server's own folder. */
  readonly data: string;
  readonly pid: number;
  /** A way to it over a WebSocket, the product's own. */
  readonly upstream: () => Upstream;
  stop(): Promise<void>;
}

/** Makes the practice in this process, through the server's own code, then starts `sync-server/main.ts` on it. */
export async function startBenchServer(
  folder: string,
  devices: readonly { profile: DeviceProfile; branch: "leeds" | "york" }[],
  prepare: (centre: Centre, practice: BenchPractice) => Promise<void> = async () => {},
): Promise<BenchServer> {
  const postgres = await startPostgres();
  const data = join(folder, "server");
  const secret = randomBytes(16).toString("hex");
  const password = randomBytes(16).toString("hex");
  const booted = await boot({ dataFolder: data, databaseUrl: postgres.url, demo: false, log: silentLog, secret });
  const practice = await benchPractice(booted.centre);
  const identities: Identity[] = [];
  for (const { profile, branch } of devices) {
    identities.push(await benchDevice(booted.centre, practice, profile, practice.branches[branch]));
  }
  await prepare(booted.centre, practice);
  // Everybody has the same password; who uses the screens signs in with it.
  const hash = await hashPassword(password);
  for (const user of Object.values(practice.people)) {
    await booted.centre.db.query(
      "insert into user_credential (practice_id, user_id, hash, changed_at, failed, locked_until) values ($1,$2,$3,$4,0,0)",
      [practice.practice, user, hash, booted.centre.now()],
    );
  }
  await booted.close();
  const server = spawn(process.execPath, [join(root, "sync-server/main.ts"), "--json", "--port", "0", "--data", data], {
    env: { ...process.env, DATABASE_URL: postgres.url, HOROPTER_SECRET: secret, LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithUs(server);
  const { url } = await firstLine<{ url: string }>(server);
  return {
    practice,
    devices: identities,
    databaseUrl: postgres.url,
    url,
    password,
    data,
    pid: server.pid as number,
    upstream: () => webSocketUpstream(url, timers),
    async stop() {
      await ended(server);
      await postgres.stop();
    },
  };
}

/** A bench that fails leaves no process behind. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.removeListener("exit", end));
}

/** The first line of JSON that a child process prints. */
export function firstLine<T>(child: ChildProcess): Promise<T> {
  return new Promise((done, failed) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf("\n");
      if (end >= 0) done(JSON.parse(text.slice(0, end)) as T);
    });
    child.once("exit", (code) => failed(new Error(`The process ended with ${code} before it was ready`)));
  });
}

/** Asks a child process to end and waits until it has. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null) done();
    child.once("exit", () => done());
    child.kill("SIGTERM");
  });
}
