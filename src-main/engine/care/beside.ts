/** Runs a task of `tasks.ts` in a thread beside the engine, so that the till does not wait for it. */
import { Worker } from "node:worker_threads";
import { tasks } from "./tasks.ts";

type Tasks = typeof tasks;
export type Beside = <T extends keyof Tasks>(task: T, input: Parameters<Tasks[T]>[0]) => Promise<ReturnType<Tasks[T]>>;

/** As a file of its own in the source and, under another name, beside the engine in the packaged app. */
const entry = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./care-thread.js", import.meta.url);

/** Fails with what the task threw: the same code and message, and the cause's code. */
export const besideEngine: Beside = (task, input) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData: { task, input } });
    worker.once("message", ({ result, error }) => {
      if (!error) resolve(result);
      else reject(Object.assign(new Error(error.message), { code: error.code, cause: { code: error.cause } }));
    });
    // A thread that does not start is no reason to leave the work undone: then the till waits for it.
    worker.once("error", () => {
      try {
        resolve(tasks[task](input as never) as never);
      } catch (error) {
        reject(error as Error);
      }
    });
    worker.once("exit", (code) => reject(new Error(`The thread ended with ${code}`)));
  });
