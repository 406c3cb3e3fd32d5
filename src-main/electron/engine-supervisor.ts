import type { Log, Timers } from "../../src-shared/sync/ports.ts";
import type { InstallReadiness } from "../host/shell-workstation.ts";
import { fromEngine, type ToEngine } from "./engine-messages.ts";
import type { RespawnPolicy } from "./respawn.ts";

/** The engine's process from outside. `Port` is Electron's, which only the main process can make. */
export interface EngineProcess<Port> {
  post(message: ToEngine, ports?: readonly Port[]): void;
  onMessage(handler: (message: unknown) => void): void;
  onExit(handler: (code: number) => void): void;
  kill(): void;
}

export interface SupervisorOptions<Port> {
  readonly folder: string;
  /** A backup for the first engine to put in the data's place; one that starts after it died carries on instead. */
  readonly restore?: string;
  fork(): EngineProcess<Port>;
  /** The engine's end of a new port on which its secrets are kept. */
  openSecrets(): Port;
  readonly policy: RespawnPolicy;
  readonly timers: Timers;
  readonly log: Log;
  /** It died; whatever was under way is lost, and windows should know before the next one is there. */
  onDied(): void;
  /** A new process is there; windows need new ports to it. */
  onRestarted(): void;
  /** It refuses to start, for a reason that a person has to see to. */
  onFailed(failure: { code: string; message: string }): void;
  /** It died too often. */
  onGaveUp(): void;
}

export interface EngineSupervisor<Port> {
  start(): void;
  /** Begins anew after it was given up. */
  retry(): void;
  /** Hands the engine the port of a window. Without an engine the port is dropped; the next start asks for new ones. */
  connect(connection: string, port: Port): void;
  suspend(): void;
  resume(): void;
  installReadiness(): Promise<InstallReadiness>;
  /** Ends the engine tidily; resolves when its process is gone. */
  stop(): Promise<void>;
}

/** How long a tidy end may take, milliseconds; after it the process is killed, which the replica survives. */
const PATIENCE = 10_000;

/** Keeps one engine process running, and tells when that is not possible. */
export function createEngineSupervisor<Port>(options: SupervisorOptions<Port>): EngineSupervisor<Port> {
  const { folder, policy, timers, log } = options;
  let current: EngineProcess<Port> | null = null;
  let stopping: Promise<void> | null = null;
  let failed = false;
  let exited: () => void = () => {};
  let { restore } = options;
  let lastQuestion = 0;
  const questions = new Map<number, (answer: InstallReadiness) => void>();

  function begin(): void {
    const child = options.fork();
    current = child;
    failed = false;
    child.onMessage(receive);
    child.onExit((code) => {
      if (child === current) ended(code);
    });
    child.post({ type: "start", folder, ...(restore && { restore }) }, [options.openSecrets()]);
    restore = undefined;
  }

  function ended(code: number): void {
    current = null;
    for (const answer of questions.values()) answer(unknown);
    questions.clear();
    exited();
    if (stopping || failed) return;
    log.error("engine died", { code });
    options.onDied();
    if (!policy.died()) {
      options.onGaveUp();
      return;
    }
    begin();
    options.onRestarted();
  }

  function receive(raw: unknown): void {
    const parsed = fromEngine.safeParse(raw);
    if (!parsed.success) {
      log.error("engine said something unknown");
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case "ready":
        log.info("engine ready", { ms: message.ms });
        return;
      case "failed":
        failed = true;
        log.error("engine refused to start", { code: message.code });
        options.onFailed({ code: message.code, message: message.message });
        return;
      case "may-install": {
        const { safe, reasons } = message;
        questions.get(message.id)?.({ safe, reasons });
        questions.delete(message.id);
        return;
      }
      case "stopped":
        return;
    }
  }

  return {
    start: begin,
    retry() {
      policy.reset();
      begin();
      options.onRestarted();
    },
    connect: (connection, port) => current?.post({ type: "port", connection }, [port]),
    suspend: () => current?.post({ type: "suspend" }),
    resume: () => current?.post({ type: "resume" }),
    installReadiness() {
      const child = current;
      if (!child || stopping) return Promise.resolve(unknown);
      return new Promise((resolve) => {
        lastQuestion += 1;
        questions.set(lastQuestion, resolve);
        child.post({ type: "may-install", id: lastQuestion });
      });
    },
    stop() {
      stopping ??= new Promise<void>((resolve) => {
        const child = current;
        if (!child) return resolve();
        const forget = timers.after(PATIENCE, () => {
          log.error("engine did not stop");
          child.kill();
        });
        exited = () => {
          forget();
          resolve();
        };
        child.post({ type: "stop" });
      });
      return stopping;
    },
  };
}

const unknown: InstallReadiness = { safe: false, reasons: ["The engine is not running."] };
