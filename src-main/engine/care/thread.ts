// The thread's own entry: runs the one task that it is started with and answers with its result or its error.
import { parentPort, workerData } from "node:worker_threads";
import { tasks } from "./tasks.ts";

const { task, input } = workerData as { task: keyof typeof tasks; input: never };
try {
  parentPort?.postMessage({ result: tasks[task](input) });
} catch (error) {
  const { code, message, cause } = error as Error & { code?: string; cause?: { code?: string } };
  parentPort?.postMessage({ error: { code: code ?? null, message, cause: cause?.code ?? null } });
}
