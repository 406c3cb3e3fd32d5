/** The processes of a crash run: started, killed at any moment, started again, and noticed when they end unasked. */
import { type ChildProcess, spawn } from "node:child_process";

export interface Kept {
  readonly name: string;
  /** Null while it is down. */
  child: ChildProcess | null;
  readonly start: () => ChildProcess;
  /** It ended though nobody killed it. True: that is no fault, start it again. */
  readonly mayEnd: (code: number | null, said: string) => boolean;
  /** A start that is planned. */
  planned: NodeJS.Timeout | null;
  /** What it wrote to standard error since its start. */
  said: string;
  /** It said that it is ready, since its start. */
  ready: boolean;
  /** No start follows an end any more. */
  over: boolean;
}

export function keep(name: string, start: () => ChildProcess, mayEnd: Kept["mayEnd"] = () => false): Kept {
  return { name, child: null, start, mayEnd, planned: null, said: "", ready: false, over: false };
}

export function startKept(kept: Kept, problem: (text: string) => void): void {
  kept.planned = null;
  const child = kept.start();
  kept.child = child;
  kept.said = "";
  kept.ready = false;
  child.stdout?.on("data", (chunk: Buffer) => {
    if (chunk.toString().includes('"ready":true')) kept.ready = true;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    kept.said += chunk.toString();
  });
  child.once("exit", (code, signal) => {
    // Killed: whoever killed it has let go of it before.
    if (kept.child !== child) return;
    kept.child = null;
    if (kept.over) return;
    if (!kept.mayEnd(code, kept.said)) problem(`${kept.name} ended by itself (${code ?? signal}): ${kept.said.trim()}`);
    startLater(kept, 300, problem);
  });
}

export function startLater(kept: Kept, ms: number, problem: (text: string) => void): void {
  kept.planned = setTimeout(() => startKept(kept, problem), ms);
}

/** SIGKILL; resolves when the process is gone. Nothing starts it again by itself. */
export async function killKept(kept: Kept): Promise<void> {
  const { child } = kept;
  if (!child) return;
  kept.child = null;
  await ending(child, "SIGKILL");
}

/** Asks it to end in order, and waits; after ten seconds it is killed, which is told as false. */
export async function endKept(kept: Kept, ask: (child: ChildProcess) => void): Promise<boolean> {
  kept.over = true;
  if (kept.planned) clearTimeout(kept.planned);
  const { child } = kept;
  if (!child) return true;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, 10_000);
  const gone = ending(child, null);
  ask(child);
  await gone;
  clearTimeout(timer);
  kept.child = null;
  return !late;
}

function ending(child: ChildProcess, signal: NodeJS.Signals | null): Promise<void> {
  return new Promise((done) => {
    if (child.exitCode !== null || child.signalCode !== null) return done();
    child.once("exit", () => done());
    if (signal) child.kill(signal);
  });
}

/** A script of ours under this Node; what it writes to standard error is kept. */
export function script(path: string, args: readonly string[], env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path, ...args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...env },
  });
}
