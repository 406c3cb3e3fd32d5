/**
 * `npm run demo`: a sync server on embedded PGlite and four workstations of an invented practice, each a process of its
 * own with an encrypted replica of its own. Ctrl-C ends all of them; run again, it carries on where it was.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { openBrowser } from "../src-main/host/open-browser.ts";
import { ensureRenderer } from "./build.ts";

const { values } = parseArgs({
  options: {
    reset: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    open: { type: "boolean", default: true },
    data: {
      type: "string",
      default: join(process.env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "horopter-demo"),
    },
  },
  allowNegative: true,
});

const dataDir = resolve(values.data);
const mark = join(dataDir, "horopter-demo.json");
const children: ChildProcess[] = [];
let ending = false;

interface Place {
  readonly key: string;
  readonly name: string;
  readonly userId: string;
  readonly user: string;
  readonly password: string;
  readonly code: string;
}
interface ServerReady {
  readonly ready: boolean;
  readonly url: string;
  readonly demo: { readonly workstations: readonly Place[] };
}

function say(text: string): void {
  if (!values.json) console.log(text);
}

/** Only ever deletes a folder that this script made. */
function prepareFolder(): void {
  if (values.reset && existsSync(dataDir)) {
    if (!existsSync(mark))
      throw new Error(`${dataDir} was not made by the demo, so it was left alone. Choose another folder with --data.`);
    rmSync(dataDir, { recursive: true, force: true });
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (!existsSync(mark)) writeFileSync(mark, JSON.stringify({ demo: true }));
}

/** The port of the last time, so that workstations find their server again; another one when it is taken. */
async function serverPort(): Promise<number> {
  const { port = 0 } = JSON.parse(readFileSync(mark, "utf8")) as { port?: number };
  const free = (wanted: number) =>
    new Promise<number | null>((done) => {
      const probe = createServer();
      probe.once("error", () => done(null));
      probe.listen(wanted, "127.0.0.1", () => {
        const address = probe.address();
        probe.close(() => done(typeof address === "object" && address ? address.port : wanted));
      });
    });
  const chosen = (await free(port)) ?? (await free(0)) ?? 0;
  writeFileSync(mark, JSON.stringify({ demo: true, port: chosen }));
  return chosen;
}

/** Starts one of our scripts and resolves with the JSON line by which it says that it is ready. */
function startProcess<T>(
  name: string,
  script: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<T> {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, script), ...args],
    {
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      env: { ...process.env, ...env },
    },
  );
  children.push(child);
  return new Promise((done, fail) => {
    let text = "";
    child.stdout?.setEncoding("utf8");
    child.stdout?.on("data", (chunk: string) => {
      text += chunk;
      for (const line of text.split("\n").slice(0, -1)) {
        if (!line.startsWith('{"ready":')) continue;
        const parsed = JSON.parse(line) as { ready: boolean; message?: string };
        if (parsed.ready) done(parsed as T);
        else fail(new Error(parsed.message ?? `${name} did not start`));
      }
      text = text.slice(text.lastIndexOf("\n") + 1);
    });
    child.once("exit", (code) => {
      fail(new Error(`${name} ended before it was ready (${code})`));
      if (!ending) void end(1, `${name} ended unexpectedly; the demo stops. What was saved is kept.`);
    });
  });
}

/** Everybody down, workstations first, so that the last changes still reach the centre. */
async function end(code: number, why?: string): Promise<never> {
  if (!ending) {
    ending = true;
    if (why) console.error(why);
    for (const child of [...children].reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 8000);
      await gone;
      clearTimeout(late);
    }
  }
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end(0));

try {
  prepareFolder();
  await ensureRenderer();
  say("Starting the demo practice …");
  const port = await serverPort();
  const server = await startProcess<ServerReady>("The sync server", "../sync-server/main.ts", [
    "--demo",
    "--json",
    "--port",
    String(port),
    "--data",
    join(dataDir, "server"),
  ]);
  const workstations = [];
  for (const place of server.demo.workstations) {
    const ready = await startProcess<{ url: string }>(
      place.name,
      "demo/workstation.ts",
      ["--folder", join(dataDir, place.key), "--json", "--no-open", "--name", place.name, "--secrets", "key-file"],
      {
        HOROPTER_DEMO_PLACE: JSON.stringify({
          serverUrl: server.url,
          code: place.code,
          name: place.name,
          userId: place.userId,
        }),
      },
    );
    workstations.push({ name: place.name, url: ready.url, user: place.user, password: place.password });
    say(`  ${place.name.padEnd(18)} ${ready.url}`);
  }
  if (values.json) console.log(JSON.stringify({ ready: true, server: server.url, dataDir, workstations }));
  else {
    say(`\nDEMO – Not Real Data. Everybody's password: ${workstations[0]?.password ?? ""}`);
    for (const { name, user } of workstations) say(`  ${name.padEnd(18)} ${user}`);
    say(`\nData: ${dataDir}\nStop with Ctrl-C; start afresh with: npm run demo -- --reset`);
  }
  if (values.open && workstations[0]) await openBrowser(workstations[0].url);
} catch (error) {
  await end(1, (error as Error).message);
}
