/** The demo's centre with two of its workstations, of which the till reaches it over a line that a story can cut. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Demo, Place, Workstation } from "./demo.ts";
import { type SlowLine, slowLine } from "./slow-line.ts";

interface DemoPlace {
  readonly key: string;
  readonly name: Place;
  readonly userId: string;
  readonly user: string;
  readonly password: string;
  readonly code: string;
}

export interface TwoPlaces extends Demo {
  /** Between the till and the centre. */
  readonly line: SlowLine;
}

const root = join(import.meta.dirname, "../..");

/** `up`: bytes a second that the till can send. */
export async function startTwoPlaces(up: number): Promise<TwoPlaces> {
  const folder = mkdtempSync(join(tmpdir(), "horopter-e2e-two-"));
  const running: ChildProcess[] = [];

  function start<T>(script: string, args: readonly string[], env: Record<string, string> = {}): Promise<T> {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(root, script), ...args], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...env },
    });
    running.push(child);
    return new Promise((resolve, reject) => {
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
        const ready = text.split("\n").find((each) => each.startsWith('{"ready":true') && each.endsWith("}"));
        if (ready) resolve(JSON.parse(ready) as T);
      });
      child.once("exit", (code) => reject(new Error(`${script} ended with ${code}: ${text}`)));
    });
  }

  const server = await start<{ url: string; demo: { workstations: DemoPlace[] } }>("sync-server/main.ts", [
    ...["--demo", "--json", "--port", "0", "--data", join(folder, "centre")],
  ]);
  const line = await slowLine(server.url, 50_000_000, up);
  const workstations: Workstation[] = [];
  for (const [name, serverUrl] of [
    ["Leeds till", line.url],
    ["Leeds exam room", server.url],
  ] as const) {
    const place = server.demo.workstations.find((each) => each.name === name) as DemoPlace;
    const args = ["--no-open", "--json", "--secrets", "key-file", "--folder", join(folder, place.key)];
    const started = await start<{ url: string }>("scripts/demo/workstation.ts", args, {
      HOROPTER_DEMO_PLACE: JSON.stringify({ serverUrl, code: place.code, name, userId: place.userId }),
    });
    workstations.push({ name, url: started.url, user: place.user, password: place.password });
  }
  return {
    server: server.url,
    dataDir: folder,
    workstations,
    process: running[0] as ChildProcess,
    line,
    async stop() {
      for (const child of running.reverse()) {
        const gone = new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(0)));
        child.kill("SIGTERM");
        await gone;
      }
      await line.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
