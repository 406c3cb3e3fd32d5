/** The main thread's side of the worker: starts it when there is work, ends it when there has been none for a while. */
import { Worker } from "node:worker_threads";
import type { Snapshot } from "../../src-shared/sync/snapshot.ts";
import type { FinishedFile, KeyedFile, LoggedGroup } from "./files.ts";

/** What the worker does, one after the other, in the order asked. */
export interface Tasks {
  begin: { input: { file: KeyedFile; snapshot: Snapshot }; output: undefined };
  add: { input: { entity: string; rows: string; count: number }; output: undefined };
  finish: { input: null; output: undefined };
  describe: { input: KeyedFile; output: Snapshot | null };
  forward: { input: { file: KeyedFile; rows: readonly LoggedGroup[]; to: number }; output: undefined };
  copy: { input: { from: KeyedFile; to: KeyedFile }; output: FinishedFile };
  digest: { input: string; output: FinishedFile };
  remove: { input: string; output: undefined };
}
export interface Question {
  readonly id: number;
  readonly task: keyof Tasks;
  readonly input: unknown;
}
export type Answer =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly error: string; readonly code?: string };

/** Milliseconds without work until the thread ends and gives its memory back. */
const idle = 20_000;

export interface SnapshotThread {
  ask<K extends keyof Tasks>(task: K, input: Tasks[K]["input"]): Promise<Tasks[K]["output"]>;
  close(): Promise<void>;
}

export function createThread(after: (ms: number, task: () => void) => () => void): SnapshotThread {
  let worker: Worker | null = null;
  let next = 0;
  let cancelEnd: (() => void) | null = null;
  const waiting = new Map<number, { done(output: never): void; failed(error: Error): void }>();

  function start(): Worker {
    const started = new Worker(new URL("./worker.ts", import.meta.url), {
      execArgv: ["--disable-warning=ExperimentalWarning"],
      // What comes in is garbage a moment later: better collected than kept.
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 },
    });
    started.unref();
    started.on("message", (answer: Answer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("error" in answer) asked?.failed(Object.assign(new Error(answer.error), { code: answer.code }));
      else asked?.done(answer.output as never);
      if (waiting.size === 0) cancelEnd = after(idle, end);
    });
    started.on("error", (error) => lost(started, error));
    started.on("exit", () => lost(started, new Error("The snapshots' thread ended")));
    return started;
  }

  function lost(which: Worker, error: Error): void {
    if (worker !== which) return;
    worker = null;
    for (const { failed } of waiting.values()) failed(error);
    waiting.clear();
  }

  function end(): void {
    const ending = worker;
    worker = null;
    void ending?.terminate();
  }

  return {
    ask(task, input) {
      cancelEnd?.();
      cancelEnd = null;
      worker ??= start();
      const id = ++next;
      worker.postMessage({ id, task, input } satisfies Question);
      return new Promise((done, failed) => waiting.set(id, { done, failed }));
    },
    async close() {
      cancelEnd?.();
      const ending = worker;
      worker = null;
      await ending?.terminate();
      for (const { failed } of waiting.values()) failed(new Error("The server stops"));
      waiting.clear();
    },
  };
}
