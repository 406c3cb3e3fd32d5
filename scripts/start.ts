// npm start: Horopter on this computer. In its own window where Electron's runtime is installed, else the same
// workstation, on the same data, in the browser.
//
//   npm start                            the usual data folder
//   npm start -- --folder <path>         another one (or HOROPTER_DATA)
//   npm start -- --browser               in the browser, whatever is installed
//   npm start -- --port 4100 --no-open   and everything else that src-main/host/arguments.ts lists
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readArguments } from "../src-main/host/arguments.ts";
import { reportOf } from "../src-main/host/report.ts";
import { runHost } from "../src-main/host/run-host.ts";
import { startWorkstation } from "../src-main/host/wiring.ts";
import { ensureRenderer } from "./build.ts";
import { isStarted, root, run } from "./run.ts";

/**
 * Electron's program, or null where only the package without its runtime is installed, as `npm ci` with scripts
 * ignored leaves it. The package itself is not asked: it would download the runtime.
 */
export function electronProgram(
  packageFolder: string,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const pathFile = join(packageFolder, "path.txt");
  if (!existsSync(pathFile)) return null;
  const folder = env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, "dist");
  const program = join(folder, readFileSync(pathFile, "utf8").trim());
  return existsSync(program) ? program : null;
}

/** Why the app opens in the browser, or null when it can have its own window. */
export function browserReason(options: {
  readonly asked: boolean;
  readonly program: string | null;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}): string | null {
  const { asked, program, platform, env } = options;
  if (asked) return "Horopter opens in your browser.";
  if (program === null) {
    return (
      "The desktop runtime (Electron) is not installed on this machine, so Horopter opens in your browser instead:\n" +
      "the same workstation, on the same data. For a window of its own, with the network at hand:\n\n" +
      "  npx install-electron\n\nand then npm start again."
    );
  }
  if (platform === "linux" && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return "There is no screen for a window here, so Horopter opens in the browser instead: the same workstation, on the same data.";
  }
  return null;
}

async function startDesktop(program: string, args: readonly string[]): Promise<number> {
  const { code, output } = await run(["bin:electron-vite", "build", "--logLevel", "warn"]);
  if (code !== 0) throw new Error(`The desktop app could not be built:\n${output}`);
  const child = spawn(program, [root, ...args], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status) => resolve(status ?? 1));
  });
}

/** Starts the demo practice, once, for as long as this runs; the address of its first workstation. */
function createDemo(): () => Promise<string> {
  let started: Promise<string> | null = null;
  return () => {
    started ??= new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(root, "scripts/demo.ts"), "--json", "--no-open"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      process.once("exit", () => child.kill());
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const line = said.split("\n").find((text) => text.startsWith('{"ready":true'));
        if (!line) return;
        const { workstations } = JSON.parse(line) as { workstations: readonly { url: string }[] };
        resolve(workstations[0]?.url ?? "");
      });
      child.once("exit", () => reject(new Error("The demo did not start; the terminal says why.")));
    });
    return started;
  };
}

async function main(): Promise<number> {
  const asked = process.argv.includes("--browser");
  const args = process.argv.slice(2).filter((arg) => arg !== "--browser");
  const program = electronProgram(join(root, "node_modules/electron"), process.env);
  const reason = browserReason({ asked, program, platform: process.platform, env: process.env });
  if (reason !== null) process.stderr.write(`${reason}\n\n`);
  const host = readArguments(args);
  await ensureRenderer();
  if (reason === null && program !== null) return startDesktop(program, args);
  const tryDemo = createDemo();
  await runHost(host, (start) => startWorkstation({ ...start, tryDemo }), join(root, "out/renderer"));
  return 0;
}

if (isStarted(import.meta.url)) {
  try {
    process.exit(await main());
  } catch (error) {
    const { code, message } = reportOf(error);
    process.stderr.write(`${message}\n`);
    process.exit(code === "BAD_ARGUMENTS" ? 2 : 1);
  }
}
