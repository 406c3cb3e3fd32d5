// Starts our scripts and installed commands as child processes, under the same Node as this one.
import { spawn } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

export interface Finished {
  readonly code: number;
  /** Standard output and error as they came; empty when `show` was set, since the person has seen it. */
  readonly output: string;
  readonly seconds: number;
}

interface RunOptions {
  /** Lets the child write straight to the terminal. */
  readonly show?: boolean;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `scripts/node24.mjs` with these arguments: a script's path or `bin:<name>`, then what is passed to it. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(root, "scripts/node24.mjs"), ...args], {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    stdio: options.show ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) =>
      done({
        code: code ?? 1,
        output: Buffer.concat(chunks).toString(),
        seconds: (performance.now() - started) / 1000,
      }),
    );
  });
}

/** True in the file that was started, false where it is imported. Give it `import.meta.url`. */
export function isStarted(url: string): boolean {
  return process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(url);
}

/** One line of a report: `ok    tsc engine                0.8 s`. */
export function reportLine(name: string, ok: boolean, seconds: number): string {
  return `${ok ? "ok    " : "FAILED"} ${name.padEnd(24)} ${seconds.toFixed(1).padStart(6)} s`;
}
